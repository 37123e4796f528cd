//! Saying by a header that one is somebody else.
//!
//! The gateway checks the token and tells the services behind it who is calling, in `X-User-Id`. It sets that header, and does
//! not take it away from whoever sends one themselves; or a service can be reached without the gateway.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Saying by a header that one is somebody else.
pub const IDENTITY_HEADER_SPOOFING: Technique = Technique {
    name: "identity-header-spoofing",
    temperament: Temperament::Hostile,
    about: "says by a header that they are somebody else, as a gateway says it to the services behind it",
    phrase: "saying by a header that they were somebody else",
    shape: RequestShape::Rewritten,
    // 290: authentication bypass by spoofing; 639: authorization bypass through user-controlled key
    cwe: &[290, 639],
    needs_session: true,
};
