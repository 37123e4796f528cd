//! Writing a slash at the end of the path.
//!
//! The check is registered for `/v1/replays/{id}`, and the router serves `/v1/replays/{id}/` by the same handler: Spring Security
//! and Spring MVC disagreed in just that way for years.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Writing a slash at the end of the path.
pub const ADD_A_SLASH: Technique = Technique {
    name: "add-a-slash",
    temperament: Temperament::Hostile,
    about: "writes a slash at the end of the path",
    phrase: "writing the address with a slash at its end",
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
        return Err("its path ends with a slash already");
    }
    Ok(draft.with_path(&format!("{path}/")))
}
