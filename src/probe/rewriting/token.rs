//! A JSON Web Token among what a request carries, and the same with another's name in it.

use super::Request;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value as Json};

/// A JSON Web Token (RFC 7519) and the header in which it stands. It is a secret, and does not print.
pub(in crate::probe) struct Token {
    place: HeaderName,
    whole: String,
    claims: Map<String, Json>,
}

impl Token {
    /// The first in any header.
    pub(super) fn find(headers: &HeaderMap) -> Option<Self> {
        headers.iter().find_map(|(place, value)| {
            let value = value.to_str().ok()?;
            let is_of_token = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
            value
                .split(|letter| !is_of_token(letter))
                .find_map(|whole| Self::read(place, whole))
        })
    }

    fn read(place: &HeaderName, whole: &str) -> Option<Self> {
        let [head, claims, _] = parts(whole)?;
        decoded(head)?.get("alg")?;
        Some(Self {
            place: place.clone(),
            whole: whole.to_owned(),
            claims: decoded(claims)?,
        })
    }

    /// The same with another's id wherever the asker's stands, or else as its subject.
    ///
    /// # Errors
    /// When nothing in it names anybody.
    pub(super) fn naming(mut self, me: Option<&str>, other: &str) -> Result<Self, &'static str> {
        let mut named = false;
        for (name, claim) in &mut self.claims {
            let is_mine = claim.as_str().is_some_and(|text| Some(text) == me);
            if is_mine || name == "sub" {
                *claim = Json::from(other);
                named = true;
            }
        }
        if named {
            Ok(self)
        } else {
            Err("its token names nobody")
        }
    }

    /// With the new claims, under the old signature.
    pub(super) fn with_another_name(&self) -> String {
        let [head, _, signature] = parts(&self.whole).unwrap_or_default();
        format!("{head}.{}.{signature}", self.encoded())
    }

    /// With the new claims, saying that it needs no signature.
    pub(super) fn unsigned(&self) -> String {
        let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        format!("{head}.{}.", self.encoded())
    }

    fn encoded(&self) -> String {
        URL_SAFE_NO_PAD.encode(Json::Object(self.claims.clone()).to_string())
    }

    /// Puts another token in its place.
    ///
    /// # Errors
    /// When it cannot stand in a header.
    pub(super) fn put(&self, request: &mut Request, other: &str) -> Result<(), &'static str> {
        let held = request
            .headers
            .get(&self.place)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut changed = HeaderValue::from_str(&held.replace(&self.whole, other))
            .map_err(|_| "the token cannot stand in a header")?;
        changed.set_sensitive(true);
        request.headers.insert(self.place.clone(), changed);
        Ok(())
    }
}

fn parts(token: &str) -> Option<[&str; 3]> {
    let parts: Vec<&str> = token.split('.').collect();
    parts.try_into().ok()
}

fn decoded(part: &str) -> Option<Map<String, Json>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn carrying(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", HeaderValue::from_str(value).unwrap());
        headers
    }

    fn token(claims: &str) -> String {
        let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256"}"#);
        format!("Bearer {head}.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
    }

    #[test]
    fn a_token_is_made_to_name_another() {
        let headers = carrying(&token(r#"{"user":"p-1","scope":"replays"}"#));
        let found = Token::find(&headers).unwrap().naming(Some("p-1"), "p-2").unwrap();
        let changed = found.with_another_name();
        let [_, claims, signature] = parts(&changed).unwrap();
        assert_eq!(decoded(claims).unwrap()["user"], "p-2");
        assert_eq!(decoded(claims).unwrap()["scope"], "replays");
        assert_eq!(signature, "c2ln");
        let unsigned = found.unsigned();
        let [head, claims, signature] = parts(&unsigned).unwrap();
        assert_eq!(decoded(head).unwrap()["alg"], "none");
        assert_eq!(decoded(claims).unwrap()["user"], "p-2");
        assert_eq!(signature, "");
    }

    #[test]
    fn what_is_no_token_or_names_nobody_is_left_alone() {
        assert!(Token::find(&carrying("Bearer 0123456789abcdef")).is_none());
        assert!(Token::find(&carrying("Bearer a.b.c")).is_none());
        let nameless = Token::find(&carrying(&token(r#"{"scope":"replays"}"#))).unwrap();
        assert!(nameless.naming(Some("p-1"), "p-2").is_err());
    }
}
