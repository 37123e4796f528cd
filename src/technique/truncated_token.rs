//! Asking with half a token.
//!
//! A token that cannot be read makes the check throw, the exception is caught far above, and what follows goes on as if nobody
//! had asked for a check.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking with half a token.
pub const TRUNCATED_TOKEN: Technique = Technique {
    name: "truncated-token",
    temperament: Temperament::Hostile,
    about: "sends the request with the second half of their own token missing",
    phrase: "with half of their token missing",
    shape: RequestShape::Rewritten,
    // 755: improper handling of exceptional conditions; 287: improper authentication
    cwe: &[755, 287],
    needs_session: false,
};
