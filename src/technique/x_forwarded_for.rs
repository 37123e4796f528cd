//! Saying by headers that the request comes from within.
//!
//! Services that call each other are let through without a check, and are known by their address; behind a proxy the address
//! is what `X-Forwarded-For` says, and whoever sends one chooses it.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Saying by headers that the request comes from within.
pub const X_FORWARDED_FOR: Technique = Technique {
    name: "x-forwarded-for",
    temperament: Temperament::Hostile,
    about: "says by headers that the request comes from the stack's own machine",
    phrase: "saying by headers that they came from within",
    shape: RequestShape::Rewritten,
    // 348: use of a less trusted source; 290: authentication bypass by spoofing
    cwe: &[348, 290],
    needs_session: true,
};
