//! What the judge hands to every report.

use super::coverage::TechniqueCoverage;
use super::finding::Finding;
use crate::ledger::{Claim, Exchange, Extent, Finished, Outcome, Purpose, Run, Stack, Verdict};
use serde::Serialize;

/// Everything that can be said about a run, from its ledger alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Judgement {
    /// The worst that was seen; none when nothing ran.
    pub verdict: Option<Verdict>,
    /// How the run began, when the ledger says so.
    pub run: Option<Run>,
    /// The stack, when it came up.
    pub stack: Option<Stack>,
    /// How the run ended; none when it was cut off.
    pub finished: Option<Finished>,
    /// The stack did not come up, or went away.
    pub stack_gone: bool,
    /// Bystander itself had a bug.
    pub internal: bool,
    /// Scenarios by their number.
    pub scenarios: Vec<ScenarioVerdict>,
    /// Leaks, the worst first.
    pub findings: Vec<Finding>,
    /// What is excepted, and how often it was.
    pub exceptions: Vec<Excepted>,
    /// What was not tried, for a reason that makes nothing inconclusive.
    pub left_out: Vec<LeftOut>,
    /// Techniques that write a request anew, by surface: tried, or not and why.
    pub coverage: Vec<TechniqueCoverage>,
    /// What could not be judged, and why.
    pub gaps: Vec<Gap>,
    /// Surface by class of world state.
    pub tallies: Vec<Tally>,
    /// Forms of addresses that hold recordings, found by following links.
    pub discovered: Vec<DiscoveredEndpoint>,
    /// How much was done.
    pub counts: Counts,
}

/// A form of address that holds recordings, found by following links.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DiscoveredEndpoint {
    /// Method and path, `{id}` where an id stands.
    pub form: String,
    /// The surface of the profile that it belongs to; none when nobody declared it.
    pub declared: Option<String>,
    /// Whether the profile lists it among those that were found before.
    pub known: bool,
}

/// A scenario and what it showed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScenarioVerdict {
    /// Number within the run.
    pub scenario: u32,
    /// Title of the feature.
    pub feature: String,
    /// Title of the scenario.
    pub name: String,
    /// The feature's file.
    pub file: String,
    /// Line of the scenario's title.
    pub line: u32,
    /// Tags without `@`.
    pub tags: Vec<String>,
    /// Its verdict; none when it did not apply to this stack.
    pub verdict: Option<Verdict>,
    /// How it ended; none when the run was cut off before.
    pub outcome: Option<Outcome>,
    /// Why, when it did not simply run.
    pub reason: Option<String>,
    /// Milliseconds from its beginning to its end, as far as known.
    pub elapsed_ms: Option<u64>,
    /// Its `Then` steps.
    pub assertions: Vec<AssertionVerdict>,
}

/// A `Then` step and what it showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssertionVerdict {
    /// Number within the run.
    pub assertion: u32,
    /// The scenario.
    pub scenario: u32,
    /// The step as written.
    pub text: String,
    /// Line of the step.
    pub line: u32,
    /// What it claims.
    pub claim: Claim,
    /// The worst of what follows.
    pub verdict: Verdict,
    /// Targets that were judged and held.
    pub held: u64,
    /// Targets that could not be judged.
    pub inconclusive: u64,
    /// Targets that leaked, and whatever leaked beside them.
    pub leaked: u64,
    /// Targets that were got as they are meant to be.
    pub excepted: u64,
    /// Its findings as sentences, one leak to several owners as one.
    pub sentences: Vec<String>,
    /// Why something could not be judged, in plain words.
    pub reasons: Vec<String>,
}

impl AssertionVerdict {
    /// What a step says that did not hold: the first sentences of what was found, else why it could not be judged.
    #[must_use]
    pub fn in_words(&self) -> String {
        let told = if self.sentences.is_empty() {
            &self.reasons
        } else {
            &self.sentences
        };
        let mut words: Vec<&str> = told.iter().take(3).map(String::as_str).collect();
        let more = format!("and {} more", told.len().saturating_sub(3));
        if told.len() > 3 {
            words.push(&more);
        }
        format!("{}: {}", self.verdict, words.join("; "))
    }
}

/// Something that could not be judged, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The scenario's number; none when the whole run is meant.
    pub scenario: Option<u32>,
    /// The scenario's title, empty when the whole run is meant.
    pub name: String,
    /// The feature's file, empty when the whole run is meant.
    pub file: String,
    /// Line of the step, 0 when none.
    pub line: u32,
    /// The surface, when it is one's.
    pub surface: Option<String>,
    /// Whose request it was, when it was one's.
    pub who: Option<String>,
    /// Why, in plain words.
    pub why: String,
    /// How often exactly this happened.
    pub count: u64,
}

/// Something that is excepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Excepted {
    /// The surface; `*`: every one that changes nothing.
    pub surface: String,
    /// Who may, in words.
    pub who: String,
    /// To whom it applies; empty: anyone.
    pub to: Vec<String>,
    /// Only with this technique.
    pub technique: Option<String>,
    /// Only up to this extent.
    pub extent: Option<Extent>,
    /// Why.
    pub reason: String,
    /// In how many exchanges it was seen.
    pub seen: u64,
}

/// Something that was not tried, for a reason that makes nothing inconclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The technique.
    pub technique: String,
    /// The surfaces.
    pub surfaces: Vec<String>,
    /// Why, in plain words.
    pub why: String,
    /// How often.
    pub count: u64,
}

/// One cell of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The surface.
    pub surface: String,
    /// The class of the world state.
    pub state_class: String,
    /// Targets that held.
    pub held: u64,
    /// Targets that could not be judged.
    pub inconclusive: u64,
    /// Targets, or things beside them, that leaked.
    pub leaked: u64,
    /// Targets that were got as they are meant to be.
    pub excepted: u64,
}

/// What was said of one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordingOutcome {
    Held,
    Inconclusive,
    Leaked,
    /// It was got, and that is excepted.
    Meant,
}

impl Tally {
    /// The worst in this cell.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        if self.leaked > 0 {
            Some(Verdict::Leaked)
        } else if self.inconclusive > 0 {
            Some(Verdict::Inconclusive)
        } else if self.held > 0 {
            Some(Verdict::Held)
        } else {
            None
        }
    }
}

/// How much was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Scenarios that the ledger tells of.
    pub scenarios: u64,
    /// Of these, judged and held.
    pub held: u64,
    /// Of these, inconclusive.
    pub inconclusive: u64,
    /// Of these, leaked.
    pub leaked: u64,
    /// Of these, not applicable to this stack.
    pub not_applicable: u64,
    /// Left out by the user's filters.
    pub filtered_out: u64,
    /// `Then` steps.
    pub assertions: u64,
    /// Requests by bystanders.
    pub probes: u64,
    /// Recordings that probes reached for.
    pub targets: u64,
    /// The same requests by somebody with the right.
    pub twins: u64,
    /// Requests for what does not exist.
    pub controls: u64,
    /// Looks whether a session is alive.
    pub pulses: u64,
    /// Owners looking whether somebody wrote to their recording.
    pub read_backs: u64,
    /// All requests.
    pub exchanges: u64,
    /// People.
    pub personas: u64,
    /// Recordings planted.
    pub recordings: u64,
}

impl Counts {
    pub(super) fn count(&mut self, exchange: &Exchange) {
        self.exchanges += 1;
        match &exchange.part {
            Purpose::Setup { .. } | Purpose::Operator { .. } => {}
            Purpose::Twin { .. } => self.twins += 1,
            Purpose::Probe { targets, .. } => {
                self.probes += 1;
                self.targets += targets.len() as u64;
            }
            Purpose::Again { .. } | Purpose::Attempt { .. } => self.probes += 1,
            Purpose::Control { .. } => self.controls += 1,
            Purpose::Pulse { .. } => self.pulses += 1,
            Purpose::ReadBack { .. } => self.read_backs += 1,
        }
    }
}
