//! Going on listening to what was opened before the world changed.
//!
//! A share is taken back, somebody signs out, a feature is switched off; the app that was open all the while is still subscribed to
//! what it subscribed to then, since whoever may hear it was asked once, when it connected.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Going on listening to what was opened before the world changed.
pub const STALE_SUBSCRIPTION: Technique = Technique {
    name: "stale-subscription",
    temperament: Temperament::Ordinary,
    about: "listens on to events on a connection that was opened before the world changed, as an app in the background does",
    phrase: "listening on since before that",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
