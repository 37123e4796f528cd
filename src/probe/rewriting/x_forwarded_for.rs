//! The rewriting of `x-forwarded-for`.

use super::{Request, RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use reqwest::header::{HeaderName, HeaderValue};

const HEADERS: [&str; 4] = ["x-forwarded-for", "x-real-ip", "x-client-ip", "true-client-ip"];

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let within = HeaderValue::from_static("127.0.0.1");
    let with = |request: Request, name| request.with_header(HeaderName::from_static(name), within.clone());
    Ok(HEADERS.into_iter().fold(draft.wanted, with))
}
