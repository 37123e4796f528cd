//! Asking without credentials.
//!
//! A bucket or an address that was meant for the app alone answers whoever knows it: a researcher counts upwards, and
//! files of people come out without a password ever being asked for.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking without credentials.
pub const ANONYMOUS: Technique = Technique {
    name: "anonymous",
    temperament: Temperament::Curious,
    about: "sends the request without any credentials",
    phrase: "without signing in",
    shape: RequestShape::Plain,
    // 862: missing authorization
    cwe: &[862],
    needs_session: false,
};
