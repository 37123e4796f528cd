//! Using a link that was made for another.
//!
//! A patient forwards the message with the link to their recording, or leaves it in the history of a library's computer;
//! whoever finds it is shown the recording, because the link is its own key.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Using a link that was made for another.
pub const LEAKED_LINK: Technique = Technique {
    name: "leaked-link",
    temperament: Temperament::Curious,
    about: "opens a link that was made for somebody else, as one finds it in a forwarded message or a shared device",
    phrase: "using a link that was made for somebody else",
    shape: RequestShape::Plain,
    // 598: sensitive query strings; 639: authorization bypass through user-controlled key
    cwe: &[598, 639],
    needs_session: true,
};
