//! Leaving empty what a list is filtered by.
//!
//! A filter without a value is left out of the query, so that the app can offer "all": `?patient=` then shows all of everybody, since
//! the filter was what kept people apart.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Leaving empty what a list is filtered by.
pub const EMPTY_FILTER: Technique = Technique {
    name: "empty-filter",
    temperament: Temperament::Curious,
    about: "leaves the words empty by which a list is filtered: `?q=`",
    phrase: "leaving the filter of their list empty",
    shape: RequestShape::Rewritten,
    cwe: &[],
    needs_session: true,
};
