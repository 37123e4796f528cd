//! The rewriting of `reload`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use reqwest::header::{CACHE_CONTROL, HeaderValue, PRAGMA};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::List,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let request = draft
        .wanted
        .with_header(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(request.with_header(PRAGMA, HeaderValue::from_static("no-cache")))
}
