//! Deleting a recording while a scenario runs.

use super::ToggleError;
use crate::http::{Credentials, StackClient, StepRunner, StepSender, Transport};
use crate::plant::planting::Recording;
use crate::profile::Vars;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The name of the action of the profile that says how.
pub const DELETE: &str = "delete";

/// Has the owner of a recording delete it by the profile's steps, and waits until that has settled; hands back how long that took.
///
/// # Errors
/// When the profile does not say how, or the stack refuses.
pub async fn delete(
    site: &StackClient,
    carrier: &dyn Transport,
    recording: &Recording,
) -> Result<Duration, ToggleError> {
    let part =
        site.profile.action.get(DELETE).ok_or_else(|| {
            ToggleError::Missing(format!("action.{DELETE}"), "delete a recording".to_owned())
        })?;
    let owner = &recording.owner;
    owner.keep_signed_in(site, carrier, None).await?;
    let parties = recording.parties(site).await;
    let none = Credentials::none();
    let doing = format!("delete a recording of {}", owner.name);
    let traveller = StepRunner {
        site,
        carrier,
        caller: StepSender {
            who: &owner.name,
            keys: parties.get("owner").map_or(&none, |owner| &owner.keys),
        },
        doing: &doing,
        payloads: &BTreeMap::new(),
        parties: &parties,
    };
    let mut vars = variables(recording);
    traveller.run(&part.steps, &mut vars).await?;
    let asked = Instant::now();
    if let Some(settled) = &part.settled {
        traveller.step(settled, &mut vars).await?;
    }
    // what is gone need not be taken back by anybody
    carrier.undo().recording_done(recording.number);
    Ok(asked.elapsed())
}

/// What the templates of its steps see.
#[must_use]
pub fn variables(recording: &Recording) -> Vars {
    let owner = &recording.owner;
    let mut vars = Vars::default().with("recording", recording.vars().as_value());
    vars.set("owner", owner.me().as_value());
    vars.set("me", owner.me().as_value());
    vars
}
