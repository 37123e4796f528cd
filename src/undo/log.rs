//! With what a scenario notes what it does: into the undo file, or where there is none, nowhere.

use super::file::UndoFile;
use super::record::{Membership, UndoKey, UndoRecord, UndoValues};
use crate::profile::Vars;
use std::sync::Arc;

/// With what a scenario notes what it does.
#[derive(Debug, Clone, Default)]
pub struct UndoLog {
    file: Option<Arc<UndoFile>>,
    scenario: u32,
}

impl UndoLog {
    /// Notes nothing: the stack goes with the run.
    #[must_use]
    pub fn nowhere() -> Self {
        Self::default()
    }

    /// Into this file.
    #[must_use]
    pub fn into_file(file: Arc<UndoFile>) -> Self {
        Self {
            file: Some(file),
            scenario: 0,
        }
    }

    /// The same for one scenario.
    #[must_use]
    pub fn of(&self, scenario: u32) -> Self {
        Self {
            file: self.file.clone(),
            scenario,
        }
    }

    /// Somebody is about to be taken in, or was lent.
    pub fn person(&self, name: &str, role: &str, turn: usize, lent: bool, belonging: &Membership) {
        self.record_start(|scenario| UndoRecord::Person {
            scenario,
            name: name.to_owned(),
            role: role.to_owned(),
            turn,
            lent,
            belonging: belonging.clone(),
        });
    }

    /// A recording is about to be planted.
    pub fn recording<'a>(
        &self,
        recording: u32,
        owner: &str,
        people: impl Iterator<Item = (&'a String, &'a str)>,
    ) {
        self.record_start(|scenario| UndoRecord::Recording {
            scenario,
            recording,
            owner: owner.to_owned(),
            people: people
                .map(|(part, name)| (part.clone(), name.to_owned()))
                .collect(),
        });
    }

    /// A feature is about to be turned; before, it was on or off, and this was captured of it.
    pub fn flag(&self, flag: &str, on: bool, seen: &Vars) {
        self.record_start(|scenario| UndoRecord::Flag {
            scenario,
            flag: flag.to_owned(),
            on,
            seen: UndoValues::all_of(seen),
        });
    }

    /// A change is about to be made.
    pub fn change(&self, change: &str) {
        self.record_start(|scenario| UndoRecord::Change {
            scenario,
            change: change.to_owned(),
        });
    }

    /// The stack has answered a step of somebody's being taken in; `values` of these names are known now.
    pub fn person_answered<'a>(&self, name: &str, names: impl Iterator<Item = &'a str>, values: &Vars) {
        self.answered(self.key_of(name), names, values);
    }

    /// The same of a recording's being planted.
    pub fn recording_answered<'a>(
        &self,
        recording: u32,
        names: impl Iterator<Item = &'a str>,
        values: &Vars,
    ) {
        self.answered(UndoKey::Recording { recording }, names, values);
    }

    /// Somebody was taken away with everything they left, also what nobody knows the id of; or, being lent, has gone back.
    pub fn person_done(&self, name: &str) {
        let Some(file) = &self.file else { return };
        file.done(&self.key_of(name));
        file.forget_unknown_recordings(self.scenario, name);
    }

    /// Somebody stays, since the profile does not say how they are taken away.
    pub fn person_stays(&self, name: &str) {
        self.done(&self.key_of(name));
    }

    /// A recording was deleted.
    pub fn recording_done(&self, recording: u32) {
        self.done(&UndoKey::Recording { recording });
    }

    /// A feature is as it was before.
    pub fn flag_done(&self, flag: &str) {
        self.done(&UndoKey::Flag {
            scenario: self.scenario,
            flag: flag.to_owned(),
        });
    }

    /// A change was undone.
    pub fn change_done(&self, change: &str) {
        self.done(&UndoKey::Change {
            scenario: self.scenario,
            change: change.to_owned(),
        });
    }

    /// Whether somebody is still needed: what is known to be left of a recording of theirs can be deleted only while they are there.
    #[must_use]
    pub fn still_needs(&self, name: &str) -> bool {
        self.file
            .as_ref()
            .is_some_and(|file| file.still_needs(self.scenario, name))
    }

    fn key_of(&self, name: &str) -> UndoKey {
        UndoKey::Person {
            scenario: self.scenario,
            name: name.to_owned(),
        }
    }

    fn record_start(&self, deed: impl FnOnce(u32) -> UndoRecord) {
        if let Some(file) = &self.file {
            file.record_start(deed(self.scenario));
        }
    }

    fn answered<'a>(&self, of: UndoKey, names: impl Iterator<Item = &'a str>, values: &Vars) {
        if let Some(file) = &self.file {
            let known = names.filter_map(|name| Some((name.to_owned(), values.get(name)?.clone())));
            file.answered(of, known);
        }
    }

    fn done(&self, key: &UndoKey) {
        if let Some(file) = &self.file {
            file.done(key);
        }
    }
}
