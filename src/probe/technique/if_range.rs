//! Going on with another's download, by its `ETag`.
//!
//! `If-Range` says: I have the beginning of this version, give me the rest. A server that takes the `ETag` for a proof that one
//! was given the beginning asks for no other.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::header::{HeaderValue, RANGE};

/// Going on with another's download, by its `ETag`.
pub const IF_RANGE: Technique = Technique {
    name: "if-range",
    temperament: Temperament::Curious,
    about: "asks for the rest of somebody else's media, by the `ETag` that its owner was given",
    phrase: "asking to go on with somebody else's download",
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
    let etag = draft.etag.ok_or("no `ETag` comes with its answers")?;
    let etag = HeaderValue::from_str(etag).map_err(|_| "its `ETag` cannot be sent back")?;
    let request = draft.wanted.with_header(reqwest::header::IF_RANGE, etag);
    Ok(request.with_header(RANGE, HeaderValue::from_static("bytes=1-")))
}
