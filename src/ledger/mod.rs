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

pub use declared::{Exception, Lists, Operator, Relation};
pub use entry::{
    Assertion, Attempted, Change, CheckRun, Claim, Concluded, Coverable, Discovered, Ended, Entry,
    FOLLOW_LINKS, Finished, Grant, LeftOut, Mark, Outcome, Persona, Plant, Run, Sabotaged, Scenario, Stack,
    Stored, Transition, Trouble,
};
pub use exchange::{Asked, Class, Delivery, Exchange, Listing, Part, ROUNDS, Replied, Seen, Target};
pub use facts::{Extent, Facet, Modality, Temperament, Verdict};
pub use reader::{ReadError, is_alive, read, read_file};
pub use writer::{Ledger, LedgerError};

/// Somebody who follows a scenario's entries as they are written.
pub trait Follower: Send + Sync {
    /// The next entry.
    fn follow(&self, entry: &Entry);
}
