//! Escapes in text: `\u0071`, `%71`, `&#x71;`, mixed with plain characters as they come.
//!
//! Undoing all escapes of every body would cost more than all else. So an escape counts only when it is a suspect:
//! nobody has to escape a letter or a digit; an escape of an escape hides something; an escaped `/` or `=` matters
//! inside base64. Around suspects, and nowhere else, the escapes are undone and the text is looked at again.

use std::ops::Range;

use memchr::{memchr, memchr2_iter, memmem};

use super::alphabet::{hex_byte, is_base64};
use crate::plant::form::Layer;

/// How far around a suspect escapes are undone: a wrapped canary may be long.
const AROUND: usize = 4_096;
/// Suspects as near to the one before as this add nothing.
const NEAR: usize = 1_024;
/// An escaped character of base64 is a suspect in a run at least so long.
const RUN: usize = 40;

/// Kinds of escapes. They are undone one kind at a time, as whoever reads the text would.
const KINDS: [Layer; 3] = [Layer::JsonEscape, Layer::Percent, Layer::HtmlEntity];

/// Suspects of each of the [`KINDS`] met so far.
#[derive(Default)]
pub(super) struct EscapeCandidates([Vec<usize>; KINDS.len()]);

/// A stretch of text with its escapes undone.
pub(super) struct UnescapedText {
    pub(super) text: Vec<u8>,
    /// Where in `text` what was an escape stands, in order.
    pub(super) places: Vec<usize>,
}

impl EscapeCandidates {
    /// Looks at the escape that may begin at `at`; `fresh` says whether the place may be looked at.
    pub(super) fn scan(&mut self, bytes: &[u8], at: usize, fresh: impl Fn(Range<usize>) -> bool) {
        let kind = match bytes[at] {
            b'\\' => 0,
            b'%' => 1,
            _ => 2,
        };
        let met = &mut self.0[kind];
        if met.last().is_some_and(|&last| last <= at && at - last < NEAR) {
            return;
        }
        if let Some((value, length)) = escape(bytes, at)
            && is_suspect(bytes, at, value, length)
            && fresh(at..at + length)
        {
            met.push(at);
        }
    }

    /// Looks at all escapes in `range` but `\u00`, which the marks show.
    pub(super) fn look_all(
        &mut self,
        bytes: &[u8],
        range: Range<usize>,
        fresh: impl Fn(Range<usize>) -> bool + Copy,
    ) {
        let part = &bytes[range.clone()];
        for at in memchr2_iter(b'%', b'&', part).chain(memmem::find_iter(part, b"\\/")) {
            self.scan(bytes, range.start + at, fresh);
        }
    }

    /// The stretches around the suspects, and the kind of escapes that is to be undone in each.
    pub(super) fn stretches(self, length: usize) -> Vec<(Layer, Range<usize>)> {
        let mut stretches: Vec<(Layer, Range<usize>)> = Vec::new();
        for (kind, mut places) in KINDS.into_iter().zip(self.0) {
            places.sort_unstable();
            for at in places {
                let (start, end) = (at.saturating_sub(AROUND), (at + NEAR + AROUND).min(length));
                match stretches.last_mut() {
                    Some((last, range)) if *last == kind && range.end >= start => range.end = end,
                    _ => stretches.push((kind, start..end)),
                }
            }
        }
        stretches
    }
}

fn is_suspect(bytes: &[u8], at: usize, value: u8, length: usize) -> bool {
    let next = bytes.get(at + length..).unwrap_or_default();
    match value {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => true,
        b'\\' => match next {
            [b'u', b'0', b'0', digits @ ..] => digits.get(..2).and_then(hex_byte).is_some_and(hides),
            [b'x' | b'\\', ..] => true,
            [b'/' | b'%', ..] => in_long_run(bytes, at),
            _ => false,
        },
        b'%' => next.get(..2).and_then(hex_byte).is_some_and(hides),
        b'&' => next.starts_with(b"#") || next.starts_with(b"amp;"),
        b'+' | b'/' | b'=' | b'-' | b'_' | b'\r' | b'\n' => in_long_run(bytes, at),
        b'\t' | b'\0' if length > 3 => false,
        // Text has no control characters, and UTF-8 none of these bytes: something binary was escaped.
        0..=31 | 127 | 248..=255 => true,
        _ => false,
    }
}

/// Whether nobody escapes this twice who has nothing to hide.
fn hides(c: u8) -> bool {
    c.is_ascii_alphanumeric() || b"+/=-_%&\\".contains(&c)
}

/// Whether a run of base64, escapes included, surrounds the place: long, and of both cases as no path is.
fn in_long_run(bytes: &[u8], at: usize) -> bool {
    let (from, to) = (at.saturating_sub(RUN), (at + RUN).min(bytes.len()));
    let capitals = |run: &[u8]| run.iter().map(|&c| u8::from(c.is_ascii_uppercase())).sum::<u8>();
    // Most places are in a path, and are told apart by this at once.
    if capitals(&bytes[from..to]) < 3 {
        return false;
    }
    let belongs = |c: u8| is_base64(c) | matches!(c, b'%' | b'\\' | b'=' | b'&' | b'#' | b';');
    let start = bytes[from..at]
        .iter()
        .rposition(|&c| !belongs(c))
        .map_or(from, |foreign| from + foreign + 1);
    let end = bytes[at..to]
        .iter()
        .position(|&c| !belongs(c))
        .map_or(to, |foreign| at + foreign);
    let run = &bytes[start..end];
    run.len() >= RUN && capitals(run) >= 3 && run.iter().filter(|c| c.is_ascii_lowercase()).count() >= 3
}

/// The character that the escape at `at` stands for, and the escape's length.
fn escape(bytes: &[u8], at: usize) -> Option<(u8, usize)> {
    let rest = &bytes[at..];
    match rest.first()? {
        b'%' => match rest.get(1..3).and_then(hex_byte) {
            Some(value) => Some((value, 3)),
            None if rest.get(1).is_some_and(|u| u | 32 == b'u') => Some((unicode(rest.get(2..6)?)?, 6)),
            None => None,
        },
        // One level only: in JSON inside JSON the backslash itself is escaped, and shows when it is looked at again.
        b'\\' => {
            let (value, length) = match rest.get(1)? {
                b'u' => (unicode(rest.get(2..6)?)?, 6),
                b'x' => (rest.get(2..4).and_then(hex_byte)?, 4),
                b'n' => (b'\n', 2),
                b'r' => (b'\r', 2),
                &c @ (b'/' | b'\\' | b'"') => (c, 2),
                _ => return None,
            };
            Some((value, length))
        }
        b'&' => {
            if rest.starts_with(b"&amp;") {
                return Some((b'&', 5));
            }
            let (hexadecimal, digits_at) = match rest.get(1..3)? {
                b"#x" | b"#X" => (true, 3),
                [b'#', _] => (false, 2),
                _ => return None,
            };
            let length = rest[digits_at..].iter().take(8).position(|&c| c == b';')?;
            let digits = std::str::from_utf8(&rest[digits_at..digits_at + length]).ok()?;
            let value = u8::from_str_radix(digits, if hexadecimal { 16 } else { 10 }).ok()?;
            value.is_ascii().then_some((value, digits_at + length + 1))
        }
        _ => None,
    }
}

/// Four hex digits that stand for an ASCII character.
fn unicode(digits: &[u8]) -> Option<u8> {
    let (high, low) = digits.split_at_checked(2)?;
    (hex_byte(high)? == 0)
        .then(|| hex_byte(low))
        .flatten()
        .filter(u8::is_ascii)
}

/// Undoes the escapes of one kind in a stretch of text, once.
pub(super) fn unescape(text: &[u8], kind: Layer) -> UnescapedText {
    let first = match kind {
        Layer::JsonEscape => b'\\',
        Layer::Percent => b'%',
        _ => b'&',
    };
    let mut out = Vec::with_capacity(text.len());
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(ahead) = memchr(first, &text[at..]) {
        out.extend_from_slice(&text[at..at + ahead]);
        at += ahead;
        let (value, length) = match escape(text, at) {
            Some((value, length)) => {
                places.push(out.len());
                (value, length)
            }
            None => (first, 1),
        };
        out.push(value);
        at += length;
    }
    out.extend_from_slice(&text[at..]);
    UnescapedText { text: out, places }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undone(text: &str, kind: Layer) -> String {
        String::from_utf8_lossy(&unescape(text.as_bytes(), kind).text).into_owned()
    }

    #[test]
    fn escapes_are_undone_once_and_kind_by_kind() {
        assert_eq!(
            undone(r"a\u0071\/b\\u0078%71", Layer::JsonEscape),
            r"aq/b\u0078%71"
        );
        assert_eq!(
            undone(r#"\"\u00e9\u4e00\"#, Layer::JsonEscape),
            r#""\u00e9\u4e00\"#
        );
        assert_eq!(undone("%71%7B%zz%2&#x71;", Layer::Percent), "q{%zz%2&#x71;");
        assert_eq!(
            undone("&#x71;&#113;&amp;#113;&lt;%71", Layer::HtmlEntity),
            "qq&#113;&lt;%71"
        );
    }

    #[test]
    fn ordinary_text_has_no_suspects() {
        let text = br#"{"url":"https:\/\/example.test\/a?x=%20b%C3%A9","name":"caf\u00e9 \u0026 tea &amp; cake","s":"100 %"}"#;
        let mut suspects = EscapeCandidates::default();
        suspects.look_all(text, 0..text.len(), |_| true);
        for at in memmem::find_iter(text, "\\u00") {
            suspects.scan(text, at, |_| true);
        }
        assert!(suspects.stretches(text.len()).is_empty());
    }
}
