//! Writing a slash at the end of the path.
//!
//! The check is registered for `/v1/replays/{id}`, and the router serves `/v1/replays/{id}/` by the same handler: Spring Security
//! and Spring MVC disagreed in just that way for years.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a slash at the end of the path.
pub const PATH_TRAILING_SLASH: Technique = Technique {
    name: "path-trailing-slash",
    temperament: Temperament::Hostile,
    about: "writes a slash at the end of the path",
    phrase: "writing the address with a slash at its end",
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
        return Err("its path ends with a slash already");
    }
    Ok(draft.with_path(&format!("{path}/")))
}
