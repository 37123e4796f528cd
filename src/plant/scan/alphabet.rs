//! Alphabets of the text encodings: tables, fast runs, decoding.

use std::sync::LazyLock;

/// The value of a base64 or base64url character; 255 for anything else.
pub(super) fn base64_value(c: u8) -> u8 {
    match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => 255,
    }
}

/// Whether `c` is a character of base64 or base64url. Written without branches: a block of them is one vector.
#[inline]
pub(super) fn is_base64(c: u8) -> bool {
    let lower = c | 0x20;
    (lower.wrapping_sub(b'a') < 26) | (c.wrapping_sub(b'/') < 11) | (c == b'+') | (c == b'-') | (c == b'_')
}

/// Whether `c` is a hex digit.
#[inline]
pub(super) fn is_hex(c: u8) -> bool {
    ((c | 0x20).wrapping_sub(b'a') < 6) | (c.wrapping_sub(b'0') < 10)
}

/// The 12 bits of every pair of base64 characters, by the pair as a little-endian number. Of its 128 KiB a text
/// touches 12, which is what makes it fast.
static PAIRS: LazyLock<Box<[u16; 65_536]>> = LazyLock::new(|| {
    let mut pairs = Box::new([0; 65_536]);
    for (pair, bits) in (0..=u16::MAX).zip(pairs.iter_mut()) {
        let [first, second] = pair.to_le_bytes().map(|c| u16::from(base64_value(c) & 63));
        *bits = (first << 6) | second;
    }
    pairs
});

/// Decodes characters of base64, of which none is foreign; up to three that are left over give what they can. `out`
/// is not cleared before it is written over: it may be large, and have been used before.
pub(super) fn decode_base64(characters: &[u8], out: &mut Vec<u8>) {
    let pairs = &**PAIRS;
    let bits = |eight: &[u8; 8]| {
        let word = u64::from_le_bytes(*eight);
        let pair = |place: u32| u64::from(pairs[usize::from((word >> (16 * place)) as u16)]);
        (pair(0) << 52) | (pair(1) << 40) | (pair(2) << 28) | (pair(3) << 16)
    };
    let (eights, last) = characters.as_chunks::<8>();
    // Two bytes too many for each eight characters are overwritten by the next ones.
    out.resize(eights.len() * 6 + 2, 0);
    let mut at = 0;
    for eight in eights {
        if let Some(place) = out.get_mut(at..at + 8) {
            place.copy_from_slice(&bits(eight).to_be_bytes());
        }
        at += 6;
    }
    out.truncate(at);
    let mut eight = [b'A'; 8];
    eight[..last.len()].copy_from_slice(last);
    out.extend_from_slice(&bits(&eight).to_be_bytes()[..last.len() * 6 / 8]);
}

/// Decodes hex digits, of which none is foreign, over `out`; a last odd one is left out.
pub(super) fn decode_hex(digits: &[u8], out: &mut Vec<u8>) {
    let (pairs, _) = digits.as_chunks::<2>();
    out.resize(pairs.len(), 0);
    for (byte, &[high, low]) in out.iter_mut().zip(pairs) {
        *byte = (hex_value(high) << 4) | hex_value(low);
    }
}

/// The value of a hex digit; anything else gives nonsense.
pub(super) fn hex_value(c: u8) -> u8 {
    (c & 15) + 9 * (c >> 6)
}

/// The value of two hex digits.
pub(super) fn hex_byte(digits: &[u8]) -> Option<u8> {
    let &[high, low] = digits else { return None };
    (is_hex(high) && is_hex(low)).then(|| (hex_value(high) << 4) | hex_value(low))
}

/// Bytes that are looked at together: a vector.
const WORD: usize = 16;

/// Where the run of `class` that `from` stands in ends.
#[inline]
pub(super) fn run_end(bytes: &[u8], from: usize, class: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while all_of(bytes, at, 8, &class) {
        at += 8;
        // Most runs are short; in the long ones larger steps pay.
        while at >= from + 32 && all_of(bytes, at, 64, &class) {
            at += 64;
        }
    }
    at + bytes[at..].iter().take_while(|&&c| class(c)).count()
}

/// Whether there is a block of so many bytes, all of `class`. Without branches: a block is a vector or a few.
#[inline]
pub(super) fn all_of(bytes: &[u8], at: usize, length: usize, class: &impl Fn(u8) -> bool) -> bool {
    bytes
        .get(at..at + length)
        .is_some_and(|block| block.iter().fold(true, |all, &c| all & class(c)))
}

/// Whether all bytes are of `class`.
pub(super) fn is_all(bytes: &[u8], class: impl Fn(u8) -> bool) -> bool {
    run_end(bytes, 0, class) == bytes.len()
}

/// The next run of at least `least` characters of `class` at or after `from`. Most bytes are never looked at: a run
/// that long holds one of the words that begin at every `least - 15`-th place.
#[inline]
pub(super) fn next_run(
    bytes: &[u8],
    from: usize,
    least: usize,
    class: impl Fn(u8) -> bool + Copy,
) -> Option<std::ops::Range<usize>> {
    let step = least.checked_sub(WORD)? + 1;
    // No run begins before `start`.
    let (mut start, mut at) = (from, from + step - 1);
    while at + WORD <= bytes.len() {
        if all_of(bytes, at, WORD, &class) {
            let foreign = bytes[start..at].iter().rposition(|&c| !class(c));
            start += foreign.map_or(0, |foreign| foreign + 1);
            let end = run_end(bytes, at + WORD, class);
            if end - start >= least {
                return Some(start..end);
            }
            (start, at) = (end, end);
        }
        at += step;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine, engine::general_purpose};
    use proptest::prelude::*;

    #[test]
    fn the_fast_class_and_the_table_agree() {
        for c in 0..=255 {
            assert_eq!(is_base64(c), base64_value(c) < 64, "{c:#x}");
            assert_eq!(is_hex(c), char::from(c).is_ascii_hexdigit(), "{c:#x}");
        }
    }

    proptest! {
        #[test]
        fn base64_and_hex_come_back(bytes: Vec<u8>) {
            for encoded in [general_purpose::STANDARD_NO_PAD.encode(&bytes), general_purpose::URL_SAFE_NO_PAD.encode(&bytes)] {
                let mut out = Vec::new();
                decode_base64(encoded.as_bytes(), &mut out);
                prop_assert_eq!(&out, &bytes);
            }
            let mut out = Vec::new();
            decode_hex(hex::encode_upper(&bytes).as_bytes(), &mut out);
            prop_assert_eq!(&out, &bytes);
        }

        #[test]
        fn no_long_run_is_missed(text in "[A-Za-z0-9 .+/_-]{0,400}", least in 16usize..60) {
            let bytes = text.as_bytes();
            let mut expected = Vec::new();
            let mut at = 0;
            for piece in bytes.split(|&c| !is_base64(c)) {
                if piece.len() >= least {
                    expected.push(at..at + piece.len());
                }
                at += piece.len() + 1;
            }
            let mut found = Vec::new();
            let mut from = 0;
            while let Some(run) = next_run(bytes, from, least, is_base64) {
                from = run.end;
                found.push(run);
            }
            prop_assert_eq!(found, expected);
        }
    }
}
