//! The rewriting of `if-range`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use reqwest::header::{HeaderValue, RANGE};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let etag = draft.etag.ok_or("no `ETag` comes with its answers")?;
    let etag = HeaderValue::from_str(etag).map_err(|_| "its `ETag` cannot be sent back")?;
    let request = draft.wanted.with_header(reqwest::header::IF_RANGE, etag);
    Ok(request.with_header(RANGE, HeaderValue::from_static("bytes=1-")))
}
