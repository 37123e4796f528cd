//! Writing a character of the path in percent-encoding.
//!
//! A rule of the gateway stands on the path as it was sent; the service behind it decodes the path first. `/v1/replays/471%31` is not
//! what the rule is about, and is what the service serves.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a character of the path in percent-encoding.
pub const PATH_ENCODING: Technique = Technique {
    name: "path-encoding",
    temperament: Temperament::Hostile,
    about: "writes a character of the path in percent-encoding",
    phrase: "writing the address with a character percent-encoded",
    shape: RequestShape::Rewritten,
    // 647: use of non-canonical URL paths for authorization decisions; 436: interpretation conflict
    cwe: &[647, 436],
    needs_session: true,
};
