//! Asking for one's own recording, with another's id in a parameter and a header beside it.
//!
//! The check reads the id from the path, and the query that fetches takes the parameter when there is one: two pieces of code,
//! by two people, and each is right by itself.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, word_before};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use reqwest::header::{HeaderName, HeaderValue};

/// Asking for one's own recording, with another's id in a parameter and a header beside it.
pub const EXTRA_ID_PARAMETER: Technique = Technique {
    name: "extra-id-parameter",
    temperament: Temperament::Curious,
    about: "asks for their own recording and names somebody else's in a parameter and a header beside it",
    phrase: "naming somebody else's recording in a parameter beside their own",
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
