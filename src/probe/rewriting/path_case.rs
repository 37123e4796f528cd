//! The rewriting of `path-case`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, last_word};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let (path, id) = (draft.wanted.url.path().to_owned(), draft.id);
    let word = last_word(&path, id).ok_or("its path has no word of letters")?;
    let (before, rest) = path.split_at(word.start);
    let (word, after) = rest.split_at(word.len());
    Ok(draft.with_path(&format!("{before}{}{after}", word.to_uppercase())))
}
