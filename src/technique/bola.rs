//! Putting another's id where one's own belongs.
//!
//! Somebody sees a number in the address of their own document, types another one, and reads another's document: the
//! server checked that they were signed in, and not whose it was.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Putting another's id where one's own belongs.
pub const BOLA: Technique = Technique {
    name: "bola",
    temperament: Temperament::Curious,
    about: "puts the id of somebody else's recording into one's own request",
    phrase: "putting the id of somebody else's recording where their own belongs",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
