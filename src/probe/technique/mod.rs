//! Techniques: what a temperament does at a surface. One file each, which says what a real incident of it looks like.

mod anonymous;
mod bola;
mod bola_action;
mod bola_write;
mod conditional_request;
mod cross_tenant;
mod cursor_swap;
mod direct_storage_access;
mod discovered_address;
mod empty_filter;
mod expired_link;
mod extra_id_parameter;
mod head_request;
mod identity_header_spoofing;
mod if_range;
mod invalid_credentials;
mod jwt_alg_none;
mod jwt_subject_swap;
mod leaked_link;
mod list_own;
mod list_owner_parameter;
mod listen;
mod mass_assignment;
mod method_override;
mod object_reference_in_write;
mod open_listed_item;
mod parameter_pollution;
mod path_case;
mod path_double_encoding;
mod path_double_slash;
mod path_encoding;
mod path_suffix;
mod path_trailing_slash;
mod range_request;
mod re_login;
mod reload;
mod rewriting;
mod session_after_logout;
mod signed_link_tampering;
mod stale_link;
mod stale_subscription;
mod token;
mod truncated_token;
mod two_devices;
mod web_cache_deception;
mod wildcard_percent;
mod wildcard_star;
mod x_forwarded_for;
mod x_forwarded_host;
mod x_original_url;

pub use anonymous::ANONYMOUS;
pub use bola::BOLA;
pub use bola_action::BOLA_ACTION;
pub use bola_write::BOLA_WRITE;
pub use conditional_request::CONDITIONAL_REQUEST;
pub use cross_tenant::CROSS_TENANT;
pub use cursor_swap::CURSOR_SWAP;
pub use direct_storage_access::DIRECT_STORAGE_ACCESS;
pub use discovered_address::DISCOVERED_ADDRESS;
pub use empty_filter::EMPTY_FILTER;
pub use expired_link::EXPIRED_LINK;
pub use extra_id_parameter::EXTRA_ID_PARAMETER;
pub use head_request::HEAD_REQUEST;
pub use identity_header_spoofing::IDENTITY_HEADER_SPOOFING;
pub use if_range::IF_RANGE;
pub use invalid_credentials::INVALID_CREDENTIALS;
pub use jwt_alg_none::JWT_ALG_NONE;
pub use jwt_subject_swap::JWT_SUBJECT_SWAP;
pub use leaked_link::LEAKED_LINK;
pub use list_own::LIST_OWN;
pub use list_owner_parameter::LIST_OWNER_PARAMETER;
pub use listen::LISTEN;
pub use mass_assignment::MASS_ASSIGNMENT;
pub use method_override::METHOD_OVERRIDE;
pub use object_reference_in_write::OBJECT_REFERENCE_IN_WRITE;
pub use open_listed_item::OPEN_LISTED_ITEM;
pub use parameter_pollution::PARAMETER_POLLUTION;
pub use path_case::PATH_CASE;
pub use path_double_encoding::PATH_DOUBLE_ENCODING;
pub use path_double_slash::PATH_DOUBLE_SLASH;
pub use path_encoding::PATH_ENCODING;
pub use path_suffix::PATH_SUFFIX;
pub use path_trailing_slash::PATH_TRAILING_SLASH;
pub use range_request::RANGE_REQUEST;
pub use re_login::RE_LOGIN;
pub use reload::RELOAD;
pub use rewriting::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};
pub use session_after_logout::SESSION_AFTER_LOGOUT;
pub use signed_link_tampering::SIGNED_LINK_TAMPERING;
pub use stale_link::STALE_LINK;
pub use stale_subscription::STALE_SUBSCRIPTION;
pub use truncated_token::TRUNCATED_TOKEN;
pub use two_devices::TWO_DEVICES;
pub use web_cache_deception::WEB_CACHE_DECEPTION;
pub use wildcard_percent::WILDCARD_PERCENT;
pub use wildcard_star::WILDCARD_STAR;
pub use x_forwarded_for::X_FORWARDED_FOR;
pub use x_forwarded_host::X_FORWARDED_HOST;
pub use x_original_url::X_ORIGINAL_URL;

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
    pub plainness: RequestShape,
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
pub enum RequestShape {
    /// The request as the app sends it, perhaps with another's id or link, or with other credentials.
    Plain,
    /// The same with something beside it, or written in another way: what a plain request gets, this one gets as well.
    Rewritten,
}

/// All of them, the plainest first.
pub const CATALOGUE: [Technique; 48] = [
    LIST_OWN,
    OPEN_LISTED_ITEM,
    LISTEN,
    STALE_SUBSCRIPTION,
    STALE_LINK,
    BOLA,
    RANGE_REQUEST,
    HEAD_REQUEST,
    LEAKED_LINK,
    DIRECT_STORAGE_ACCESS,
    ANONYMOUS,
    INVALID_CREDENTIALS,
    SESSION_AFTER_LOGOUT,
    EXPIRED_LINK,
    SIGNED_LINK_TAMPERING,
    BOLA_WRITE,
    BOLA_ACTION,
    DISCOVERED_ADDRESS,
    EXTRA_ID_PARAMETER,
    CROSS_TENANT,
    X_FORWARDED_HOST,
    IDENTITY_HEADER_SPOOFING,
    X_ORIGINAL_URL,
    X_FORWARDED_FOR,
    METHOD_OVERRIDE,
    PATH_ENCODING,
    PATH_DOUBLE_ENCODING,
    PATH_DOUBLE_SLASH,
    PATH_CASE,
    PATH_TRAILING_SLASH,
    PATH_SUFFIX,
    WEB_CACHE_DECEPTION,
    PARAMETER_POLLUTION,
    CONDITIONAL_REQUEST,
    IF_RANGE,
    TRUNCATED_TOKEN,
    JWT_ALG_NONE,
    JWT_SUBJECT_SWAP,
    RELOAD,
    TWO_DEVICES,
    RE_LOGIN,
    WILDCARD_STAR,
    WILDCARD_PERCENT,
    EMPTY_FILTER,
    CURSOR_SWAP,
    LIST_OWNER_PARAMETER,
    MASS_ASSIGNMENT,
    OBJECT_REFERENCE_IN_WRITE,
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
