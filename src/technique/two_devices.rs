//! Looking at one's own list on a second device, while the first stays signed in.
//!
//! Somebody signs in on a tablet, and the telephone goes on by itself. Whatever keeps one session for each person, or finds a session
//! by where it stands in a pool, hands one of the two to somebody else.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Looking at one's own list on a second device, while the first stays signed in.
pub const TWO_DEVICES: Technique = Technique {
    name: "two-devices",
    temperament: Temperament::Ordinary,
    about: "signs in on a second device, and looks at their own list on both",
    phrase: "using two devices at the same time",
    shape: RequestShape::Rewritten,
    // 488: exposure of data element to wrong session; 639: authorization bypass through user-controlled key
    cwe: &[488, 639],
    needs_session: true,
};
