//! Ways of wrapping bytes, for the tests.

use std::io::Write;

use base64::{Engine, engine::general_purpose};
use flate2::{Compression, write::*};
use proptest::prelude::*;

/// One layer.
#[derive(Debug, Clone)]
pub(super) enum Wrap {
    /// `\u0071` for the characters whose bit is set.
    Json(u64),
    Percent(u64),
    Html(u64),
    Base64 {
        url: bool,
        padded: bool,
        line: Option<usize>,
    },
    Hex {
        upper: bool,
    },
    Utf16 {
        big: bool,
    },
    Gzip,
    Zlib,
    Deflate,
    Brotli,
    Zstd,
    Zip,
}

impl Wrap {
    pub(super) fn any() -> impl Strategy<Value = Self> {
        prop_oneof![
            any::<u64>().prop_map(Self::Json),
            any::<u64>().prop_map(Self::Percent),
            any::<u64>().prop_map(Self::Html),
            (
                any::<bool>(),
                any::<bool>(),
                proptest::option::of(prop_oneof![Just(64usize), Just(76)])
            )
                .prop_map(|(url, padded, line)| Self::Base64 { url, padded, line }),
            any::<bool>().prop_map(|upper| Self::Hex { upper }),
            any::<bool>().prop_map(|big| Self::Utf16 { big }),
            Just(Self::Gzip),
            Just(Self::Zlib),
            Just(Self::Deflate),
            Just(Self::Brotli),
            Just(Self::Zstd),
            Just(Self::Zip),
        ]
    }

    /// Whether only text is wrapped like this.
    pub(super) fn wants_text(&self) -> bool {
        matches!(self, Self::Json(_) | Self::Html(_) | Self::Utf16 { .. })
    }

    /// Whether it has no mark of its own: then it is found only where something begins.
    pub(super) fn is_unmarked(&self) -> bool {
        matches!(self, Self::Zlib | Self::Deflate | Self::Brotli)
    }

    /// Whether what is inside begins something for whoever undoes this.
    pub(super) fn begins(&self) -> bool {
        !matches!(
            self,
            Self::Json(_) | Self::Percent(_) | Self::Html(_) | Self::Utf16 { .. }
        )
    }

    pub(super) fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Json(mask) => each(
                bytes,
                *mask,
                |c| format!("\\u{c:04x}"),
                |c| match c {
                    b'\\' => Some("\\\\".into()),
                    b'"' => Some("\\\"".into()),
                    b'\n' => Some("\\n".into()),
                    b'\r' => Some("\\r".into()),
                    _ => None,
                },
            ),
            Self::Percent(mask) => each(
                bytes,
                *mask,
                |c| format!("%{c:02X}"),
                |c| (!c.is_ascii_alphanumeric() && !b"-_.~".contains(&c)).then(|| format!("%{c:02X}")),
            ),
            Self::Html(mask) => {
                let hexadecimal = mask % 2 == 0;
                let entity = |c: u8| {
                    if hexadecimal {
                        format!("&#x{c:x};")
                    } else {
                        format!("&#{c};")
                    }
                };
                each(bytes, *mask, entity, |c| (c == b'&').then(|| "&amp;".into()))
            }
            Self::Base64 { url, padded, line } => {
                let engine = match (url, padded) {
                    (true, true) => general_purpose::URL_SAFE,
                    (true, false) => general_purpose::URL_SAFE_NO_PAD,
                    (false, true) => general_purpose::STANDARD,
                    (false, false) => general_purpose::STANDARD_NO_PAD,
                };
                let encoded = engine.encode(bytes).into_bytes();
                match line {
                    Some(line) => encoded.chunks(*line).collect::<Vec<_>>().join(&b"\r\n"[..]),
                    None => encoded,
                }
            }
            Self::Hex { upper: true } => hex::encode_upper(bytes).into_bytes(),
            Self::Hex { upper: false } => hex::encode(bytes).into_bytes(),
            Self::Utf16 { big } => bytes
                .iter()
                .flat_map(|&c| if *big { [0, c] } else { [c, 0] })
                .collect(),
            Self::Gzip => written(
                GzEncoder::new(Vec::new(), Compression::best()),
                bytes,
                GzEncoder::finish,
            ),
            Self::Zlib => written(
                ZlibEncoder::new(Vec::new(), Compression::fast()),
                bytes,
                ZlibEncoder::finish,
            ),
            Self::Deflate => written(
                DeflateEncoder::new(Vec::new(), Compression::best()),
                bytes,
                DeflateEncoder::finish,
            ),
            Self::Brotli => {
                let mut out = Vec::new();
                brotli::CompressorWriter::new(&mut out, 4096, 9, 20)
                    .write_all(bytes)
                    .unwrap();
                out
            }
            Self::Zstd => {
                ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
            }
            Self::Zip => {
                let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
                let options = zip::write::SimpleFileOptions::default()
                    .compression_method(zip::CompressionMethod::Deflated);
                zip.start_file("a.txt", options).unwrap();
                zip.write_all(bytes).unwrap();
                zip.finish().unwrap().into_inner()
            }
        }
    }
}

/// Escapes the bytes whose bit of `mask` is set (it is used again and again), and those that must be.
fn each(
    bytes: &[u8],
    mask: u64,
    escape: impl Fn(u8) -> String,
    must: impl Fn(u8) -> Option<String>,
) -> Vec<u8> {
    let mut out = Vec::new();
    for (at, &c) in bytes.iter().enumerate() {
        match must(c) {
            _ if mask >> (at % 64) & 1 == 1 => out.extend(escape(c).into_bytes()),
            Some(text) => out.extend(text.into_bytes()),
            None => out.push(c),
        }
    }
    out
}

fn written<W: Write>(
    mut encoder: W,
    bytes: &[u8],
    finish: impl Fn(W) -> std::io::Result<Vec<u8>>,
) -> Vec<u8> {
    encoder.write_all(bytes).unwrap();
    finish(encoder).unwrap()
}
