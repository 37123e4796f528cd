//! Saying by a header that one is somebody else.
//!
//! The gateway checks the token and tells the services behind it who is calling, in `X-User-Id`. It sets that header, and does
//! not take it away from whoever sends one themselves; or a service can be reached without the gateway.

use super::rewriting::{Request, RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::header::{HeaderName, HeaderValue};

const HEADERS: [&str; 5] = [
    "x-user-id",
    "x-forwarded-user",
    "x-remote-user",
    "x-authenticated-user",
    "x-auth-request-user",
];

/// Saying by a header that one is somebody else.
pub const IDENTITY_HEADER_SPOOFING: Technique = Technique {
    name: "identity-header-spoofing",
    temperament: Temperament::Hostile,
    about: "says by a header that they are somebody else, as a gateway says it to the services behind it",
    phrase: "saying by a header that they were somebody else",
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
    let owner = draft.owner.ok_or("the profile captures no id of people")?;
    let owner = HeaderValue::from_str(owner).map_err(|_| "the owner's id cannot stand in a header")?;
    let with = |request: Request, name| request.with_header(HeaderName::from_static(name), owner.clone());
    Ok(HEADERS.into_iter().fold(draft.wanted, with))
}
