//! Containers: compressed data, archives, pictures and sound, opened where their first bytes were met.

use std::{io::Read, ops::Range};

use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};

use super::{Hint, marks::FormatMark, pass, pass::ScanPass, pictures, sounds};
use crate::plant::form::Layer;

/// What is tried first of a form without any mark.
const TASTE: usize = 64 * 1024;
/// Something in the middle of a body that goes wrong after this much was what it looked like.
const CONVINCING: usize = 4 * 1024;

/// What came out of compressed data.
struct UnpackedData {
    bytes: Vec<u8>,
    consumed: usize,
    end: End,
}

enum End {
    Whole,
    Limit,
    Corrupt(String),
}

/// Undoes the content encodings that were announced, and looks at what comes out; `false` when there are none, or
/// when one of them was announced wrongly: then the bytes themselves have to be looked at.
pub(super) fn undo_encodings(hunt: &mut ScanPass<'_>, bytes: &[u8], hint: Hint<'_>) -> bool {
    let codings = hint
        .content_encoding
        .unwrap_or_default()
        .rsplit(',')
        .map(str::trim);
    let mut layers = Vec::new();
    for coding in codings.filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity")) {
        match coding.to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => layers.push(Layer::Gzip),
            "deflate" => layers.push(Layer::Zlib),
            "br" => layers.push(Layer::Brotli),
            "zstd" => layers.push(Layer::Zstd),
            other => {
                hunt.corrupt(format!(
                    "content encoding `{}` is unknown",
                    other.escape_default()
                ));
                return false;
            }
        }
    }
    let inner = Hint {
        content_encoding: None,
        ..hint
    };
    !layers.is_empty() && !bytes.is_empty() && undo(hunt, &layers, bytes, inner)
}

fn undo(hunt: &mut ScanPass<'_>, layers: &[Layer], bytes: &[u8], hint: Hint<'_>) -> bool {
    let Some((&layer, rest)) = layers.split_first() else {
        hunt.unwrapped(&[], 0, bytes, hint);
        return true;
    };
    // Half of the world means the zlib format when it says deflate, the other half raw deflate.
    let layer = if layer == Layer::Zlib && !is_zlib(bytes) {
        Layer::Deflate
    } else {
        layer
    };
    let most = hunt.budget.may_unpack(&hunt.scanner.limits, bytes.len());
    let mut sound = true;
    hunt.within(&[layer], 0, |hunt| {
        let Some(unpacked) = hunt.guarded(|| unpack(layer, bytes, most)) else {
            sound = false;
            return;
        };
        hunt.budget.unpacked = hunt.budget.unpacked.saturating_sub(unpacked.bytes.len());
        // What has a mark is what it says, and was only cut short; of the others any bytes begin well.
        let marked = !matches!(layer, Layer::Brotli | Layer::Deflate) && !unpacked.bytes.is_empty();
        sound = marked || !matches!(unpacked.end, End::Corrupt(_));
        note(hunt, unpacked.end, true, most);
        sound &= undo(hunt, rest, &unpacked.bytes, hint);
    });
    sound
}

/// What was met in some bytes.
pub(super) struct ContainerContent {
    /// Marks of containers, in order.
    pub(super) marks: Vec<(FormatMark, usize)>,
    /// Where canaries of media themselves stand: what carries one needs no decoding.
    pub(super) media: Vec<usize>,
    /// Whether something that begins where the bytes begin is what it looks like. It is not where escapes were
    /// undone (in the middle of a sound file they are no escapes), nor where the bytes are known to be cut out of a file.
    pub(super) certain: bool,
}

/// Opens the containers whose marks were met, in order, skipping marks inside what was opened.
pub(super) fn open_all(
    hunt: &mut ScanPass<'_>,
    bytes: &[u8],
    found: &ContainerContent,
    hint: Hint<'_>,
    fresh: impl Fn(Range<usize>) -> bool,
) {
    let (marks, media, certain) = (&found.marks, &found.media, found.certain);
    // where escapes were undone that may have been none, nothing that breaks off is what it looked like
    let begins = |at: usize| certain.then_some(at == 0);
    let mut next = 0;
    for (index, &(mark, at)) in marks.iter().enumerate() {
        if at < next || !fresh(at..bytes.len()) {
            continue;
        }
        if !hunt.take_member() {
            return;
        }
        let rest = &bytes[at..];
        let consumed = match mark {
            FormatMark::Gzip if rest.get(3).is_some_and(|flags| flags & 0xe0 == 0) => {
                open(hunt, Layer::Gzip, at, rest, begins(at))
            }
            FormatMark::Zstd => open(hunt, Layer::Zstd, at, rest, begins(at)),
            FormatMark::Zip => open_zip_member(hunt, at, rest, begins(at)),
            FormatMark::Png | FormatMark::Jpeg => pictures::open(hunt, mark, at, rest, found),
            FormatMark::Gif if matches!(rest.get(4..6), Some(b"7a" | b"9a")) => {
                pictures::open(hunt, mark, at, rest, found)
            }
            FormatMark::Riff if rest.get(8..12) == Some(b"WEBP") => {
                pictures::open(hunt, mark, at, rest, found)
            }
            FormatMark::Riff
            | FormatMark::Ogg
            | FormatMark::Matroska
            | FormatMark::Mp4
            | FormatMark::Id3
            | FormatMark::Au => {
                let at = if mark == FormatMark::Mp4 {
                    at.saturating_sub(4)
                } else {
                    at
                };
                let later = marks[index + 1..]
                    .iter()
                    .find(|(mark, _)| is_sound(*mark))
                    .map(|&(_, at)| at);
                let end = later.unwrap_or(bytes.len());
                let heard = media.iter().any(|place| (at..end).contains(place));
                if heard {
                    0
                } else {
                    sounds::open(hunt, mark, at, &bytes[at..], at == 0 && certain)
                }
            }
            _ => 0,
        };
        next = at + consumed;
    }
    let kind = hint
        .content_type
        .unwrap_or_default()
        .trim_start()
        .to_ascii_lowercase();
    // A mark further on may stand there by chance.
    let begun = marks
        .iter()
        .any(|&(mark, at)| at == 0 || mark == FormatMark::Mp4 && at == 4);
    if certain && !begun && media.is_empty() && !bytes.is_empty() {
        if kind.starts_with("audio/") || kind.starts_with("video/") {
            sounds::open_unmarked(hunt, bytes, &kind);
        } else if kind.starts_with("image/") && !kind.contains("svg") {
            hunt.within(&[Layer::Image], 0, |hunt| hunt.corrupt("no picture begins in it"));
        } else if bytes.starts_with(b"\xff")
            && bytes.get(1).is_some_and(|c| c & 0xe0 == 0xe0)
            && pass::is_binary(bytes)
        {
            sounds::taste(hunt, bytes);
        }
    }
}

fn is_sound(mark: FormatMark) -> bool {
    matches!(
        mark,
        FormatMark::Riff
            | FormatMark::Ogg
            | FormatMark::Matroska
            | FormatMark::Mp4
            | FormatMark::Id3
            | FormatMark::Au
    )
}

/// Opens compressed data at `at`; how many bytes of it there were. With a mark, and whether the mark stands where the bytes
/// begin; without one, that it cannot be read to its end says that it is something else.
fn open(hunt: &mut ScanPass<'_>, layer: Layer, at: usize, packed: &[u8], mark: Option<bool>) -> usize {
    let most = hunt.budget.may_unpack(&hunt.scanner.limits, packed.len());
    let Some(unpacked) = hunt.guarded(|| unpack(layer, packed, most)) else {
        return 0;
    };
    hunt.budget.unpacked = hunt.budget.unpacked.saturating_sub(unpacked.bytes.len());
    let certain = is_certain(mark, &unpacked);
    hunt.within(&[layer], at, |hunt| note(hunt, unpacked.end, certain, most));
    hunt.unwrapped(&[layer], at, &unpacked.bytes, Hint::default());
    unpacked.consumed
}

/// Whether what was unpacked is what its mark said, so that breaking off means that something is missing.
fn is_certain(mark: Option<bool>, unpacked: &UnpackedData) -> bool {
    mark.is_some_and(|begins| begins || unpacked.bytes.len() >= CONVINCING)
}

fn note(hunt: &mut ScanPass<'_>, end: End, certain: bool, most: usize) {
    match end {
        End::Whole => {}
        End::Limit => hunt.limit(format!("{most} bytes out of compressed data")),
        End::Corrupt(reason) if certain => hunt.corrupt(reason),
        // A chance likeness in the middle of other bytes.
        End::Corrupt(_) => {}
    }
}

/// Opens one member of an archive by its local header, which needs no directory and survives truncation. A member
/// that is stored as it is has been looked at in place.
fn open_zip_member(hunt: &mut ScanPass<'_>, at: usize, header: &[u8], mark: Option<bool>) -> usize {
    const HEADER: usize = 30;
    let short = |place: usize| {
        header
            .get(place..place + 2)
            .map(|two| u16::from_le_bytes([two[0], two[1]]))
    };
    let (Some(flags), Some(method), Some(name), Some(extra)) = (short(6), short(8), short(26), short(28))
    else {
        return 0;
    };
    let data = HEADER + usize::from(name) + usize::from(extra);
    let Some(packed) = header.get(data..) else {
        return 0;
    };
    match (flags & 1, method) {
        (0, 0) => data,
        (0, 8) => {
            let mut consumed = 0;
            hunt.within(&[Layer::Zip], at, |hunt| {
                let most = hunt.budget.may_unpack(&hunt.scanner.limits, packed.len());
                let Some(unpacked) = hunt.guarded(|| unpack(Layer::Deflate, packed, most)) else {
                    return;
                };
                hunt.budget.unpacked = hunt.budget.unpacked.saturating_sub(unpacked.bytes.len());
                let certain = is_certain(mark, &unpacked);
                note(hunt, unpacked.end, certain, most);
                hunt.unwrapped(&[], at, &unpacked.bytes, Hint::default());
                consumed = data + unpacked.consumed;
            });
            consumed
        }
        (encrypted, method) if mark == Some(true) => {
            let what = if encrypted == 1 {
                "encrypted".to_owned()
            } else {
                format!("packed by method {method}")
            };
            hunt.within(&[Layer::Zip], at, |hunt| {
                hunt.corrupt(format!("a member is {what}"))
            });
            0
        }
        _ => 0,
    }
}

/// Tries the forms that have no mark, where bytes that are no text begin.
pub(super) fn guess(hunt: &mut ScanPass<'_>, bytes: &[u8]) {
    if !pass::is_binary(bytes) {
        return;
    }
    if is_zlib(bytes) {
        open_guess(hunt, Layer::Zlib, bytes);
    }
    for layer in [Layer::Brotli, Layer::Deflate] {
        if let Some(left) = hunt.budget.guesses.checked_sub(1) {
            hunt.budget.guesses = left;
            open_guess(hunt, layer, bytes);
        }
    }
}

fn open_guess(hunt: &mut ScanPass<'_>, layer: Layer, bytes: &[u8]) {
    let Some(taste) = hunt.guarded(|| unpack(layer, bytes, TASTE)) else {
        return;
    };
    match taste.end {
        // Without a mark, chance decodes a lot of a few random bytes, and comes to its end sooner or later: what came out
        // is looked at, and no more is concluded.
        End::Limit => {
            open(hunt, layer, 0, bytes, (layer == Layer::Zlib).then_some(true));
        }
        End::Whole => hunt.guessed(layer, &taste.bytes, true),
        End::Corrupt(_) => hunt.guessed(layer, &taste.bytes, false),
    }
}

fn is_zlib(bytes: &[u8]) -> bool {
    let &[method, flags, ..] = bytes else { return false };
    method & 15 == 8 && method >> 4 <= 7 && flags & 0x20 == 0 && u16::from_be_bytes([method, flags]) % 31 == 0
}

fn unpack(layer: Layer, packed: &[u8], most: usize) -> UnpackedData {
    match layer {
        Layer::Gzip => {
            let mut decoder = GzDecoder::new(packed);
            let (bytes, end) = drain(&mut decoder, most);
            UnpackedData {
                bytes,
                end,
                consumed: packed.len() - decoder.get_ref().len(),
            }
        }
        Layer::Zlib => {
            let mut decoder = ZlibDecoder::new(packed);
            let (bytes, end) = drain(&mut decoder, most);
            UnpackedData {
                bytes,
                end,
                consumed: packed.len() - decoder.get_ref().len(),
            }
        }
        Layer::Deflate => {
            let mut decoder = DeflateDecoder::new(packed);
            let (bytes, end) = drain(&mut decoder, most);
            UnpackedData {
                bytes,
                end,
                consumed: packed.len() - decoder.get_ref().len(),
            }
        }
        Layer::Brotli => {
            let (bytes, end) = drain(&mut brotli_decompressor::Decompressor::new(packed, 4096), most);
            UnpackedData {
                bytes,
                end,
                consumed: 0,
            }
        }
        _ => {
            let mut rest = packed;
            let (bytes, end) = match ruzstd::decoding::StreamingDecoder::new(&mut rest) {
                Ok(mut decoder) => drain(&mut decoder, most),
                Err(error) => (Vec::new(), End::Corrupt(error.to_string())),
            };
            UnpackedData {
                bytes,
                end,
                consumed: packed.len() - rest.len(),
            }
        }
    }
}

/// Reads up to `most` bytes; what came before an error is kept.
fn drain(reader: &mut impl Read, most: usize) -> (Vec<u8>, End) {
    let mut bytes = Vec::new();
    let end = match reader.by_ref().take(most as u64 + 1).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() > most => {
            bytes.truncate(most);
            End::Limit
        }
        Ok(_) => End::Whole,
        Err(error) => End::Corrupt(error.to_string()),
    };
    (bytes, end)
}
