//! The rewriting of `x-forwarded-host`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use reqwest::header::{HeaderName, HeaderValue};

pub(super) const REWRITING: Rewriting = Rewriting {
    twin: TwinComparison::Plain,
    at: RewritePlace::Fetch,
    of_other_tenants: true,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let (request, address) = draft.elsewhere()?;
    let name = address.host_str().ok_or("its address has no host")?;
    let host = address
        .port()
        .map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| "its host cannot stand in a header");
    let request = request.with_header(HeaderName::from_static("x-forwarded-host"), value(&host)?);
    let forwarded = value(&format!("host=\"{host}\""))?;
    Ok(request.with_header(HeaderName::from_static("forwarded"), forwarded))
}
