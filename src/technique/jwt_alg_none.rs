//! Naming somebody else in one's token, and leaving its signature out.
//!
//! A library for JSON Web Tokens takes the algorithm from the token itself, and `none` is one of them (CVE-2015-9235).

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Naming somebody else in one's token, and leaving its signature out.
pub const JWT_ALG_NONE: Technique = Technique {
    name: "jwt-alg-none",
    temperament: Temperament::Hostile,
    about: "names somebody else in their own token, and says in it that it needs no signature",
    phrase: "naming somebody else in a token without a signature",
    shape: RequestShape::Rewritten,
    // 347: improper verification of a cryptographic signature; 290: authentication bypass by spoofing
    cwe: &[347, 290],
    needs_session: false,
};
