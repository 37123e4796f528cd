//! The text of a profile with every string in it and its place, so that a mistake can be shown where it stands, also in bodies,
//! whose strings have no place of their own.

use super::error::ProfileError;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Fields that hold an expression, not a template.
const EXPRESSIONS: [&str; 8] = [
    "when",
    "until",
    "expect",
    "denied",
    "no_session",
    "throttled",
    "is_on",
    "while",
];

/// One string of a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProfileString {
    /// What it says.
    pub(super) text: String,
    /// Where it stands, in bytes.
    pub(super) place: Range<usize>,
    /// The names of the tables it stands in, from the outside in; a key stands in the table that it belongs to.
    pub(super) path: Vec<String>,
}

impl ProfileString {
    /// Whether it stands where an expression stands.
    pub(super) fn is_expression(&self) -> bool {
        self.path
            .last()
            .is_some_and(|field| EXPRESSIONS.contains(&field.as_str()))
    }
}

/// A profile's text.
pub(super) struct ProfileSource<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    strings: Vec<ProfileString>,
}

impl<'a> ProfileSource<'a> {
    /// Reads all strings, keys included.
    #[cfg(test)]
    pub(super) fn read(name: &'a str, text: &'a str) -> Result<Self, ProfileError> {
        let table = DeTable::parse(text).map_err(|error| ProfileError::from_toml(name, text, &error))?;
        Ok(Self::of(name, text, table.get_ref()))
    }

    /// All strings of a table that was read already.
    pub(super) fn of(name: &'a str, text: &'a str, table: &DeTable<'_>) -> Self {
        let mut strings = Vec::new();
        collect(table, &[], &mut strings);
        Self { name, text, strings }
    }

    /// All strings.
    pub(super) fn strings(&self) -> &[ProfileString] {
        &self.strings
    }

    /// The place of a string that is known to stand near another one.
    pub(super) fn near(&self, text: &str, place: &Range<usize>) -> Range<usize> {
        self.strings
            .iter()
            .filter(|string| string.text == text)
            .min_by_key(|string| string.place.start.abs_diff(place.start))
            .map_or_else(|| place.clone(), |string| string.place.clone())
    }

    /// The place of a key, by the names of the tables it stands in and its own; of a table, where it is first mentioned.
    pub(super) fn key(&self, path: &[&str]) -> Range<usize> {
        let found = path.split_last().and_then(|(name, tables)| {
            self.strings
                .iter()
                .find(|string| string.text == *name && string.path.iter().eq(tables))
        });
        found.map_or(0..0, |string| string.place.clone())
    }

    /// A mistake at a place.
    pub(super) fn mistake(
        &self,
        place: Range<usize>,
        what: String,
        label: &str,
        hint: Option<String>,
    ) -> ProfileError {
        ProfileError::at(self, place, what, label, hint)
    }
}

fn collect(table: &DeTable<'_>, path: &[String], strings: &mut Vec<ProfileString>) {
    for (key, value) in table {
        strings.push(ProfileString {
            text: key.get_ref().to_string(),
            place: key.span(),
            path: path.to_vec(),
        });
        let mut inner = path.to_vec();
        inner.push(key.get_ref().to_string());
        collect_value(value.get_ref(), value.span(), &inner, strings);
    }
}

fn collect_value(
    value: &DeValue<'_>,
    place: Range<usize>,
    path: &[String],
    strings: &mut Vec<ProfileString>,
) {
    match value {
        DeValue::String(text) => strings.push(ProfileString {
            text: text.to_string(),
            place,
            path: path.to_vec(),
        }),
        DeValue::Array(items) => items
            .iter()
            .for_each(|item| collect_value(item.get_ref(), item.span(), path, strings)),
        DeValue::Table(table) => collect(table, path, strings),
        _ => {}
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn every_string_is_found_with_its_place() {
        let text = "[a]\nb = ['x', { c = \"y\" }]\nwhen = 'z'\n";
        let source = ProfileSource::read("p", text).unwrap();
        let found: Vec<(&str, &str)> = source
            .strings()
            .iter()
            .map(|string| (string.text.as_str(), &text[string.place.clone()]))
            .collect();
        assert_eq!(
            found,
            [
                ("a", "a"),
                ("b", "b"),
                ("x", "'x'"),
                ("c", "c"),
                ("y", "\"y\""),
                ("when", "when"),
                ("z", "'z'")
            ]
        );
        assert!(source.strings().last().unwrap().is_expression());
        assert_eq!(source.near("y", &(0..1)), 20..23);
        assert_eq!(source.key(&["a", "when"]), 27..31);
    }
}
