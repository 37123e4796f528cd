//! Doing in another's place what only they may do.
//!
//! The page only ever shows the button on one's own call, and the request behind it takes the call's id and asks no more: one patient
//! joins, switches or ends another's consultation, deletes a recording of theirs, or shares it with themselves.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Doing in another's place what only they may do.
pub const BOLA_ACTION: Technique = Technique {
    name: "bola-action",
    temperament: Temperament::Hostile,
    about: "joins, switches or ends another's consultation, deletes or shares a recording of theirs; judged by its owner looking whether it happened",
    phrase: "asking in another's place",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
