//! Asking for one's own list, and naming somebody else as whose it is.
//!
//! Staff choose a patient by a parameter, and the app of patients uses the same address without it. What happens when they send it
//! was never asked: `?patient_id=4711` shows the list of 4711.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking for one's own list, and naming somebody else as whose it is.
pub const LIST_OWNER_PARAMETER: Technique = Technique {
    name: "list-owner-parameter",
    temperament: Temperament::Curious,
    about: "asks for their own list and names somebody else in the parameters in which staff would",
    phrase: "naming somebody else in the parameters of their own list",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::List,
        twin: TwinComparison::Alike,
        of_other_tenants: false,
        how: write,
    }),
};

/// In which the one is named whose list is asked for.
const PARAMETERS: [&str; 6] = ["patient", "patient_id", "owner", "owner_id", "user", "user_id"];

fn write(draft: RewriteInput<'_>) -> RewriteResult {
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
