//! Techniques: what a temperament does at a surface. One file each, which says what a real incident of it looks like.

mod ask_for_a_range;
mod ask_for_head;
mod change_anothers;
mod keep_using_a_link;
mod look;
mod old_session;
mod open_what_is_listed;
mod open_what_was_found;
mod swap_id;
mod swap_id_in_own_link;
mod use_anothers_link;
mod use_expired_link;
mod with_wrong_credentials;
mod without_signing_in;

pub use ask_for_a_range::ASK_FOR_A_RANGE;
pub use ask_for_head::ASK_FOR_HEAD;
pub use change_anothers::CHANGE_ANOTHERS;
pub use keep_using_a_link::KEEP_USING_A_LINK;
pub use look::LOOK;
pub use old_session::OLD_SESSION;
pub use open_what_is_listed::OPEN_WHAT_IS_LISTED;
pub use open_what_was_found::OPEN_WHAT_WAS_FOUND;
pub use swap_id::SWAP_ID;
pub use swap_id_in_own_link::SWAP_ID_IN_OWN_LINK;
pub use use_anothers_link::USE_ANOTHERS_LINK;
pub use use_expired_link::USE_EXPIRED_LINK;
pub use with_wrong_credentials::WITH_WRONG_CREDENTIALS;
pub use without_signing_in::WITHOUT_SIGNING_IN;

use crate::ledger::Temperament;

/// One concrete thing that a temperament does at a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Technique {
    /// Its name in the ledger and in reports.
    pub name: &'static str,
    /// Who would do it.
    pub temperament: Temperament,
    /// What it is, in one sentence.
    pub about: &'static str,
    /// What the bystander did, as it stands between two commas of a sentence.
    pub phrase: &'static str,
    /// How plain it is: a leak is told by the plainest technique that shows it.
    pub plainness: Plainness,
    /// Whether a refusal proves something only while the bystander's own session lives. A technique that does without one is
    /// refused *because* there is none, and that is the point of it.
    pub needs_session: bool,
}

/// How plain a technique is, the plainest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plainness {
    /// The request as the app sends it, perhaps with another's id or link, or with other credentials.
    Plain,
    /// The same with something beside it, or written in another way: what a plain request gets, this one gets as well.
    Rewritten,
}

/// All of them, the plainest first.
pub const CATALOGUE: [Technique; 14] = [
    LOOK,
    OPEN_WHAT_IS_LISTED,
    KEEP_USING_A_LINK,
    SWAP_ID,
    ASK_FOR_A_RANGE,
    ASK_FOR_HEAD,
    USE_ANOTHERS_LINK,
    WITHOUT_SIGNING_IN,
    WITH_WRONG_CREDENTIALS,
    OLD_SESSION,
    USE_EXPIRED_LINK,
    SWAP_ID_IN_OWN_LINK,
    CHANGE_ANOTHERS,
    OPEN_WHAT_WAS_FOUND,
];

impl Technique {
    /// The technique of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|technique| technique.name == name)
    }
}
