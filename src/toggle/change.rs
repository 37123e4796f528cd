//! Changes of the stack that are no flags: settings, restarts, permissions. Each is made, seen to have settled, and undone.

use super::ToggleError;
use super::flags::traveller;
use crate::http::{StackClient, StepError, StepRunner, Transport};
use crate::plant::planting::Recording;
use crate::profile::{ChangePart, ChangeScope, HumanDuration, Step, Vars};
use std::time::{Duration, Instant};

/// The changes that a scenario has made and not undone yet, the latest last.
#[derive(Debug, Default)]
pub struct Changes {
    made: Vec<String>,
}

impl Changes {
    /// Makes a change, and waits until it has settled.
    ///
    /// # Errors
    /// When the profile has no such change, a step fails, or it does not settle in time.
    pub async fn make(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        name: &str,
        recordings: &[Recording],
    ) -> Result<Duration, ToggleError> {
        let part = part(site, name)?;
        // noted before the first step, so that one that fails half-way is undone all the same
        if !part.back.is_empty() {
            carrier.undo().change(name);
            self.made.push(name.to_owned());
        }
        run_steps(site, carrier, name, part, true, recordings).await
    }

    /// Undoes a change, and waits until that has settled.
    ///
    /// # Errors
    /// When the profile has no way back, a step fails, or it does not settle in time.
    pub async fn undo(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        name: &str,
        recordings: &[Recording],
    ) -> Result<Duration, ToggleError> {
        let part = part(site, name)?;
        if part.back.is_empty() {
            return Err(ToggleError::NoWayBack(name.to_owned()));
        }
        let waited = run_steps(site, carrier, name, part, false, recordings).await?;
        self.made.retain(|made| made != name);
        carrier.undo().change_done(name);
        Ok(waited)
    }

    /// As an earlier run left them: it made this one.
    #[must_use]
    pub fn that_was_made(name: &str) -> Self {
        Self {
            made: vec![name.to_owned()],
        }
    }

    /// Undoes whatever is still made, the latest first.
    ///
    /// # Errors
    /// With the first that could not be undone; the others are undone all the same.
    pub async fn put_back(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        recordings: &[Recording],
    ) -> Result<(), ToggleError> {
        let mut first = Ok(());
        for name in std::mem::take(&mut self.made).into_iter().rev() {
            let undone = match part(site, &name) {
                Ok(part) => run_steps(site, carrier, &name, part, false, recordings)
                    .await
                    .map(drop),
                Err(error) => Err(error),
            };
            if undone.is_ok() {
                carrier.undo().change_done(&name);
            }
            first = first.and(undone);
        }
        first
    }
}

fn part<'a>(site: &'a StackClient, name: &str) -> Result<&'a ChangePart, ToggleError> {
    site.profile
        .change
        .get(name)
        .ok_or_else(|| ToggleError::Missing(format!("change.{name}"), format!("make the change `{name}`")))
}

async fn run_steps(
    site: &StackClient,
    carrier: &dyn Transport,
    name: &str,
    part: &ChangePart,
    wanted: bool,
    recordings: &[Recording],
) -> Result<Duration, ToggleError> {
    let doing = format!("{} the change `{name}`", if wanted { "make" } else { "undo" });
    let traveller = traveller(site, carrier, &doing);
    let steps = if wanted { &part.there } else { &part.back };
    let began;
    match part.per {
        ChangeScope::Stack => {
            let mut vars = Vars::default().with("wanted", wanted);
            traveller.run(steps, &mut vars).await?;
            began = Instant::now();
            settle(&traveller, part.settled.as_ref(), part.wait, &mut vars).await?;
        }
        ChangeScope::Recording => {
            began = Instant::now();
            for recording in recordings.iter().filter(|one| !one.deleted) {
                let mut vars = Vars::default().with("wanted", wanted);
                vars.set("recording", recording.vars().as_value());
                vars.set("owner", recording.owner.me().as_value());
                let parties = recording.parties(site).await;
                let traveller = StepRunner {
                    parties: &parties,
                    ..traveller
                };
                traveller.run(steps, &mut vars).await?;
                settle(&traveller, part.settled.as_ref(), part.wait, &mut vars).await?;
            }
        }
    }
    Ok(began.elapsed())
}

/// Waits until a change has settled: by a step that shows it, or where nothing does, for a while.
pub(super) async fn settle(
    traveller: &StepRunner<'_>,
    settled: Option<&Step>,
    wait: Option<HumanDuration>,
    vars: &mut Vars,
) -> Result<(), StepError> {
    if let Some(step) = settled {
        traveller.step(step, vars).await?;
    }
    if let Some(HumanDuration(time)) = wait {
        tokio::time::sleep(time).await;
    }
    Ok(())
}
