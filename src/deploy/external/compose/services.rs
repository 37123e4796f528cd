//! The services of a project that has been brought up: what they publish, and waiting until they are up.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::time::Duration;

use testcontainers::bollard::models::ContainerSummary;
use testcontainers::bollard::query_parameters::{InspectContainerOptions, ListContainersOptionsBuilder};

use super::super::command::name_address;
use super::super::composed::is_loopback;
use super::super::error::ExternalStackError;
use super::super::spec::ReadyConditions;
use super::super::wait::{self, AwaitedContainer};
use crate::deploy::engine::{DockerEngine, failed};
use crate::deploy::error::DeployError;
use crate::deploy::{health, label};
use crate::profile::Vars;

/// A service's container, and what it publishes: the port in it, and the address and port of the host.
pub(super) struct ComposeService {
    name: String,
    /// Its container.
    pub(super) container: AwaitedContainer,
    ports: Vec<(u16, String, u16)>,
    has_check: bool,
}

/// The containers of the project.
///
/// # Errors
/// When the engine cannot say.
pub(super) async fn services(engine: &DockerEngine, run: &str) -> Result<Vec<ComposeService>, DeployError> {
    let wanted = format!("{}={}", label::COMPOSE, label::project(run));
    let filter = HashMap::from([("label".to_owned(), vec![wanted])]);
    let options = ListContainersOptionsBuilder::new()
        .all(true)
        .filters(&filter)
        .build();
    let list = engine
        .docker
        .list_containers(Some(options))
        .await
        .map_err(failed("listing the containers"))?;
    let mut services = Vec::new();
    for found in list {
        services.extend(service(engine, found).await?);
    }
    services.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(services)
}

async fn service(
    engine: &DockerEngine,
    found: ContainerSummary,
) -> Result<Option<ComposeService>, DeployError> {
    let name = found
        .labels
        .as_ref()
        .and_then(|labels| labels.get(label::SERVICE));
    let (Some(id), Some(name)) = (found.id, name) else {
        return Ok(None);
    };
    let inspected = engine
        .docker
        .inspect_container(&id, None::<InspectContainerOptions>)
        .await
        .map_err(failed(format!("looking at the service `{name}`")))?;
    let has_check = inspected
        .state
        .and_then(|state| state.health)
        .is_some_and(|health| {
            health
                .status
                .is_some_and(|status| !status.as_ref().is_empty() && status.as_ref() != "none")
        });
    let bound = inspected
        .network_settings
        .and_then(|settings| settings.ports)
        .unwrap_or_default();
    let mut ports = Vec::new();
    for (inside, bindings) in bound {
        let Some(inside) = inside.split('/').next().and_then(|port| port.parse().ok()) else {
            continue;
        };
        for binding in bindings.into_iter().flatten() {
            let outside = binding.host_port.and_then(|port| port.parse().ok());
            ports.push((
                inside,
                binding.host_ip.unwrap_or_default(),
                outside.unwrap_or_default(),
            ));
        }
    }
    let container = AwaitedContainer {
        title: format!("service `{name}`"),
        id,
        serves: !ports.is_empty(),
    };
    Ok(Some(ComposeService {
        name: name.clone(),
        container,
        ports,
        has_check,
    }))
}

/// The file was looked at before the start; what counts is what the engine has made of it.
///
/// # Errors
/// [`TargetError::Exposed`].
pub(super) fn refuse_exposed(services: &[ComposeService], file: &Path) -> Result<(), ExternalStackError> {
    for service in services {
        if let Some((port, address, _)) = service.ports.iter().find(|(_, address, _)| !is_loopback(address)) {
            return Err(ExternalStackError::Exposed {
                service: service.name.clone(),
                file: file.display().to_string(),
                how: format!("port {port} is published on {address}"),
                port: port.to_string(),
            });
        }
    }
    Ok(())
}

/// Waits until each service is up.
///
/// # Errors
/// With the first that does not come up.
pub(super) async fn until_up(
    engine: &DockerEngine,
    services: &[ComposeService],
    within: Duration,
) -> Result<(), DeployError> {
    let client = health::client().map_err(|said| DeployError::Engine {
        doing: "waiting for the services".to_owned(),
        said,
    })?;
    futures::future::try_join_all(services.iter().map(|service| {
        let wanted = ReadyConditions {
            healthy: service.has_check,
            listens: service.ports.iter().map(|(_, _, outside)| *outside).collect(),
            ..ReadyConditions::default()
        };
        let (client, container) = (&client, &service.container);
        async move { wait::until_up(engine, client, container, &wanted, within).await }
    }))
    .await?;
    Ok(())
}

/// The addresses that the profile wants.
///
/// # Errors
/// [`TargetError::NoPort`].
pub(super) fn addresses(
    services: &[ComposeService],
    wanted: &BTreeMap<String, String>,
    file: &Path,
    mut vars: Vars,
) -> Result<Vars, ExternalStackError> {
    for (name, place) in wanted {
        let (service, port) = place.rsplit_once(':').unwrap_or((place, ""));
        let published = services
            .iter()
            .filter(|one| one.name == service)
            .flat_map(|one| &one.ports)
            .find(|(inside, _, _)| inside.to_string() == port);
        let Some((_, address, outside)) = published else {
            let found: Vec<_> = services
                .iter()
                .flat_map(|one| {
                    one.ports
                        .iter()
                        .map(move |(inside, _, _)| format!("`{}:{inside}`", one.name))
                })
                .collect();
            return Err(ExternalStackError::NoPort {
                name: name.clone(),
                wanted: place.clone(),
                file: file.display().to_string(),
                found: if found.is_empty() {
                    "nothing".to_owned()
                } else {
                    found.join(", ")
                },
            });
        };
        name_address(&mut vars, name, *outside);
        if address.contains(':') {
            vars.set(name, format!("http://[{address}]:{outside}"));
        }
    }
    Ok(vars)
}
