//! What a visitor with wrong credentials carries: of the right form, and worth nothing.

use super::error::CastError;
use super::persona::Persona;
use crate::http::{Credentials, StackClient};
use crate::profile::{CredentialTemplates, Text, Vars};
use rand::RngExt;
use serde_json::Value as Json;

/// So often another value is tried: of a single digit, one in nine is the old one.
const TRIES: u32 = 64;

impl Persona {
    /// What somebody carries who has the form of this person's credentials and not their values: what the profile says (`wrong`), or
    /// else their own with everything that is known of them scrambled.
    ///
    /// # Errors
    /// When a template names something that they do not have, or when nothing can be made wrong.
    pub fn wrong_keys(&self, site: &StackClient) -> Result<Credentials, CastError> {
        let role = site.role(&self.role)?;
        let own = self.credentials(site, None)?.frozen();
        if let Some(wrong) = &role.wrong {
            return Ok(site.credentials(wrong, &self.me())?);
        }
        let mut me = Vars::default();
        if let Json::Object(fields) = scrambled_value(&self.me().as_value()) {
            for (name, value) in fields {
                me.set(&name, value);
            }
        }
        let jar = self.jar(site, None)?.map(|jar| jar.mapped(scrambled));
        let keys = site.credentials_with(&role.credentials, &me, jar.as_ref())?;
        if keys != own {
            return Ok(keys);
        }
        // nothing in it is the person's: then what comes out is made wrong, such as a shared secret in a header
        let keys = self.filled_and_scrambled(site, &role.credentials)?;
        if keys == own {
            return Err(CastError::NothingWrong {
                role: self.role.clone(),
            });
        }
        Ok(keys)
    }

    fn filled_and_scrambled(
        &self,
        site: &StackClient,
        credentials: &CredentialTemplates,
    ) -> Result<Credentials, CastError> {
        let vars = self.vars(site);
        let wrong = |template: &Text| -> Result<Text, CastError> {
            let filled = site
                .templates
                .fill(template, &vars)
                .map_err(crate::http::StackClientError::from)?;
            // the scheme (`Bearer`) is no secret
            let wrong = match filled.split_once(' ') {
                Some((scheme, secret)) => format!("{scheme} {}", scrambled(secret)),
                None => scrambled(&filled),
            };
            // no template: what was filled in may look like one
            Ok(Text::new(format!("{{% raw %}}{wrong}{{% endraw %}}")))
        };
        let mut scrambled = credentials.clone();
        let places = [&mut scrambled.header, &mut scrambled.cookie, &mut scrambled.query];
        for value in places.into_iter().flat_map(|place| place.values_mut()) {
            *value = wrong(value)?;
        }
        Ok(site.credentials(&scrambled, &Vars::default())?)
    }
}

fn scrambled_value(value: &Json) -> Json {
    match value {
        Json::String(text) => Json::from(scrambled(text)),
        Json::Number(number) => {
            // a number without its first digit changed stays one of as many digits
            let text = scrambled(&number.to_string());
            serde_json::from_str(&text).unwrap_or_else(|_| Json::from(text))
        }
        Json::Array(items) => Json::Array(items.iter().map(scrambled_value).collect()),
        Json::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(name, value)| (name.clone(), scrambled_value(value)));
            Json::Object(fields.collect())
        }
        other => other.clone(),
    }
}

/// Another text of the same length, with a digit for every digit, a letter for every letter, and everything else as it is: hex stays
/// hex. Never the same, where there is anything to change.
fn scrambled(text: &str) -> String {
    let is_hex = text.len() >= 8
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let mut random = rand::rng();
    let mut pick = |from: &[u8]| char::from(from[random.random_range(0..from.len())]);
    for _ in 0..TRIES {
        let other: String = text
            .chars()
            .map(|letter| match letter {
                '0'..='9' => pick(b"123456789"),
                'a'..='f' if is_hex => pick(b"abcdef"),
                'A'..='F' if is_hex => pick(b"ABCDEF"),
                'a'..='z' => pick(b"abcdefghijklmnopqrstuvwxyz"),
                'A'..='Z' => pick(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                other => other,
            })
            .collect();
        if other != text {
            return other;
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_scrambled_has_the_same_form_and_another_value() {
        let class = |letter: char| match letter {
            '0'..='9' => '0',
            'a'..='z' => 'a',
            'A'..='Z' => 'A',
            other => other,
        };
        for text in [
            "7",
            "eyJhbGciOi.J9-x_y/+=",
            "0f3e9a1b-22cd-4e5f-8a9b-0c1d2e3f4a5b",
            "ada.lovelace@example.test",
            "DEADBEEF01",
        ] {
            for _ in 0..200 {
                let other = scrambled(text);
                assert_ne!(other, text);
                assert!(
                    other.chars().map(class).eq(text.chars().map(class)),
                    "{text} {other}"
                );
                if text.contains("9a1b") {
                    assert!(
                        other.chars().all(|c| c == '-' || c.is_ascii_hexdigit()),
                        "{other}"
                    );
                }
            }
        }
        assert_eq!(scrambled("ü-."), "ü-.", "there is nothing to change");
    }

    #[test]
    fn values_of_every_kind_are_scrambled() {
        let value = json!({"id": 4711, "list": ["abcdefgh"], "on": true});
        let other = scrambled_value(&value);
        assert!(other["id"].is_u64() && other["id"] != value["id"], "{other}");
        assert!(other["list"][0] != value["list"][0] && other["on"] == true);
    }
}
