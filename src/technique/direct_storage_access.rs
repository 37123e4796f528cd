//! Going where none of the people is meant to go: to what the stack keeps its files in.
//!
//! A bucket of recordings is listed by a scanner, or a key is put together from an id that a link has shown. Nothing of it ever went
//! through the app, whose checks were all in order.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Going where none of the people is meant to go.
pub const DIRECT_STORAGE_ACCESS: Technique = Technique {
    name: "direct-storage-access",
    temperament: Temperament::Curious,
    about: "asks where only the stack itself is meant to ask, such as the bucket of its files, with one's own session",
    phrase: "going behind the app",
    shape: RequestShape::Plain,
    // 668: exposure of resource to wrong sphere; 732: incorrect permission assignment for critical resource
    cwe: &[668, 732],
    needs_session: true,
};
