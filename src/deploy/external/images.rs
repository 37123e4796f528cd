//! Containers of the profile, one by one: each as soon as those that must be up before it are.

use std::collections::{BTreeMap, HashMap};

use futures::future::try_join_all;
use testcontainers::core::IntoContainerPort as _;
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerRequest, CopyTargetOptions, GenericImage, ImageExt as _};
use tokio::sync::watch;

use super::build;
use super::error::ExternalStackError;
use super::filled::TemplateFiller;
use super::spec::{self, ContainerSpec};
use super::wait::{self, AwaitedContainer};
use crate::deploy::cleanup_guard::{self, CleanupGuard};
use crate::deploy::containers::create_network;
use crate::deploy::engine::DockerEngine;
use crate::deploy::error::DeployError;
use crate::deploy::part::network;
use crate::deploy::start::{error_text, on_loopback};
use crate::deploy::{Progress, health, label, logs, pending_starts};
use crate::profile::{ContainerPart, Vars};

/// How often it is tried with other ports when somebody has taken one in between.
const TRIES: u32 = 3;

/// Containers that are up.
pub(super) struct ProfileContainers {
    engine: DockerEngine,
    run: String,
    started: Vec<AwaitedContainer>,
    /// Removes everything of the run if nobody does it in a better way.
    leftovers: CleanupGuard,
}

/// Brings up all containers.
///
/// # Errors
/// With the first that does not come up. Nothing is left behind then.
pub(super) async fn up(
    filler: &TemplateFiller<'_>,
    images: &BTreeMap<String, ContainerPart>,
    vars: &Vars,
    keep: bool,
    progress: &dyn Progress,
) -> Result<(ProfileContainers, Vars), DeployError> {
    // what can be wrong with the profile is told before an engine is needed
    let mut allotted = spec::allot(images, vars.clone())?;
    let mut specs = spec::read(images, &allotted, &filler.with(&allotted))?;
    let run = vars.text("run").unwrap_or_default().to_owned();
    let engine = DockerEngine::connect().await?;
    let client = health::client().map_err(|said| DeployError::Engine {
        doing: "preparing the parts".to_owned(),
        said,
    })?;
    let mut names = HashMap::new();
    for spec in &specs {
        names.insert(spec.name.clone(), build::ready(&engine, spec, progress).await?);
    }
    let leftovers = CleanupGuard::of(&run, keep);
    let mut tries = TRIES;
    loop {
        let site = ContainerLauncher {
            engine: &engine,
            client: &client,
            run: &run,
            labels: label::labels_of_run(&run, keep),
            names: &names,
        };
        let error = match site.bring_up(&specs, progress).await {
            Ok(started) => {
                let containers = ProfileContainers {
                    engine,
                    run,
                    started,
                    leftovers,
                };
                return Ok((containers, allotted));
            }
            Err(error) => error,
        };
        // The first error is the one to show; what cannot be removed now is found by `clean`.
        let _ = cleanup_guard::remove(&engine, &run).await;
        tries -= 1;
        if tries == 0 || !taken(&error) {
            leftovers.are_gone();
            return Err(error);
        }
        allotted = spec::allot(images, vars.clone())?;
        specs = spec::read(images, &allotted, &filler.with(&allotted))?;
    }
}

/// Whether somebody has taken the port that was free a moment ago.
fn taken(error: &DeployError) -> bool {
    let DeployError::Target(ExternalStackError::Start { said, .. }) = error else {
        return false;
    };
    ["port is already allocated", "address already in use"]
        .iter()
        .any(|words| said.contains(words))
}

/// What is the same for every container.
struct ContainerLauncher<'a> {
    engine: &'a DockerEngine,
    client: &'a reqwest::Client,
    run: &'a str,
    labels: HashMap<String, String>,
    /// The images by the containers' names.
    names: &'a HashMap<String, String>,
}

impl ContainerLauncher<'_> {
    async fn bring_up(
        &self,
        specs: &[ContainerSpec],
        progress: &dyn Progress,
    ) -> Result<Vec<AwaitedContainer>, DeployError> {
        create_network(self.engine, self.run, &self.labels).await?;
        let up: BTreeMap<&str, watch::Sender<bool>> = specs
            .iter()
            .map(|spec| (spec.name.as_str(), watch::Sender::new(false)))
            .collect();
        try_join_all(specs.iter().map(|spec| {
            let up = &up;
            async move {
                for other in &spec.after {
                    if let Some(other) = up.get(other.as_str()) {
                        // The sender outlives this, so the wait can only end well.
                        let _ = other.subscribe().wait_for(|up| *up).await;
                    }
                }
                progress.say(&format!("starting the container `{}`", spec.name));
                let container = self.start(spec).await?;
                wait::until_up(self.engine, self.client, &container, &spec.wanted, spec.within).await?;
                progress.say(&format!("the container `{}` is ready", spec.name));
                if let Some(own) = up.get(spec.name.as_str()) {
                    own.send_replace(true);
                }
                Ok(container)
            }
        }))
        .await
    }

    /// Starts one; the start goes on if nobody waits for it any more, see [`flight`].
    async fn start(&self, spec: &ContainerSpec) -> Result<AwaitedContainer, ExternalStackError> {
        let request = self.request(spec);
        let begun = pending_starts::of(self.run).spawn(async move {
            let running = request.start().await.map_err(|error| error_text(&error))?;
            let id = running.id().to_owned();
            // Its `Drop` blocks, panics outside a runtime, and would end a stack that is to be kept.
            // Whatever we started is removed by its label instead: see `leftovers`.
            std::mem::forget(running);
            Ok(id)
        });
        let said = match begun.await.unwrap_or_else(|error| Err(error.to_string())) {
            Ok(id) => {
                return Ok(AwaitedContainer {
                    title: format!("container `{}`", spec.name),
                    id,
                    serves: !spec.ports.is_empty(),
                });
            }
            Err(said) => said,
        };
        Err(ExternalStackError::Start {
            part: format!("container `{}`", spec.name),
            said,
            log: logs::tail(self.engine, &host(&spec.name, self.run)).await,
        })
    }

    /// What testcontainers is asked for.
    fn request(&self, spec: &ContainerSpec) -> ContainerRequest<GenericImage> {
        let image = self.names.get(&spec.name).map_or("", String::as_str);
        let (name, tag) = match image.rsplit_once(':') {
            // the colon of a registry's port is none before a tag
            Some((name, tag)) if !tag.contains('/') => (name, tag),
            _ => (image, "latest"),
        };
        let mut image = GenericImage::new(name, tag);
        for port in spec.ports.keys() {
            image = image.with_exposed_port(port.tcp());
        }
        let ports = spec.ports.clone();
        let domain = domain(self.run);
        let mut request = image
            .with_container_name(host(&spec.name, self.run))
            .with_network(network(self.run))
            .with_labels(self.labels.iter())
            .with_label(label::PART, &spec.name)
            .with_host_config_modifier(move |host| {
                // testcontainers publishes on all addresses; a stack may be an insecure one, so it is on loopback only
                host.publish_all_ports = Some(false);
                let bound = ports.iter().map(|(inside, outside)| {
                    (format!("{inside}/tcp"), Some(vec![on_loopback(Some(*outside))]))
                });
                host.port_bindings = Some(bound.collect());
                // a name without a dot is looked for among the containers of the run first
                host.dns_search = Some(vec![domain.clone()]);
                host.dns_options = Some(vec!["ndots:1".to_owned()]);
            });
        if !spec.command.is_empty() {
            request = request.with_cmd(spec.command.clone());
        }
        for (key, value) in &spec.environment {
            request = request.with_env_var(key, value);
        }
        for (path, from) in &spec.files {
            request = request.with_copy_to(CopyTargetOptions::new(path), from.as_path());
        }
        request
    }
}

/// The domain in which the containers of a run find each other: an engine's names are the same for all runs.
fn domain(run: &str) -> String {
    format!("{run}.bystander").to_ascii_lowercase()
}

/// The name of a container, which is also its host name: in [`domain()`], so that the others can leave the rest of it out.
fn host(name: &str, run: &str) -> String {
    format!("{name}.{}", domain(run))
}

impl ProfileContainers {
    /// What is wrong with the first that is no longer up.
    pub(super) async fn first_unhealthy_part(&self) -> Option<String> {
        for container in &self.started {
            if let Some(ails) = wait::first_unhealthy_part(&self.engine, container).await {
                return Some(ails);
            }
        }
        None
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.started.len()
    }

    /// Removes every container and the network.
    pub(super) async fn down(self) -> Result<(), DeployError> {
        cleanup_guard::remove(&self.engine, &self.run).await?;
        self.leftovers.are_gone();
        Ok(())
    }
}
