//! Naming somebody else in one's token, and leaving its signature out.
//!
//! A library for JSON Web Tokens takes the algorithm from the token itself, and `none` is one of them (CVE-2015-9235).

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Naming somebody else in one's token, and leaving its signature out.
pub const LEAVE_THE_SIGNATURE_OUT: Technique = Technique {
    name: "leave-the-signature-out",
    temperament: Temperament::Hostile,
    about: "names somebody else in their own token, and says in it that it needs no signature",
    phrase: "naming somebody else in a token without a signature",
    plainness: Plainness::Rewritten,
    needs_session: false,
    rewriting: Some(Rewriting {
        at: Place::Fetch,
        twin: TwinForm::Plain,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: Draft<'_>) -> Written {
    let (mut request, token) = draft.token()?;
    token.put(&mut request, &token.unsigned())?;
    Ok(request)
}
