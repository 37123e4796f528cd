//! Listening to one's own events.
//!
//! A chat server that broadcasts what it should send to one room; a notification topic that is the clinician's and not the
//! patient's. Nobody asks for anything: the app is left open, and another's title appears in it.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Listening to one's own events.
pub const LISTEN: Technique = Technique {
    name: "listen",
    temperament: Temperament::Ordinary,
    about: "keeps one's own stream of events open while others have something to be told of, as an app does that is left open",
    phrase: "listening to their own events",
    shape: RequestShape::Plain,
    cwe: &[],
    needs_session: true,
};
