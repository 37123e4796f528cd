//! The undo file: what a run has done to a stack that stays, noted before each request that does it, and how to take it back.
//!
//! It lies beside the ledger as `undo.ndjson`, can be read by its owner only (mode 0600), and is removed when everything has been
//! put back. A run that is killed leaves it, and `bystander clean --ledger` goes through it. Unlike the ledger it may hold
//! secrets: of what the stack answered, exactly those values without which nothing could be deleted. Passwords are not among
//! them, for people are made up again from the seed.

mod error;
mod file;
mod log;
mod record;
mod remaining;
mod variables;

pub use error::UndoError;
pub use file::{UndoFile, set_aside};
pub use log::UndoLog;
pub use record::{Membership, NotedRun, UndoKey, UndoLine, UndoRecord, UndoValues};
pub use remaining::{PendingUndo, RemainingUndo};

/// The name of the file, beside `ledger.ndjson`.
pub const UNDO: &str = "undo.ndjson";
