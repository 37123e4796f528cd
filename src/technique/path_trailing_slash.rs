//! Writing a slash at the end of the path.
//!
//! The check is registered for `/v1/replays/{id}`, and the router serves `/v1/replays/{id}/` by the same handler: Spring Security
//! and Spring MVC disagreed in just that way for years.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a slash at the end of the path.
pub const PATH_TRAILING_SLASH: Technique = Technique {
    name: "path-trailing-slash",
    temperament: Temperament::Hostile,
    about: "writes a slash at the end of the path",
    phrase: "writing the address with a slash at its end",
    shape: RequestShape::Rewritten,
    // 647: use of non-canonical URL paths for authorization decisions; 436: interpretation conflict
    cwe: &[647, 436],
    needs_session: true,
};
