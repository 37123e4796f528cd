//! Going on in one's own list where somebody else's page ended.
//!
//! A cursor says where the next page begins. When it also says whose list it is of, or when the server keeps the query under it, it
//! opens the rest of that list to whoever has seen it in an address, a log or a shared screen.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Going on in one's own list where somebody else's page ended.
pub const CURSOR_SWAP: Technique = Technique {
    name: "cursor-swap",
    temperament: Temperament::Curious,
    about: "asks for the next page of a list by the cursor that somebody else was given",
    phrase: "going on in their list by somebody else's cursor",
    shape: RequestShape::Rewritten,
    cwe: &[],
    needs_session: true,
};
