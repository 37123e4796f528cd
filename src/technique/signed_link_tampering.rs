//! Altering one's own link.
//!
//! The signature of a link covers who may open it and until when, and leaves out what: with another's id in it, it is as
//! good as new.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Altering one's own link.
pub const SIGNED_LINK_TAMPERING: Technique = Technique {
    name: "signed-link-tampering",
    temperament: Temperament::Hostile,
    about: "takes a signed link to one's own recording and puts another's id into it",
    phrase: "putting the id of somebody else's recording into a link of their own",
    shape: RequestShape::Plain,
    // 639: authorization bypass through user-controlled key; 863: incorrect authorization
    cwe: &[639, 863],
    needs_session: true,
};
