//! Writing a slash of the path twice.
//!
//! The rule is for `/v1/replays/`, the request is for `/v1//replays/`, and the router behind it takes the two for the same.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a slash of the path twice.
pub const PATH_DOUBLE_SLASH: Technique = Technique {
    name: "path-double-slash",
    temperament: Temperament::Hostile,
    about: "writes a slash of the path twice",
    phrase: "writing the address with a slash doubled",
    shape: RequestShape::Rewritten,
    // 647: use of non-canonical URL paths for authorization decisions; 436: interpretation conflict
    cwe: &[647, 436],
    needs_session: true,
};
