//! The host of the owner's tenant in the headers by which a proxy says what it was asked for.
//!
//! A framework that believes `X-Forwarded-Host` from whoever sends it serves another tenant than the one whose door the request came
//! to (CWE-348).

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::header::{HeaderName, HeaderValue};

/// The host of the owner's tenant in the headers by which a proxy says what it was asked for.
pub const X_FORWARDED_HOST: Technique = Technique {
    name: "x-forwarded-host",
    temperament: Temperament::Hostile,
    about: "asks for somebody else's recording at their own tenant's address, and names that of the owner's in `X-Forwarded-Host`",
    phrase: "naming the host of the owner's tenant in `X-Forwarded-Host`",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        twin: TwinComparison::Plain,
        at: RewritePlace::Fetch,
        of_other_tenants: true,
        how: write,
    }),
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
