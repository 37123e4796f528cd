//! Writing `.json` at the end of the path.
//!
//! A framework that lets one ask for a format by a suffix routes `/replays/4711.json` to the same handler; the rule that guards
//! it ends with the id.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing `.json` at the end of the path.
pub const PATH_SUFFIX: Technique = Technique {
    name: "path-suffix",
    temperament: Temperament::Hostile,
    about: "writes `.json` at the end of the path",
    phrase: "writing the address with `.json` at its end",
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
    if path.ends_with('/') {
        return Err("its path ends with a slash");
    }
    Ok(draft.with_path(&format!("{path}.json")))
}
