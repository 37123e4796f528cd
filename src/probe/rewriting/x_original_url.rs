//! The rewriting of `x-original-url`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use reqwest::header::{HeaderName, HeaderValue};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
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
