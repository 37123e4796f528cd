//! Asking with another's `ETag` whether something has changed.
//!
//! `If-None-Match` is answered by a layer that knows versions and no people: a 304 tells that the recording is there, and that
//! it is still the one of which somebody saw the `ETag` in a log.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::header::{HeaderValue, IF_NONE_MATCH};

/// Asking with another's `ETag` whether something has changed.
pub const CONDITIONAL_REQUEST: Technique = Technique {
    name: "conditional-request",
    temperament: Temperament::Curious,
    about: "asks whether somebody else's recording has changed since the version that its owner was given",
    phrase: "asking whether somebody else's recording had changed",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::Fetch,
        twin: TwinComparison::Plain,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let etag = draft.etag.ok_or("no `ETag` comes with its answers")?;
    let etag = HeaderValue::from_str(etag).map_err(|_| "its `ETag` cannot be sent back")?;
    Ok(draft.wanted.with_header(IF_NONE_MATCH, etag))
}
