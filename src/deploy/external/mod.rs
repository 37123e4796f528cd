//! Stacks that are not the clinic: one that is up already, or one that the profile says how to bring up.
//!
//! [`up`] brings up what `[deploy]` names: containers (`images`), a Compose file (`compose`) or a command (`command`);
//! without it the stack is `given`, and only has to be there. What the parts themselves wait for is waited for here. The steps of
//! `[deploy].ready` are requests: the caller walks them with a `http::Traveller` as soon as it has a site, best together with
//! [`TargetStack::gone`], so that a stack that ends meanwhile is told at once and not when the last deadline is over.

mod bases;
mod build;
mod command;
mod compose;
mod composed;
mod error;
mod filled;
mod images;
mod output;
mod spec;
mod wait;

use std::fmt;

use super::error::DeployError;
use super::{Progress, checked, pending_starts};
use crate::profile::{Profile, Templates, Vars};
use bases::BaseAddresses;
pub use error::ExternalStackError;
use filled::TemplateFiller;

/// How a stack that is not the clinic came up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExternalStackKind {
    /// It was there already, and stays.
    Given,
    /// By the Docker Compose client.
    Compose,
    /// Containers, one by one.
    Images,
    /// By a command.
    Command,
}

impl fmt::Display for ExternalStackKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Given => "given",
            Self::Compose => "compose",
            Self::Images => "images",
            Self::Command => "command",
        })
    }
}

/// A stack that is up, as far as its own parts say so.
pub struct ExternalStack {
    /// How it came up.
    pub kind: ExternalStackKind,
    /// Why in this way: one clause.
    pub why: String,
    /// What stands as `stack.*` in the profile: for each address `NAME` and `NAME_port`, and `run`.
    pub vars: Vars,
    /// The profile's addresses.
    bases: BaseAddresses,
    /// Know the profile's secrets.
    templates: Templates,
    /// What has to be taken down.
    inner: ExternalParts,
}

/// What there is to take down.
enum ExternalParts {
    /// Nothing.
    Given,
    /// The containers of a Compose project.
    Compose(Box<compose::ComposeProject>),
    /// Containers, one by one.
    Images(Box<images::ProfileContainers>),
    /// A command that goes on, or that has put the stack into the background.
    Command(Box<command::RunningCommand>),
}

/// Brings up the stack of a profile. `run` names it: 1 to 24 letters, digits and hyphens. With `keep` it outlives this process
/// unless [`TargetStack::down`] is called.
///
/// If the future is dropped half-way (on Ctrl-C, say), a command is ended at once; for containers call
/// [`clean()`](super::clean()) with the run's name, as for the clinic.
///
/// # Errors
/// With the part that did not come up, the end of what it said, and a hint. Nothing is left behind then.
pub async fn up(
    profile: &Profile,
    run: &str,
    keep: bool,
    progress: &dyn Progress,
) -> Result<ExternalStack, DeployError> {
    let run = checked(run)?;
    pending_starts::start(run);
    let templates = Templates::new(&profile.directory, &profile.secrets);
    let raised = through(&TemplateFiller::new(profile, &templates), run, keep, progress).await;
    match raised {
        Ok((kind, why, vars, bases, inner)) => Ok(ExternalStack {
            kind,
            why,
            vars,
            bases,
            templates,
            inner,
        }),
        Err(error) => Err(masked(error, &templates)),
    }
}

/// An error without the secrets that the profile has from elsewhere.
fn masked(error: DeployError, templates: &Templates) -> DeployError {
    match error {
        DeployError::Target(error) => DeployError::Target(error.masked(&|text| templates.mask(text))),
        other => other,
    }
}

/// What came up: how, why, what it hands to the profile, where, and what there is to take down.
type StartedExternalStack = (ExternalStackKind, String, Vars, BaseAddresses, ExternalParts);

async fn through(
    filler: &TemplateFiller<'_>,
    run: &str,
    keep: bool,
    progress: &dyn Progress,
) -> Result<StartedExternalStack, DeployError> {
    let (kind, why, vars, inner) = raise(filler, run, keep, progress).await?;
    let bases = BaseAddresses::of(&filler.with(&vars))?;
    // not even a connection is made to a host that may not be spoken to
    bases.may_be_spoken_to(filler).await?;
    let deploy = filler.profile().deploy.as_ref();
    // the steps of `ready` may wait as long as they say; without them, being there is what there is to wait for
    if deploy.is_none_or(|deploy| deploy.ready.is_empty()) {
        match &inner {
            ExternalParts::Given => bases.answer_now().await?,
            // each has been waited for by itself
            ExternalParts::Compose(_) | ExternalParts::Images(_) => {}
            ExternalParts::Command(running) => running.until(bases.answer()).await?,
        }
    }
    Ok((kind, why, vars, bases, inner))
}

async fn raise(
    filler: &TemplateFiller<'_>,
    run: &str,
    keep: bool,
    progress: &dyn Progress,
) -> Result<(ExternalStackKind, String, Vars, ExternalParts), DeployError> {
    let vars = Vars::default().with("run", run);
    let given = "the profile gives its address".to_owned();
    let Some(deploy) = &filler.profile().deploy else {
        return Ok((ExternalStackKind::Given, given, vars, ExternalParts::Given));
    };
    let ways = [
        ("[deploy.compose]", deploy.compose.is_some()),
        ("[deploy.image]", !deploy.image.is_empty()),
        ("[deploy.command]", deploy.command.is_some()),
    ];
    let named: Vec<&str> = ways
        .into_iter()
        .filter_map(|(way, named)| named.then_some(way))
        .collect();
    if named.len() > 1 {
        let ways = named.join(" and ");
        return Err(ExternalStackError::Several { ways }.into());
    }
    if let Some(part) = &deploy.compose {
        let (project, vars) = compose::up(filler, part, vars, keep, progress).await?;
        let why = format!("brought up from {}", part.file);
        return Ok((
            ExternalStackKind::Compose,
            why,
            vars,
            ExternalParts::Compose(Box::new(project)),
        ));
    }
    if !deploy.image.is_empty() {
        let (containers, vars) = images::up(filler, &deploy.image, &vars, keep, progress).await?;
        let why = match containers.count() {
            1 => "brought up in a container".to_owned(),
            several => format!("brought up in {several} containers"),
        };
        return Ok((
            ExternalStackKind::Images,
            why,
            vars,
            ExternalParts::Images(Box::new(containers)),
        ));
    }
    if let Some(part) = &deploy.command {
        let vars = command::ports(part, vars, filler)?;
        progress.say("running the command that brings the stack up");
        let running = command::start(part, &filler.with(&vars), keep)?;
        let why = format!("brought up by `{}`", running.command_line());
        return Ok((
            ExternalStackKind::Command,
            why,
            vars,
            ExternalParts::Command(Box::new(running)),
        ));
    }
    Ok((ExternalStackKind::Given, given, vars, ExternalParts::Given))
}

impl ExternalStack {
    /// What is wrong with it, if it is no longer there: a part that has ended, or an address that nobody listens at.
    pub async fn first_unhealthy_part(&self) -> Option<String> {
        match self.unhealthy_external_part().await {
            Some(ails) => Some(ails),
            None => self.bases.silent().await,
        }
    }

    /// What is wrong with its parts, whether or not they listen already.
    async fn unhealthy_external_part(&self) -> Option<String> {
        let ails = match &self.inner {
            ExternalParts::Given => None,
            ExternalParts::Compose(project) => project.first_unhealthy_part().await,
            ExternalParts::Images(containers) => containers.first_unhealthy_part().await,
            ExternalParts::Command(running) => running.first_unhealthy_part(),
        };
        ails.map(|ails| self.templates.mask(&ails))
    }

    /// Comes back only when a part of the stack has ended, and says which and what it said last. Nothing is known of the parts of
    /// a stack that is given: there it never comes back.
    pub async fn lost_stack_details(&self) -> String {
        if matches!(self.inner, ExternalParts::Given) {
            return std::future::pending().await;
        }
        loop {
            if let Some(ails) = self.unhealthy_external_part().await {
                return ails;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// How to reach it by hand, and how to remove it.
    #[must_use]
    pub fn how_to_reach(&self) -> String {
        let ends = match &self.inner {
            ExternalParts::Given => "it is not ours to remove".to_owned(),
            ExternalParts::Compose(_) | ExternalParts::Images(_) => {
                format!("`bystander clean {}`", self.vars.text("run").unwrap_or_default())
            }
            ExternalParts::Command(running) => running.how_to_end(),
        };
        format!("{}remove    {ends}", self.bases.listed())
    }

    /// Takes it down, whatever was to be kept. A stack that is given stays.
    ///
    /// # Errors
    /// When something of it does not go, or the profile's own command for it fails.
    pub async fn down(self) -> Result<(), DeployError> {
        let down = match self.inner {
            ExternalParts::Given => Ok(()),
            ExternalParts::Compose(project) => project.down().await,
            ExternalParts::Images(containers) => containers.down().await,
            ExternalParts::Command(running) => running.down().await.map_err(DeployError::from),
        };
        down.map_err(|error| masked(error, &self.templates))
    }
}

impl fmt::Debug for ExternalStack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, why, bases, .. } = self;
        let mut shown = formatter.debug_struct("TargetStack");
        shown.field("kind", kind).field("why", why);
        shown.field("bases", &bases.listed()).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests;
