//! Asking for an address that its owner came to by following links.
//!
//! The pages of the app are checked; the preview, the export and the old version that they link to were made by another
//! team, and nobody had them on a list.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking for an address that its owner came to by following links.
pub const DISCOVERED_ADDRESS: Technique = Technique {
    name: "discovered-address",
    temperament: Temperament::Curious,
    about: "asks for an address that its owner came to by following links: an export or a preview that nobody thought of",
    phrase: "asking for an address that its owner came to by following links",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
