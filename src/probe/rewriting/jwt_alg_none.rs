//! The rewriting of `jwt-alg-none`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Plain,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let (mut request, token) = draft.token()?;
    token.put(&mut request, &token.unsigned())?;
    Ok(request)
}
