//! Asking for an address that looks like a style sheet's, after its owner has.
//!
//! Web cache deception, shown at PayPal in 2017: the application ignores what follows the path, the cache keeps whatever ends in
//! `.css` for everybody, and a link in a message has the victim fill it.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking for an address that looks like a style sheet's, after its owner has.
pub const WEB_CACHE_DECEPTION: Technique = Technique {
    name: "web-cache-deception",
    temperament: Temperament::Hostile,
    about: "asks for an address with `/x.css` at its end right after its owner has, in case a cache keeps style sheets for everybody",
    phrase: "asking for an address that looked like a style sheet's after its owner had",
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
    Ok(draft.with_path(&format!("{path}/x.css")))
}
