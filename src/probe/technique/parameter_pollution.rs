//! Giving a parameter twice: one's own id, and another's.
//!
//! HTTP parameter pollution: the gateway checks the first `id`, and the service takes the last.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Giving a parameter twice: one's own id, and another's.
pub const PARAMETER_POLLUTION: Technique = Technique {
    name: "parameter-pollution",
    temperament: Temperament::Hostile,
    about: "gives a parameter twice, first with the id of their own recording and then with another's",
    phrase: "giving a parameter twice, once with somebody else's id",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::Fetch,
        twin: TwinComparison::Alike,
        of_other_tenants: false,
        how: write,
    }),
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
