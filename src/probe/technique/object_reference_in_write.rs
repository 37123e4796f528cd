//! Changing one's own recording, with the id of another's in what is written.
//!
//! Mass assignment: the check reads the id from the address, and the object is loaded, or saved, under the id in the body, as an app
//! sends it back that sends everything back that it was given.

use super::rewriting::{
    RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, with_fields, word_before,
};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Changing one's own recording, with the id of another's in what is written.
pub const OBJECT_REFERENCE_IN_WRITE: Technique = Technique {
    name: "object-reference-in-write",
    temperament: Temperament::Hostile,
    about: "changes their own recording and puts the id of somebody else's into what is written; judged by its owner reading it back",
    phrase: "changing their own recording with the id of somebody else's in the change",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::Write,
        twin: TwinComparison::Plain,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let id = draft.id.to_owned();
    let (request, own) = draft.own()?;
    let word = word_before(request.url.path(), &own).unwrap_or_else(|| "recording".to_owned());
    let fields = ["id".to_owned(), format!("{word}_id"), format!("{word}Id")];
    with_fields(request, &fields.each_ref().map(String::as_str), &id)
}
