//! Writing a character of the path in percent-encoding, twice.
//!
//! The proxy decodes once and checks, and the application decodes once more: what was checked is not what is served.

use super::rewriting::{Draft, Place, Rewriting, TwinForm, Written, encoded};
use super::{Plainness, Technique};
use crate::ledger::Temperament;

/// Writing a character of the path in percent-encoding, twice.
pub const ENCODE_THE_PATH_TWICE: Technique = Technique {
    name: "encode-the-path-twice",
    temperament: Temperament::Hostile,
    about: "writes a character of the path in percent-encoding, and that again",
    phrase: "writing the address with a character percent-encoded twice",
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
    let (path, id) = (draft.wanted.url.path().to_owned(), draft.id);
    let written = encoded(&path, id, "%25").ok_or("its path has no word of letters")?;
    Ok(draft.with_path(&written))
}
