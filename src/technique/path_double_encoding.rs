//! Writing a character of the path in percent-encoding, twice.
//!
//! The proxy decodes once and checks, and the application decodes once more: what was checked is not what is served.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a character of the path in percent-encoding, twice.
pub const PATH_DOUBLE_ENCODING: Technique = Technique {
    name: "path-double-encoding",
    temperament: Temperament::Hostile,
    about: "writes a character of the path in percent-encoding, and that again",
    phrase: "writing the address with a character percent-encoded twice",
    shape: RequestShape::Rewritten,
    // 647: use of non-canonical URL paths for authorization decisions; 436: interpretation conflict
    cwe: &[647, 436],
    needs_session: true,
};
