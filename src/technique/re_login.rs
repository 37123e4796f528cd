//! Looking at one's own list right after signing out and in again.
//!
//! What was kept for the session that has ended is still there when the next one begins: a number that is given out again, a name in a
//! cache, a connection that remembers whose it was.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Looking at one's own list right after signing out and in again.
pub const RE_LOGIN: Technique = Technique {
    name: "re-login",
    temperament: Temperament::Ordinary,
    about: "signs out, signs in again and looks at their own list",
    phrase: "signing out and in again",
    shape: RequestShape::Rewritten,
    // 488: exposure of data element to wrong session; 639: authorization bypass through user-controlled key
    cwe: &[488, 639],
    needs_session: true,
};
