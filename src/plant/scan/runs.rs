//! Long runs of base64 and hex, decoded.

use std::ops::Range;

use super::alphabet::{self, is_base64, is_hex};

/// Shorter runs cannot hold a wrapped canary (a plain one of 34 characters makes 46).
const LEAST_BASE64: usize = 45;
/// The same for hex.
const LEAST_HEX: usize = 64;
/// Up to this length a run is decoded from each of the places at which its groups may begin.
const SHORT: usize = 4_096;

/// A run of base64 with its line breaks taken out.
pub(super) struct Run<'b> {
    pub(super) range: Range<usize>,
    characters: &'b [u8],
    /// Where (of four places) groups begin, if lines or padding show it.
    aligned_at: Option<usize>,
}

/// The next run of base64 at or after `from`; its lines are joined in `joined`.
pub(super) fn next_base64<'b>(bytes: &'b [u8], from: usize, joined: &'b mut Vec<u8>) -> Option<Run<'b>> {
    let first = alphabet::next_run(bytes, from, LEAST_BASE64, is_base64)?;
    let before = piece_before(bytes, from, first.start);
    let mut end = first.end;
    joined.clear();
    let mut last = first.len();
    while last >= LEAST_BASE64
        && let Some(after) = after_break(bytes, end)
    {
        // Lines are mostly of one length.
        let likely = if alphabet::all_of(bytes, after, last, &is_base64) {
            last
        } else {
            0
        };
        let line_end = alphabet::run_end(bytes, after + likely, is_base64);
        if line_end == after {
            break;
        }
        if joined.is_empty() {
            joined.extend_from_slice(&bytes[before.clone()]);
            joined.extend_from_slice(&bytes[first.clone()]);
        }
        joined.extend_from_slice(&bytes[after..line_end]);
        (end, last) = (line_end, line_end - after);
    }
    if joined.is_empty() && before.is_empty() {
        let pads = bytes[end..].iter().take(2).take_while(|&&c| c == b'=').count();
        let aligned_at = (pads > 0).then_some((first.len() + pads) % 4);
        return Some(Run {
            characters: &bytes[first.clone()],
            range: first,
            aligned_at,
        });
    }
    if joined.is_empty() {
        joined.extend_from_slice(&bytes[before.clone()]);
        joined.extend_from_slice(&bytes[first.clone()]);
    }
    // Full lines hold whole groups: what stands before the second of them may be an excerpt, or glued to a word.
    let aligned_at = Some((before.len() + first.len()) % 4);
    let start = if before.is_empty() {
        first.start
    } else {
        before.start
    };
    Some(Run {
        range: start..end,
        characters: joined,
        aligned_at,
    })
}

/// The end of a line that a run continues from, when an excerpt begins in the middle of that line.
fn piece_before(bytes: &[u8], from: usize, start: usize) -> Range<usize> {
    let breaks = bytes[from..start]
        .iter()
        .rev()
        .take_while(|&&c| c == b'\n' || c == b'\r')
        .count();
    let end = start - breaks;
    let length = bytes[from..end]
        .iter()
        .rev()
        .take(LEAST_BASE64)
        .take_while(|&&c| is_base64(c))
        .count();
    if breaks > 0 {
        end - length..end
    } else {
        start..start
    }
}

/// Where a run goes on after a line break, also one that is written as an escape.
fn after_break(bytes: &[u8], end: usize) -> Option<usize> {
    let mut at = end;
    loop {
        match bytes.get(at)? {
            b'\n' | b'\r' => at += 1,
            b'\\' => {
                let slashes = bytes[at..].iter().take_while(|&&c| c == b'\\').count();
                match bytes.get(at + slashes)? {
                    b'n' | b'r' => at += slashes + 1,
                    _ => break,
                }
            }
            _ => break,
        }
    }
    (at > end).then_some(at)
}

impl Run<'_> {
    /// Calls `look` with what the run decodes to, from each place at which its groups of four may begin; `buffer` is
    /// written over.
    pub(super) fn decode(&self, buffer: &mut Vec<u8>, mut look: impl FnMut(&[u8])) {
        let short = self.characters.len() <= SHORT;
        if if short {
            !self.is_varied()
        } else {
            alphabet::is_all(self.characters, is_hex)
        } {
            return;
        }
        let places = (0..4).filter(|&place| match self.aligned_at {
            _ if short => true,
            Some(aligned) => place == aligned,
            None => place == 0 || self.begins_something(place),
        });
        for place in places {
            alphabet::decode_base64(&self.characters[place..], buffer);
            look(buffer);
        }
    }

    /// Whether capital and small letters are mixed as base64 mixes them; names and paths are not.
    pub(super) fn is_varied(&self) -> bool {
        let head = &self.characters[..self.characters.len().min(256)];
        let count = |class: fn(&u8) -> bool| head.iter().filter(|c| class(c)).count();
        let least = head.len() / 16;
        count(u8::is_ascii_uppercase) >= least && count(u8::is_ascii_lowercase) >= least
    }

    /// Whether groups that begin at `place` (of four) make sense near the beginning: an excerpt of base64 may begin
    /// in the middle of a group, and a path may stand before it.
    fn begins_something(&self, place: usize) -> bool {
        let mut head = Vec::new();
        alphabet::decode_base64(&self.characters[place..place + 256], &mut head);
        let text = head
            .iter()
            .filter(|c| c.is_ascii_graphic() || c.is_ascii_whitespace())
            .count();
        let zeros = head.iter().filter(|&&c| c == 0).count();
        text + zeros > head.len() * 3 / 4 || head[..32].windows(4).any(is_magic)
    }
}

fn is_magic(head: &[u8]) -> bool {
    const MAGICS: [&[u8]; 9] = [
        b"\x1f\x8b\x08",
        b"\x28\xb5\x2f\xfd",
        b"PK\x03\x04",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"RIFF",
        b"OggS",
        b"ftyp",
        b"ID3",
    ];
    MAGICS.iter().any(|magic| head.starts_with(magic))
}

/// Calls `look` with where each long run of hex digits in `range` begins and what it decodes to; from both digits of
/// a pair when it is short or of odd length. `buffer` is written over.
pub(super) fn decode_hex(
    bytes: &[u8],
    range: Range<usize>,
    buffer: &mut Vec<u8>,
    mut look: impl FnMut(usize, &[u8]),
) {
    let within = &bytes[..range.end];
    let mut from = range.start;
    while let Some(run) = alphabet::next_run(within, from, LEAST_HEX, is_hex) {
        from = run.end;
        let places = if run.len() <= SHORT || run.len() % 2 == 1 {
            0..2
        } else {
            0..1
        };
        for place in places {
            alphabet::decode_hex(&within[run.start + place..run.end], buffer);
            look(run.start, buffer);
        }
    }
}
