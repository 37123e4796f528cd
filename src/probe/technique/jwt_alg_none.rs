//! Naming somebody else in one's token, and leaving its signature out.
//!
//! A library for JSON Web Tokens takes the algorithm from the token itself, and `none` is one of them (CVE-2015-9235).

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Naming somebody else in one's token, and leaving its signature out.
pub const JWT_ALG_NONE: Technique = Technique {
    name: "jwt-alg-none",
    temperament: Temperament::Hostile,
    about: "names somebody else in their own token, and says in it that it needs no signature",
    phrase: "naming somebody else in a token without a signature",
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
    token.put(&mut request, &token.unsigned())?;
    Ok(request)
}
