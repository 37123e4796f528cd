//! Techniques: what a temperament does at a surface. One file each, which says what a real incident of it looks like.

mod act_for_another;
mod add_a_slash;
mod add_a_suffix;
mod ask_at_the_owners_address;
mod ask_for_a_range;
mod ask_for_anothers_list;
mod ask_for_head;
mod ask_whether_it_changed;
mod change_anothers;
mod change_the_case;
mod claim_it_in_the_change;
mod cut_the_token_short;
mod disguise_as_a_style_sheet;
mod double_the_slash;
mod encode_the_path;
mod encode_the_path_twice;
mod go_behind_the_app;
mod go_on_with_anothers_cursor;
mod go_on_with_anothers_version;
mod keep_listening;
mod keep_using_a_link;
mod leave_the_filter_empty;
mod leave_the_signature_out;
mod listen;
mod look;
mod name_another_address_in_a_header;
mod name_another_in_the_token;
mod name_anothers_beside_ones_own;
mod name_anothers_in_ones_own_change;
mod name_it_twice;
mod old_session;
mod open_what_is_listed;
mod open_what_was_found;
mod override_the_method;
mod refresh;
mod rewriting;
mod say_to_be_at_the_owners_address;
mod say_to_be_the_owner;
mod say_to_come_from_within;
mod search_for_a_percent_sign;
mod search_for_a_star;
mod sign_out_and_in;
mod swap_id;
mod swap_id_in_own_link;
mod token;
mod use_anothers_link;
mod use_expired_link;
mod use_two_devices;
mod with_wrong_credentials;
mod without_signing_in;

pub use act_for_another::ACT_FOR_ANOTHER;
pub use add_a_slash::ADD_A_SLASH;
pub use add_a_suffix::ADD_A_SUFFIX;
pub use ask_at_the_owners_address::ASK_AT_THE_OWNERS_ADDRESS;
pub use ask_for_a_range::ASK_FOR_A_RANGE;
pub use ask_for_anothers_list::ASK_FOR_ANOTHERS_LIST;
pub use ask_for_head::ASK_FOR_HEAD;
pub use ask_whether_it_changed::ASK_WHETHER_IT_CHANGED;
pub use change_anothers::CHANGE_ANOTHERS;
pub use change_the_case::CHANGE_THE_CASE;
pub use claim_it_in_the_change::CLAIM_IT_IN_THE_CHANGE;
pub use cut_the_token_short::CUT_THE_TOKEN_SHORT;
pub use disguise_as_a_style_sheet::DISGUISE_AS_A_STYLE_SHEET;
pub use double_the_slash::DOUBLE_THE_SLASH;
pub use encode_the_path::ENCODE_THE_PATH;
pub use encode_the_path_twice::ENCODE_THE_PATH_TWICE;
pub use go_behind_the_app::GO_BEHIND_THE_APP;
pub use go_on_with_anothers_cursor::GO_ON_WITH_ANOTHERS_CURSOR;
pub use go_on_with_anothers_version::GO_ON_WITH_ANOTHERS_VERSION;
pub use keep_listening::KEEP_LISTENING;
pub use keep_using_a_link::KEEP_USING_A_LINK;
pub use leave_the_filter_empty::LEAVE_THE_FILTER_EMPTY;
pub use leave_the_signature_out::LEAVE_THE_SIGNATURE_OUT;
pub use listen::LISTEN;
pub use look::LOOK;
pub use name_another_address_in_a_header::NAME_ANOTHER_ADDRESS_IN_A_HEADER;
pub use name_another_in_the_token::NAME_ANOTHER_IN_THE_TOKEN;
pub use name_anothers_beside_ones_own::NAME_ANOTHERS_BESIDE_ONES_OWN;
pub use name_anothers_in_ones_own_change::NAME_ANOTHERS_IN_ONES_OWN_CHANGE;
pub use name_it_twice::NAME_IT_TWICE;
pub use old_session::OLD_SESSION;
pub use open_what_is_listed::OPEN_WHAT_IS_LISTED;
pub use open_what_was_found::OPEN_WHAT_WAS_FOUND;
pub use override_the_method::OVERRIDE_THE_METHOD;
pub use refresh::REFRESH;
pub use rewriting::{Draft, Place, Rewriting, TwinForm, Written};
pub use say_to_be_at_the_owners_address::SAY_TO_BE_AT_THE_OWNERS_ADDRESS;
pub use say_to_be_the_owner::SAY_TO_BE_THE_OWNER;
pub use say_to_come_from_within::SAY_TO_COME_FROM_WITHIN;
pub use search_for_a_percent_sign::SEARCH_FOR_A_PERCENT_SIGN;
pub use search_for_a_star::SEARCH_FOR_A_STAR;
pub use sign_out_and_in::SIGN_OUT_AND_IN;
pub use swap_id::SWAP_ID;
pub use swap_id_in_own_link::SWAP_ID_IN_OWN_LINK;
pub use use_anothers_link::USE_ANOTHERS_LINK;
pub use use_expired_link::USE_EXPIRED_LINK;
pub use use_two_devices::USE_TWO_DEVICES;
pub use with_wrong_credentials::WITH_WRONG_CREDENTIALS;
pub use without_signing_in::WITHOUT_SIGNING_IN;

use crate::ledger::Temperament;

/// One concrete thing that a temperament does at a surface.
#[derive(Debug, Clone, Copy)]
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
    /// How it writes a request anew, if it does.
    pub rewriting: Option<Rewriting>,
}

/// A technique is what it is called.
impl PartialEq for Technique {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Technique {}

/// How plain a technique is, the plainest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plainness {
    /// The request as the app sends it, perhaps with another's id or link, or with other credentials.
    Plain,
    /// The same with something beside it, or written in another way: what a plain request gets, this one gets as well.
    Rewritten,
}

/// All of them, the plainest first.
pub const CATALOGUE: [Technique; 48] = [
    LOOK,
    OPEN_WHAT_IS_LISTED,
    LISTEN,
    KEEP_LISTENING,
    KEEP_USING_A_LINK,
    SWAP_ID,
    ASK_FOR_A_RANGE,
    ASK_FOR_HEAD,
    USE_ANOTHERS_LINK,
    GO_BEHIND_THE_APP,
    WITHOUT_SIGNING_IN,
    WITH_WRONG_CREDENTIALS,
    OLD_SESSION,
    USE_EXPIRED_LINK,
    SWAP_ID_IN_OWN_LINK,
    CHANGE_ANOTHERS,
    ACT_FOR_ANOTHER,
    OPEN_WHAT_WAS_FOUND,
    NAME_ANOTHERS_BESIDE_ONES_OWN,
    ASK_AT_THE_OWNERS_ADDRESS,
    SAY_TO_BE_AT_THE_OWNERS_ADDRESS,
    SAY_TO_BE_THE_OWNER,
    NAME_ANOTHER_ADDRESS_IN_A_HEADER,
    SAY_TO_COME_FROM_WITHIN,
    OVERRIDE_THE_METHOD,
    ENCODE_THE_PATH,
    ENCODE_THE_PATH_TWICE,
    DOUBLE_THE_SLASH,
    CHANGE_THE_CASE,
    ADD_A_SLASH,
    ADD_A_SUFFIX,
    DISGUISE_AS_A_STYLE_SHEET,
    NAME_IT_TWICE,
    ASK_WHETHER_IT_CHANGED,
    GO_ON_WITH_ANOTHERS_VERSION,
    CUT_THE_TOKEN_SHORT,
    LEAVE_THE_SIGNATURE_OUT,
    NAME_ANOTHER_IN_THE_TOKEN,
    REFRESH,
    USE_TWO_DEVICES,
    SIGN_OUT_AND_IN,
    SEARCH_FOR_A_STAR,
    SEARCH_FOR_A_PERCENT_SIGN,
    LEAVE_THE_FILTER_EMPTY,
    GO_ON_WITH_ANOTHERS_CURSOR,
    ASK_FOR_ANOTHERS_LIST,
    CLAIM_IT_IN_THE_CHANGE,
    NAME_ANOTHERS_IN_ONES_OWN_CHANGE,
];

impl Technique {
    /// The technique of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|technique| technique.name == name)
    }

    /// Whether it goes with credentials that are worth nothing, of which some stacks count how many come.
    #[must_use]
    pub fn forges(&self) -> bool {
        self.rewriting.is_some() && !self.needs_session
    }
}
