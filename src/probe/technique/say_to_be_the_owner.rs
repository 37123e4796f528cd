//! Saying by a header that one is somebody else.
//!
//! The gateway checks the token and tells the services behind it who is calling, in `X-User-Id`. It sets that header, and does
//! not take it away from whoever sends one themselves; or a service can be reached without the gateway.

use super::rewriting::{Draft, Place, Request, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
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
pub const SAY_TO_BE_THE_OWNER: Technique = Technique {
    name: "say-to-be-the-owner",
    temperament: Temperament::Hostile,
    about: "says by a header that they are somebody else, as a gateway says it to the services behind it",
    phrase: "saying by a header that they were somebody else",
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
    let owner = draft.owner.ok_or("the profile captures no id of people")?;
    let owner = HeaderValue::from_str(owner).map_err(|_| "the owner's id cannot stand in a header")?;
    let with = |request: Request, name| request.with_header(HeaderName::from_static(name), owner.clone());
    Ok(HEADERS.into_iter().fold(draft.wanted, with))
}
