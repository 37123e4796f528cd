//! Asking with another's `ETag` whether something has changed.
//!
//! `If-None-Match` is answered by a layer that knows versions and no people: a 304 tells that the recording is there, and that
//! it is still the one of which somebody saw the `ETag` in a log.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;
use reqwest::header::{HeaderValue, IF_NONE_MATCH};

/// Asking with another's `ETag` whether something has changed.
pub const ASK_WHETHER_IT_CHANGED: Technique = Technique {
    name: "ask-whether-it-changed",
    temperament: Temperament::Curious,
    about: "asks whether somebody else's recording has changed since the version that its owner was given",
    phrase: "asking whether somebody else's recording had changed",
    plainness: Plainness::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: Place::Fetch,
        twin: TwinForm::Plain,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: Draft<'_>) -> Written {
    let etag = draft.etag.ok_or("no `ETag` comes with its answers")?;
    let etag = HeaderValue::from_str(etag).map_err(|_| "its `ETag` cannot be sent back")?;
    Ok(draft.wanted.with_header(IF_NONE_MATCH, etag))
}
