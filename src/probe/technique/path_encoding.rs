//! Writing a character of the path in percent-encoding.
//!
//! A rule of the gateway stands on the path as it was sent; the service behind it decodes the path first. `/v1/replays/471%31` is not
//! what the rule is about, and is what the service serves.

use super::rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison, encoded};
use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Writing a character of the path in percent-encoding.
pub const PATH_ENCODING: Technique = Technique {
    name: "path-encoding",
    temperament: Temperament::Hostile,
    about: "writes a character of the path in percent-encoding",
    phrase: "writing the address with a character percent-encoded",
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
    let (path, id) = (draft.wanted.url.path().to_owned(), draft.id);
    let written = encoded(&path, id, "%").ok_or("its path has no word of letters")?;
    Ok(draft.with_path(&written))
}
