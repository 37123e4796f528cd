//! Asking for headers only.
//!
//! A `HEAD` handler is written beside the one for `GET`, forgets its check, and tells the size of another's recording and
//! the name of its file, which has the patient's name in it.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking for headers only.
pub const HEAD_REQUEST: Technique = Technique {
    name: "head-request",
    temperament: Temperament::Curious,
    about: "asks for the headers of somebody else's media only: its size, its file name, its ETag",
    phrase: "asking only for the headers of somebody else's recording",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
