//! Using a link whose time is over.
//!
//! The address says when it expires, and nothing checks it: years later the link stands in a log file that somebody else
//! reads, and still opens.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Using a link whose time is over.
pub const EXPIRED_LINK: Technique = Technique {
    name: "expired-link",
    temperament: Temperament::Curious,
    about: "opens a link when the time is over that it was good for, as one finds it in a history, a log or a mailbox",
    phrase: "using a link that should have expired",
    shape: RequestShape::Plain,
    // 672: operation on a resource after expiration; 613: insufficient session expiration
    cwe: &[672, 613],
    needs_session: true,
};
