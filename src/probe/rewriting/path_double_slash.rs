//! The rewriting of `path-double-slash`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let path = draft.wanted.url.path().to_owned();
    let at = path
        .rfind('/')
        .filter(|at| *at > 0)
        .ok_or("its path has one part only")?;
    let (before, after) = path.split_at(at);
    Ok(draft.with_path(&format!("{before}/{after}")))
}
