//! Naming somebody else in one's token.
//!
//! The gateway checks the signature, and the service behind it only decodes the token; or the check was turned off in a test
//! environment, whose settings were then deployed.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Naming somebody else in one's token.
pub const NAME_ANOTHER_IN_THE_TOKEN: Technique = Technique {
    name: "name-another-in-the-token",
    temperament: Temperament::Hostile,
    about: "names somebody else in their own token, under the old signature",
    phrase: "naming somebody else in their own token",
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
    token.put(&mut request, &token.with_another_name())?;
    Ok(request)
}
