//! Going on in one's own list where somebody else's page ended.
//!
//! A cursor says where the next page begins. When it also says whose list it is of, or when the server keeps the query under it, it
//! opens the rest of that list to whoever has seen it in an address, a log or a shared screen.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;
use crate::probe::pager::set_query;

/// Going on in one's own list where somebody else's page ended.
pub const CURSOR_SWAP: Technique = Technique {
    name: "cursor-swap",
    temperament: Temperament::Curious,
    about: "asks for the next page of a list by the cursor that somebody else was given",
    phrase: "going on in their list by somebody else's cursor",
    plainness: RequestShape::Rewritten,
    needs_session: true,
    rewriting: Some(Rewriting {
        at: RewritePlace::List,
        twin: TwinComparison::Alike,
        of_other_tenants: false,
        how: write,
    }),
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let (name, value) = draft
        .cursor
        .ok_or("its owner was given no cursor for a next page")?;
    let mut request = draft.wanted;
    set_query(&mut request.url, name, value);
    Ok(request)
}
