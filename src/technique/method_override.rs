//! Sending another method, and saying by a header which one is meant.
//!
//! The check stands before `GET`; the framework turns a `POST` that says `X-HTTP-Method-Override: GET` into a `GET` after that,
//! for forms of the nineties, and nobody knew that it did.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Sending another method, and saying by a header which one is meant.
pub const METHOD_OVERRIDE: Technique = Technique {
    name: "method-override",
    temperament: Temperament::Hostile,
    about: "sends another method and says by a header that it means the one that is checked",
    phrase: "sending another method than the one they meant",
    shape: RequestShape::Rewritten,
    // 650: trusting HTTP permission methods on the server side; 862: missing authorization
    cwe: &[650, 862],
    needs_session: true,
};
