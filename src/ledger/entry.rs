//! What a line of the ledger can be.

use super::declared::{Exception, Lists, Operator, SharedAttribute};
use super::exchange::Exchange;
use super::facts::{Modality, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Not;

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "kebab-case")]
pub enum Entry {
    /// A run began.
    Run(Run),
    /// A check of a profile began. It judges nothing, so that no report can be made from its ledger.
    Check(CheckRun),
    /// The profile says that something is excepted.
    Exception(Exception),
    /// The profile says what two people can have in common.
    Relation(SharedAttribute),
    /// A role that shows what is to be had where nobody has a right.
    Operator(Operator),
    /// The surfaces that show recordings in lists.
    Lists(Lists),
    /// What techniques that write a request anew could be tried, and where.
    Coverable(Coverable),
    /// The stack is up.
    Stack(Stack),
    /// A scenario began.
    Scenario(Scenario),
    /// Somebody joined a scenario.
    Persona(Persona),
    /// A recording with canaries was planted.
    Plant(Plant),
    /// The stack has stored a recording in a form of its own.
    Stored(Stored),
    /// A right to somebody else's recording was given or taken away.
    Grant(Grant),
    /// The world changed.
    Transition(Transition),
    /// A `Then` step began to ask.
    Assertion(Assertion),
    /// One request and what came back.
    Exchange(Box<Exchange>),
    /// A `Then` step has asked all it planned to ask.
    Concluded(Concluded),
    /// Somebody tried to do something in another's place, and the other looked whether it had happened.
    Attempted(Attempted),
    /// A form of address that holds recordings was found by following links.
    Discovered(Discovered),
    /// Something was not tried, for a reason that makes nothing inconclusive.
    LeftOut(LeftOut),
    /// A probe was interfered with by ourselves.
    Sabotaged(SabotagedProbe),
    /// Something went wrong that no exchange shows.
    Trouble(Trouble),
    /// A scenario ended.
    Ended(ScenarioEnded),
    /// The run ended by itself; a ledger without this line belongs to a run that was killed.
    Finished(Finished),
}

/// A run began. `at_ms` of all later entries counts from here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Short random name, also on containers and networks.
    pub run: String,
    /// Version of Bystander.
    pub version: String,
    /// The seed from which people were made.
    pub seed: u64,
    /// RFC 3339, UTC.
    pub started: String,
    /// Scenarios selected by the user's filters.
    pub selected: u32,
    /// Scenarios that the filters left out.
    pub filtered_out: u32,
    /// How its probes were interfered with, to see whether they notice: what leaks is no leak of the stack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sabotage: Option<String>,
}

/// A check of a profile began. `at_ms` of all later entries counts from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRun {
    /// Short random name, also on containers and networks.
    pub run: String,
    /// Version of Bystander.
    pub version: String,
    /// The seed from which people were made.
    pub seed: u64,
    /// RFC 3339, UTC.
    pub started: String,
}

/// The techniques that write a request anew, and the surfaces at which each of them could be tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverable {
    /// The techniques.
    pub techniques: Vec<String>,
    /// The surfaces.
    pub surfaces: Vec<String>,
}

/// The stack is up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stack {
    /// `containers`, `embedded` or `given`.
    pub kind: String,
    /// One clause: why this kind.
    pub why: String,
    /// Name of the target profile.
    pub target: String,
    /// Base addresses by name.
    pub addresses: Vec<(String, String)>,
    /// Milliseconds from the decision to a healthy stack.
    pub ready_ms: u64,
}

/// A scenario began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// Number within the run.
    pub scenario: u32,
    /// Title of the feature.
    pub feature: String,
    /// Title of the scenario.
    pub name: String,
    /// The feature's file, as given by the user or as compiled in.
    pub file: String,
    /// Line of the scenario's title.
    pub line: u32,
    /// Tags without `@`.
    pub tags: Vec<String>,
    /// Milliseconds since the run began.
    pub at_ms: u64,
}

/// Somebody joined a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Persona {
    /// The scenario they belong to.
    pub scenario: u32,
    /// The name the scenario calls them by; unique in it.
    pub name: String,
    /// The synthetic full name.
    pub full_name: String,
    /// `patient`, `clinician`, …
    pub role: String,
    /// Relation name to a hash of what it goes by; two people of a scenario are related when it is the same for both.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub traits: BTreeMap<String, String>,
}

/// A recording with canaries was planted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plant {
    /// The scenario it belongs to.
    pub scenario: u32,
    /// Number within the run.
    pub recording: u32,
    /// Name of the owner.
    pub owner: String,
    /// How the consultation was held when it was recorded.
    pub modality: Modality,
    /// Length of the media in bytes.
    pub media_bytes: u64,
    /// The canaries, by fingerprint.
    pub marks: Vec<FacetCanary>,
    /// The world state in which it was planted.
    pub state: u32,
    /// Milliseconds since the run began.
    pub at_ms: u64,
}

/// The stack has stored the media of a recording in a form of its own, which is not what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The scenario.
    pub scenario: u32,
    /// The recording.
    pub recording: u32,
    /// How long it is now, in bytes.
    pub media_bytes: u64,
    /// Milliseconds since the run began.
    pub at_ms: u64,
}

/// One facet's canary, by fingerprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetCanary {
    /// The facet that carries it.
    pub facet: super::Facet,
    /// Hash of the canary.
    pub fingerprint: String,
}

/// A right to somebody else's recording, from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The scenario.
    pub scenario: u32,
    /// The recording.
    pub recording: u32,
    /// Who may see it.
    pub to: String,
    /// Why: `treating clinician`, …
    pub why: String,
    /// True when the right ends here rather than begins.
    pub revoked: bool,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Change {
    /// A feature flag was set.
    Flag { flag: String, on: bool },
    /// A feature flag was set for some only: for certain people, or for the people of certain tenants.
    FlagForSome {
        flag: String,
        on: bool,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        people: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tenants: Vec<String>,
    },
    /// Somebody switched a running consultation.
    Modality {
        who: String,
        from: Modality,
        to: Modality,
    },
    /// Somebody's session began or ended.
    Session { who: String, what: String },
    /// A change that the profile declares was made or undone.
    Setting { name: String, made: bool },
    /// A right to somebody's recording was given or has ended.
    Grant {
        grant: String,
        of: String,
        to: String,
        how: String,
    },
    /// Somebody's recording was deleted: from here on nobody has a right to it.
    Deleted { who: String, recording: u32 },
    /// A recording of somebody's was begun in a way of the profile's, or is finished.
    Recording { who: String, way: String, how: String },
    /// An action of the profile that is none of the above.
    Action { who: String, action: String },
}

/// The world changed; `state` is the number of the state that begins here (0 is "at rest").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// The scenario.
    pub scenario: u32,
    /// The state that begins.
    pub state: u32,
    /// What changed.
    pub change: Change,
    /// The sum of all changes so far, for people: "`audio-video-switch` on, Dan audio → video".
    pub description: String,
    /// The same without names, for grouping: "audio-video-switch on · audio → video".
    pub class: String,
    /// Whether the stack was seen to have taken the change in.
    pub settled: bool,
    /// How long that took, in milliseconds.
    pub waited_ms: u64,
    /// Line of the step.
    pub line: u32,
    /// Milliseconds since the run began, when the change had been accepted by the stack.
    pub at_ms: u64,
}

/// What a `Then` step claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Claim {
    /// Nobody gets what belongs to somebody else; owners and grantees keep what is theirs.
    NoOneElse,
    /// Nobody at all, the owner included, gets it in this state; the twins are from an earlier state of the same scenario.
    NoOne,
    /// Nobody at all, the owner included, gets what was deleted; the twins are from before it was. What was not deleted stays its
    /// owner's and its grantees'.
    Gone,
    /// Nobody but its owner is told of a recording that is not finished, and nobody else gets anything of it; the twins are from a
    /// later state of the same scenario, when it was finished.
    NotYet,
    /// The named people get what they have a right to.
    Reachable,
}

/// A `Then` step began to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// The scenario.
    pub scenario: u32,
    /// Number within the run.
    pub assertion: u32,
    /// The world state asked about.
    pub state: u32,
    /// What is claimed.
    pub claim: Claim,
    /// The step as written.
    pub text: String,
    /// Line of the step.
    pub line: u32,
    /// Milliseconds since the run began.
    pub at_ms: u64,
}

/// A `Then` step has asked all it planned to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concluded {
    /// The scenario.
    pub scenario: u32,
    /// Which assertion.
    pub assertion: u32,
    /// Probe targets that were planned: what must be judged.
    pub planned: u32,
    /// Where it is claimed that people get what is theirs: exchanges from before the step, in the same world state and after
    /// everything that others tried, in which they got it. They were not made again, and count as if they were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reused_exchanges: Vec<u64>,
}

/// Somebody tried to do something in another's place: what the other saw of it is the fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempted {
    /// The scenario.
    pub scenario: u32,
    /// The world state in which it was tried.
    pub state: u32,
    /// Line of the step.
    pub line: u32,
    /// Who tried.
    pub who: String,
    /// In whose place.
    pub owner: String,
    /// What of the profile says how it is done: `action.switch`, `grant.share`.
    pub surface: String,
    /// The recording it was about, where it was about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<u32>,
    /// It would give whoever tried a right to what is the other's.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub gives_a_right: bool,
    /// It was tried at the address of the owner's tenant, at which whoever tried need not be taken for anybody.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub elsewhere: bool,
    /// The last request by which it was tried; none when none was sent.
    pub exchange: Option<u64>,
    /// Whether the owner saw afterwards that it had happened; before, it had not. None when they could not look.
    pub happened: Option<bool>,
    /// Whether the owner did it themselves then, and saw that it had happened.
    pub by_the_owner: bool,
    /// Why it could not be tried or looked at, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// A form of address that holds recordings, found by the owner following links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovered {
    /// The scenario.
    pub scenario: u32,
    /// Method and path, `{id}` where an id stands: `GET /v1/replays/{id}/summary`.
    pub form: String,
    /// The surface of the profile that it belongs to; none when nobody declared it.
    pub declared: Option<String>,
    /// Whether the profile lists it among those that were found before.
    pub known: bool,
    /// Whether the profile wants a new one to fail the run.
    pub new_is_a_failure: bool,
    /// Line of the step.
    pub line: u32,
}

/// A probe was interfered with by ourselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SabotagedProbe {
    /// The scenario.
    pub scenario: u32,
    /// Who asked.
    pub who: String,
    /// The surface.
    pub surface: String,
    /// The technique.
    pub technique: String,
}

/// The technique of a [`LeftOut`] that says that following links ended before there were no more.
pub const FOLLOW_LINKS: &str = "follow-links";

/// Something was not tried, for a reason that makes nothing inconclusive: there was nothing to try, or a limit of the profile
/// was reached. It is told in every report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The scenario.
    pub scenario: u32,
    /// Who would have tried it.
    pub who: String,
    /// The surface.
    pub surface: String,
    /// The technique.
    pub technique: String,
    /// Why it was left out, in plain words.
    pub why: String,
}

/// Something went wrong that no exchange shows: it makes its scenario inconclusive, or the run when no scenario is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The scenario, if it is one's.
    pub scenario: Option<u32>,
    /// Line of the step, 0 when none.
    pub line: u32,
    /// What happened.
    pub what: String,
    /// True when the stack itself went away (exit code 5), or a bug of Bystander (exit code 70) is told by `internal`.
    pub stack_gone: bool,
    /// True for a bug in Bystander.
    pub internal: bool,
}

/// How a scenario ended, as far as running it goes; what it showed is the judge's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every step ran.
    Ran,
    /// A step stopped it.
    Stopped,
    /// It needs what this stack does not have; the reason says what.
    NotApplicable,
}

/// A scenario ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioEnded {
    /// The scenario.
    pub scenario: u32,
    /// How.
    pub outcome: Outcome,
    /// Why, when it did not simply run.
    pub reason: Option<String>,
    /// Line of the step that stopped it, 0 when none.
    pub line: u32,
    /// Milliseconds since the run began.
    pub at_ms: u64,
}

/// The run ended by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finished {
    /// The verdict that was printed.
    pub verdict: Option<Verdict>,
    /// The exit code.
    pub exit: u8,
    /// Milliseconds since the run began.
    pub at_ms: u64,
}
