//! Asking for one's own, with another's address in `X-Original-URL`.
//!
//! Some frameworks take the path from `X-Original-URL` or `X-Rewrite-URL` when it is there (CVE-2018-14773): the proxy in front
//! allows what stands in the first line, and the application serves what stands in the header.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::header::{HeaderName, HeaderValue};

/// Asking for one's own, with another's address in `X-Original-URL`.
pub const X_ORIGINAL_URL: Technique = Technique {
    name: "x-original-url",
    temperament: Temperament::Hostile,
    about: "asks for their own recording, and names the address of somebody else's in a header that proxies use",
    phrase: "naming the address of somebody else's recording in a header",
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
    let wanted = draft.wanted.url.clone();
    let (request, _) = draft.own()?;
    let query = wanted
        .query()
        .map_or_else(String::new, |query| format!("?{query}"));
    let address = format!("{}{query}", wanted.path());
    let address = HeaderValue::from_str(&address).map_err(|_| "its address cannot stand in a header")?;
    let request = request.with_header(HeaderName::from_static("x-original-url"), address.clone());
    Ok(request.with_header(HeaderName::from_static("x-rewrite-url"), address))
}
