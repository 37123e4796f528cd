//! The rewriting of `path-encoding`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, encoded};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let (path, id) = (draft.wanted.url.path().to_owned(), draft.id);
    let written = encoded(&path, id, "%").ok_or("its path has no word of letters")?;
    Ok(draft.with_path(&written))
}
