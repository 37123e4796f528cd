//! UTF-16: stretches of characters with a zero on one side of each.

use std::ops::Range;

/// A stretch has at least so many characters: fewer cannot hold a wrapped canary, and a plain one is found as a mark.
const LEAST: usize = 40;

/// The stretches of UTF-16 that hold ASCII, in either byte order, each with its narrow form.
pub(super) fn stretches(bytes: &[u8]) -> impl Iterator<Item = (Range<usize>, Vec<u8>)> {
    // A stretch of that length holds one of the pairs that are looked at.
    const STEP: usize = 2 * LEAST - 2;
    let mut at = STEP;
    std::iter::from_fn(move || {
        loop {
            let &[first, second] = bytes.get(at..at + 2)? else {
                return None;
            };
            // Where the character stands, if this is one.
            let character = match (printable(first), second == 0, first == 0, printable(second)) {
                (true, true, _, _) => at,
                (_, _, true, true) => at + 1,
                _ => {
                    at += STEP;
                    continue;
                }
            };
            let wide = |place: usize| {
                bytes.get(place).is_some_and(|&c| printable(c))
                    && bytes.get(place + 1).is_none_or(|&c| c == 0)
            };
            let mut start = character;
            while start >= 2 && wide(start - 2) {
                start -= 2;
            }
            let mut end = character;
            while end < bytes.len() && wide(end) {
                end += 2;
            }
            if bytes.get(end).is_some_and(|&c| printable(c)) {
                // The last character of big-endian text: no zero has to follow it.
                end += 1;
            }
            at = at.max(end) + STEP;
            if end - start >= 2 * LEAST {
                let narrow = bytes[start..end.min(bytes.len())]
                    .iter()
                    .step_by(2)
                    .copied()
                    .collect();
                return Some((start..end.min(bytes.len()), narrow));
            }
        }
    })
}

fn printable(c: u8) -> bool {
    matches!(c, b'\t' | b'\n' | b'\r' | b' '..=b'~')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_stretch_is_found_in_either_order(
            text in "[ -~]{60,200}", before in proptest::collection::vec(128u8.., 0..99), big: bool
        ) {
            let wide = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            let body: Vec<u8> = text.encode_utf16().flat_map(wide).collect();
            let bytes = [&before[..], &body, &[200; 50]].concat();
            let found: Vec<_> = stretches(&bytes).collect();
            prop_assert_eq!(found.len(), 1);
            prop_assert!(String::from_utf8_lossy(&found[0].1).contains(&text));
        }
    }
}
