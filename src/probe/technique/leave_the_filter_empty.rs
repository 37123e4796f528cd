//! Leaving empty what a list is filtered by.
//!
//! A filter without a value is left out of the query, so that the app can offer "all": `?patient=` then shows all of everybody, since
//! the filter was what kept people apart.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Leaving empty what a list is filtered by.
pub const LEAVE_THE_FILTER_EMPTY: Technique = Technique {
    name: "leave-the-filter-empty",
    temperament: Temperament::Curious,
    about: "leaves the words empty by which a list is filtered: `?q=`",
    phrase: "leaving the filter of their list empty",
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
    draft.with_every_word("")
}
