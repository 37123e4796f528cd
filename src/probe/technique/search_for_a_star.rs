//! Searching for a star.
//!
//! The box takes what is typed for a pattern, and a star matches everything: what is left of the condition is not always that it
//! is one's own. A query that is put together as text (`owner:4711 AND title:*`) is another one once a star stands in it.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Searching for a star.
pub const SEARCH_FOR_A_STAR: Technique = Technique {
    name: "search-for-a-star",
    temperament: Temperament::Curious,
    about: "puts a star where a list takes a word: `?q=*`",
    phrase: "searching for a star",
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
    draft.with_every_word("*")
}
