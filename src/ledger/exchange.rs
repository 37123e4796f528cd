//! One request, what came back, and what was found in it.

use super::facts::{Facet, Temperament};
use serde::{Deserialize, Serialize};
use std::ops::Not;

/// One request and what came back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// Number within the run.
    pub exchange: u64,
    /// The scenario.
    pub scenario: u32,
    /// The world state in which it was sent.
    pub state: u32,
    /// The assertion that asked, if one did.
    pub assertion: Option<u32>,
    /// Line of the step under way.
    pub line: u32,
    /// Name of the persona, or `nobody` without credentials.
    pub who: String,
    /// What the exchange is for.
    pub part: Purpose,
    /// The surface, when it is one's.
    pub surface: Option<String>,
    /// What was asked.
    pub request: RequestSent,
    /// What came back.
    pub response: ResponseFacts,
    /// Canaries and ids of recordings found in it, echoes left out.
    pub seen: Vec<CanarySighting>,
    /// The answer was one that stays open; it was listened to for a while.
    #[serde(default, skip_serializing_if = "Not::not")]
    pub stream: bool,
    /// For a list: what the walk through all its pages held; stands on the walk's last exchange only.
    pub list: Option<Listing>,
    /// Milliseconds since the run began, when it was sent.
    pub at_ms: u64,
    /// Milliseconds until the body was complete.
    pub elapsed_ms: u64,
}

/// What an exchange is for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Purpose {
    /// Provisioning, log-in, booking, planting, a transition: scanned, but not planned as a probe.
    Setup { what: String },
    /// The same where the profile acts as a role of its own (`as = "admin"`): whoever runs the stack may be shown what it keeps, and
    /// is no bystander.
    Operator { what: String },
    /// Somebody with the right to it asks for these recordings.
    Twin { recordings: Vec<u32> },
    /// A bystander asks.
    Probe {
        technique: String,
        temperament: Temperament,
        targets: Vec<ProbeTarget>,
        control: Option<u64>,
        /// The answer led to a further request of the same probe (a redirect, a session that had ended and was renewed): it
        /// is judged by what it gave away, and refuses nobody.
        #[serde(default, skip_serializing_if = "Not::not")]
        intermediate: bool,
        /// It went without the asker's credentials, as everybody's does at this surface.
        #[serde(default, skip_serializing_if = "Not::not")]
        without_credentials: bool,
    },
    /// The same bystander requests a recording that does not exist.
    Control {
        technique: String,
        /// The probes whose answers differed from the first control's: this control is sent once more because of them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        repeats: Vec<u64>,
    },
    /// A bystander sends the same request once more, because the answers to these probes differed from their control's.
    Again {
        technique: String,
        temperament: Temperament,
        probes: Vec<u64>,
        /// Counts the repeats of one probe: a request with several exchanges (a redirect) is one repeat.
        round: u32,
    },
    /// Somebody does in another's place what only they may do: switches their consultation, deletes or shares their recording.
    Attempt {
        owner: String,
        technique: String,
        temperament: Temperament,
    },
    /// Is this persona's session still alive?
    Pulse { alive: bool },
    /// The owner reads back what a write by somebody else would have changed: `changed` is the fact.
    ReadBack {
        recording: u32,
        probe: u64,
        changed: bool,
    },
}

/// How often a probe, and as often its control, must be answered as the first time before a difference between the two counts.
///
/// A difference means that two forms of answer were seen. A stack whose answers vary for another reason shows each form only to the
/// probes and only to the controls by luck: if each answer is drawn by chance, at most once in 4^12; if the answers take turns, once in
/// the 2,704,156 orders (24 over 12) in which 12 probes and 12 controls can be sent. Both are rarer than once in a million. A third form
/// of answer proves that the answers vary, and ends the repeats.
pub const REPEATS: usize = 12;

/// One recording that a probe reaches for, with the twin that must have got it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeTarget {
    /// The recording.
    pub recording: u32,
    /// The exchange in which somebody with the right to it sent the same request.
    pub twin: Option<u64>,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSent {
    /// HTTP method.
    pub method: String,
    /// The profile's template with its placeholders: `/v1/replays/{{ recording.id }}`, never a value that is secret.
    pub url: String,
    /// The technique by which it was written anew, if it was: also where it is no probe, as when the owner sends it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rewritten_by: Option<String>,
}

/// How the answer arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "kebab-case")]
pub enum Delivery {
    /// Whole, and scanned to the end.
    Whole,
    /// It ended before it should have.
    Truncated { why: String },
    /// No answer within the time limit, in milliseconds.
    TimedOut { after_ms: u64 },
    /// No connection, or a broken one.
    Unreachable { why: String },
    /// It arrived, but could not be scanned to the end.
    Unscanned { why: String },
    /// It could not be asked: what the request needs was not to be had.
    NotSent { why: String },
}

/// The profile's classes of outcome. They sort reports, and say when a refusal is one; content decides verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeClass {
    /// The request was served.
    Served,
    /// Refused, or said not to exist.
    Denied,
    /// Not signed in.
    NoSession,
    /// Too many requests.
    Throttled,
    /// The stack failed (5xx, or no answer).
    Broken,
    /// None of these.
    Other,
}

/// What came back: never the body itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseFacts {
    /// HTTP status, 0 when there was no answer.
    pub status: u16,
    /// Its class by the profile.
    pub class: OutcomeClass,
    /// How it arrived.
    pub delivery: Delivery,
    /// Content type, without parameters.
    pub content_type: String,
    /// Length of the body in bytes, as received.
    pub bytes: u64,
    /// SHA-256 of the body, hex.
    pub sha256: String,
    /// The beginning, with every value masked: keys of an object, magic of a file.
    pub head: String,
    /// Hash of the answer with ids and times taken out: equal for "not yours" and "not there" in a sound stack.
    pub normalised_hash: String,
}

impl ResponseFacts {
    /// Whether this answer, set against the one for a recording that does not exist, tells that the recording exists.
    #[must_use]
    pub fn differs_from(&self, nothing: &Self) -> bool {
        match self.class {
            OutcomeClass::Served => matches!(nothing.class, OutcomeClass::Denied | OutcomeClass::NoSession),
            _ => self.status != nothing.status || self.normalised_hash != nothing.normalised_hash,
        }
    }

    /// Whether two answers to the same request are the same, as far as can be said of what differs from answer to answer.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        match self.class {
            OutcomeClass::Served => other.class == OutcomeClass::Served,
            _ => self.status == other.status && self.normalised_hash == other.normalised_hash,
        }
    }
}

/// A canary, or the stack's id of a recording, found in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanarySighting {
    /// The recording; none for a well-formed canary that this run did not plant.
    pub recording: Option<u32>,
    /// The facet.
    pub facet: Option<Facet>,
    /// Fingerprint of the canary.
    pub fingerprint: String,
    /// `body`, `header content-disposition`, …
    pub place: String,
    /// The way to it: `plain`, `gzip > base64`, …
    pub form: String,
    /// Offset in bytes from the beginning of the place, at the outermost form.
    pub offset: u64,
    /// How often.
    pub count: u32,
}

/// What a walk through all pages of a list held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Items on all pages.
    pub items: u32,
    /// Recordings of this run that stood in it (by the stack's id).
    pub recordings: Vec<u32>,
    /// Items whose id this run did not plant.
    pub strangers: u32,
    /// The total that the stack claims, when it does.
    pub total: Option<u64>,
    /// Pages walked.
    pub pages: u32,
    /// Why the walk is not to be trusted, if so: an extraction that matched nothing, a page that failed, a cursor that loops.
    pub incomplete: Option<String>,
}
