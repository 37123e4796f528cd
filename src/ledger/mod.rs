//! The ledger: the append-only record of a run, from which every report is made.
//!
//! One JSON object a line (NDJSON), flushed line by line, so that a run that is killed leaves what it saw. Facts with
//! names, never prose that has to be parsed; no secret, no canary in clear, no body.

mod declared;
mod entry;
mod exchange;
mod facts;
mod reader;
mod writer;

pub use declared::{Exception, Lists, Operator, SharedAttribute};
pub use entry::{
    Assertion, Attempted, Change, CheckRun, Claim, Concluded, Coverable, Discovered, Entry, FOLLOW_LINKS,
    FacetCanary, Finished, Grant, LeftOut, Outcome, Persona, Plant, Run, SabotagedProbe, Scenario,
    ScenarioEnded, Stack, Stored, Transition, Trouble,
};
pub use exchange::{
    CanarySighting, Delivery, Exchange, Listing, OutcomeClass, ProbeTarget, Purpose, REPEATS, RequestSent,
    ResponseFacts,
};
pub use facts::{Extent, Facet, Modality, Temperament, Verdict};
pub use reader::{ReadError, is_alive, read, read_file};
pub use writer::{Ledger, LedgerError};

/// Somebody who follows a scenario's entries as they are written.
pub trait Follower: Send + Sync {
    /// The next entry.
    fn follow(&self, entry: &Entry);
}
