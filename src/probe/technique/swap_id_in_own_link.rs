//! Altering one's own link.
//!
//! The signature of a link covers who may open it and until when, and leaves out what: with another's id in it, it is as
//! good as new.

use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Altering one's own link.
pub const SWAP_ID_IN_OWN_LINK: Technique = Technique {
    name: "swap-id-in-own-link",
    temperament: Temperament::Hostile,
    about: "takes a signed link to one's own recording and puts another's id into it",
    phrase: "putting the id of somebody else's recording into a link of their own",
    plainness: Plainness::Plain,
    needs_session: true,
    rewriting: None,
};
