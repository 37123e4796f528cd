//! One's own session at the address of the owner's tenant.
//!
//! Stacks that work for several customers often check the session in one place and take the customer from the host name in another: a
//! token of one then opens what belongs to another. That a token says for whom it was issued, and that this has to be looked at, is why
//! it has an audience (RFC 7519, section 4.1.3).

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// One's own session at the address of the owner's tenant.
pub const ASK_AT_THE_OWNERS_ADDRESS: Technique = Technique {
    name: "ask-at-the-owners-address",
    temperament: Temperament::Curious,
    about: "asks for somebody else's recording with their own session, at the address of the owner's tenant",
    phrase: "asking at the address of the owner's tenant",
    plainness: Plainness::Rewritten,
    // to another tenant a session is none
    needs_session: false,
    rewriting: Some(Rewriting {
        twin: TwinForm::Plain,
        at: Place::Fetch,
        of_other_tenants: true,
        how: write,
    }),
};

fn write(draft: Draft<'_>) -> Written {
    let (mut request, address) = draft.elsewhere()?;
    let moved = request.url.set_scheme(address.scheme()).is_ok()
        && request.url.set_host(address.host_str()).is_ok()
        && request.url.set_port(address.port()).is_ok();
    if moved {
        Ok(request)
    } else {
        Err("its address cannot be moved there")
    }
}
