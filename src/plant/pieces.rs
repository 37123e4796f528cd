//! Pieces of stored media: recognised by what stands in them, where a stack has encoded a recording anew and no canary can be read
//! out of a part of it.
//!
//! Of the whole, in which its canary was seen, the hashes of certain stretches of 64 bytes are remembered: of those whose hash says so
//! by itself, one in sixteen. Whatever part is cut out has the same stretches, wherever it begins, so that a part of [`PIECE`] bytes
//! has about 250 of them, one after the other. Media that were encoded alike have a beginning in common, and here and there a few
//! hundred bytes: a stretch that stands in two recordings says nothing, and nor do a few of them with others in between.

use std::collections::{BTreeSet, HashMap, HashSet};

/// A part of this many bytes is recognised.
pub const PIECE: usize = 4 * 1024;
/// With fewer stretches one after the other it may be what every file of its kind has: of what FFmpeg makes, up to about 90.
const LEAST: usize = 160;
/// A hash is remembered when so many of its first bits are zero.
const ZEROES: u32 = 4;
/// How many bytes a hash depends on.
const STRETCH: usize = u64::BITS as usize;

/// What is remembered of all recordings: for each byte that was stored, about one and a half.
#[derive(Default)]
pub(super) struct MediaPieces {
    /// Whose a stretch is; nobody's, when it stands in the media of two.
    of: HashMap<u64, Option<u32>>,
    by_recording: HashMap<u32, Vec<u64>>,
}

impl MediaPieces {
    /// Remembers the media of a recording as they were stored.
    pub(super) fn remember(&mut self, recording: u32, media: &[u8]) {
        for hash in hashes(media) {
            let whose = self.of.entry(hash).or_insert(Some(recording));
            if *whose == Some(recording) {
                self.by_recording.entry(recording).or_default().push(hash);
            } else {
                *whose = None;
            }
        }
    }

    /// Forgets a recording.
    pub(super) fn forget(&mut self, recording: u32) {
        for hash in self.by_recording.remove(&recording).unwrap_or_default() {
            if self.of.get(&hash) == Some(&Some(recording)) {
                self.of.remove(&hash);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The recordings of which there is a piece in these bytes.
    pub(super) fn find_in(&self, bytes: &[u8]) -> Vec<u32> {
        let mut found = BTreeSet::new();
        let mut run = (0, HashSet::new());
        for hash in hashes(bytes) {
            let (of, met) = &mut run;
            match self.of.get(&hash) {
                // What two have in common is no sign of either, and none against.
                Some(None) => {}
                Some(Some(recording)) if recording == of => drop(met.insert(hash)),
                Some(Some(recording)) => run = (*recording, HashSet::from([hash])),
                None => met.clear(),
            }
            if run.1.len() >= LEAST {
                found.insert(run.0);
            }
        }
        found.into_iter().collect()
    }
}

/// A random number for each byte: what is before a stretch is shifted out of its hash.
const GEAR: [u64; 256] = {
    let mut gear = [0; 256];
    let (mut at, mut state) = (0, 0u64);
    while at < gear.len() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        gear[at] = mixed ^ (mixed >> 31);
        at += 1;
    }
    gear
};

/// The hashes of those stretches that are remembered.
fn hashes(bytes: &[u8]) -> impl Iterator<Item = u64> {
    let mut hash = 0u64;
    bytes.iter().enumerate().filter_map(move |(at, &byte)| {
        hash = (hash << 1).wrapping_add(GEAR[usize::from(byte)]);
        (at + 1 >= STRETCH && hash.leading_zeros() >= ZEROES).then_some(hash)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha8Rng;

    fn media(seed: u64, bytes: usize) -> Vec<u8> {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        (0..bytes).map(|_| random.random()).collect()
    }

    proptest! {
        #[test]
        fn any_piece_is_recognised(seed: u64, from in 0usize..60_000, before in 0usize..200) {
            let mut pieces = MediaPieces::default();
            let whole = media(seed, 64 << 10);
            pieces.remember(7, &whole);
            pieces.remember(8, &media(seed ^ 1, 64 << 10));
            let cut = &whole[from..from + PIECE];
            prop_assert_eq!(pieces.find_in(cut), [7]);
            prop_assert_eq!(pieces.find_in(&[&media(3, before), cut].concat()), [7]);
            prop_assert!(pieces.find_in(&media(seed ^ 2, 32 << 10)).is_empty());
        }
    }

    #[test]
    fn what_two_have_in_common_is_nobodys() {
        let head = media(1, 16 << 10);
        let mut pieces = MediaPieces::default();
        for recording in [1, 2] {
            let whole = [head.clone(), media(10 + u64::from(recording), 16 << 10)].concat();
            pieces.remember(recording, &whole);
        }
        assert!(pieces.find_in(&head).is_empty());
        assert_eq!(pieces.find_in(&media(12, 8 << 10)), [2]);
    }

    /// Two files that have a beginning in common, and more here and there: of the first alone nothing is known but that.
    #[test]
    fn what_files_of_a_kind_have_in_common_is_no_piece() {
        let mut pieces = MediaPieces::default();
        let alike: Vec<Vec<u8>> = (0..8)
            .map(|part| media(100 + part, 1_400 >> (part / 4)))
            .collect();
        let file = |seed: u64| -> Vec<u8> {
            let own = (0..8).map(|part| media(seed * 10 + part, 3_000));
            alike
                .iter()
                .cloned()
                .zip(own)
                .flat_map(|(alike, own)| [alike, own].concat())
                .collect()
        };
        pieces.remember(1, &file(1));
        assert!(pieces.find_in(&file(2)).is_empty());
        assert_eq!(pieces.find_in(&file(1)), [1]);
    }

    #[test]
    fn one_and_the_same_stretch_over_and_over_is_no_piece() {
        let mut pieces = MediaPieces::default();
        pieces.remember(1, &vec![0; 64 << 10]);
        assert!(pieces.find_in(&vec![0; 64 << 10]).is_empty());
    }

    #[test]
    fn a_recording_that_is_forgotten_is_not_recognised() {
        let mut pieces = MediaPieces::default();
        let whole = media(5, 16 << 10);
        pieces.remember(5, &whole);
        pieces.forget(5);
        assert!(pieces.find_in(&whole).is_empty() && pieces.is_empty());
    }
}
