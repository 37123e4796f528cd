//! Asking for one's own list, and naming somebody else as whose it is.
//!
//! Staff choose a patient by a parameter, and the app of patients uses the same address without it. What happens when they send it
//! was never asked: `?patient_id=4711` shows the list of 4711.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Asking for one's own list, and naming somebody else as whose it is.
pub const ASK_FOR_ANOTHERS_LIST: Technique = Technique {
    name: "ask-for-anothers-list",
    temperament: Temperament::Curious,
    about: "asks for their own list and names somebody else in the parameters in which staff would",
    phrase: "naming somebody else in the parameters of their own list",
    plainness: Plainness::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: Place::List,
        twin: TwinForm::Alike,
        of_other_tenants: false,
        how: write,
    }),
};

/// In which the one is named whose list is asked for.
const PARAMETERS: [&str; 6] = ["patient", "patient_id", "owner", "owner_id", "user", "user_id"];

fn write(draft: Draft<'_>) -> Written {
    let owner = draft.owner.ok_or("the profile captures no id of people")?;
    let mut request = draft.wanted;
    let pairs: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
    let others = pairs
        .into_iter()
        .filter(|(name, _)| !PARAMETERS.contains(&name.as_str()));
    request
        .url
        .query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .extend_pairs(PARAMETERS.map(|name| (name, owner)));
    Ok(request)
}
