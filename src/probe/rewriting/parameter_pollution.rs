//! The rewriting of `parameter-pollution`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::Fetch,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let id = draft.id.to_owned();
    let mut request = draft.wanted.clone();
    let pairs: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
    if !pairs.iter().any(|(_, value)| *value == id) {
        return Err("no id stands in its query");
    }
    let (_, own) = draft.own()?;
    let mut query = request.url.query_pairs_mut();
    query.clear();
    for (name, value) in &pairs {
        if *value == id {
            query.append_pair(name, &own);
        }
        query.append_pair(name, value);
    }
    drop(query);
    Ok(request)
}
