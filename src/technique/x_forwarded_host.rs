//! The host of the owner's tenant in the headers by which a proxy says what it was asked for.
//!
//! A framework that believes `X-Forwarded-Host` from whoever sends it serves another tenant than the one whose door the request came
//! to (CWE-348).

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// The host of the owner's tenant in the headers by which a proxy says what it was asked for.
pub const X_FORWARDED_HOST: Technique = Technique {
    name: "x-forwarded-host",
    temperament: Temperament::Hostile,
    about: "asks for somebody else's recording at their own tenant's address, and names that of the owner's in `X-Forwarded-Host`",
    phrase: "naming the host of the owner's tenant in `X-Forwarded-Host`",
    shape: RequestShape::Rewritten,
    cwe: &[],
    needs_session: true,
};
