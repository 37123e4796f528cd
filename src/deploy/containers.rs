//! The clinic in containers: all parts started side by side, as far as their dependencies allow.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use futures::future::{join_all, try_join_all};
use testcontainers::bollard::models::NetworkCreateRequest;
use testcontainers::bollard::query_parameters::StopContainerOptionsBuilder;
use tokio::sync::watch;
use url::Url;

use super::cleanup_guard::{self, CleanupGuard};
use super::engine::{DockerEngine, failed, words};
use super::error::{DeployError, title};
use super::images::ClinicImages;
use super::part::{HealthCheck, PartStage, PartsConfig, StackPart, network, parts};
use super::secret::Secret;
use super::stack::StackAddresses;
use super::start::{ContainerSettings, RunningContainer, start};
use super::tail::OutputTail;
use super::{DeployOptions, Progress, health, label, logs};

/// A stack whose parts run in containers.
pub(super) struct ClinicContainers {
    /// Where they run.
    engine: DockerEngine,
    /// For asking after their health.
    client: reqwest::Client,
    /// Each part, and how its health is asked.
    parts: Vec<(RunningContainer, HealthCheck)>,
    /// Removes everything of the run if nobody does it in a better way.
    leftovers: CleanupGuard,
}

/// Starts all parts and waits until each is healthy.
///
/// # Errors
/// [`DeployError::Start`], [`DeployError::Ended`] or [`DeployError::NotReady`] for the first part that fails. Nothing
/// is left behind then.
pub(super) async fn up(
    engine: DockerEngine,
    images: &ClinicImages,
    options: &DeployOptions,
    progress: &dyn Progress,
) -> Result<(ClinicContainers, StackAddresses), DeployError> {
    let executable = executable(options.executable.as_deref())?;
    let run = options.run.as_str();
    let leftovers = CleanupGuard::of(run, options.keep);
    let (admin_key, service_key) = (Secret::random(), Secret::random());
    let plan = PartsConfig {
        run,
        images,
        faults: &options.faults,
        admin_key: &admin_key,
        service_key: &service_key,
    };
    let engine_said = |said: String| DeployError::Engine {
        doing: "preparing the parts".to_owned(),
        said,
    };
    let parts = parts(&plan).map_err(|error| engine_said(error.to_string()))?;
    let client = health::client().map_err(engine_said)?;
    let site = ContainerSettings {
        engine,
        run: run.to_owned(),
        labels: label::labels_of_run(run, options.keep),
        executable,
    };
    let started = match bring_up(&site, &client, &parts, progress).await {
        Ok(started) => started,
        Err(error) => {
            // The first error is the one to show; what cannot be removed now is found by `clean`.
            let _ = cleanup_guard::remove(&site.engine, run).await;
            leftovers.are_gone();
            return Err(error);
        }
    };
    let addresses = addresses(&started, admin_key, service_key)?;
    Ok((
        ClinicContainers {
            engine: site.engine,
            client,
            parts: started,
            leftovers,
        },
        addresses,
    ))
}

/// The network, and then every part as soon as what it needs has come far enough.
async fn bring_up(
    site: &ContainerSettings,
    client: &reqwest::Client,
    parts: &[StackPart],
    progress: &dyn Progress,
) -> Result<Vec<(RunningContainer, HealthCheck)>, DeployError> {
    progress.say(&format!("starting {} containers", parts.len()));
    create_network(&site.engine, &site.run, &site.labels).await?;
    let stages: BTreeMap<&str, watch::Sender<PartStage>> = parts
        .iter()
        .map(|part| (part.name, watch::Sender::new(PartStage::Waiting)))
        .collect();
    let come = |part: &str, stage: PartStage| stages.get(part).map(|sender| sender.send_replace(stage));
    try_join_all(parts.iter().map(|part| {
        let (stages, come) = (&stages, &come);
        async move {
            for (other, stage) in &part.after {
                if let Some(sender) = stages.get(other) {
                    // The sender outlives this, so the wait can only end well.
                    let _ = sender.subscribe().wait_for(|come| come >= stage).await;
                }
            }
            progress.say(&format!("starting the {}", title(part.name)));
            let started = start(site, part).await?;
            come(part.name, PartStage::Started);
            health::wait(&site.engine, client, &started, part.check).await?;
            come(part.name, PartStage::Healthy);
            progress.say(&format!("the {} is ready", title(part.name)));
            Ok((started, part.check))
        }
    }))
    .await
}

/// Creates the run's own network, labelled. testcontainers would create one without labels.
pub(super) async fn create_network(
    engine: &DockerEngine,
    run: &str,
    labels: &HashMap<String, String>,
) -> Result<(), DeployError> {
    let labels = Some(labels.clone());
    let request = NetworkCreateRequest {
        name: network(run),
        labels,
        ..NetworkCreateRequest::default()
    };
    let docker = engine.docker.clone();
    let created = super::pending_starts::of(run)
        .spawn(async move { docker.create_network(request).await })
        .await;
    match created {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) if words(&error).contains("address pool") => {
            Err(DeployError::NoRoom { said: words(&error) })
        }
        Ok(Err(error)) => Err(failed(format!("creating the network `{}`", network(run)))(error)),
        Err(error) => Err(DeployError::Engine {
            doing: "creating a network".to_owned(),
            said: error.to_string(),
        }),
    }
}

/// The executable that the roles run: the one given, or this one.
fn executable(given: Option<&Path>) -> Result<PathBuf, DeployError> {
    let path = given.map_or_else(std::env::current_exe, |path| Ok(path.to_owned()));
    let fails = |path: &Path, error: std::io::Error| DeployError::Executable {
        path: path.to_owned(),
        said: error.to_string(),
    };
    let path = path.map_err(|error| fails(Path::new("this executable"), error))?;
    path.canonicalize().map_err(|error| fails(&path, error))
}

/// Where the published parts are.
fn addresses(
    started: &[(RunningContainer, HealthCheck)],
    admin_key: Secret,
    service_key: Secret,
) -> Result<StackAddresses, DeployError> {
    let address = |name: &'static str| {
        let port = started
            .iter()
            .find(|(part, _)| part.part == name)
            .and_then(|(part, _)| part.port);
        let missing = || DeployError::Engine {
            doing: format!("publishing the {name}"),
            said: "it has no port".to_owned(),
        };
        let port = port.ok_or_else(missing)?;
        Url::parse(&format!("http://127.0.0.1:{port}")).map_err(|_| missing())
    };
    let api = address("gateway")?;
    let mut objects = api.clone();
    objects.set_path("/objects");
    let replicas = ["api-1", "api-2", "objects"]
        .into_iter()
        .map(address)
        .collect::<Result<_, _>>()?;
    Ok(StackAddresses {
        api,
        objects,
        flags: address("flags")?,
        replicas,
        admin_key,
        service_key,
    })
}

impl ClinicContainers {
    /// The names of the parts.
    pub(super) fn names(&self) -> Vec<String> {
        self.parts.iter().map(|(part, _)| part.part.to_owned()).collect()
    }

    /// Asks each part whether it is well.
    pub(super) async fn health(&self) -> Vec<(String, Result<(), String>)> {
        join_all(self.parts.iter().map(|(part, check)| async {
            (
                part.part.to_owned(),
                health::probe_health(&self.engine, &self.client, part, *check).await,
            )
        }))
        .await
    }

    /// Stops one part, as if it had failed.
    pub(super) async fn stop(&self, name: &str) -> Result<(), DeployError> {
        let part = self.part(name)?;
        let options = StopContainerOptionsBuilder::new().t(2).build();
        self.engine
            .docker
            .stop_container(&part.id, Some(options))
            .await
            .map_err(failed(format!("stopping the {name}")))
    }

    /// The end of a part's log.
    pub(super) async fn log(&self, name: &str) -> Result<OutputTail, DeployError> {
        Ok(logs::tail(&self.engine, &self.part(name)?.id).await)
    }

    /// Removes every container and the network.
    pub(super) async fn down(self, run: &str) -> Result<(), DeployError> {
        cleanup_guard::remove(&self.engine, run).await?;
        self.leftovers.are_gone();
        Ok(())
    }

    /// The container of a part.
    fn part(&self, name: &str) -> Result<&RunningContainer, DeployError> {
        let found = self
            .parts
            .iter()
            .map(|(part, _)| part)
            .find(|part| part.part == name);
        found.ok_or_else(|| DeployError::NoPart {
            part: name.to_owned(),
            known: self.names().join(", "),
        })
    }
}
