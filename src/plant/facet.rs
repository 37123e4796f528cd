//! Facets: the parts of a recording that can leave the stack, each with a canary of its own.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One part of a recording that can leave the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Facet {
    /// The recording's identifier.
    Id,
    /// What the recording is called.
    Title,
    /// Notes and whatever else describes it.
    Metadata,
    /// The media itself, whole.
    Media,
    /// A byte range of the media, or its introduction.
    Excerpt,
    /// The picture that stands for it.
    Thumbnail,
    /// What was said, in words.
    Transcript,
    /// The name under which it is saved.
    FileName,
}

impl Facet {
    /// Every facet.
    pub const ALL: [Self; 8] = [
        Self::Id,
        Self::Title,
        Self::Metadata,
        Self::Media,
        Self::Excerpt,
        Self::Thumbnail,
        Self::Transcript,
        Self::FileName,
    ];

    /// The facet's name as the ledger writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Title => "title",
            Self::Metadata => "metadata",
            Self::Media => "media",
            Self::Excerpt => "excerpt",
            Self::Thumbnail => "thumbnail",
            Self::Transcript => "transcript",
            Self::FileName => "file-name",
        }
    }
}

impl fmt::Display for Facet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_and_the_screen_say_the_same() {
        for facet in Facet::ALL {
            assert_eq!(serde_json::json!(facet), serde_json::json!(facet.to_string()));
        }
    }
}
