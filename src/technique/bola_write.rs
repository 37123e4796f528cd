//! Changing somebody else's recording.
//!
//! Reading is checked, and renaming, deleting or sharing goes by the id alone: one patient shares another's recording with
//! themselves, and reads it by right.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Changing somebody else's recording.
pub const BOLA_WRITE: Technique = Technique {
    name: "bola-write",
    temperament: Temperament::Hostile,
    about: "changes somebody else's recording; judged by its owner reading it back",
    phrase: "writing to somebody else's recording",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
