//! The stack's own ids of recordings, looked for in text as whole words.
//!
//! An id is filed under its longest run of letters and digits, so that a text is split into such runs once, whatever
//! the number of ids; the rest of the id is compared in place. Ids that stand in the request are the caller's
//! business (`scan::Echo`).

use std::{collections::HashMap, ops::Range};

use super::canary::Fingerprint;

/// An id with fewer letters and digits than this is not looked for: it stands in any text by chance.
pub const MIN_ID_CHARS: usize = 8;

/// Runs longer than this are not told apart by length.
const LONGEST: usize = 63;

#[derive(Default)]
pub(super) struct Ids {
    filed: HashMap<Box<[u8]>, Vec<IndexedId>>,
    keys_of: HashMap<u32, Vec<Box<[u8]>>>,
    /// Bit n: an id is filed under a run of n letters and digits.
    lengths: u64,
}

struct IndexedId {
    id: Box<[u8]>,
    /// Where in the id the run that it is filed under begins.
    run_at: usize,
    recording: u32,
}

impl Ids {
    pub(super) fn is_empty(&self) -> bool {
        self.filed.is_empty()
    }

    pub(super) fn plant(&mut self, id: &str, recording: u32) -> bool {
        let id: Box<[u8]> = id.trim().to_ascii_lowercase().into_bytes().into();
        if id.iter().filter(|c| c.is_ascii_alphanumeric()).count() < MIN_ID_CHARS {
            return false;
        }
        let Some(run) = runs(&id).max_by_key(Range::len) else {
            return false;
        };
        let key: Box<[u8]> = id[run.clone()].into();
        let filed = self.filed.entry(key.clone()).or_default();
        if !filed
            .iter()
            .any(|known| known.id == id && known.recording == recording)
        {
            filed.push(IndexedId {
                id,
                run_at: run.start,
                recording,
            });
            self.lengths |= 1 << run.len().min(LONGEST);
            self.keys_of.entry(recording).or_default().push(key);
        }
        true
    }

    pub(super) fn retire(&mut self, recording: u32) {
        for key in self.keys_of.remove(&recording).unwrap_or_default() {
            if let Some(filed) = self.filed.get_mut(&key) {
                filed.retain(|id| id.recording != recording);
                if filed.is_empty() {
                    self.filed.remove(&key);
                }
            }
        }
    }

    pub(super) fn find_in(&self, text: &[u8], mut seen: impl FnMut(u32, Fingerprint, Range<usize>)) {
        let mut lowered = Vec::new();
        for run in runs(text) {
            if self.lengths & (1 << run.len().min(LONGEST)) == 0 {
                continue;
            }
            lowered.clear();
            lowered.extend(text[run.clone()].iter().map(u8::to_ascii_lowercase));
            for filed in self.filed.get(lowered.as_slice()).into_iter().flatten() {
                let Some(start) = run.start.checked_sub(filed.run_at) else {
                    continue;
                };
                let range = start..start + filed.id.len();
                if is_at(text, &range, &filed.id) {
                    seen(filed.recording, Fingerprint::of(&filed.id), range);
                }
            }
        }
    }
}

/// Whether `id` stands in `text` at `range`, with no letter or digit on either side.
fn is_at(text: &[u8], range: &Range<usize>, id: &[u8]) -> bool {
    let bounded = |at: Option<&u8>| !at.is_some_and(u8::is_ascii_alphanumeric);
    text.get(range.clone())
        .is_some_and(|found| found.eq_ignore_ascii_case(id))
        && bounded(range.start.checked_sub(1).and_then(|before| text.get(before)))
        && bounded(text.get(range.end))
}

/// The maximal runs of letters and digits.
fn runs(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.iter().position(u8::is_ascii_alphanumeric)?;
        let length = text[start..]
            .iter()
            .take_while(|c| c.is_ascii_alphanumeric())
            .count();
        at = start + length;
        Some(start..at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADAS: &str = "1B9D6BCD-bbfd-4b2d-9b5d-ab8dfbbd4bed";

    fn found(ids: &Ids, text: &str) -> Vec<(u32, usize)> {
        let mut found = Vec::new();
        ids.find_in(text.as_bytes(), |recording, _, range| {
            found.push((recording, range.start))
        });
        found
    }

    #[test]
    fn an_id_is_found_as_a_whole_word_in_either_case() {
        let mut ids = Ids::default();
        assert!(ids.plant(ADAS, 7));
        let lower = ADAS.to_lowercase();
        assert_eq!(found(&ids, &format!("{{\"id\":\"{lower}\"}}")), [(7, 7)]);
        assert_eq!(found(&ids, &format!("recording-{ADAS}.mp4")), [(7, 10)]);
        assert_eq!(found(&ids, &lower), [(7, 0)]);
        assert_eq!(found(&ids, &format!("0{lower}")), []);
        assert_eq!(found(&ids, &format!("{lower}e")), []);
        assert_eq!(found(&ids, &lower.replace("4b2d", "4b2e")), []);
    }

    #[test]
    fn a_short_id_is_not_looked_for() {
        let mut ids = Ids::default();
        assert!(!ids.plant("rec-17", 1));
        assert!(ids.is_empty());
    }

    #[test]
    fn a_retired_id_is_a_word() {
        let mut ids = Ids::default();
        ids.plant(ADAS, 7);
        ids.plant("consultation:00000042", 8);
        ids.retire(7);
        assert_eq!(found(&ids, ADAS), []);
        assert_eq!(found(&ids, "see consultation:00000042."), [(8, 4)]);
    }
}
