//! Searching for a percent sign.
//!
//! In SQL `LIKE '%'` matches everything. Where the owner is compared with `LIKE` as well, or the word is put into a condition with
//! `OR`, everything is everybody's.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Searching for a percent sign.
pub const WILDCARD_PERCENT: Technique = Technique {
    name: "wildcard-percent",
    temperament: Temperament::Curious,
    about: "puts a percent sign where a list takes a word: `?q=%25`",
    phrase: "searching for a percent sign",
    shape: RequestShape::Rewritten,
    // 943: improper neutralization of special elements in data query logic; 639: authorization bypass through user-controlled key
    cwe: &[943, 639],
    needs_session: true,
};
