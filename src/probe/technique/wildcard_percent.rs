//! Searching for a percent sign.
//!
//! In SQL `LIKE '%'` matches everything. Where the owner is compared with `LIKE` as well, or the word is put into a condition with
//! `OR`, everything is everybody's.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Searching for a percent sign.
pub const WILDCARD_PERCENT: Technique = Technique {
    name: "wildcard-percent",
    temperament: Temperament::Curious,
    about: "puts a percent sign where a list takes a word: `?q=%25`",
    phrase: "searching for a percent sign",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::List,
        twin: TwinComparison::Alike,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    draft.with_every_word("%")
}
