//! The rewriting of `object-reference-in-write`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, with_fields, word_before};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Write,
    twin: TwinComparison::Plain,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let id = draft.id.to_owned();
    let (request, own) = draft.own()?;
    let word = word_before(request.url.path(), &own).unwrap_or_else(|| "recording".to_owned());
    let fields = ["id".to_owned(), format!("{word}_id"), format!("{word}Id")];
    with_fields(request, &fields.each_ref().map(String::as_str), &id)
}
