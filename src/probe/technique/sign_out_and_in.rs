//! Looking at one's own list right after signing out and in again.
//!
//! What was kept for the session that has ended is still there when the next one begins: a number that is given out again, a name in a
//! cache, a connection that remembers whose it was.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Looking at one's own list right after signing out and in again.
pub const SIGN_OUT_AND_IN: Technique = Technique {
    name: "sign-out-and-in",
    temperament: Temperament::Ordinary,
    about: "signs out, signs in again and looks at their own list",
    phrase: "signing out and in again",
    plainness: Plainness::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: Place::List,
        twin: TwinForm::Plain,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: Draft<'_>) -> Written {
    Ok(draft.wanted)
}
