//! Looking at one's own list right after signing out and in again.
//!
//! What was kept for the session that has ended is still there when the next one begins: a number that is given out again, a name in a
//! cache, a connection that remembers whose it was.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Looking at one's own list right after signing out and in again.
pub const RE_LOGIN: Technique = Technique {
    name: "re-login",
    temperament: Temperament::Ordinary,
    about: "signs out, signs in again and looks at their own list",
    phrase: "signing out and in again",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::List,
        twin: TwinComparison::Plain,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    Ok(draft.wanted)
}
