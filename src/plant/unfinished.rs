//! A recording that is there and not finished, and finishing it.

use super::facet::Facet;
use super::planting::{PlantError, captured, undo_of};
use super::recording::{Recording, parties, traveller};
use super::registry::Registry;
use super::scan::{Hint, Scanner, Sighting};
use crate::cast::Persona;
use crate::http::{Payload, Reply, StackClient, StackClientError, Transport};
use crate::profile::{Grantee, Vars};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A recording that is there and not finished.
#[derive(Debug)]
pub struct UnfinishedRecording {
    /// The recording; nobody but its owner has a right to it yet.
    pub recording: Recording,
    /// The way in which it is made.
    pub(super) way: String,
    /// What its steps are written with.
    pub(super) vars: Vars,
    pub(super) payloads: BTreeMap<&'static str, Payload>,
}

impl UnfinishedRecording {
    /// The way in which it is made.
    #[must_use]
    pub fn way(&self) -> &str {
        &self.way
    }

    /// Takes it through the rest of the steps, and remembers what the stack has stored.
    ///
    /// # Errors
    /// When a step does not go as the profile says, or when what the stack has stored shows no canary.
    pub async fn finish(
        mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        registry: &Arc<Registry>,
        scanner: &Arc<Scanner>,
    ) -> Result<Recording, PlantError> {
        let part = site.profile.recording.as_ref().ok_or(PlantError::Missing)?;
        let no_way = || PlantError::NoWay(self.way.clone());
        let way = part.way.get(&self.way).ok_or_else(no_way)?;
        let (number, owner) = (self.recording.number, Arc::clone(&self.recording.owner));
        let doing = format!("finish a recording of {}", owner.name);
        owner.keep_signed_in(site, carrier, None).await?;
        let parties = parties(site, &owner, &self.recording.people).await;
        let undo = undo_of(site, carrier);
        let traveller = traveller(site, carrier, &owner, &parties, &doing, &self.payloads);
        for step in &way.finish {
            traveller.step(step, &mut self.vars).await?;
            undo.recording_answered(number, step.captured_names(), &self.vars);
        }
        let known = captured(&way.finish, &self.vars, self.recording.captured.clone());
        let stored = match &way.stored {
            None => None,
            Some(step) => {
                self.vars.set("recording", self.recording.vars().as_value());
                Some(traveller.step(step, &mut self.vars).await?)
            }
        };
        if let Some(reply) = stored {
            self.recording.media_bytes = reply.body.len() as u64;
            remember(number, reply, registry, scanner).await?;
        }
        self.complete(site, known)
    }

    /// It is finished: whoever has a right to it has it from now on.
    pub(super) fn complete(self, site: &StackClient, known: Vars) -> Result<Recording, PlantError> {
        let part = site.profile.recording.as_ref().ok_or(PlantError::Missing)?;
        let mut recording = self.recording;
        if !self.way.is_empty() {
            recording.captured = known;
        }
        for grant in &part.grants {
            let Some(to) = recording.people.get(grant.to.as_str()) else {
                continue;
            };
            if holds(site, grant, &recording.owner, to)? {
                recording.grantees.push((Arc::clone(to), grant.why.clone()));
            }
        }
        recording.finished = true;
        Ok(recording)
    }
}

/// Remembers media as the stack has stored them, if the canary is seen in them: what is not known to be this recording's must not
/// be taken for it.
async fn remember(
    recording: u32,
    reply: Reply,
    registry: &Arc<Registry>,
    scanner: &Arc<Scanner>,
) -> Result<(), PlantError> {
    let (registry, scanner) = (Arc::clone(registry), Arc::clone(scanner));
    // sound takes a while to listen to, and the other scenarios share this thread
    let remembering = tokio::task::spawn_blocking(move || {
        let scan = scanner.scan(&reply.body, Hint::default());
        let media = |sighting: &&Sighting| sighting.facet == Some(Facet::Media);
        let mut shown = scan.sightings.iter().filter(media).peekable();
        if shown.peek().is_none() {
            return Err(PlantError::Unseen(scan.unfinished));
        }
        // What shows somebody else's is a leak already, and says nothing of this one.
        if shown.all(|sighting| sighting.recording == Some(recording)) {
            registry.remember(recording, &reply.body);
        }
        Ok(())
    });
    remembering.await.unwrap_or(Err(PlantError::Unseen(None)))
}

/// Whether somebody has this right to a recording of this owner's.
fn holds(site: &StackClient, grant: &Grantee, owner: &Persona, to: &Persona) -> Result<bool, PlantError> {
    let Some(when) = &grant.when else {
        return Ok(true);
    };
    let vars = site
        .stack
        .clone()
        .with("owner", owner.me().as_value())
        .with("to", to.me().as_value());
    Ok(site
        .templates
        .holds(when, &vars, &[])
        .map_err(StackClientError::from)?)
}
