//! `clean`: removing what earlier runs left, and leaving those alone that are still going on.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use tokio::time::sleep;

use super::Progress;
use super::engine::DockerEngine;
use super::error::DeployError;
use super::extra_stacks::clean_extra_stacks;
use super::process::{Process, ProcessState};
use super::{cleanup_guard, images, label, pending_starts};

/// So long after something was removed it is looked for what has come since.
const STILL_BEING_MADE: Duration = Duration::from_millis(700);

/// What was removed, and what was not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemovedResources {
    /// How many containers were removed.
    pub containers: usize,
    /// How many networks were removed.
    pub networks: usize,
    /// The runs that were left alone.
    pub left: Vec<SkippedRun>,
}

/// A run that was left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkippedRun {
    /// Its id, by which it can be named.
    pub run: String,
    /// Why it was.
    pub why: String,
}

/// Removes the containers, networks and volumes of the named run; with none, of every run whose process is
/// over, unless it is to be kept.
///
/// It may be called for a run whose `up` has just been dropped: what was under way then is waited for and removed too. What a process
/// had asked for that was killed, the engine may still be making: where something was removed it is looked once more.
///
/// # Errors
/// [`DeployError::NoEngine`] when nobody can say what is there, [`DeployError::Left`] when something does not go.
pub async fn clean(run: Option<&str>, progress: &dyn Progress) -> Result<RemovedResources, DeployError> {
    let mut cleaned = RemovedResources::default();
    if run.is_some_and(pending_starts::has_no_starts) {
        return Ok(cleaned);
    }
    let engine = DockerEngine::connect().await?;
    loop {
        let before = (cleaned.containers, cleaned.networks);
        cleaned.left.clear();
        match run {
            Some(run) => cleaned.of(&engine, run, progress).await?,
            None => cleaned.clean_all(&engine, progress).await?,
        }
        if (cleaned.containers, cleaned.networks) == before {
            return Ok(cleaned);
        }
        sleep(STILL_BEING_MADE).await;
    }
}

/// Every run that has something: whether it is to be kept, and its process.
async fn owners(engine: &DockerEngine) -> Result<BTreeMap<String, (bool, Option<Process>)>, DeployError> {
    let containers = cleanup_guard::containers(engine, None).await?;
    let networks = cleanup_guard::networks(engine, None).await?;
    let volumes = cleanup_guard::volumes(engine, None).await?;
    let found = containers.into_iter().chain(networks).chain(volumes);
    let owner = |labels: &HashMap<_, _>| (labels.contains_key(label::KEPT), Process::from_labels(labels));
    Ok(found
        .filter_map(|found| Some((found.labels.get(label::RUN)?.clone(), owner(&found.labels))))
        .collect())
}

impl RemovedResources {
    /// Removes what belongs to a run, also what stands beside it.
    async fn of(
        &mut self,
        engine: &DockerEngine,
        run: &str,
        progress: &dyn Progress,
    ) -> Result<(), DeployError> {
        self.remove(engine, run, progress).await?;
        let (containers, networks) = clean_extra_stacks(run).await?;
        self.containers += containers;
        self.networks += networks;
        Ok(())
    }

    /// Removes every run whose process is over, unless it is to be kept.
    async fn clean_all(&mut self, engine: &DockerEngine, progress: &dyn Progress) -> Result<(), DeployError> {
        for (run, (kept, owner)) in owners(engine).await? {
            if kept {
                self.skip(run, "it is to be kept".to_owned());
                continue;
            }
            match owner.as_ref().map(|owner| (owner.life(), owner)) {
                Some((ProcessState::Alive, owner)) => {
                    self.skip(run, format!("its process {} is still running", owner.pid()));
                }
                Some((ProcessState::Elsewhere, owner)) => {
                    self.skip(
                        run,
                        format!(
                            "it belongs to the host `{}`, and may be going on there",
                            owner.host()
                        ),
                    );
                }
                Some((ProcessState::Over, _)) | None => self.remove(engine, &run, progress).await?,
            }
        }
        Ok(())
    }

    /// Removes a run, and counts.
    async fn remove(
        &mut self,
        engine: &DockerEngine,
        run: &str,
        progress: &dyn Progress,
    ) -> Result<(), DeployError> {
        progress.say(&format!("removing what the run {run} has left"));
        let (containers, networks) = cleanup_guard::remove(engine, run).await?;
        self.containers += containers;
        self.networks += networks;
        Ok(())
    }

    /// A run that is left alone.
    fn skip(&mut self, run: String, why: String) {
        self.left.push(SkippedRun { run, why });
    }
}

/// Removes the images that Bystander has built or made, and gives their number.
///
/// # Errors
/// [`DeployError::Engine`] when one is in use.
pub async fn clean_images(progress: &dyn Progress) -> Result<usize, DeployError> {
    let engine = DockerEngine::connect().await?;
    progress.say("removing the images");
    images::remove(&engine).await
}
