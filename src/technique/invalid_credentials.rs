//! Asking with credentials that nobody ever held.
//!
//! A gateway looks whether there is a token, and the service behind it trusts that the gateway has looked into it. Any
//! token will do.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking with credentials that nobody ever held.
pub const INVALID_CREDENTIALS: Technique = Technique {
    name: "invalid-credentials",
    temperament: Temperament::Hostile,
    about: "sends the request with made-up credentials of the right form; where they are only looked for and not checked, anything goes",
    phrase: "with credentials that nobody ever held",
    shape: RequestShape::Plain,
    // 287: improper authentication; 862: missing authorization
    cwe: &[287, 862],
    needs_session: false,
};
