//! Writing a request anew: what the techniques that do so are given, and what they do it with.

mod conditional_request;
mod cross_tenant;
mod cursor_swap;
mod empty_filter;
mod extra_id_parameter;
mod identity_header_spoofing;
mod if_range;
mod jwt_alg_none;
mod jwt_subject_swap;
mod list_owner_parameter;
mod mass_assignment;
mod method_override;
mod object_reference_in_write;
mod parameter_pollution;
mod path_case;
mod path_double_encoding;
mod path_double_slash;
mod path_encoding;
mod path_suffix;
mod path_trailing_slash;
mod re_login;
mod reload;
mod token;
mod truncated_token;
mod two_devices;
mod web_cache_deception;
mod wildcard_percent;
mod wildcard_star;
mod x_forwarded_for;
mod x_forwarded_host;
mod x_original_url;

use self::token::Token;
use crate::technique::{self, Technique};
use std::ops::Range;

pub(super) use crate::http::Request;
use reqwest::Url;

/// A request written anew, or why there is nothing to write.
pub type RewriteResult = Result<Request, &'static str>;

/// How a technique writes a request anew.
#[derive(Debug, Clone, Copy)]
pub struct Rewriting {
    /// The surfaces at which it makes sense.
    pub at: RewritePlace,
    /// What it is set against.
    pub twin: TwinComparison,
    /// Whether it only means something to whom another tenant's people are strangers: they ask at another address.
    pub of_other_tenants: bool,
    /// Writes it.
    pub how: fn(RewriteInput<'_>) -> RewriteResult,
}

/// The kind of surface at which a request is written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RewritePlace {
    /// Where one recording is fetched.
    Fetch,
    /// Where one's own are listed.
    List,
    /// Where a recording is changed: the owner reads back whether it was.
    Write,
}

/// What a rewritten request is set against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwinComparison {
    /// The owner's request, rewritten in the same way: where even the owner gets nothing by it, the technique does not apply.
    Alike,
    /// The owner's plain request, where the rewritten one is not meant to get anybody anything.
    Plain,
}

/// What a rewritten request is made of.
#[derive(Debug)]
pub struct RewriteInput<'a> {
    /// The plain request for the recording that is reached for.
    pub wanted: Request,
    /// The plain request for a recording of the asker's own, and its id.
    pub theirs: Option<(Request, String)>,
    /// The id of the recording that is reached for.
    pub id: &'a str,
    /// The stack's id of its owner.
    pub owner: Option<&'a str>,
    /// Where its owner asks for it.
    pub owners_address: &'a Url,
    /// The stack's id of whoever asks.
    pub me: Option<&'a str>,
    /// The `ETag` that the owner was given.
    pub etag: Option<&'a str>,
    /// The parameter by which the owner's list goes on, and what the owner was given for it.
    pub cursor: Option<(&'a str, &'a str)>,
}

impl RewriteInput<'_> {
    /// The request for a recording of the asker's own, and its id.
    ///
    /// # Errors
    /// When they have none.
    pub(super) fn own(self) -> Result<(Request, String), &'static str> {
        self.theirs.ok_or("who asks has no recording of their own")
    }

    /// The plain request, and the address at which its owner asks.
    ///
    /// # Errors
    /// When that is where whoever asks does so anyway.
    pub(super) fn elsewhere(self) -> Result<(Request, Url), &'static str> {
        if self.wanted.url.origin() == self.owners_address.origin() {
            return Err("its owner asks at the same address");
        }
        Ok((self.wanted, self.owners_address.clone()))
    }

    /// The plain request with another path.
    pub(super) fn with_path(self, path: &str) -> Request {
        let mut request = self.wanted;
        request.url.set_path(path);
        request
    }

    /// The plain request with every word in its query replaced; a number says how many or which page, and is left alone.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn with_every_word(self, by: &str) -> RewriteResult {
        let mut request = self.wanted;
        let pairs: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
        let is_word = |value: &str| !value.is_empty() && value.parse::<i64>().is_err();
        if !pairs.iter().any(|(_, value)| is_word(value)) {
            return Err("no word stands in its query");
        }
        let written = pairs
            .iter()
            .map(|(name, value)| (name, if is_word(value) { by } else { value }));
        request.url.query_pairs_mut().clear().extend_pairs(written);
        Ok(request)
    }

    /// The plain request, and the token that names who asks.
    ///
    /// # Errors
    /// When none goes along, or when it cannot be made to name somebody else.
    pub(super) fn token(self) -> Result<(Request, Token), &'static str> {
        let token = Token::find(&self.wanted.headers).ok_or("what signs people in is no JSON Web Token")?;
        let owner = self.owner.ok_or("the profile captures no id of people")?;
        let token = token.naming(self.me, owner)?;
        Ok((self.wanted, token))
    }
}

/// A request with these fields beside those of its JSON body, each with this value.
///
/// # Errors
/// When its body is no JSON object.
pub(super) fn with_fields(mut request: Request, fields: &[&str], value: &str) -> RewriteResult {
    let body = serde_json::from_slice(&request.body);
    let Ok(serde_json::Value::Object(mut body)) = body else {
        return Err("what is written is no JSON object");
    };
    for field in fields {
        body.insert((*field).to_owned(), value.into());
    }
    request.body = serde_json::Value::Object(body).to_string().into_bytes().into();
    Ok(request)
}

/// "replay" in `/v1/replays/4711/media`, for 4711.
pub(super) fn word_before(path: &str, id: &str) -> Option<String> {
    let segments: Vec<&str> = path.split('/').collect();
    let at = segments.iter().position(|segment| *segment == id)?;
    let word = segments.get(at.checked_sub(1)?)?;
    let word = word.strip_suffix('s').unwrap_or(word).to_ascii_lowercase();
    word.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        .then_some(word)
        .filter(|word| !word.is_empty())
}

/// Where the last word of a path stands that is made of letters and is not the id.
pub(super) fn last_word(path: &str, id: &str) -> Option<Range<usize>> {
    let mut end = path.len();
    for segment in path.rsplit('/') {
        let start = end - segment.len();
        let is_word = segment != id
            && segment.bytes().any(|byte| byte.is_ascii_lowercase())
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'_');
        if is_word {
            return Some(start..end);
        }
        end = start.saturating_sub(1);
    }
    None
}

/// The path with the last character of the id, or where that does not stand in it the last letter of its last word, written as `percent` and its number.
pub(super) fn encoded(path: &str, id: &str, percent: &str) -> Option<String> {
    let of_id = path.find(&format!("/{id}")).filter(|_| !id.is_empty());
    let part = match of_id {
        Some(at) => at + 1..at + 1 + id.len(),
        None => last_word(path, id)?,
    };
    let at = path
        .get(part.clone())?
        .rfind(|letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit())?
        + part.start;
    let (before, rest) = path.split_at(at);
    let letter = *rest.as_bytes().first()?;
    Some(format!("{before}{percent}{letter:02X}{}", rest.get(1..)?))
}

/// The techniques that rewrite a request, each with how it does so.
static REWRITINGS: &[(Technique, Rewriting)] = &[
    (technique::EXTRA_ID_PARAMETER, extra_id_parameter::REWRITING),
    (technique::CROSS_TENANT, cross_tenant::REWRITING),
    (technique::X_FORWARDED_HOST, x_forwarded_host::REWRITING),
    (
        technique::IDENTITY_HEADER_SPOOFING,
        identity_header_spoofing::REWRITING,
    ),
    (technique::X_ORIGINAL_URL, x_original_url::REWRITING),
    (technique::X_FORWARDED_FOR, x_forwarded_for::REWRITING),
    (technique::METHOD_OVERRIDE, method_override::REWRITING),
    (technique::PATH_ENCODING, path_encoding::REWRITING),
    (technique::PATH_DOUBLE_ENCODING, path_double_encoding::REWRITING),
    (technique::PATH_DOUBLE_SLASH, path_double_slash::REWRITING),
    (technique::PATH_CASE, path_case::REWRITING),
    (technique::PATH_TRAILING_SLASH, path_trailing_slash::REWRITING),
    (technique::PATH_SUFFIX, path_suffix::REWRITING),
    (technique::WEB_CACHE_DECEPTION, web_cache_deception::REWRITING),
    (technique::PARAMETER_POLLUTION, parameter_pollution::REWRITING),
    (technique::CONDITIONAL_REQUEST, conditional_request::REWRITING),
    (technique::IF_RANGE, if_range::REWRITING),
    (technique::TRUNCATED_TOKEN, truncated_token::REWRITING),
    (technique::JWT_ALG_NONE, jwt_alg_none::REWRITING),
    (technique::JWT_SUBJECT_SWAP, jwt_subject_swap::REWRITING),
    (technique::RELOAD, reload::REWRITING),
    (technique::TWO_DEVICES, two_devices::REWRITING),
    (technique::RE_LOGIN, re_login::REWRITING),
    (technique::WILDCARD_STAR, wildcard_star::REWRITING),
    (technique::WILDCARD_PERCENT, wildcard_percent::REWRITING),
    (technique::EMPTY_FILTER, empty_filter::REWRITING),
    (technique::CURSOR_SWAP, cursor_swap::REWRITING),
    (technique::LIST_OWNER_PARAMETER, list_owner_parameter::REWRITING),
    (technique::MASS_ASSIGNMENT, mass_assignment::REWRITING),
    (
        technique::OBJECT_REFERENCE_IN_WRITE,
        object_reference_in_write::REWRITING,
    ),
];

impl Rewriting {
    /// How a technique rewrites a request; none for a plain one.
    #[must_use]
    pub fn of(technique: &Technique) -> Option<Self> {
        let found = REWRITINGS.iter().find(|(known, _)| known == technique);
        found.map(|(_, rewriting)| *rewriting)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_path_is_not_the_id() {
        let word = |path: &'static str, id| last_word(path, id).map(|word| &path[word]);
        assert_eq!(word("/v1/replays/abcd/media", "abcd"), Some("media"));
        assert_eq!(word("/v1/replays/abcd", "abcd"), Some("replays"));
        assert_eq!(word("/v1/replays/4711", "4711"), Some("replays"));
        assert_eq!(word("/v1/4711", "4711"), None);
        assert_eq!(word("/", "4711"), None);
    }

    #[test]
    fn the_word_for_a_recording_stands_before_its_id() {
        assert_eq!(
            word_before("/v1/replays/4711/media", "4711").as_deref(),
            Some("replay")
        );
        assert_eq!(word_before("/4711", "4711"), None);
        assert_eq!(word_before("/v1/replays/4711", "12"), None);
    }

    #[test]
    fn a_letter_is_encoded_once_or_twice() {
        let path = "/v1/replays/4711";
        assert_eq!(encoded(path, "4711", "%").as_deref(), Some("/v1/replays/471%31"));
        assert_eq!(
            encoded(path, "4711", "%25").as_deref(),
            Some("/v1/replays/471%2531")
        );
        assert_eq!(
            encoded("/v1/replays", "4711", "%").as_deref(),
            Some("/v1/replay%73")
        );
        assert_eq!(encoded("/", "4711", "%"), None);
    }
}
