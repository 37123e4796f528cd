//! The rewriting of `extra-id-parameter`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, word_before};
use reqwest::header::{HeaderName, HeaderValue};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let id = draft.id.to_owned();
    let (mut request, own) = draft.own()?;
    let word = word_before(request.url.path(), &own).ok_or("no id stands in its path")?;
    let header = format!("x-{word}-id");
    request
        .url
        .query_pairs_mut()
        .append_pair("id", &id)
        .append_pair(&format!("{word}_id"), &id)
        .append_pair(&format!("{word}Id"), &id);
    let name = HeaderName::try_from(header).map_err(|_| "its path has no word for what it is about")?;
    let value = HeaderValue::from_str(&id).map_err(|_| "the id cannot stand in a header")?;
    Ok(request.with_header(name, value))
}
