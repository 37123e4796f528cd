//! `power.json`: what was caught, what was missed, who was accused.
//!
//! `bystander schema power` prints its form; `schema` is raised when a field goes or changes its meaning.

use super::trial::Deployment;
use crate::ledger::{Extent, Temperament};
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;

/// Version of its form.
pub const VERSION: u32 = 1;

/// Everything that the trials showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DetectionPower {
    /// Version of this form.
    pub schema: u32,
    /// Version of Bystander.
    pub version: &'static str,
    /// The seed of the first trial.
    pub seed: u64,
    /// Whether every fault was caught, and the sound clinic accused of nothing.
    pub proven: bool,
    /// How many fared how.
    pub counts: TrialCounts,
    /// The trials with a fault, in the order of the catalogue.
    pub faults: Vec<Trial>,
    /// The trials without one.
    pub sound: Vec<Trial>,
    /// Milliseconds from the first trial's beginning to the last one's end.
    pub elapsed_ms: u64,
}

/// How many fared how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TrialCounts {
    /// Faults that were caught, with the right people, surfaces and extent.
    pub caught: usize,
    /// Faults of which something was found, but not what the catalogue says.
    pub mistaken: usize,
    /// Faults that were missed.
    pub missed: usize,
    /// Runs on the sound clinic that held.
    pub held: usize,
    /// Runs on the sound clinic that accused it.
    pub false_alarms: usize,
    /// Trials that could not be judged.
    pub unclear: usize,
}

/// How a trial fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TrialOutcome {
    /// The fault was found, for what it is.
    Caught,
    /// Something was found, but not what the catalogue says of the fault.
    Mistaken,
    /// The fault was not found.
    Missed,
    /// The sound clinic held.
    Held,
    /// The sound clinic was accused: a false alarm.
    FalseAlarm,
    /// It could not be judged.
    Unclear,
}

impl fmt::Display for TrialOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Caught => "caught",
            Self::Mistaken => "mistaken",
            Self::Missed => "missed",
            Self::Held => "held",
            Self::FalseAlarm => "accused",
            Self::Unclear => "unclear",
        })
    }
}

/// One trial and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Trial {
    /// The fault's id; null for the sound clinic.
    pub fault: Option<String>,
    /// Its class.
    pub class: Option<String>,
    /// Where the clinic ran.
    pub deployment: Deployment,
    /// From which people were made up.
    pub seed: u64,
    /// How it fared.
    pub outcome: TrialOutcome,
    /// Why it could not be judged, or what was in the way where nothing was found.
    pub why: Option<String>,
    /// In what the findings differ from what the catalogue says.
    pub different: Vec<String>,
    /// What the mildest temperament found first.
    pub first: Option<FirstFinding>,
    /// Milliseconds from the run's beginning to the first finding of all, with bringing the clinic up.
    pub first_ms: Option<u64>,
    /// The class of the world state with the fewest changes in which it shows.
    pub needs: Option<String>,
    /// The surfaces that leaked.
    pub surfaces: Vec<String>,
    /// The roles of those who got something.
    pub bystanders: Vec<String>,
    /// The most that came out.
    pub extent: Option<Extent>,
    /// How many findings.
    pub findings: usize,
    /// In how many scenarios.
    pub scenarios: usize,
    /// How much was asked.
    pub probes: u64,
    /// The exit code of the run; null when it was ended because it had shown all that the catalogue says of the fault.
    pub exit: Option<i32>,
    /// Milliseconds, with bringing the clinic up and taking it down.
    pub elapsed_ms: u64,
}

/// The finding that takes the least to come upon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FirstFinding {
    /// Title of the scenario.
    pub scenario: String,
    /// The feature's file.
    pub file: String,
    /// Line of the step.
    pub line: u32,
    /// The surface.
    pub surface: String,
    /// The technique.
    pub technique: String,
    /// How the bystander behaved.
    pub temperament: Temperament,
    /// The bystander's role.
    pub bystander: String,
}

impl DetectionPower {
    /// The JSON Schema of `power.json`.
    #[must_use]
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// What these trials show together.
    #[must_use]
    pub fn of(trials: Vec<Trial>, seed: u64, elapsed_ms: u64) -> Self {
        let mut counts = TrialCounts::default();
        for trial in &trials {
            *match trial.outcome {
                TrialOutcome::Caught => &mut counts.caught,
                TrialOutcome::Mistaken => &mut counts.mistaken,
                TrialOutcome::Missed => &mut counts.missed,
                TrialOutcome::Held => &mut counts.held,
                TrialOutcome::FalseAlarm => &mut counts.false_alarms,
                TrialOutcome::Unclear => &mut counts.unclear,
            } += 1;
        }
        let (faults, sound): (Vec<_>, Vec<_>) = trials.into_iter().partition(|trial| trial.fault.is_some());
        let wrong = counts.mistaken + counts.missed + counts.false_alarms + counts.unclear;
        Self {
            schema: VERSION,
            version: env!("CARGO_PKG_VERSION"),
            seed,
            // nothing tried is nothing proven
            proven: wrong == 0 && !faults.is_empty() && !sound.is_empty(),
            counts,
            faults,
            sound,
            elapsed_ms,
        }
    }
}
