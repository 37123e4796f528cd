//! Asking for a byte range of somebody else's media.
//!
//! A player that seeks sends a request for every jump. To make these cheap they are answered early, before the check that
//! a request for the whole gets, and the first range of a call is its introduction.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking for a byte range of somebody else's media.
pub const RANGE_REQUEST: Technique = Technique {
    name: "range-request",
    temperament: Temperament::Curious,
    about: "asks for the first bytes of somebody else's media only, as a player does that seeks",
    phrase: "asking for a part of somebody else's recording",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
