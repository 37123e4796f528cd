//! The rewriting of `truncated-token`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use reqwest::header::{AUTHORIZATION, HeaderValue};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Plain,
    of_other_tenants: false,
    how: write,
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
