//! Changing somebody else's recording, and saying in the change that it is one's own.
//!
//! Mass assignment: what is sent is put into the object field by field, and whether it is theirs is looked up in the object
//! afterwards. In 2012 somebody added their key to another project of the largest host of code in that way.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Changing somebody else's recording, and saying in the change that it is one's own.
pub const MASS_ASSIGNMENT: Technique = Technique {
    name: "mass-assignment",
    temperament: Temperament::Hostile,
    about: "changes somebody else's recording and names themselves in it as whose it is; judged by its owner reading it back",
    phrase: "writing to somebody else's recording that it was their own",
    shape: RequestShape::Rewritten,
    // 915: improperly controlled modification of dynamically-determined object attributes; 639: authorization bypass through user-controlled key
    cwe: &[915, 639],
    needs_session: true,
};
