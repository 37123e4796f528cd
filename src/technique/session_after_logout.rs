//! Asking with a session that was signed out.
//!
//! The app forgets the token when one signs out, and the server does not: who took it from the device before, goes on.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking with a session that was signed out.
pub const SESSION_AFTER_LOGOUT: Technique = Technique {
    name: "session-after-logout",
    temperament: Temperament::Curious,
    about: "sends the request with the credentials of a session that was signed out, as the next person on a shared device can",
    phrase: "using a session that was signed out",
    shape: RequestShape::Plain,
    // 613: insufficient session expiration
    cwe: &[613],
    needs_session: false,
};
