//! Looking at a list again at once, as one does who pulls it down or reloads the page.
//!
//! A reload says `Cache-Control: no-cache`. It goes round the cache that knows people, and to the one in front of it that knows only
//! addresses: at Christmas 2015 people who opened the shop of a games platform were shown the accounts of others in that way.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::header::{CACHE_CONTROL, HeaderValue, PRAGMA};

/// Looking at a list again at once.
pub const RELOAD: Technique = Technique {
    name: "reload",
    temperament: Temperament::Ordinary,
    about: "looks at their own list again at once, as a reload does that wants nothing from a cache",
    phrase: "reloading their own list",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::List,
        twin: TwinComparison::Alike,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let request = draft
        .wanted
        .with_header(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(request.with_header(PRAGMA, HeaderValue::from_static("no-cache")))
}
