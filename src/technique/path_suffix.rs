//! Writing `.json` at the end of the path.
//!
//! A framework that lets one ask for a format by a suffix routes `/replays/4711.json` to the same handler; the rule that guards
//! it ends with the id.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing `.json` at the end of the path.
pub const PATH_SUFFIX: Technique = Technique {
    name: "path-suffix",
    temperament: Temperament::Hostile,
    about: "writes `.json` at the end of the path",
    phrase: "writing the address with `.json` at its end",
    shape: RequestShape::Rewritten,
    // 647: use of non-canonical URL paths for authorization decisions; 436: interpretation conflict
    cwe: &[647, 436],
    needs_session: true,
};
