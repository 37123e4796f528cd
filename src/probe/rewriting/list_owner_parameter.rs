//! The rewriting of `list-owner-parameter`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::List,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
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
