//! Searching for a percent sign.
//!
//! In SQL `LIKE '%'` matches everything. Where the owner is compared with `LIKE` as well, or the word is put into a condition with
//! `OR`, everything is everybody's.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Searching for a percent sign.
pub const SEARCH_FOR_A_PERCENT_SIGN: Technique = Technique {
    name: "search-for-a-percent-sign",
    temperament: Temperament::Curious,
    about: "puts a percent sign where a list takes a word: `?q=%25`",
    phrase: "searching for a percent sign",
    plainness: Plainness::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: Place::List,
        twin: TwinForm::Alike,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: Draft<'_>) -> Written {
    draft.with_every_word("%")
}
