//! Going on with another's download, by its `ETag`.
//!
//! `If-Range` says: I have the beginning of this version, give me the rest. A server that takes the `ETag` for a proof that one
//! was given the beginning asks for no other.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Going on with another's download, by its `ETag`.
pub const IF_RANGE: Technique = Technique {
    name: "if-range",
    temperament: Temperament::Curious,
    about: "asks for the rest of somebody else's media, by the `ETag` that its owner was given",
    phrase: "asking to go on with somebody else's download",
    shape: RequestShape::Rewritten,
    cwe: &[],
    needs_session: true,
};
