//! Naming somebody else in one's token.
//!
//! The gateway checks the signature, and the service behind it only decodes the token; or the check was turned off in a test
//! environment, whose settings were then deployed.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Naming somebody else in one's token.
pub const JWT_SUBJECT_SWAP: Technique = Technique {
    name: "jwt-subject-swap",
    temperament: Temperament::Hostile,
    about: "names somebody else in their own token, under the old signature",
    phrase: "naming somebody else in their own token",
    plainness: RequestShape::Rewritten,
    needs_session: false,
    rewriting: Some(Rewriting {
        at: RewritePlace::Fetch,
        twin: TwinComparison::Plain,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let (mut request, token) = draft.token()?;
    token.put(&mut request, &token.with_another_name())?;
    Ok(request)
}
