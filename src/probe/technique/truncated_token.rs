//! Asking with half a token.
//!
//! A token that cannot be read makes the check throw, the exception is caught far above, and what follows goes on as if nobody
//! had asked for a check.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::header::{AUTHORIZATION, HeaderValue};

/// Asking with half a token.
pub const TRUNCATED_TOKEN: Technique = Technique {
    name: "truncated-token",
    temperament: Temperament::Hostile,
    about: "sends the request with the second half of their own token missing",
    phrase: "with half of their token missing",
    plainness: RequestShape::Rewritten,
    needs_session: false,
    rewriting: Some(Rewriting {
        at: RewritePlace::Fetch,
        twin: TwinComparison::Plain,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let mut request = draft.wanted;
    let held = request
        .headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let (scheme, token) = held
        .and_then(|value| value.split_once(' '))
        .filter(|(_, token)| token.len() > 8 && token.is_ascii())
        .ok_or("no token goes along in `Authorization`")?;
    let short = format!("{scheme} {}", &token[..token.len() / 2]);
    let mut short = HeaderValue::from_str(&short).map_err(|_| "half a token cannot be sent")?;
    short.set_sensitive(true);
    request.headers.insert(AUTHORIZATION, short);
    Ok(request)
}
