//! The room `deploy`: bringing a stack up and down.
//!
//! [`up`] decides where the clinic runs: in containers, or [embedded](Mode::Embedded) in this process. Containers need
//! an engine (`engine`), a base image (`base`: used, pulled or made here) and an image for each part that is not
//! ours (`images`, from the Dockerfiles in `fixtures/clinic/images`). When all of that is there, the parts
//! (`part`, as data) are started side by side (`containers`), each as soon as what it needs has come far enough,
//! and each is asked for its health until it is well (`health`).
//!
//! Stacks that are not the clinic are brought up by [`external::up`].
//!
//! Whatever is started carries the run's labels (`label`). So everything can be found again and removed after
//! success, failure and cancellation (`leftovers`), and after a kill by a later [`clean()`].

mod base;
mod builder;
mod clean;
mod cleanup_guard;
mod containers;
mod embedded;
mod engine;
mod error;
pub mod external;
mod extra_stacks;
mod gateway;
pub(crate) mod group;
mod health;
mod images;
mod label;
mod lock;
mod logs;
mod part;
mod pending_starts;
mod process;
mod recipe;
mod secret;
mod stack;
mod start;
mod tail;

use std::path::PathBuf;

use bystander_clinic::{ClinicError, FaultId};

pub use clean::{RemovedResources, SkippedRun, clean, clean_images};
pub use error::{DeployError, FailedWait};
pub use extra_stacks::{clean_extra_stacks, start_extra_stack};
pub use secret::Secret;
pub use stack::{DeploymentKind, Stack, StackAddresses};
pub use tail::OutputTail;

use engine::DockerEngine;
use images::ClinicImages;
use stack::DeployedParts;

/// Where the clinic is to run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Mode {
    /// In containers if that is possible here, else embedded; and say which, and why.
    #[default]
    Auto,
    /// In containers, or not at all.
    Containers,
    /// Inside this process.
    Embedded,
}

/// What is to be brought up.
#[derive(Debug, Clone)]
pub struct DeployOptions {
    /// Where it is to run.
    pub mode: Mode,
    /// The faults of the clinic, by id; none for the sound one.
    pub faults: Vec<String>,
    /// The run's id: 1 to 24 letters, digits and hyphens. Containers and the network are named and labelled with it.
    pub run: String,
    /// Whether the containers are to outlive this process, unless [`Stack::down`] is called or [`clean()`] is called
    /// with the run's id.
    pub keep: bool,
    /// Whether a base image that is missing may be made here.
    pub bootstrap: bool,
    /// The executable that the roles in containers run; none: this one.
    pub executable: Option<PathBuf>,
}

/// Told what is going on, while it is.
pub trait Progress: Send + Sync {
    /// One short line, for instance "starting the gateway".
    fn say(&self, what: &str);
}

/// Brings the clinic up, and returns when every part is healthy.
///
/// If the future is dropped half-way (on Ctrl-C, say), call [`clean()`] with the run's id: it waits for what was
/// under way and removes it.
///
/// # Errors
/// With [`Mode::Containers`], [`DeployError::NoEngine`], [`DeployError::NoBase`], [`DeployError::Tool`] or
/// [`DeployError::Image`] when this machine cannot run containers of the clinic; [`Mode::Auto`] goes on embedded then.
/// In every mode, an error when what could be started does not become healthy.
pub async fn up(options: &DeployOptions, progress: &dyn Progress) -> Result<Stack, DeployError> {
    let run = checked(&options.run)?;
    let faults = known(&options.faults)?;
    pending_starts::start(run);
    let why = match options.mode {
        Mode::Embedded => "it was asked for".to_owned(),
        Mode::Auto | Mode::Containers => match prepare(options.bootstrap, progress).await {
            Ok((engine, images)) => {
                let why = format!(
                    "Docker engine {} answers, and the images are there",
                    engine.version
                );
                let (containers, addresses) = containers::up(engine, &images, options, progress).await?;
                return Ok(Stack::new(
                    run,
                    why,
                    addresses,
                    DeployedParts::Containers(containers),
                ));
            }
            Err(error) if options.mode == Mode::Auto => clause(&error),
            Err(error) => return Err(error),
        },
    };
    progress.say("starting the clinic in this process");
    let (embedded, addresses) = embedded::up(&faults).await?;
    Ok(Stack::new(
        run,
        why,
        addresses,
        DeployedParts::Embedded(Box::new(embedded)),
    ))
}

/// Everything that containers need beforehand.
async fn prepare(
    bootstrap: bool,
    progress: &dyn Progress,
) -> Result<(DockerEngine, ClinicImages), DeployError> {
    let engine = DockerEngine::connect().await?;
    let images = images::ready(&engine, bootstrap, progress).await?;
    Ok((engine, images))
}

/// The first line of an error: the reason, without the log and the hint.
fn clause(error: &DeployError) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let reason = ["; its build said last:", " and said last:"]
        .iter()
        .find_map(|end| line.strip_suffix(end));
    reason.unwrap_or(line).to_owned()
}

/// A run's id, if it can stand in a container's name.
fn checked(run: &str) -> Result<&str, DeployError> {
    let fits = (1..=24).contains(&run.len())
        && run
            .bytes()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
        && !run.starts_with('-');
    if fits {
        Ok(run)
    } else {
        Err(DeployError::RunName { run: run.to_owned() })
    }
}

/// The faults, if the clinic knows them and can have them together. Asked before anything is started.
fn known(faults: &[String]) -> Result<Vec<FaultId>, DeployError> {
    let ids = faults
        .iter()
        .map(|fault| fault.parse())
        .collect::<Result<Vec<FaultId>, _>>()
        .map_err(ClinicError::from)?;
    bystander_clinic::faults::rules(&ids).map_err(ClinicError::from)?;
    Ok(ids)
}

#[cfg(test)]
mod tests;
