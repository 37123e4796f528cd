//! The rewriting of `mass-assignment`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, with_fields};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Write,
    twin: TwinComparison::Plain,
    of_other_tenants: false,
    how: write,
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
