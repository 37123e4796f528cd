//! The rewriting of `cursor-swap`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use crate::probe::pager::set_query;

pub(super) const REWRITING: Rewriting = Rewriting {
    at: RewritePlace::List,
    twin: TwinComparison::Alike,
    of_other_tenants: false,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let (name, value) = draft
        .cursor
        .ok_or("its owner was given no cursor for a next page")?;
    let mut request = draft.wanted;
    set_query(&mut request.url, name, value);
    Ok(request)
}
