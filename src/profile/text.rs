//! A string of a profile that knows where it stands, so that a mistake in it can be shown there.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;
use std::ops::{Deref, Range};
use toml::Spanned;

/// A string with its place in the file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(Spanned<String>);

impl Text {
    /// A string that stands in no file.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Spanned::new(0..0, text.into()))
    }

    /// The same place with other words.
    #[must_use]
    pub fn at(place: Range<usize>, text: impl Into<String>) -> Self {
        Self(Spanned::new(place, text.into()))
    }

    /// Where it stands, in bytes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.0.span()
    }

    /// The string.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get_ref()
    }
}

impl Default for Text {
    fn default() -> Self {
        Self::new("")
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Spanned::deserialize(deserializer).map(Self)
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}
