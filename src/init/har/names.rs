//! Which parts of a recorded address are ids, and where recorded values came from.

use super::super::contract::member;
use super::super::guess::words;
use super::entry::HarEntry;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// Where a value stood first: the number of the entry, and the place in its answer.
pub(super) type ValueSighting = (usize, String);

/// What was seen in answers before each entry, of the same recording.
#[derive(Debug)]
pub(super) struct ResponseTraces {
    /// For each recording, every value with the places where it stood, in order.
    seen: Vec<BTreeMap<String, Vec<ValueSighting>>>,
    /// What two people's addresses differ in although it came from answers.
    theirs: BTreeSet<String>,
}

impl ResponseTraces {
    /// Follows the values.
    pub(super) fn of(entries: &[HarEntry]) -> Self {
        let people = entries
            .iter()
            .map(|entry| entry.who)
            .max()
            .map_or(0, |most| most + 1);
        let mut seen = vec![BTreeMap::new(); people];
        for (number, entry) in entries.iter().enumerate() {
            let Some(seen) = seen.get_mut(entry.who) else {
                continue;
            };
            if let Some(json) = &entry.json {
                leaves(json, "$", &mut |place, value| note(seen, value, number, place));
            }
            for (name, value) in entry.set_cookies() {
                note(seen, value.to_owned(), number, format!("cookie {name}"));
            }
        }
        let mut traces = Self {
            seen,
            theirs: BTreeSet::new(),
        };
        traces.theirs = traces.differing(entries);
        traces
    }

    /// Where a value of a request came from: the first place in an earlier answer of the same recording.
    pub(super) fn origin(&self, entry: usize, who: usize, value: &str) -> Option<&ValueSighting> {
        let places = self.seen.get(who)?.get(value)?;
        places.iter().find(|(number, _)| *number < entry)
    }

    /// Whether a segment of an address stands for a value.
    pub(super) fn is_id(&self, entry: usize, who: usize, segment: &str) -> bool {
        id_like(segment)
            || self.theirs.contains(segment)
            || (segment.len() >= 6
                && segment.bytes().any(|byte| byte.is_ascii_digit())
                && self.origin(entry, who, segment).is_some())
    }

    /// Segments in which the addresses of two people differ and that each had from an answer.
    fn differing(&self, entries: &[HarEntry]) -> BTreeSet<String> {
        let mut theirs = BTreeSet::new();
        for (number, one) in entries.iter().enumerate() {
            for (other_number, other) in entries.iter().enumerate().skip(number + 1) {
                let (mine, yours) = (one.segments(), other.segments());
                if one.who == other.who || one.method != other.method || mine.len() != yours.len() {
                    continue;
                }
                let mut apart = mine.iter().zip(&yours).filter(|(mine, yours)| mine != yours);
                let (Some((mine, yours)), None) = (apart.next(), apart.next()) else {
                    continue;
                };
                let had = self.origin(number, one.who, mine).is_some()
                    && self.origin(other_number, other.who, yours).is_some();
                if had {
                    theirs.extend([(*mine).to_owned(), (*yours).to_owned()]);
                }
            }
        }
        theirs
    }
}

fn note(seen: &mut BTreeMap<String, Vec<ValueSighting>>, value: String, entry: usize, place: String) {
    if !value.is_empty() {
        seen.entry(value).or_default().push((entry, place));
    }
}

/// Every text and number outside arrays, and in the first item of each array.
fn leaves(value: &Json, path: &str, see: &mut dyn FnMut(String, String)) {
    match value {
        Json::Object(fields) => {
            for (name, field) in fields {
                leaves(field, &member(path, name), see);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate().take(50) {
                leaves(item, &format!("{path}[{index}]"), see);
            }
        }
        Json::String(text) => see(path.to_owned(), text.clone()),
        Json::Number(number) => see(path.to_owned(), number.to_string()),
        _ => {}
    }
}

/// Whether something looks like an id: a UUID, a number, a long run of digits and letters.
pub(super) fn id_like(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let plain = segment
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.:=".contains(&byte));
    let hex = segment.len() >= 8
        && segment
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    plain
        && digits > 0
        && (digits == segment.len() || (hex && digits > 1) || (segment.len() >= 16 && digits > 2))
}

/// The path with holes for its ids, and what stood in each: `/v1/replays/{replay_id}/media`.
pub(super) fn template(
    traces: &ResponseTraces,
    number: usize,
    entry: &HarEntry,
) -> (String, Vec<(String, String)>) {
    let mut path = String::new();
    let mut holes: Vec<(String, String)> = Vec::new();
    let mut before = "";
    for segment in entry.segments() {
        let flag = words::says(before, words::FLAG) && entry.url.path().ends_with(segment);
        if flag || traces.is_id(number, entry.who, segment) {
            let noun = words::words(before).pop().unwrap_or_default();
            let mut name = if noun.is_empty() {
                "id".to_owned()
            } else {
                format!("{noun}_id")
            };
            if holes.iter().any(|(other, _)| *other == name) {
                name = format!("{name}_{}", holes.len() + 1);
            }
            path = format!("{path}/{{{name}}}");
            holes.push((name, segment.to_owned()));
        } else {
            path = format!("{path}/{segment}");
        }
        before = segment;
    }
    if path.is_empty() || entry.url.path().ends_with('/') {
        path.push('/');
    }
    (path, holes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_no_ids() {
        for id in [
            "5f0e8c9a-1b2c-4d3e-8f4a-5b6c7d8e9f0a",
            "42",
            "deadbeef01",
            "rec_01HXZ9ABCDEF12345",
        ] {
            assert!(id_like(id), "{id}");
        }
        for word in [
            "v1",
            "media",
            "consultation-replays",
            "defaced",
            "video2",
            "health",
        ] {
            assert!(!id_like(word), "{word}");
        }
    }
}
