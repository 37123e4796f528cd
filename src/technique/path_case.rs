//! Writing a word of the path in capitals.
//!
//! The filter compares byte by byte, and the file system or the router behind it does not care for capitals.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a word of the path in capitals.
pub const PATH_CASE: Technique = Technique {
    name: "path-case",
    temperament: Temperament::Hostile,
    about: "writes a word of the path in capitals",
    phrase: "writing the address in capitals",
    shape: RequestShape::Rewritten,
    // 647: use of non-canonical URL paths for authorization decisions; 436: interpretation conflict
    cwe: &[647, 436],
    needs_session: true,
};
