//! Named values that templates are filled in with.

use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;

/// Named values that templates are filled in with. They hold passwords and tokens, so they never print.
#[derive(Clone, Default, PartialEq)]
pub struct Vars(pub(super) BTreeMap<String, Json>);

impl fmt::Debug for Vars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Vars {
    /// These values.
    #[must_use]
    pub fn of(values: &BTreeMap<String, Json>) -> Self {
        Self(values.clone())
    }

    /// Sets one value.
    pub fn set(&mut self, name: &str, value: impl Into<Json>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The same with one value more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.set(name, value);
        self
    }

    /// One value.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.0.get(name)
    }

    /// One value that is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Json::as_str)
    }

    /// Takes over all values of `other`.
    pub fn extend(&mut self, other: &Self) {
        self.0
            .extend(other.0.iter().map(|(name, value)| (name.clone(), value.clone())));
    }

    /// A text with every string that stands under these names made unreadable. Short ones are left: they occur by chance.
    #[must_use]
    pub fn masked(&self, text: &str, names: &[&str]) -> String {
        let mut strings = Vec::new();
        for name in names {
            if let Some(value) = self.0.get(*name) {
                leaves(value, &mut strings);
            }
        }
        strings.retain(|string| string.len() >= 6);
        strings.sort_by_key(|string| std::cmp::Reverse(string.len()));
        strings
            .into_iter()
            .fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }

    /// All of them as one value, to stand under a name (`me`).
    #[must_use]
    pub fn as_value(&self) -> Json {
        Json::Object(self.0.clone().into_iter().collect())
    }
}

fn leaves<'a>(value: &'a Json, strings: &mut Vec<&'a str>) {
    match value {
        Json::String(text) => strings.push(text),
        Json::Array(items) => items.iter().for_each(|item| leaves(item, strings)),
        Json::Object(fields) => fields.values().for_each(|field| leaves(field, strings)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_others_wrote_is_shown_without_secrets() {
        let vars = Vars::default()
            .with("me", json!({"token": "s3cret-token", "n": 1, "short": "abc"}))
            .with("modality", "audio/video");
        let text = "abc: s3cret-token was refused for audio/video";
        assert_eq!(
            vars.masked(text, &["me", "none"]),
            "abc: *** was refused for audio/video"
        );
    }

    #[test]
    fn values_do_not_print() {
        let vars = Vars::default().with("me", "s3cret").with("wanted", true);
        assert_eq!(format!("{vars:?}"), r#"{"me", "wanted"}"#);
    }
}
