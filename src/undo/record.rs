//! What a line of the undo file can be.

use crate::profile::Vars;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

/// One line of the undo file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "undo", rename_all = "kebab-case")]
pub enum UndoLine {
    /// The first line: whose file this is.
    Run(NotedRun),
    /// Something is about to be done. Nothing of it has been sent yet.
    Deed {
        /// What.
        record: UndoRecord,
    },
    /// The stack has answered a step of it.
    Answered {
        /// Of what.
        of: UndoKey,
        /// What of the answer is needed to take it back.
        values: UndoValues,
    },
    /// It has been taken back.
    Done {
        /// What.
        of: UndoKey,
    },
}

/// Whose file it is, and where the stack is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotedRun {
    /// The run's name, as in its ledger.
    pub run: String,
    /// The version of Bystander.
    pub version: String,
    /// The seed from which its people were made up.
    pub seed: u64,
    /// The process that runs it.
    pub pid: u32,
    /// The profile's file.
    pub profile: PathBuf,
    /// Hashes of what cleaning up needs of the profile, by the name of the table.
    pub parts: BTreeMap<String, String>,
    /// The stack's addresses by name.
    pub addresses: Vec<(String, String)>,
}

/// What a scenario says of somebody besides their name and their role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The tenants that they belong to, by their names in the profile; the first is where they sign in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenants: Vec<String>,
    /// Somebody of the scenario who has the same number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_of: Option<String>,
}

/// Something that was done to the stack and has to be taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum UndoRecord {
    /// Somebody was taken in, or lent by the profile.
    Person {
        /// The scenario they belong to.
        scenario: u32,
        /// The name the scenario calls them by.
        name: String,
        /// Their role.
        role: String,
        /// The how-manieth of their role they are, from 0.
        turn: usize,
        /// Whether the profile lends them: they are never taken away.
        lent: bool,
        /// What else the scenario says of them.
        #[serde(default)]
        belonging: Membership,
    },
    /// A recording was planted.
    Recording {
        /// The scenario it belongs to.
        scenario: u32,
        /// Its number in the run.
        recording: u32,
        /// Whose it is.
        owner: String,
        /// The people of the consultation by their part in it.
        people: BTreeMap<String, String>,
    },
    /// A feature was turned on or off.
    Flag {
        /// The scenario.
        scenario: u32,
        /// Its name in scenarios.
        flag: String,
        /// Whether it was on before.
        on: bool,
        /// What was captured when it was read.
        #[serde(default)]
        seen: UndoValues,
    },
    /// A change of the profile was made.
    Change {
        /// The scenario.
        scenario: u32,
        /// Its name.
        change: String,
    },
}

impl UndoRecord {
    /// By which it is found again.
    #[must_use]
    pub fn key(&self) -> UndoKey {
        match self {
            Self::Person { scenario, name, .. } => UndoKey::Person {
                scenario: *scenario,
                name: name.clone(),
            },
            Self::Recording { recording, .. } => UndoKey::Recording {
                recording: *recording,
            },
            Self::Flag { scenario, flag, .. } => UndoKey::Flag {
                scenario: *scenario,
                flag: flag.clone(),
            },
            Self::Change { scenario, change } => UndoKey::Change {
                scenario: *scenario,
                change: change.clone(),
            },
        }
    }
}

/// By which something that was done is found again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum UndoKey {
    /// Somebody of a scenario.
    Person { scenario: u32, name: String },
    /// A recording by its number in the run.
    Recording { recording: u32 },
    /// A feature that a scenario has turned.
    Flag { scenario: u32, flag: String },
    /// A change that a scenario has made.
    Change { scenario: u32, change: String },
}

/// Values that the stack has answered with. Some are secrets, so they never print.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UndoValues(pub BTreeMap<String, Json>);

impl UndoValues {
    /// All of these values.
    #[must_use]
    pub fn all_of(values: &Vars) -> Self {
        let Json::Object(fields) = values.as_value() else {
            return Self::default();
        };
        Self(fields.into_iter().collect())
    }

    /// The same for templates.
    #[must_use]
    pub fn vars(&self) -> Vars {
        Vars::of(&self.0)
    }
}

impl fmt::Debug for UndoValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
