//! Sending another method, and saying by a header which one is meant.
//!
//! The check stands before `GET`; the framework turns a `POST` that says `X-HTTP-Method-Override: GET` into a `GET` after that,
//! for forms of the nineties, and nobody knew that it did.

use super::rewriting::{Request, RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};

const HEADERS: [&str; 3] = ["x-http-method-override", "x-http-method", "x-method-override"];

/// Sending another method, and saying by a header which one is meant.
pub const METHOD_OVERRIDE: Technique = Technique {
    name: "method-override",
    temperament: Temperament::Hostile,
    about: "sends another method and says by a header that it means the one that is checked",
    phrase: "sending another method than the one they meant",
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
