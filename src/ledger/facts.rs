//! The small closed vocabularies that entries are written in, with the words of the design.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One part of a recording that can leave the stack; each has a canary of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Facet {
    /// The stack's own identifier of the recording.
    Id,
    /// The title shown in a list.
    Title,
    /// Notes and other descriptive fields.
    Metadata,
    /// The sound or picture itself.
    Media,
    /// A byte range of the media: the "introduction".
    Excerpt,
    /// The still picture.
    Thumbnail,
    /// The spoken words as text.
    Transcript,
    /// The name under which the media is saved.
    FileName,
}

/// What was said about one target of a probe, an assertion, a scenario or a run. The worst wins, so the order matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Judged, with a twin that got the content, and nothing came out.
    Held,
    /// Could not be judged.
    Inconclusive,
    /// Somebody got what belongs to somebody else.
    Leaked,
}

/// How much a leak gave away, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// That the recording exists.
    Existence,
    /// That it is theirs: it stood in a list.
    Listed,
    /// Title, notes, file name.
    Metadata,
    /// A part of the content: a byte range, a thumbnail.
    Excerpt,
    /// The whole content.
    Full,
}

/// How a bystander behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Temperament {
    /// Uses the app as intended.
    Ordinary,
    /// Puts somebody else's id where their own belongs.
    Curious,
    /// Forges, tampers, races.
    Hostile,
}

/// By what a consultation is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Modality {
    /// Written messages.
    Text,
    /// Sound only.
    Audio,
    /// Sound and picture.
    Video,
}

macro_rules! words {
    ($kind:ident { $($variant:ident => $word:literal),+ $(,)? }) => {
        impl $kind {
            /// The word of the vocabulary, as it stands in the ledger and in reports.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

words!(Facet {
    Id => "id", Title => "title", Metadata => "metadata", Media => "media", Excerpt => "excerpt",
    Thumbnail => "thumbnail", Transcript => "transcript", FileName => "file-name",
});
words!(Verdict { Held => "held", Inconclusive => "inconclusive", Leaked => "leaked" });
words!(Extent {
    Existence => "existence", Listed => "listed", Metadata => "metadata", Excerpt => "excerpt", Full => "full",
});
words!(Temperament { Ordinary => "ordinary", Curious => "curious", Hostile => "hostile" });
words!(Modality { Text => "text", Audio => "audio", Video => "video" });

impl Extent {
    /// Reads a word of the vocabulary.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [
            Self::Existence,
            Self::Listed,
            Self::Metadata,
            Self::Excerpt,
            Self::Full,
        ]
        .into_iter()
        .find(|extent| extent.word() == word)
    }
}

impl Modality {
    /// Reads a word of the vocabulary.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Text, Self::Audio, Self::Video]
            .into_iter()
            .find(|modality| modality.word() == word)
    }
}
