//! Asking for an address that its owner came to by following links.
//!
//! The pages of the app are checked; the preview, the export and the old version that they link to were made by another
//! team, and nobody had them on a list.

use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Asking for an address that its owner came to by following links.
pub const OPEN_WHAT_WAS_FOUND: Technique = Technique {
    name: "open-what-was-found",
    temperament: Temperament::Curious,
    about: "asks for an address that its owner came to by following links: an export or a preview that nobody thought of",
    phrase: "asking for an address that its owner came to by following links",
    plainness: Plainness::Plain,
    needs_session: true,
    rewriting: None,
};
