//! Asking for one's own list, and naming somebody else as whose it is.
//!
//! Staff choose a patient by a parameter, and the app of patients uses the same address without it. What happens when they send it
//! was never asked: `?patient_id=4711` shows the list of 4711.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking for one's own list, and naming somebody else as whose it is.
pub const LIST_OWNER_PARAMETER: Technique = Technique {
    name: "list-owner-parameter",
    temperament: Temperament::Curious,
    about: "asks for their own list and names somebody else in the parameters in which staff would",
    phrase: "naming somebody else in the parameters of their own list",
    shape: RequestShape::Rewritten,
    cwe: &[],
    needs_session: true,
};
