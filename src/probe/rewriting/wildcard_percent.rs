//! The rewriting of `wildcard-percent`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::List,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    draft.with_every_word("%")
}
