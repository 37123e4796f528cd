//! `clear`: takes back what an undo file names, long after the run that wrote it has ended.
//!
//! A driver over the same rooms as a run, in the order in which a scenario clears its stage: features and changes first, the
//! latest before all others, so that nothing stands in the way of deleting; then recordings; then the people, who were needed to
//! delete them. Each thing is crossed out in the file as soon as it has been taken back.

mod people;
mod result;
mod transport;

pub use result::{CleanupResult, NotUndone};

use crate::http::{Sender, StackClient};
use crate::plant::planting::Recording;
use crate::profile::{ChangeScope, Vars};
use crate::toggle::{Changes, Flags};
use crate::undo::{PendingUndo, RemainingUndo, UndoFile, UndoLog, UndoRecord};
use people::RebuiltPeople;
use std::collections::BTreeMap;
use std::sync::Arc;
use transport::UnrecordedSender;

/// A clean-up under way.
pub struct Cleanup<'a> {
    site: &'a StackClient,
    courier: UnrecordedSender<'a>,
    undo: UndoLog,
    left: RemainingUndo,
    guests: RebuiltPeople,
    told: CleanupResult,
}

impl<'a> Cleanup<'a> {
    /// Of what stands in this file, on this stack.
    #[must_use]
    pub fn new(site: &'a StackClient, sender: &'a Sender, file: &Arc<UndoFile>) -> Self {
        let left = file.remaining();
        Self {
            site,
            courier: UnrecordedSender { site, sender },
            undo: UndoLog::into_file(Arc::clone(file)),
            guests: RebuiltPeople::of(&left, site),
            left,
            told: CleanupResult::default(),
        }
    }

    /// Takes everything back that can be, and tells what could not.
    pub async fn through(mut self) -> CleanupResult {
        let latest_first: Vec<PendingUndo> = self.left.records.values().rev().cloned().collect();
        for pending in &latest_first {
            match &pending.record {
                UndoRecord::Flag {
                    scenario,
                    flag,
                    on,
                    seen,
                } => self.turn_back(*scenario, flag, *on, seen.vars()).await,
                UndoRecord::Change { scenario, change } => self.change_back(*scenario, change).await,
                UndoRecord::Recording { .. } | UndoRecord::Person { .. } => {}
            }
        }
        for pending in &latest_first {
            self.delete(pending).await;
        }
        for pending in &latest_first {
            self.take_away(pending).await;
        }
        self.told
    }

    async fn turn_back(&mut self, scenario: u32, flag: &str, on: bool, seen: Vars) {
        let carrier = self.courier.with_undo(self.undo.of(scenario));
        match Flags::that_was(flag, on, seen)
            .put_back(self.site, &carrier)
            .await
        {
            Ok(()) => self.told.features.push((flag.to_owned(), on)),
            Err(error) => self.told.fails(
                format!(
                    "the feature `{flag}`, which was {}",
                    if on { "on" } else { "off" }
                ),
                error.to_string(),
            ),
        }
    }

    async fn change_back(&mut self, scenario: u32, change: &str) {
        let part = self.site.profile.change.get(change);
        let per_recording = part.is_some_and(|part| part.per == ChangeScope::Recording);
        let mut recordings = Vec::new();
        if per_recording {
            let latest_first: Vec<PendingUndo> = self.left.records.values().rev().cloned().collect();
            for pending in latest_first {
                if let UndoRecord::Recording { scenario: of, .. } = &pending.record
                    && *of == scenario
                    && let Some(recording) = self.recording(&pending)
                {
                    let steps = part.map(|part| part.back.as_slice()).unwrap_or_default();
                    // who cannot sign in is told by the step that needs them
                    let _ = self.sign_in(scenario, steps, &recording).await;
                    recordings.push(recording);
                }
            }
        }
        let carrier = self.courier.with_undo(self.undo.of(scenario));
        let mut made = Changes::that_was_made(change);
        match made.put_back(self.site, &carrier, &recordings).await {
            Ok(()) => self.told.changes.push(change.to_owned()),
            Err(error) => self
                .told
                .fails(format!("the change `{change}`"), error.to_string()),
        }
    }

    async fn delete(&mut self, pending: &PendingUndo) {
        let UndoRecord::Recording {
            scenario,
            recording: number,
            owner,
            ..
        } = &pending.record
        else {
            return;
        };
        let part = self.site.profile.recording.as_ref();
        let steps = part.map(|part| part.delete.clone()).unwrap_or_default();
        let Some(recording) = self.recording(pending) else {
            // what is not known goes with its owner, if they can be taken away
            if pending.is_known() || self.guests.stays(self.site, *scenario, owner) {
                let why = if pending.is_known() {
                    "its owner is not there any more"
                } else {
                    "its planting was cut short, so its id is not known"
                };
                let what = format!("recording {number}, of {owner} (scenario {scenario})");
                self.told.fails(what, why.to_owned());
            }
            return;
        };
        let signed_in = self.sign_in(*scenario, &steps, &recording).await;
        let carrier = self.courier.with_undo(self.undo.of(*scenario));
        match recording.delete_what_is_left(self.site, &carrier).await {
            Ok(_) if steps.is_empty() => {}
            Ok(gone) => self.told.recordings.add(gone),
            Err(error) => {
                let why = signed_in.err().unwrap_or_else(|| error.to_string());
                self.told.fails(
                    format!(
                        "the recording `{}` of {owner} (number {number}, scenario {scenario})",
                        recording.id
                    ),
                    why,
                );
            }
        }
    }

    async fn take_away(&mut self, pending: &PendingUndo) {
        let UndoRecord::Person {
            scenario, name, lent, ..
        } = &pending.record
        else {
            return;
        };
        let undo = self.undo.of(*scenario);
        if undo.still_needs(name) {
            if !lent {
                self.told.needed.push(name.clone());
            }
            return;
        }
        if *lent {
            undo.person_stays(name);
            return;
        }
        let carrier = self.courier.with_undo(undo.clone());
        let taken = self
            .guests
            .take_away(self.site, &carrier, *scenario, name, pending.answered);
        match taken.await {
            Ok(people::Removal::Away { gone }) => self.told.people.add(gone),
            Ok(people::Removal::NeverCame) => {
                undo.person_done(name);
                self.told.never_came += 1;
            }
            Ok(people::Removal::Stays) => self.told.stay.push(name.clone()),
            Err(why) => {
                let email = self.guests.email(*scenario, name);
                self.told
                    .fails(format!("{name} (scenario {scenario}, `{email}`)"), why);
            }
        }
    }

    /// A recording as far as it is known; none without its id, or its owner.
    fn recording(&self, pending: &PendingUndo) -> Option<Recording> {
        let UndoRecord::Recording {
            scenario,
            recording,
            owner,
            people,
        } = &pending.record
        else {
            return None;
        };
        let id = match pending.values.0.get("id")? {
            serde_json::Value::String(id) => id.clone(),
            other => other.to_string(),
        };
        let owner = self.guests.find(*scenario, owner)?;
        let people: BTreeMap<_, _> = people
            .iter()
            .filter_map(|(part, name)| Some((part.clone(), self.guests.find(*scenario, name)?)))
            .collect();
        let captured = Vars::of(&pending.values.0);
        Some(Recording::again(*recording, id, owner, people, captured))
    }

    /// Signs those in on whose behalf the steps about a recording are.
    async fn sign_in(
        &mut self,
        scenario: u32,
        steps: &[crate::profile::Step],
        recording: &Recording,
    ) -> Result<(), String> {
        let carrier = self.courier.with_undo(self.undo.of(scenario));
        for step in steps {
            let persona = match step.by.as_ref().map(|by| by.as_str()) {
                None | Some("owner") => &recording.owner,
                Some(part) => match recording.people.get(part) {
                    Some(persona) => persona,
                    // a service signs in by itself; but its step may speak of what the owner holds
                    None if people::speaks_of_a_session(self.site, &recording.owner.role, step) => {
                        &recording.owner
                    }
                    None => continue,
                },
            };
            persona
                .sign_in(self.site, &carrier, None)
                .await
                .map_err(|error| error.to_string())?;
        }
        Ok(())
    }
}
