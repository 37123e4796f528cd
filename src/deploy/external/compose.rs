//! A stack from a Compose file, brought up by the Compose client through testcontainers.
//!
//! The client labels what it makes with its project's name, which follows from the run's. So that `clean` also knows whose run it is, a
//! volume with the run's own labels is made before anything else, and removed after everything else.

mod client;
mod services;

use std::time::Duration;

use testcontainers::bollard::models::VolumeCreateRequest;
use tokio::time::Instant;

use super::build::bring_base;
use super::command::name_address;
use super::error::ExternalStackError;
use super::filled::TemplateFiller;
use super::spec::free;
use super::wait::{self, AwaitedContainer};
use crate::deploy::cleanup_guard::{self, CleanupGuard};
use crate::deploy::engine::{DockerEngine, failed};
use crate::deploy::error::DeployError;
use crate::deploy::{Progress, label, pending_starts};
use crate::profile::{ComposePart, HumanDuration, Vars};
use client::{ComposeClient, check_installed};
use services::{addresses, refuse_exposed, services, until_up};

/// How long it may take when the profile does not say: images may have to be pulled or built.
const UP_WITHIN: Duration = Duration::from_secs(300);
/// A project that is up.
pub(super) struct ComposeProject {
    engine: DockerEngine,
    run: String,
    services: Vec<AwaitedContainer>,
    /// Removes everything of the run if nobody does it in a better way.
    leftovers: CleanupGuard,
}

/// Brings up the project.
///
/// # Errors
/// With the service that does not come up. Nothing is left behind then.
pub(super) async fn up(
    filler: &TemplateFiller<'_>,
    part: &ComposePart,
    vars: Vars,
    keep: bool,
    progress: &dyn Progress,
) -> Result<(ComposeProject, Vars), DeployError> {
    let run = vars.text("run").unwrap_or_default().to_owned();
    let vars = allot(part, vars)?;
    let filler = filler.with(&vars);
    let client = ComposeClient::new(&filler, part, &run)?;
    let wanted = filler.table("deploy.compose.port", &part.port)?;
    let engine = DockerEngine::connect().await?;
    check_installed().await?;
    let composed = client.composed().await?;
    composed.refuse_exposed(&client.file)?;
    if composed.uses_base_image() {
        bring_base(&engine, progress).await?;
    }
    let leftovers = CleanupGuard::of(&run, keep);
    let raised = async {
        mark(&engine, &run, keep).await?;
        progress.say(&format!("bringing up {}", part.file));
        let within = part.within.map_or(UP_WITHIN, |HumanDuration(time)| time);
        let began = Instant::now();
        client.up(&run, within).await?;
        let services = services(&engine, &run).await?;
        refuse_exposed(&services, &client.file)?;
        progress.say(&format!("waiting for {} services", services.len()));
        let left = within.saturating_sub(began.elapsed());
        until_up(&engine, &services, left).await?;
        let vars = addresses(&services, &wanted, &client.file, vars)?;
        Ok((services, vars))
    };
    match raised.await {
        Ok((services, vars)) => {
            let services = services.into_iter().map(|service| service.container).collect();
            let project = ComposeProject {
                engine,
                run,
                services,
                leftovers,
            };
            Ok((project, vars))
        }
        Err(error) => {
            // The first error is the one to show; what cannot be removed now is found by `clean`.
            let _ = cleanup_guard::remove(&engine, &run).await;
            leftovers.are_gone();
            Err(error)
        }
    }
}

/// A free port for each address, for files that want to be told the port: what they publish in the end is looked up.
fn allot(part: &ComposePart, mut vars: Vars) -> Result<Vars, ExternalStackError> {
    let mut held = Vec::new();
    for name in part.port.keys() {
        let (listener, port) = free().map_err(|error| ExternalStackError::Part {
            place: format!("deploy.compose.port.{name}"),
            why: format!("there is no free port: {error}"),
        })?;
        held.push(listener);
        name_address(&mut vars, name, port);
    }
    Ok(vars)
}

/// Makes the volume by which `clean` finds the run.
async fn mark(engine: &DockerEngine, run: &str, keep: bool) -> Result<(), DeployError> {
    let request = VolumeCreateRequest {
        name: Some(label::project(run)),
        labels: Some(label::labels_of_run(run, keep)),
        ..VolumeCreateRequest::default()
    };
    let docker = engine.docker.clone();
    let made = pending_starts::of(run).spawn(async move { docker.create_volume(request).await });
    let doing = "marking the run";
    match made.await {
        Ok(made) => made.map(drop).map_err(failed(doing)),
        Err(error) => Err(DeployError::Engine {
            doing: doing.to_owned(),
            said: error.to_string(),
        }),
    }
}

impl ComposeProject {
    /// What is wrong with the first service that is no longer up.
    pub(super) async fn first_unhealthy_part(&self) -> Option<String> {
        for service in &self.services {
            if let Some(ails) = wait::first_unhealthy_part(&self.engine, service).await {
                return Some(ails);
            }
        }
        None
    }

    /// Removes everything of the project.
    pub(super) async fn down(self) -> Result<(), DeployError> {
        cleanup_guard::remove(&self.engine, &self.run).await?;
        self.leftovers.are_gone();
        Ok(())
    }
}
