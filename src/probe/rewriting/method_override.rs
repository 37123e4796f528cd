//! The rewriting of `method-override`.

use super::{Request, RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};

const HEADERS: [&str; 3] = ["x-http-method-override", "x-http-method", "x-method-override"];

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let mut request = draft.wanted;
    if request.method != Method::GET {
        return Err("it is no GET");
    }
    // who does not know the header is asked to make something, where it is not the address of one thing
    if !request.url.path().contains(draft.id) {
        return Err("its path does not name the recording");
    }
    request.method = Method::POST;
    let meant = HeaderValue::from_static("GET");
    let with = |request: Request, name| request.with_header(HeaderName::from_static(name), meant.clone());
    Ok(HEADERS.into_iter().fold(request, with))
}
