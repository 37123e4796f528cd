//! Going on with another's download, by its `ETag`.
//!
//! `If-Range` says: I have the beginning of this version, give me the rest. A server that takes the `ETag` for a proof that one
//! was given the beginning asks for no other.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;
use reqwest::header::{HeaderValue, IF_RANGE, RANGE};

/// Going on with another's download, by its `ETag`.
pub const GO_ON_WITH_ANOTHERS_VERSION: Technique = Technique {
    name: "go-on-with-anothers-version",
    temperament: Temperament::Curious,
    about: "asks for the rest of somebody else's media, by the `ETag` that its owner was given",
    phrase: "asking to go on with somebody else's download",
    plainness: Plainness::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: Place::Fetch,
        twin: TwinForm::Alike,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: Draft<'_>) -> Written {
    let etag = draft.etag.ok_or("no `ETag` comes with its answers")?;
    let etag = HeaderValue::from_str(etag).map_err(|_| "its `ETag` cannot be sent back")?;
    let request = draft.wanted.with_header(IF_RANGE, etag);
    Ok(request.with_header(RANGE, HeaderValue::from_static("bytes=1-")))
}
