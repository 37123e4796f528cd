//! Writing `.json` at the end of the path.
//!
//! A framework that lets one ask for a format by a suffix routes `/replays/4711.json` to the same handler; the rule that guards
//! it ends with the id.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Writing `.json` at the end of the path.
pub const ADD_A_SUFFIX: Technique = Technique {
    name: "add-a-suffix",
    temperament: Temperament::Hostile,
    about: "writes `.json` at the end of the path",
    phrase: "writing the address with `.json` at its end",
    plainness: Plainness::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: Place::Fetch,
        twin: TwinForm::Alike,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: Draft<'_>) -> Written {
    let path = draft.wanted.url.path().to_owned();
    if path.ends_with('/') {
        return Err("its path ends with a slash");
    }
    Ok(draft.with_path(&format!("{path}.json")))
}
