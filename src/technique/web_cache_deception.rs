//! Asking for an address that looks like a style sheet's, after its owner has.
//!
//! Web cache deception, shown at PayPal in 2017: the application ignores what follows the path, the cache keeps whatever ends in
//! `.css` for everybody, and a link in a message has the victim fill it.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking for an address that looks like a style sheet's, after its owner has.
pub const WEB_CACHE_DECEPTION: Technique = Technique {
    name: "web-cache-deception",
    temperament: Temperament::Hostile,
    about: "asks for an address with `/x.css` at its end right after its owner has, in case a cache keeps style sheets for everybody",
    phrase: "asking for an address that looked like a style sheet's after its owner had",
    shape: RequestShape::Rewritten,
    // 524: use of a cache containing sensitive information; 436: interpretation conflict
    cwe: &[524, 436],
    needs_session: true,
};
