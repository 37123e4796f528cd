//! Looking at one's own list or page.
//!
//! June 2020: patients who had switched to video opened *Consultation Replays*, as anybody would, and it held other
//! patients' recordings. One saw a list of about fifty.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Looking at one's own list or page.
pub const LIST_OWN: Technique = Technique {
    name: "list-own",
    temperament: Temperament::Ordinary,
    about: "pages through one's own list; June 2020: it held other patients' recordings",
    phrase: "doing nothing unusual",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
