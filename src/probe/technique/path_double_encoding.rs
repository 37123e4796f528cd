//! Writing a character of the path in percent-encoding, twice.
//!
//! The proxy decodes once and checks, and the application decodes once more: what was checked is not what is served.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, encoded};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a character of the path in percent-encoding, twice.
pub const PATH_DOUBLE_ENCODING: Technique = Technique {
    name: "path-double-encoding",
    temperament: Temperament::Hostile,
    about: "writes a character of the path in percent-encoding, and that again",
    phrase: "writing the address with a character percent-encoded twice",
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
    let written = encoded(&path, id, "%25").ok_or("its path has no word of letters")?;
    Ok(draft.with_path(&written))
}
