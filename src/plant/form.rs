//! Forms: the ways in which a canary was wrapped when it was seen, from the outside in.

use std::fmt;

use serde::{Serialize, Serializer};

/// One layer around a canary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// The token itself with capital letters.
    UpperCase,
    /// `\u0071`, `\/`.
    JsonEscape,
    /// `%71`.
    Percent,
    /// `&#x71;`, `&#113;`.
    HtmlEntity,
    /// base64 or base64url, with or without line breaks.
    Base64,
    /// Two hex digits a byte.
    Hex,
    /// UTF-16 of either byte order.
    Utf16,
    /// RFC 1952.
    Gzip,
    /// RFC 1950.
    Zlib,
    /// RFC 1951.
    Deflate,
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
    /// A member of a ZIP archive.
    Zip,
    /// A picture.
    Image,
    /// A QR code in a picture.
    QrCode,
    /// Sound.
    Audio,
    /// The tone code in sound.
    Tones,
    /// A piece of the media as they were stored.
    Piece,
}

impl Layer {
    /// What the layer is called in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UpperCase => "upper case",
            Self::JsonEscape => "json escape",
            Self::Percent => "percent",
            Self::HtmlEntity => "html entity",
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Utf16 => "utf-16",
            Self::Gzip => "gzip",
            Self::Zlib => "zlib",
            Self::Deflate => "deflate",
            Self::Brotli => "brotli",
            Self::Zstd => "zstd",
            Self::Zip => "zip",
            Self::Image => "image",
            Self::QrCode => "qr code",
            Self::Audio => "audio",
            Self::Tones => "tones",
            Self::Piece => "piece",
        }
    }
}

/// The layers around a canary, outermost first; none of them is `plain`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Form(Vec<Layer>);

impl Form {
    /// The form with these layers, outermost first.
    #[must_use]
    pub fn new(layers: impl Into<Vec<Layer>>) -> Self {
        Self(layers.into())
    }

    /// The layers, outermost first.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.0
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((first, rest)) = self.0.split_first() else {
            return f.write_str("plain");
        };
        f.write_str(first.as_str())?;
        rest.iter()
            .try_for_each(|layer| write!(f, " > {}", layer.as_str()))
    }
}

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_reads_from_the_outside_in() {
        assert_eq!(Form::default().to_string(), "plain");
        let form = Form::new([Layer::Gzip, Layer::JsonEscape, Layer::Base64]);
        assert_eq!(form.to_string(), "gzip > json escape > base64");
    }
}
