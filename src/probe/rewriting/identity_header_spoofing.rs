//! The rewriting of `identity-header-spoofing`.

use super::{Request, RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use reqwest::header::{HeaderName, HeaderValue};

const HEADERS: [&str; 5] = [
    "x-user-id",
    "x-forwarded-user",
    "x-remote-user",
    "x-authenticated-user",
    "x-auth-request-user",
];

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let owner = draft.owner.ok_or("the profile captures no id of people")?;
    let owner = HeaderValue::from_str(owner).map_err(|_| "the owner's id cannot stand in a header")?;
    let with = |request: Request, name| request.with_header(HeaderName::from_static(name), owner.clone());
    Ok(HEADERS.into_iter().fold(draft.wanted, with))
}
