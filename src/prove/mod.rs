//! Detection power: the same scenarios on a clinic with each fault of the catalogue, and on the sound one.
//!
//! Every trial is a `bystander run` in a process of its own, judged from the ledger that it leaves: what a user's run would
//! have said. The fault is told to the clinic, and to nobody who judges; only when the judgement stands is it set against what
//! the catalogue says of the fault ([`against`]).

mod against;
mod interfere;
mod ledger_follower;
mod power;
mod sabotage_report;
mod trial;
mod work;

pub use interfere::interfere;
pub use power::{DetectionPower, FirstFinding, Trial, TrialCounts, TrialOutcome, VERSION};
pub use sabotage_report::{Probe, SabotageCollector, SabotageReport, SabotageRow};
pub use trial::{Deployment, TrialProgress};
pub use work::{StopSignal, work_off};

use bystander_clinic::faults::Fault;
use std::path::PathBuf;
use std::time::Duration;

/// One trial that is to be made.
#[derive(Debug, Clone)]
pub struct TrialSpec {
    /// The fault; none: the sound clinic.
    pub fault: Option<&'static Fault>,
    /// Where the clinic runs.
    pub deployment: Deployment,
    /// From which people are made up.
    pub seed: u64,
}

impl TrialSpec {
    /// What it is called on the way: a fault's id, or `sound`.
    #[must_use]
    pub fn name(&self) -> String {
        match self.fault {
            Some(fault) => fault.id.to_string(),
            None => format!("sound-{}-{}", self.deployment, self.seed),
        }
    }
}

/// What all trials have in common.
#[derive(Debug, Clone)]
pub struct TrialConfig {
    /// The executable that runs the scenarios.
    pub executable: PathBuf,
    /// A `.feature` file or a directory of them, instead of the built-in features. Of fewer scenarios it is not expected that
    /// they show all that a fault does.
    pub features: Option<PathBuf>,
    /// Whether a trial goes on when everything has come out that the catalogue says of its fault.
    pub no_early_stop: bool,
    /// Where each trial leaves its ledger, in a directory of its name.
    pub out: PathBuf,
    /// How long a trial may take; what takes longer is ended, and shows nothing.
    pub limit: Duration,
}
