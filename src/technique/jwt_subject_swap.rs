//! Naming somebody else in one's token.
//!
//! The gateway checks the signature, and the service behind it only decodes the token; or the check was turned off in a test
//! environment, whose settings were then deployed.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Naming somebody else in one's token.
pub const JWT_SUBJECT_SWAP: Technique = Technique {
    name: "jwt-subject-swap",
    temperament: Temperament::Hostile,
    about: "names somebody else in their own token, under the old signature",
    phrase: "naming somebody else in their own token",
    shape: RequestShape::Rewritten,
    // 347: improper verification of a cryptographic signature; 290: authentication bypass by spoofing
    cwe: &[347, 290],
    needs_session: false,
};
