//! Removing everything of a run by its label, until nothing is there any more.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use futures::future::join_all;
use testcontainers::bollard::errors::Error;
use testcontainers::bollard::query_parameters::{
    ListContainersOptionsBuilder, ListNetworksOptionsBuilder, ListVolumesOptionsBuilder,
    RemoveContainerOptionsBuilder, RemoveVolumeOptionsBuilder,
};
use tokio::time::{Instant, sleep};

use super::engine::{DockerEngine, failed, is_missing, is_under_way, words};
use super::error::DeployError;
use super::{label, pending_starts, process};

/// How long removing may take.
const GONE_WITHIN: Duration = Duration::from_secs(30);
/// How long to wait before trying again what was refused.
const TRIED_EVERY: Duration = Duration::from_millis(100);

/// Something of a run, with its labels.
pub(super) struct LabelledResource {
    /// The engine's id of it.
    pub(super) id: String,
    /// What it carries.
    pub(super) labels: HashMap<String, String>,
}

/// Every run that has a container or a network.
pub(super) async fn runs(engine: &DockerEngine) -> Result<BTreeSet<String>, DeployError> {
    let found = containers(engine, None).await?.into_iter();
    let found = found.chain(networks(engine, None).await?);
    Ok(found
        .filter_map(|one| one.labels.get(label::RUN).cloned())
        .collect())
}

/// All containers of this run, or of every run.
pub(super) async fn containers(
    engine: &DockerEngine,
    run: Option<&str>,
) -> Result<Vec<LabelledResource>, DeployError> {
    let mut found = Vec::new();
    for filter in filters(run) {
        let options = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&filter)
            .build();
        let list = engine
            .docker
            .list_containers(Some(options))
            .await
            .map_err(failed("listing the containers"))?;
        found.extend(list.into_iter().filter_map(|one| found_as(one.id, one.labels)));
    }
    Ok(found)
}

/// All networks of this run, or of every run.
pub(super) async fn networks(
    engine: &DockerEngine,
    run: Option<&str>,
) -> Result<Vec<LabelledResource>, DeployError> {
    let mut found = Vec::new();
    for filter in filters(run) {
        let options = ListNetworksOptionsBuilder::new().filters(&filter).build();
        let list = engine
            .docker
            .list_networks(Some(options))
            .await
            .map_err(failed("listing the networks"))?;
        found.extend(list.into_iter().filter_map(|one| found_as(one.id, one.labels)));
    }
    Ok(found)
}

/// All volumes of this run, or of every run. The one by which a Compose project is found comes last.
pub(super) async fn volumes(
    engine: &DockerEngine,
    run: Option<&str>,
) -> Result<Vec<LabelledResource>, DeployError> {
    let mut found = Vec::new();
    for filter in filters(run).into_iter().rev() {
        let options = ListVolumesOptionsBuilder::new().filters(&filter).build();
        let list = engine
            .docker
            .list_volumes(Some(options))
            .await
            .map_err(failed("listing the volumes"))?;
        let list = list.volumes.unwrap_or_default();
        found.extend(
            list.into_iter()
                .filter_map(|one| found_as(Some(one.name), Some(one.labels))),
        );
    }
    Ok(found)
}

fn found_as(id: Option<String>, labels: Option<HashMap<String, String>>) -> Option<LabelledResource> {
    Some(LabelledResource {
        id: id?,
        labels: labels.unwrap_or_default(),
    })
}

/// By label: of any run, or of one and of its Compose project.
fn filters(run: Option<&str>) -> Vec<HashMap<String, Vec<String>>> {
    let wanted = run.map_or_else(
        || vec![label::RUN.to_owned()],
        |run| {
            vec![
                format!("{}={run}", label::RUN),
                format!("{}={}", label::COMPOSE, label::project(run)),
            ]
        },
    );
    wanted
        .into_iter()
        .map(|label| HashMap::from([("label".to_owned(), vec![label])]))
        .collect()
}

/// Removes all containers, networks and volumes of a run, and gives the number of the first two.
///
/// # Errors
/// [`DeployError::Left`] when something is still there after half a minute.
pub(super) async fn remove(engine: &DockerEngine, run: &str) -> Result<(usize, usize), DeployError> {
    process::end_children(&label::project(run));
    pending_starts::finished(run).await;
    let began = Instant::now();
    let mut removed = (0, 0);
    loop {
        let containers = containers(engine, Some(run)).await?;
        let networks = networks(engine, Some(run)).await?;
        let mut refused = Vec::new();
        if containers.is_empty() && networks.is_empty() {
            let volumes = volumes(engine, Some(run)).await?;
            if volumes.is_empty() {
                return Ok(removed);
            }
            for volume in &volumes {
                count(remove_volume(engine, &volume.id).await, &mut refused);
            }
        }
        for answer in join_all(containers.iter().map(|found| remove_container(engine, &found.id))).await {
            removed.0 += count(answer, &mut refused);
        }
        for answer in join_all(
            networks
                .iter()
                .map(|found| engine.docker.remove_network(&found.id)),
        )
        .await
        {
            removed.1 += count(answer, &mut refused);
        }
        if began.elapsed() > GONE_WITHIN {
            return Err(DeployError::Left {
                said: refused.pop().unwrap_or_else(|| "they come back".to_owned()),
            });
        }
        if !refused.is_empty() {
            sleep(TRIED_EVERY).await;
        }
    }
}

/// 1 if something was removed. Somebody else may be removing the same thing, which is as well.
fn count(answer: Result<(), Error>, refused: &mut Vec<String>) -> usize {
    match answer {
        Ok(()) => 1,
        Err(error) if is_missing(&error) => 0,
        Err(error) if is_under_way(&error) => {
            refused.push(words(&error));
            0
        }
        Err(error) => {
            refused.push(words(&error));
            0
        }
    }
}

/// Ends and removes a container, with the volumes that only it has.
async fn remove_container(engine: &DockerEngine, id: &str) -> Result<(), Error> {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    engine.docker.remove_container(id, Some(options)).await
}

/// Removes a volume. One that is still in use is refused.
async fn remove_volume(engine: &DockerEngine, name: &str) -> Result<(), Error> {
    let options = RemoveVolumeOptionsBuilder::new().force(false).build();
    engine.docker.remove_volume(name, Some(options)).await
}

/// What a run has started: removed when this is dropped, unless it is gone already or is to be kept.
///
/// This is the last net, for a panic or a forgotten `down`. It has a thread and a runtime of its own, because a
/// `Drop` may happen anywhere.
pub(super) struct CleanupGuard {
    /// The run; `None` when there is nothing to remove.
    run: Option<String>,
}

impl CleanupGuard {
    /// Of this run. If it is to be kept, nothing will be removed.
    pub(super) fn of(run: &str, keep: bool) -> Self {
        Self {
            run: (!keep).then(|| run.to_owned()),
        }
    }

    /// Everything has been removed already.
    pub(super) fn are_gone(mut self) {
        self.run = None;
    }
}

impl Drop for CleanupGuard {
    fn drop(&mut self) {
        let Some(run) = self.run.take() else { return };
        let remove = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let Ok(engine) = DockerEngine::connect().await else {
                    return;
                };
                if let Err(error) = remove_now(&engine, &run).await {
                    tracing::warn!("{error}");
                }
            });
            Ok::<_, std::io::Error>(())
        });
        // A thread that could not work leaves everything to `clean`, which finds it by the same label.
        let _ = remove.join();
    }
}

/// Removes what is there now, without waiting for what is under way: that may need the very thread that is waiting.
async fn remove_now(engine: &DockerEngine, run: &str) -> Result<(), DeployError> {
    let containers = containers(engine, Some(run)).await?;
    join_all(containers.iter().map(|found| remove_container(engine, &found.id))).await;
    let networks = networks(engine, Some(run)).await?;
    join_all(
        networks
            .iter()
            .map(|found| engine.docker.remove_network(&found.id)),
    )
    .await;
    for volume in volumes(engine, Some(run)).await? {
        // What is refused is found again by `clean`.
        let _ = remove_volume(engine, &volume.id).await;
    }
    Ok(())
}
