//! Writing a word of the path in capitals.
//!
//! The filter compares byte by byte, and the file system or the router behind it does not care for capitals.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, last_word};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a word of the path in capitals.
pub const PATH_CASE: Technique = Technique {
    name: "path-case",
    temperament: Temperament::Hostile,
    about: "writes a word of the path in capitals",
    phrase: "writing the address in capitals",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::Fetch,
        twin: TwinComparison::Alike,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let (path, id) = (draft.wanted.url.path().to_owned(), draft.id);
    let word = last_word(&path, id).ok_or("its path has no word of letters")?;
    let (before, rest) = path.split_at(word.start);
    let (word, after) = rest.split_at(word.len());
    Ok(draft.with_path(&format!("{before}{}{after}", word.to_uppercase())))
}
