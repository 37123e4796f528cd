//! Searching for a star.
//!
//! The box takes what is typed for a pattern, and a star matches everything: what is left of the condition is not always that it
//! is one's own. A query that is put together as text (`owner:4711 AND title:*`) is another one once a star stands in it.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Searching for a star.
pub const WILDCARD_STAR: Technique = Technique {
    name: "wildcard-star",
    temperament: Temperament::Curious,
    about: "puts a star where a list takes a word: `?q=*`",
    phrase: "searching for a star",
    shape: RequestShape::Rewritten,
    // 943: improper neutralization of special elements in data query logic; 639: authorization bypass through user-controlled key
    cwe: &[943, 639],
    needs_session: true,
};
