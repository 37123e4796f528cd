//! Using a link that was handed out earlier.
//!
//! A feature is switched off, a share is taken back; the tab that was open since the morning goes on playing, because the
//! link in it asks nobody any more.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Using a link that was handed out earlier.
pub const STALE_LINK: Technique = Technique {
    name: "stale-link",
    temperament: Temperament::Ordinary,
    about: "opens a link again that was handed out before the world changed, as a bookmark or an open tab does",
    phrase: "using a link handed out earlier",
    shape: RequestShape::Plain,
    // 613: insufficient session expiration
    cwe: &[613],
    needs_session: true,
};
