//! Replaces one value in a JSON text: everything else stays as somebody wrote it, with its order, its spaces and its numbers.

use std::ops::Range;

/// The text with `value`, which is JSON itself, where the names lead; where only the last of them is not there yet, it is added behind
/// what is there. The text is known to be JSON. None when the names lead nowhere.
pub(super) fn replaced(text: &str, names: &[String], value: &str) -> Option<String> {
    let mut place = JsonCursor::at(text, 0).value();
    for (depth, name) in names.iter().enumerate() {
        let holder = JsonContainer::read(text, place)?;
        place = match holder.find(name) {
            Some(found) => found,
            None if depth + 1 == names.len() => return holder.with(text, name, value),
            None => return None,
        };
    }
    spliced(text, place, value)
}

fn spliced(text: &str, place: Range<usize>, with: &str) -> Option<String> {
    let (before, after) = (text.get(..place.start)?, text.get(place.end..)?);
    Some(format!("{before}{with}{after}"))
}

/// An object or a list, and where its parts stand.
struct JsonContainer {
    is_object: bool,
    /// From one bracket to the other.
    place: Range<usize>,
    entries: Vec<JsonMember>,
}

/// One part of it.
struct JsonMember {
    /// Of an object.
    name: Option<String>,
    /// What stands between it and the bracket or the comma before it.
    gap: Range<usize>,
    value: Range<usize>,
}

impl JsonContainer {
    fn read(text: &str, place: Range<usize>) -> Option<Self> {
        let is_object = match text.as_bytes().get(place.start)? {
            b'{' => true,
            b'[' => false,
            _ => return None,
        };
        let mut entries = Vec::new();
        let mut reader = JsonCursor::at(text, place.start + 1);
        loop {
            let begins = reader.at;
            reader.skip_space();
            let gap = begins..reader.at;
            if matches!(reader.peek(), None | Some(b'}' | b']')) {
                break;
            }
            let name = if is_object {
                let name = reader.value();
                reader.skip_space();
                // the colon
                reader.at += 1;
                serde_json::from_str(text.get(name)?).ok()
            } else {
                None
            };
            let value = reader.value();
            entries.push(JsonMember { name, gap, value });
            reader.skip_space();
            if reader.peek() == Some(b',') {
                reader.at += 1;
            }
        }
        Some(Self {
            is_object,
            place,
            entries,
        })
    }

    fn find(&self, name: &str) -> Option<Range<usize>> {
        let found = if self.is_object {
            // of a name that stands there twice, readers take the last
            let mut named = self.entries.iter();
            named.rfind(|entry| entry.name.as_deref() == Some(name))
        } else {
            name.parse::<usize>()
                .ok()
                .and_then(|index| self.entries.get(index))
        };
        found.map(|entry| entry.value.clone())
    }

    /// The text with one part more, set apart as the last one is.
    fn with(&self, text: &str, name: &str, value: &str) -> Option<String> {
        let part = if self.is_object {
            format!("{}: {value}", serde_json::Value::from(name))
        } else {
            value.to_owned()
        };
        let Some(last) = self.entries.last() else {
            let inside = self.place.start + 1..self.place.end - 1;
            return spliced(text, inside, &part);
        };
        let gap = text.get(last.gap.clone())?;
        // several on one line, with nothing before the first
        let gap = if gap.is_empty() && self.entries.len() == 1 {
            " "
        } else {
            gap
        };
        let end = last.value.end;
        spliced(text, end..end, &format!(",{gap}{part}"))
    }
}

/// Reads on in a text that is known to be JSON.
struct JsonCursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> JsonCursor<'a> {
    fn at(text: &'a str, at: usize) -> Self {
        Self {
            bytes: text.as_bytes(),
            at,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// The place of the next value, behind which it stands then.
    fn value(&mut self) -> Range<usize> {
        self.skip_space();
        let begins = self.at;
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.skip_string(),
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                // the end of what it stands in
                b'}' | b']' if depth == 0 => break,
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => self.at += 1,
                b',' | b':' => break,
                _ if byte.is_ascii_whitespace() && depth > 0 => self.at += 1,
                _ if byte.is_ascii_whitespace() => break,
                _ => self.at += 1,
            }
            if depth == 0 && matches!(byte, b'"' | b'}' | b']') {
                break;
            }
        }
        begins..self.at
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value as Json;

    fn names(pointer: &str) -> Vec<String> {
        pointer.split('/').skip(1).map(str::to_owned).collect()
    }

    #[test]
    fn everything_else_stays_as_it_was_written() {
        let text = "{\n  \"zebra\": 1.50,\n  \"flags\": {\"x\" : {\"state\":  \"OFF \\\"}\" , \"list\":[ 1,2 ]},\n\t\"y\": {} },\n  \"big\": 123456789012345678901234567890\n}\r\n";
        for (pointer, value, from, to) in [
            ("/flags/x/state", "\"ON\"", "\"OFF \\\"}\"", "\"ON\""),
            ("/flags/x/list/1", "null", "[ 1,2 ]", "[ 1,null ]"),
            ("/flags/x/list/-", "3", "[ 1,2 ]", "[ 1,2,3 ]"),
            ("/flags/y/on", "true", "{} }", "{\"on\": true} }"),
            ("/flags/z", "7", "{} }", "{},\n\t\"z\": 7 }"),
            ("/zebra", "2.0", "1.50", "2.0"),
            ("/new", "1", "567890\n}", "567890,\n  \"new\": 1\n}"),
        ] {
            assert_eq!(text.matches(from).count(), 1, "{from}");
            let wanted = text.replace(from, to);
            assert_eq!(
                replaced(text, &names(pointer), value).unwrap(),
                wanted,
                "{pointer}"
            );
        }
        assert_eq!(replaced(" [1] ", &[], "{}").unwrap(), " {} ");
        assert_eq!(
            replaced("{\"a\":1}", &names("/b"), "2").unwrap(),
            "{\"a\":1, \"b\": 2}"
        );
        assert_eq!(replaced(text, &names("/none/x"), "1"), None);
        assert_eq!(replaced(text, &names("/zebra/x"), "1"), None);
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            ".{0,8}".prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 32, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
                prop::collection::btree_map("[\"\\\\{}\\[\\],: a-c]{0,3}", inner, 0..5)
                    .prop_map(|fields| Json::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_read_afterwards_is_the_document_with_that_value(
            document in any_json(), value in any_json(), pretty: bool, name in "[\"\\\\{}\\[\\],: a-c]{0,3}",
        ) {
            let text = if pretty { serde_json::to_string_pretty(&document) } else { serde_json::to_string(&document) }.unwrap();
            let inserted = serde_json::to_string(&value).unwrap();
            // what it holds of itself, and one more
            let mut places: Vec<String> = match &document {
                Json::Object(fields) => fields.keys().cloned().collect(),
                Json::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
                _ => Vec::new(),
            };
            places.push(name);
            for place in places {
                let mut wanted = document.clone();
                let there = match &mut wanted {
                    Json::Object(fields) => {
                        fields.insert(place.clone(), value.clone());
                        true
                    }
                    Json::Array(items) => match place.parse::<usize>() {
                        Ok(index) => { items[index] = value.clone(); true }
                        Err(_) => { items.push(value.clone()); true }
                    },
                    _ => false,
                };
                let told = replaced(&text, &[place], &inserted);
                prop_assert_eq!(told.is_some(), there);
                if let Some(told) = told {
                    prop_assert_eq!(serde_json::from_str::<Json>(&told).unwrap(), wanted);
                }
            }
            prop_assert_eq!(replaced(&text, &[], &inserted), Some(inserted.clone()));
        }
    }
}
