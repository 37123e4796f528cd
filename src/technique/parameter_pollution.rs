//! Giving a parameter twice: one's own id, and another's.
//!
//! HTTP parameter pollution: the gateway checks the first `id`, and the service takes the last.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Giving a parameter twice: one's own id, and another's.
pub const PARAMETER_POLLUTION: Technique = Technique {
    name: "parameter-pollution",
    temperament: Temperament::Hostile,
    about: "gives a parameter twice, first with the id of their own recording and then with another's",
    phrase: "giving a parameter twice, once with somebody else's id",
    shape: RequestShape::Rewritten,
    // 235: improper handling of extra parameters; 639: authorization bypass through user-controlled key
    cwe: &[235, 639],
    needs_session: true,
};
