//! Asking with another's `ETag` whether something has changed.
//!
//! `If-None-Match` is answered by a layer that knows versions and no people: a 304 tells that the recording is there, and that
//! it is still the one of which somebody saw the `ETag` in a log.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking with another's `ETag` whether something has changed.
pub const CONDITIONAL_REQUEST: Technique = Technique {
    name: "conditional-request",
    temperament: Temperament::Curious,
    about: "asks whether somebody else's recording has changed since the version that its owner was given",
    phrase: "asking whether somebody else's recording had changed",
    shape: RequestShape::Rewritten,
    cwe: &[],
    needs_session: true,
};
