//! Marks: the constant set of byte strings that one pass looks for, and reading a canary where its anchor stands.

use std::ops::Range;

use aho_corasick::{AhoCorasick, packed};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use super::alphabet::{base64_value, decode_base64, hex_byte};
use crate::plant::{
    form::Layer,
    token::{ANCHOR, TOKEN_CHARS, TokenBits},
};

/// What a mark is the beginning of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FormatMark {
    /// The anchor but for its first character, which may be in either case (titles are capitalised).
    Plain,
    Hex,
    Utf16,
    /// The anchor in base64; the byte after its first character stands at this place of a group of three.
    Base64(usize),
    /// `\u00`.
    Escape,
    Gzip,
    Zstd,
    Zip,
    Png,
    Jpeg,
    /// `GIF8`.
    Gif,
    Riff,
    Ogg,
    Matroska,
    /// Four bytes after the beginning of an MP4 file.
    Mp4,
    Id3,
    /// `.snd`.
    Au,
}

/// A canary that was read where its anchor stands.
pub(super) struct Reading {
    pub(super) bits: TokenBits,
    pub(super) layers: Vec<Layer>,
    pub(super) range: Range<usize>,
}

/// The searcher for all marks.
pub(super) struct FormatMarks {
    marks: Vec<FormatMark>,
    searcher: Searcher,
}

enum Searcher {
    /// Vector instructions.
    Packed(packed::Searcher),
    /// The same, where the processor has none that fit.
    Plain(AhoCorasick),
    /// Cannot be reached: a set of 25 short patterns always builds.
    Nothing,
}

impl FormatMarks {
    pub(super) fn new() -> Self {
        let (marks, patterns): (Vec<FormatMark>, Vec<Vec<u8>>) = patterns().into_iter().unzip();
        let searcher = match packed::Config::new().builder().extend(&patterns).build() {
            Some(searcher) => Searcher::Packed(searcher),
            None => AhoCorasick::new(&patterns).map_or(Searcher::Nothing, Searcher::Plain),
        };
        Self { marks, searcher }
    }

    /// Calls `seen` with each mark and where it begins.
    pub(super) fn find(&self, bytes: &[u8], mut seen: impl FnMut(FormatMark, usize)) {
        match &self.searcher {
            Searcher::Packed(searcher) => {
                searcher
                    .find_iter(bytes)
                    .for_each(|hit| seen(self.marks[hit.pattern().as_usize()], hit.start()));
            }
            Searcher::Plain(searcher) => {
                searcher
                    .find_iter(bytes)
                    .for_each(|hit| seen(self.marks[hit.pattern().as_usize()], hit.start()));
            }
            Searcher::Nothing => {}
        }
    }
}

fn patterns() -> Vec<(FormatMark, Vec<u8>)> {
    let mut patterns = Vec::new();
    for tail in [ANCHOR[1..].to_vec(), ANCHOR[1..].to_ascii_uppercase()] {
        // The anchor's characters have no hex digit above 9, so that one pattern serves both cases of the digits.
        patterns.push((FormatMark::Hex, hex::encode(&tail).into_bytes()));
        let mut wide: Vec<u8> = tail.iter().flat_map(|&c| [c, 0]).collect();
        wide.pop();
        patterns.push((FormatMark::Utf16, wide));
        for place in 0..3 {
            let encoded = STANDARD_NO_PAD
                .encode([&vec![0; place][..], &tail].concat())
                .into_bytes();
            // Only the characters that depend on the anchor alone.
            let (first, end) = ((8 * place).div_ceil(6), 8 * (place + tail.len()) / 6);
            patterns.push((FormatMark::Base64(place), encoded[first..end].to_vec()));
        }
        patterns.push((FormatMark::Plain, tail));
    }
    let containers: [(FormatMark, &[u8]); 13] = [
        (FormatMark::Escape, b"\\u00"),
        (FormatMark::Gzip, b"\x1f\x8b\x08"),
        (FormatMark::Zstd, b"\x28\xb5\x2f\xfd"),
        (FormatMark::Zip, b"PK\x03\x04"),
        (FormatMark::Png, b"\x89PNG\r\n\x1a\n"),
        (FormatMark::Jpeg, b"\xff\xd8\xff"),
        (FormatMark::Gif, b"GIF8"),
        (FormatMark::Riff, b"RIFF"),
        (FormatMark::Ogg, b"OggS\x00\x02"),
        (FormatMark::Matroska, b"\x1a\x45\xdf\xa3"),
        (FormatMark::Mp4, b"ftyp"),
        (FormatMark::Id3, b"ID3"),
        (FormatMark::Au, b".snd"),
    ];
    patterns.extend(containers.map(|(mark, pattern)| (mark, pattern.to_vec())));
    patterns
}

/// Reads the canary whose anchor was met as `mark` at `at`; `None` if it is not a whole one.
pub(super) fn read(bytes: &[u8], mark: FormatMark, at: usize) -> Option<Reading> {
    let (range, token, layer) = match mark {
        FormatMark::Plain => {
            let start = at.checked_sub(1)?;
            let range = start..start + TOKEN_CHARS;
            (range.clone(), bytes.get(range)?.to_vec(), None)
        }
        FormatMark::Hex => {
            let start = at.checked_sub(2)?;
            let range = start..start + 2 * TOKEN_CHARS;
            let (pairs, _) = bytes.get(range.clone())?.as_chunks::<2>();
            let token = pairs.iter().map(|pair| hex_byte(pair)).collect::<Option<_>>()?;
            (range, token, Some(Layer::Hex))
        }
        FormatMark::Utf16 => {
            let start = at.checked_sub(2)?;
            let range = start..start + 2 * TOKEN_CHARS - 1;
            let wide = bytes.get(range.clone())?;
            if wide.iter().skip(1).step_by(2).any(|&high| high != 0) {
                return None;
            }
            (
                range,
                wide.iter().step_by(2).copied().collect(),
                Some(Layer::Utf16),
            )
        }
        FormatMark::Base64(place) => {
            let group = at.checked_sub((8 * place).div_ceil(6))?;
            // The anchor's first character ends the group before when the second begins one.
            let (start, skipped) = if place == 0 {
                (group.checked_sub(4)?, 2)
            } else {
                (group, place - 1)
            };
            let characters = (8 * (skipped + TOKEN_CHARS)).div_ceil(6);
            let range = start..start + characters;
            let encoded = bytes.get(range.clone())?;
            if encoded.iter().any(|&c| base64_value(c) == 255) {
                return None;
            }
            let mut decoded = Vec::new();
            decode_base64(encoded, &mut decoded);
            (
                range,
                decoded.get(skipped..skipped + TOKEN_CHARS)?.to_vec(),
                Some(Layer::Base64),
            )
        }
        _ => return None,
    };
    let bits = TokenBits::read(&token)?;
    let capitals = token
        .iter()
        .any(u8::is_ascii_uppercase)
        .then_some(Layer::UpperCase);
    Some(Reading {
        bits,
        layers: layer.into_iter().chain(capitals).collect(),
        range,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_of_base64_spell_the_anchor_alike() {
        for (mark, pattern) in patterns() {
            assert!(pattern.len() >= 3, "{mark:?}");
            if let FormatMark::Base64(_) = mark {
                assert!(
                    pattern.len() >= 8 && pattern.iter().all(u8::is_ascii_alphanumeric),
                    "{mark:?}"
                );
            }
            if mark == FormatMark::Hex {
                assert!(pattern.iter().all(u8::is_ascii_digit));
            }
        }
    }

    #[test]
    fn the_vector_search_is_there_on_common_processors() {
        if cfg!(any(target_arch = "x86_64", target_arch = "aarch64")) {
            assert!(matches!(FormatMarks::new().searcher, Searcher::Packed(_)));
        }
    }
}
