//! Looking at a list again at once, as one does who pulls it down or reloads the page.
//!
//! A reload says `Cache-Control: no-cache`. It goes round the cache that knows people, and to the one in front of it that knows only
//! addresses: at Christmas 2015 people who opened the shop of a games platform were shown the accounts of others in that way.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Looking at a list again at once.
pub const RELOAD: Technique = Technique {
    name: "reload",
    temperament: Temperament::Ordinary,
    about: "looks at their own list again at once, as a reload does that wants nothing from a cache",
    phrase: "reloading their own list",
    shape: RequestShape::Rewritten,
    // 524: use of a cache containing sensitive information; 488: exposure of data element to wrong session
    cwe: &[524, 488],
    needs_session: true,
};
