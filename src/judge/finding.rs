//! A finding: one leak, told with names, and with the evidence for it.

use crate::ledger::{Claim, Extent, Facet, Modality, Temperament};
use serde::Serialize;

/// The owner's name when the leaked recording was not planted by this run.
pub const STRANGER: &str = "a stranger";

/// What kind of leak it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FindingKind {
    /// A canary, or a recording's id, stood in an answer.
    Seen,
    /// A recording stood in a list of somebody without a right to it.
    Listed,
    /// Something that this run did not plant came out.
    Stranger,
    /// A total counts more than this persona may see.
    Total,
    /// What exists is answered differently from what does not.
    Existence,
    /// Somebody without a right changed it.
    Changed,
    /// Somebody did in another's place what only they may do.
    Acted,
}

impl FindingKind {
    /// The word, as it stands in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Listed => "listed",
            Self::Stranger => "stranger",
            Self::Total => "total",
            Self::Existence => "existence",
            Self::Changed => "changed",
            Self::Acted => "acted",
        }
    }

    /// Whether something was changed, where nothing need have come out.
    #[must_use]
    pub fn is_a_change(self) -> bool {
        matches!(self, Self::Changed | Self::Acted)
    }

    /// The rule of judgement that was broken.
    #[must_use]
    pub fn rule(self) -> Rule {
        let (number, name) = match self {
            Self::Seen => (1, "content decides"),
            Self::Listed | Self::Stranger | Self::Total => (2, "strangers count too"),
            Self::Existence => (4, "the negative control"),
            Self::Changed | Self::Acted => (6, "writes are judged by the owner reading back"),
        };
        Rule { number, name }
    }
}

/// A rule of judgement, by its number in the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// 1 to 8.
    pub number: u8,
    /// Its short name.
    pub name: &'static str,
}

/// One leak: a bystander, an owner, a surface, a technique, a world state, at its worst extent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Stable from run to run: a hash of kind, surface, technique, the two roles and the class of state.
    pub id: String,
    /// What happened, as a person would say it.
    pub sentence: String,
    /// What kind of leak.
    pub kind: FindingKind,
    /// The rule of judgement that was broken.
    pub rule: Rule,
    /// How much came out, at the worst.
    pub extent: Extent,
    /// Whose recording.
    pub owner: String,
    /// The owner's role, when known.
    pub owner_role: String,
    /// Who got it.
    pub bystander: String,
    /// Their role, when known.
    pub bystander_role: String,
    /// What the two have in common.
    pub in_common: Vec<SharedRelation>,
    /// The way out.
    pub surface: String,
    /// The technique, `in-passing` when no probe was looking there.
    pub technique: String,
    /// Less plain techniques that showed no more than this one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also_by: Vec<String>,
    /// How the bystander behaved.
    pub temperament: Temperament,
    /// The world state, with names.
    pub state: String,
    /// The world state, without names.
    pub state_class: String,
    /// Number of the scenario.
    pub scenario_number: u32,
    /// Title of the scenario.
    pub scenario: String,
    /// Title of the feature.
    pub feature: String,
    /// The feature's file.
    pub file: String,
    /// Line of the step under way.
    pub line: u32,
    /// The `Then` step as written, when one was asking.
    pub step: Option<String>,
    /// What the step claims, when one was asking.
    pub claim: Option<Claim>,
    /// Numbers of the weaknesses (CWE) it is an instance of.
    pub cwe: Vec<u32>,
    /// From the last transition to the request; none at rest.
    pub since_transition_ms: Option<u64>,
    /// The same in words: "0.3 s after switching from audio to video".
    pub moment: String,
    /// How many recordings came out this way.
    pub recordings: u32,
    /// How many of them whole.
    pub whole_recordings: u32,
    /// By what the consultation was held, when all its recordings agree.
    pub modality: Option<Modality>,
    /// The facets that were seen.
    pub facets: Vec<Facet>,
    /// The request and what came back.
    pub evidence: Evidence,
}

/// A relation in which whoever got a recording stands to its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedRelation {
    /// Its name in the profile.
    pub relation: String,
    /// How it reads after a name: `is of the same practice`.
    pub reads: String,
}

/// The exchange that shows it. Hashes, lengths and a masked head: never the content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Number of the exchange in the ledger.
    pub exchange: u64,
    /// What the request was for, when it was neither probe nor twin: "log in".
    pub during: Option<String>,
    /// HTTP method.
    pub method: String,
    /// The profile's template of the address.
    pub url: String,
    /// HTTP status, 0 when there was no answer.
    pub status: u16,
    /// Content type.
    pub content_type: String,
    /// Length of the body.
    pub bytes: u64,
    /// SHA-256 of the body, hex.
    pub sha256: String,
    /// The beginning, with every value masked.
    pub head: String,
    /// Where in the answer it stood.
    pub place: Option<String>,
    /// In what form.
    pub form: Option<String>,
    /// From which byte of the place.
    pub offset: Option<u64>,
    /// What somebody with the right got for the same request.
    pub twin: Option<TwinEvidence>,
    /// What a recording that does not exist was answered with, when that is the point.
    pub control: Option<TwinEvidence>,
}

/// Another exchange to compare with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TwinEvidence {
    /// Its number in the ledger.
    pub exchange: u64,
    /// Who asked.
    pub who: String,
    /// HTTP status.
    pub status: u16,
    /// Content type.
    pub content_type: String,
    /// Length of the body.
    pub bytes: u64,
}
