//! The rewriting of `re-login`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::List,
    twin: TwinComparison::Plain,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    Ok(draft.wanted)
}
