//! One's own session at the address of the owner's tenant.
//!
//! Stacks that work for several customers often check the session in one place and take the customer from the host name in another: a
//! token of one then opens what belongs to another. That a token says for whom it was issued, and that this has to be looked at, is why
//! it has an audience (RFC 7519, section 4.1.3).

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// One's own session at the address of the owner's tenant.
pub const CROSS_TENANT: Technique = Technique {
    name: "cross-tenant",
    temperament: Temperament::Curious,
    about: "asks for somebody else's recording with their own session, at the address of the owner's tenant",
    phrase: "asking at the address of the owner's tenant",
    shape: RequestShape::Rewritten,
    // to another tenant a session is none
    cwe: &[],
    needs_session: false,
};
