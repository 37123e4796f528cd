//! Starting one container through testcontainers.

use std::collections::HashMap;
use std::path::PathBuf;

use testcontainers::bollard::models::{HostConfig, PortBinding};
use testcontainers::core::client::ClientError;
use testcontainers::core::{AccessMode, IntoContainerPort as _, Mount};
use testcontainers::runners::AsyncRunner as _;
use testcontainers::{ContainerRequest, CopyTargetOptions, GenericImage, ImageExt as _, TestcontainersError};

use super::engine::{DockerEngine, words};
use super::error::DeployError;
use super::logs;
use super::part::{EXECUTABLE, HealthCheck, PORT, StackPart, container, network};
use super::tail::OutputTail;
use super::{label, pending_starts};

/// A container that runs.
#[derive(Debug, Clone)]
pub(super) struct RunningContainer {
    /// The part that it is.
    pub(super) part: &'static str,
    /// The engine's id of it.
    pub(super) id: String,
    /// Where its port is on 127.0.0.1, when it is published.
    pub(super) port: Option<u16>,
}

/// What is the same for every container of a run.
#[derive(Clone)]
pub(super) struct ContainerSettings {
    /// Where they are started.
    pub(super) engine: DockerEngine,
    /// The run's id.
    pub(super) run: String,
    /// What they are labelled with.
    pub(super) labels: HashMap<String, String>,
    /// What the roles run.
    pub(super) executable: PathBuf,
}

/// Starts the container of a part. The start goes on if nobody waits for it any more; see [`flight`].
///
/// # Errors
/// [`DeployError::Start`].
pub(super) async fn start(
    site: &ContainerSettings,
    part: &StackPart,
) -> Result<RunningContainer, DeployError> {
    let name = part.name;
    let (site, part) = (site.clone(), part.clone());
    let task = pending_starts::of(&site.run).spawn(async move { start_to_the_end(&site, &part).await });
    task.await.unwrap_or_else(|error| {
        Err(DeployError::Start {
            part: name,
            said: error.to_string(),
            log: OutputTail::default(),
        })
    })
}

/// Starts the container, with our executable mounted if that is possible, else copied.
async fn start_to_the_end(
    site: &ContainerSettings,
    part: &StackPart,
) -> Result<RunningContainer, DeployError> {
    let ContainerSettings { engine, run, .. } = site;
    let how = if !part.runs_us {
        ExecutableDelivery::None
    } else if engine.shares_our_files {
        ExecutableDelivery::Mounted
    } else {
        ExecutableDelivery::Copied
    };
    let mut begun = request(site, part, how).start().await;
    if begun
        .as_ref()
        .is_err_and(|error| error_text(error).contains("bind source path does not exist"))
    {
        begun = request(site, part, ExecutableDelivery::Copied).start().await;
    }
    let running = match begun {
        Ok(running) => running,
        Err(error) => {
            let log = logs::tail(engine, &container(run, part.name)).await;
            return Err(DeployError::Start {
                part: part.name,
                said: error_text(&error),
                log,
            });
        }
    };
    let port = match part.check {
        HealthCheck::Http => running.get_host_port_ipv4(PORT).await.map(Some),
        HealthCheck::Command(_) => Ok(None),
    };
    let id = running.id().to_owned();
    // Its `Drop` blocks, panics outside a runtime, and would end a stack that is to be kept.
    // Whatever we started is removed by its label instead: see `leftovers`.
    std::mem::forget(running);
    match port {
        Ok(port) => Ok(RunningContainer {
            part: part.name,
            id,
            port,
        }),
        // What ends at once has no port any more.
        Err(error) => {
            let code = logs::exit_code(engine, &id).await;
            let said = code.map_or_else(
                || error_text(&error),
                |code| format!("it ended at once, with exit code {code}"),
            );
            Err(DeployError::Start {
                part: part.name,
                said,
                log: logs::tail(engine, &id).await,
            })
        }
    }
}

/// How our executable gets into a container.
enum ExecutableDelivery {
    /// It is not needed there.
    None,
    /// The engine mounts it, read-only.
    Mounted,
    /// It is sent to the engine.
    Copied,
}

/// What testcontainers is asked for.
fn request(
    site: &ContainerSettings,
    part: &StackPart,
    executable: ExecutableDelivery,
) -> ContainerRequest<GenericImage> {
    let ContainerSettings {
        run,
        labels,
        executable: path,
        ..
    } = site;
    let (name, tag) = part.image.rsplit_once(':').unwrap_or((&part.image, "latest"));
    let published = part.check == HealthCheck::Http;
    let mut image = GenericImage::new(name, tag);
    if published {
        image = image.with_exposed_port(PORT.tcp());
    }
    let mut request = image
        .with_container_name(container(run, part.name))
        .with_network(network(run))
        .with_labels(labels.iter())
        .with_label(label::PART, part.name)
        .with_security_opt("no-new-privileges")
        .with_host_config_modifier(move |host| publish_on_loopback(host, published));
    if !part.command.is_empty() {
        request = request.with_cmd(part.command.clone());
    }
    for (key, value) in &part.environment {
        request = request.with_env_var(*key, value);
    }
    for directory in part.in_memory {
        // whoever runs in it may write there
        request = request.with_mount(Mount::tmpfs_mount(*directory).with_mode(0o1777));
    }
    for (path, content) in &part.files {
        request = request.with_copy_to(
            CopyTargetOptions::new(*path).with_mode(0o644),
            content.clone().into_bytes(),
        );
    }
    match executable {
        ExecutableDelivery::None => request,
        // Where SELinux is on, a file of the host's could not be read in the container without the last option.
        ExecutableDelivery::Mounted => request
            .with_mount(
                Mount::bind_mount(path.to_string_lossy(), EXECUTABLE).with_access_mode(AccessMode::ReadOnly),
            )
            .with_security_opt("label=disable"),
        ExecutableDelivery::Copied => request.with_copy_to(
            CopyTargetOptions::new(EXECUTABLE).with_mode(0o755),
            path.as_path(),
        ),
    }
}

/// A port of the host, on loopback; which one, if it is not said, is for the engine to find.
pub(super) fn on_loopback(port: Option<u16>) -> PortBinding {
    PortBinding {
        host_ip: Some("127.0.0.1".to_owned()),
        host_port: Some(port.map(|port| port.to_string()).unwrap_or_default()),
    }
}

/// testcontainers publishes on all addresses. The clinic may have faults, so it is published on loopback only.
fn publish_on_loopback(host: &mut HostConfig, published: bool) {
    let binding = on_loopback(None);
    host.publish_all_ports = Some(false);
    host.port_bindings = published.then(|| [(format!("{PORT}/tcp"), Some(vec![binding]))].into());
}

/// The engine's own words, where the error is about them.
pub(super) fn error_text(error: &TestcontainersError) -> String {
    match error {
        TestcontainersError::Client(
            ClientError::CreateContainer(error) | ClientError::StartContainer(error),
        ) => words(error),
        other => other.to_string(),
    }
}
