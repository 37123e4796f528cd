//! Asking for one's own recording, with another's id in a parameter and a header beside it.
//!
//! The check reads the id from the path, and the query that fetches takes the parameter when there is one: two pieces of code,
//! by two people, and each is right by itself.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking for one's own recording, with another's id in a parameter and a header beside it.
pub const EXTRA_ID_PARAMETER: Technique = Technique {
    name: "extra-id-parameter",
    temperament: Temperament::Curious,
    about: "asks for their own recording and names somebody else's in a parameter and a header beside it",
    phrase: "naming somebody else's recording in a parameter beside their own",
    shape: RequestShape::Rewritten,
    // 235: improper handling of extra parameters; 639: authorization bypass through user-controlled key
    cwe: &[235, 639],
    needs_session: true,
};
