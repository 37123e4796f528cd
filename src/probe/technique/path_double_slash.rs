//! Writing a slash of the path twice.
//!
//! The rule is for `/v1/replays/`, the request is for `/v1//replays/`, and the router behind it takes the two for the same.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a slash of the path twice.
pub const PATH_DOUBLE_SLASH: Technique = Technique {
    name: "path-double-slash",
    temperament: Temperament::Hostile,
    about: "writes a slash of the path twice",
    phrase: "writing the address with a slash doubled",
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
    let path = draft.wanted.url.path().to_owned();
    let at = path
        .rfind('/')
        .filter(|at| *at > 0)
        .ok_or("its path has one part only")?;
    let (before, after) = path.split_at(at);
    Ok(draft.with_path(&format!("{before}/{after}")))
}
