//! Changing somebody else's recording, and saying in the change that it is one's own.
//!
//! Mass assignment: what is sent is put into the object field by field, and whether it is theirs is looked up in the object
//! afterwards. In 2012 somebody added their key to another project of the largest host of code in that way.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, with_fields};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Changing somebody else's recording, and saying in the change that it is one's own.
pub const MASS_ASSIGNMENT: Technique = Technique {
    name: "mass-assignment",
    temperament: Temperament::Hostile,
    about: "changes somebody else's recording and names themselves in it as whose it is; judged by its owner reading it back",
    phrase: "writing to somebody else's recording that it was their own",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::Write,
        twin: TwinComparison::Plain,
        of_other_tenants: false,
        how: write,
    }),
};

/// In which the one is named whose something is.
const FIELDS: [&str; 9] = [
    "owner",
    "owner_id",
    "ownerId",
    "patient",
    "patient_id",
    "patientId",
    "user",
    "user_id",
    "userId",
];

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let me = draft.me.ok_or("the profile captures no id of people")?.to_owned();
    with_fields(draft.wanted, &FIELDS, &me)
}
