//! Changing one's own recording, with the id of another's in what is written.
//!
//! Mass assignment: the check reads the id from the address, and the object is loaded, or saved, under the id in the body, as an app
//! sends it back that sends everything back that it was given.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Changing one's own recording, with the id of another's in what is written.
pub const OBJECT_REFERENCE_IN_WRITE: Technique = Technique {
    name: "object-reference-in-write",
    temperament: Temperament::Hostile,
    about: "changes their own recording and puts the id of somebody else's into what is written; judged by its owner reading it back",
    phrase: "changing their own recording with the id of somebody else's in the change",
    shape: RequestShape::Rewritten,
    // 915: improperly controlled modification of dynamically-determined object attributes; 639: authorization bypass through user-controlled key
    cwe: &[915, 639],
    needs_session: true,
};
