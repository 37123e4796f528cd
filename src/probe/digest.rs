//! What may be kept of an answer: a hash, a masked head, and a likeness that two answers can be compared by.

use crate::http::Reply;
use regex::Regex;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// The most characters of a head.
const HEAD: usize = 160;
/// Bodies longer than this are compared by their length.
const COMPARED: usize = 64 << 10;

/// SHA-256, hex.
#[must_use]
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The beginning of an answer with every value masked: the keys of a JSON object, the magic of a file, words of a text
/// replaced by their length. Nothing of what a real person's recording would contain.
#[must_use]
pub(super) fn head(reply: &Reply) -> String {
    let mut head = match serde_json::from_slice::<Json>(&reply.body) {
        Ok(json) => shape(&json, 0),
        Err(_) if reply.body.is_empty() => String::new(),
        Err(_) => magic(&reply.body),
    };
    if let Some((cut, _)) = head.char_indices().nth(HEAD) {
        head.truncate(cut);
        head.push('…');
    }
    head
}

fn shape(json: &Json, depth: usize) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::Bool(_) => "true|false".to_owned(),
        Json::Number(_) => "number".to_owned(),
        Json::String(text) => format!("text({})", text.chars().count()),
        Json::Array(items) => match items.first() {
            Some(first) if depth < 3 => format!("[{} × {}]", items.len(), shape(first, depth + 1)),
            _ => format!("[{}]", items.len()),
        },
        Json::Object(fields) if depth < 3 => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}: {}", masked(name), shape(value, depth + 1)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        Json::Object(fields) => format!("{{{} fields}}", fields.len()),
    }
}

fn magic(body: &[u8]) -> String {
    let mut text = format!("{} bytes beginning with ", body.len());
    for byte in body.iter().take(8) {
        // writing to a String cannot fail
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A hash of the status, the content type and the body with ids, numbers, times and what the profile calls volatile taken
/// out. Equal for "not yours" and "not there" in a sound stack.
#[must_use]
pub(super) fn likeness(reply: &Reply, volatile: &[Regex]) -> String {
    let mut hash = Sha256::new();
    hash.update(reply.status.to_be_bytes());
    hash.update(reply.content_type().as_bytes());
    if reply.body.len() > COMPARED {
        hash.update(reply.body.len().to_be_bytes());
    } else if let Ok(text) = std::str::from_utf8(&reply.body) {
        let mut text = Cow::Borrowed(text);
        for pattern in volatile {
            text = pattern.replace_all(&text, "").into_owned().into();
        }
        hash.update(masked(&text).as_bytes());
    } else {
        // what is no text has no words
        hash.update(&reply.body);
    }
    for name in [
        "www-authenticate",
        "etag",
        "content-disposition",
        "accept-ranges",
        "content-range",
    ] {
        hash.update([u8::from(reply.headers.contains_key(name))]);
    }
    hex::encode(&hash.finalize()[..8])
}

/// Words that differ from request to request, taken out: anything long enough to be an id, and every number.
fn masked(text: &str) -> String {
    static VOLATILE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"[A-Za-z0-9_+/=-]*[0-9][A-Za-z0-9_+/=:.-]*|[A-Za-z0-9_+/=-]{24,}").ok());
    VOLATILE.as_ref().map_or_else(
        || text.to_owned(),
        |volatile| volatile.replace_all(text, "#").into_owned(),
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::ledger::Delivery;

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            body: body.as_bytes().to_vec(),
            ..Reply::none(Delivery::Whole)
        }
    }

    #[test]
    fn a_head_shows_the_shape_and_no_value() {
        let reply = reply(200, r#"{"items":[{"id":"3f1c","title":"Ada's knee"}],"total":1}"#);
        let head = head(&reply);
        assert_eq!(
            head,
            "{items: [1 × {id: text(4), title: text(10)}], total: number}"
        );
    }

    #[test]
    fn answers_that_differ_in_an_id_alone_are_alike() {
        let one = reply(404, r#"{"error":"not found","request":"7f3c9e1a2b"}"#);
        let other = reply(404, r#"{"error":"not found","request":"00aa11bb22"}"#);
        assert_eq!(likeness(&one, &[]), likeness(&other, &[]));
    }

    #[test]
    fn a_different_word_or_status_is_a_difference() {
        let missing = reply(404, r#"{"error":"not found"}"#);
        assert_ne!(
            likeness(&missing, &[]),
            likeness(&reply(404, r#"{"error":"not yours"}"#), &[])
        );
        assert_ne!(
            likeness(&missing, &[]),
            likeness(&reply(403, r#"{"error":"not found"}"#), &[])
        );
    }

    #[test]
    fn what_the_profile_calls_volatile_is_no_difference() {
        let one = reply(404, "not found, said the heron");
        let other = reply(404, "not found, said the wren");
        assert_ne!(likeness(&one, &[]), likeness(&other, &[]));
        let volatile = [Regex::new("the [a-z]+").unwrap()];
        assert_eq!(likeness(&one, &volatile), likeness(&other, &volatile));
        let missing = reply(404, "not yours, said the wren");
        assert_ne!(likeness(&one, &volatile), likeness(&missing, &volatile));
    }
}
