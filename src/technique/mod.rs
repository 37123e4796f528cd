//! Techniques as data: what a bystander does, how a sentence tells it, and which weakness it finds. One file each, with the story of a
//! real incident. How a technique rewrites a request stands in `probe/rewriting`.

/// Declares the techniques, the plainest first: a line is a file and the constant in it.
macro_rules! techniques {
    ($($file:ident::$technique:ident,)*) => {
        $(mod $file;)*
        $(pub use $file::$technique;)*

        /// All of them, the plainest first.
        pub const CATALOGUE: &[Technique] = &[$($technique),*];
    };
}

techniques! {
    list_own::LIST_OWN,
    open_listed_item::OPEN_LISTED_ITEM,
    listen::LISTEN,
    stale_subscription::STALE_SUBSCRIPTION,
    stale_link::STALE_LINK,
    bola::BOLA,
    range_request::RANGE_REQUEST,
    head_request::HEAD_REQUEST,
    leaked_link::LEAKED_LINK,
    direct_storage_access::DIRECT_STORAGE_ACCESS,
    anonymous::ANONYMOUS,
    invalid_credentials::INVALID_CREDENTIALS,
    session_after_logout::SESSION_AFTER_LOGOUT,
    expired_link::EXPIRED_LINK,
    signed_link_tampering::SIGNED_LINK_TAMPERING,
    bola_write::BOLA_WRITE,
    bola_action::BOLA_ACTION,
    discovered_address::DISCOVERED_ADDRESS,
    extra_id_parameter::EXTRA_ID_PARAMETER,
    cross_tenant::CROSS_TENANT,
    x_forwarded_host::X_FORWARDED_HOST,
    identity_header_spoofing::IDENTITY_HEADER_SPOOFING,
    x_original_url::X_ORIGINAL_URL,
    x_forwarded_for::X_FORWARDED_FOR,
    method_override::METHOD_OVERRIDE,
    path_encoding::PATH_ENCODING,
    path_double_encoding::PATH_DOUBLE_ENCODING,
    path_double_slash::PATH_DOUBLE_SLASH,
    path_case::PATH_CASE,
    path_trailing_slash::PATH_TRAILING_SLASH,
    path_suffix::PATH_SUFFIX,
    web_cache_deception::WEB_CACHE_DECEPTION,
    parameter_pollution::PARAMETER_POLLUTION,
    conditional_request::CONDITIONAL_REQUEST,
    if_range::IF_RANGE,
    truncated_token::TRUNCATED_TOKEN,
    jwt_alg_none::JWT_ALG_NONE,
    jwt_subject_swap::JWT_SUBJECT_SWAP,
    reload::RELOAD,
    two_devices::TWO_DEVICES,
    re_login::RE_LOGIN,
    wildcard_star::WILDCARD_STAR,
    wildcard_percent::WILDCARD_PERCENT,
    empty_filter::EMPTY_FILTER,
    cursor_swap::CURSOR_SWAP,
    list_owner_parameter::LIST_OWNER_PARAMETER,
    mass_assignment::MASS_ASSIGNMENT,
    object_reference_in_write::OBJECT_REFERENCE_IN_WRITE,
}

/// The technique of an answer that no probe was looking at: something came out in passing.
pub const IN_PASSING: &str = "in-passing";

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
    pub shape: RequestShape,
    /// The weaknesses (Common Weakness Enumeration) that a leak by it is an instance of, the most fitting first; empty where the kind of
    /// the leak says it.
    pub cwe: &'static [u32],
    /// Whether a refusal proves something only while the bystander's own session lives. A technique that does without one is
    /// refused *because* there is none, and that is the point of it.
    pub needs_session: bool,
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

impl Technique {
    /// The technique of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        CATALOGUE.iter().find(|technique| technique.name == name)
    }

    /// Whether it goes with credentials that are worth nothing, of which some stacks count how many come.
    #[must_use]
    pub fn forges(&self) -> bool {
        self.shape == RequestShape::Rewritten && !self.needs_session
    }
}

/// The names under which findings are told, for messages: every technique, and what came out in passing.
pub fn names() -> impl Iterator<Item = &'static str> {
    CATALOGUE
        .iter()
        .map(|technique| technique.name)
        .chain([IN_PASSING])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_is_declared_and_every_name_is_its_own() -> std::io::Result<()> {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/src/technique");
        let mut files = BTreeSet::new();
        for entry in std::fs::read_dir(directory)? {
            files.insert(
                entry?
                    .file_name()
                    .to_string_lossy()
                    .replace(".rs", "")
                    .replace('_', "-"),
            );
        }
        files.remove("mod");
        let names: BTreeSet<String> = CATALOGUE.iter().map(|one| one.name.to_owned()).collect();
        assert_eq!(files, names);
        assert_eq!(names.len(), CATALOGUE.len());
        Ok(())
    }
}
