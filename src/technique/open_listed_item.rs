//! Opening an item that one's own list offers.
//!
//! June 2020: of the patients who were presented with others' recordings, one tapped on what stood there and saw the
//! beginning of another's consultation.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Opening an item that one's own list offers.
pub const OPEN_LISTED_ITEM: Technique = Technique {
    name: "open-listed-item",
    temperament: Temperament::Ordinary,
    about: "opens an item that one's own list offers; June 2020: one patient opened the beginning of another's recording",
    phrase: "opening what their own list offered",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
