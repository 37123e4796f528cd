//! Saying by headers that the request comes from within.
//!
//! Services that call each other are let through without a check, and are known by their address; behind a proxy the address
//! is what `X-Forwarded-For` says, and whoever sends one chooses it.

use super::rewriting::{Request, RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::header::{HeaderName, HeaderValue};

const HEADERS: [&str; 4] = ["x-forwarded-for", "x-real-ip", "x-client-ip", "true-client-ip"];

/// Saying by headers that the request comes from within.
pub const X_FORWARDED_FOR: Technique = Technique {
    name: "x-forwarded-for",
    temperament: Temperament::Hostile,
    about: "says by headers that the request comes from the stack's own machine",
    phrase: "saying by headers that they came from within",
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
    let within = HeaderValue::from_static("127.0.0.1");
    let with = |request: Request, name| request.with_header(HeaderName::from_static(name), within.clone());
    Ok(HEADERS.into_iter().fold(draft.wanted, with))
}
