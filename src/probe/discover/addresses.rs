//! Finding addresses in an answer: in JSON at any depth, in attributes of a page, in headers, and in an OpenAPI document.

use crate::http::Reply;
use regex::Regex;
use reqwest::Url;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// At most so many values are tried in the place of one parameter of an OpenAPI path.
const OF_ONE_PARAMETER: usize = 3;

/// Every address that stands in an answer, resolved against where it came from. `ids` stand in for the parameters of OpenAPI paths.
pub(super) fn of(reply: &Reply, from: &Url, ids: &[String]) -> BTreeSet<Url> {
    let mut found = BTreeSet::new();
    let mut add = |text: &str| {
        if let Some(url) = resolve(text, from) {
            found.insert(url);
        }
    };
    for name in ["location", "content-location"] {
        reply.header(name).into_iter().for_each(&mut add);
    }
    for header in reply.headers.get_all("link") {
        for target in header.to_str().into_iter().flat_map(link_targets) {
            add(target);
        }
    }
    match serde_json::from_slice::<Json>(&reply.body) {
        Ok(json) if json.get("openapi").is_some() && json.get("paths").is_some() => {
            for path in paths(&json, ids) {
                // a path of such a document counts from its server, not from the document
                add(&path);
            }
        }
        Ok(json) => strings(&json, &mut |text| {
            if looks_like_an_address(text) {
                add(text);
            }
        }),
        Err(_) => {
            let text = reply.text();
            for attribute in ATTRIBUTE.iter().flat_map(|regex| regex.captures_iter(&text)) {
                attribute
                    .iter()
                    .skip(1)
                    .flatten()
                    .for_each(|value| add(&value.as_str().replace("&amp;", "&")));
            }
        }
    }
    found
}

static ATTRIBUTE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)\b(?:href|src|action|data-[a-z-]*(?:url|src|href))\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)')"#)
        .ok()
});

/// The targets of a `Link` header: what stands in angle brackets (RFC 8288).
fn link_targets(header: &str) -> impl Iterator<Item = &str> {
    header
        .split('<')
        .skip(1)
        .filter_map(|rest| rest.split_once('>').map(|(target, _)| target))
}

fn looks_like_an_address(text: &str) -> bool {
    let path = text.starts_with('/') && !text.starts_with("//") && !text.contains(char::is_whitespace);
    path || text.starts_with("http://") || text.starts_with("https://")
}

fn resolve(text: &str, from: &Url) -> Option<Url> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    let mut url = from.join(text).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then_some(url)
}

fn strings(json: &Json, see: &mut dyn FnMut(&str)) {
    match json {
        Json::String(text) => see(text),
        Json::Array(items) => items.iter().for_each(|item| strings(item, see)),
        Json::Object(fields) => fields.values().for_each(|value| strings(value, see)),
        _ => {}
    }
}

/// The paths of an OpenAPI document that can be read with `GET`, each parameter filled in with ids that the owner has met.
fn paths(document: &Json, ids: &[String]) -> Vec<String> {
    let server = document
        .pointer("/servers/0/url")
        .and_then(Json::as_str)
        .unwrap_or_default()
        .trim_end_matches('/');
    let all = document.get("paths").and_then(Json::as_object);
    let with_get = all
        .into_iter()
        .flatten()
        .filter(|(_, item)| item.get("get").is_some());
    with_get
        .flat_map(|(path, _)| fill(path, ids))
        .map(|path| format!("{server}{path}"))
        .collect()
}

fn fill(path: &str, ids: &[String]) -> Vec<String> {
    let Some((before, rest)) = path.split_once('{') else {
        return vec![path.to_owned()];
    };
    let Some((_, after)) = rest.split_once('}') else {
        return Vec::new();
    };
    ids.iter()
        .take(OF_ONE_PARAMETER)
        .flat_map(|id| fill(&format!("{before}{id}{after}"), ids))
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::ledger::Delivery;
    use reqwest::header::HeaderValue;

    fn found(body: &str) -> Vec<String> {
        let mut reply = Reply::none(Delivery::Whole);
        reply.status = 200;
        reply.body = body.as_bytes().to_vec();
        reply.headers.insert(
            "link",
            HeaderValue::from_static("</openapi.json>; rel=\"service-desc\", <next?a=1>; rel=next"),
        );
        let from = Url::parse("http://127.0.0.1:1/v1/me").unwrap();
        let ids = ["7".to_owned(), "8".to_owned()];
        of(&reply, &from, &ids).into_iter().map(String::from).collect()
    }

    #[test]
    fn addresses_stand_in_json_at_any_depth_and_in_headers() {
        assert_eq!(
            found(r#"{"a":[{"media":"/v1/7/media"}],"b":"http://127.0.0.1:2/x#y","c":"a / b","d":"//cdn"}"#),
            [
                "http://127.0.0.1:1/openapi.json",
                "http://127.0.0.1:1/v1/7/media",
                "http://127.0.0.1:1/v1/next?a=1",
                "http://127.0.0.1:2/x",
            ]
        );
    }

    #[test]
    fn addresses_stand_in_the_attributes_of_a_page() {
        let page =
            "<a href=\"replays/7?x=1&amp;y=2\">x</a><audio src='/m.wav'></audio><a href=\"mailto:a@b\">";
        assert_eq!(
            found(page),
            [
                "http://127.0.0.1:1/m.wav",
                "http://127.0.0.1:1/openapi.json",
                "http://127.0.0.1:1/v1/next?a=1",
                "http://127.0.0.1:1/v1/replays/7?x=1&y=2",
            ]
        );
    }

    #[test]
    fn the_paths_of_a_document_are_filled_in_with_ids_that_were_met() {
        let document =
            r#"{"openapi":"3.1.0","paths":{"/a/{id}":{"get":{}},"/b":{"post":{}},"/c":{"get":{}}}}"#;
        assert_eq!(
            found(document)[..3],
            [
                "http://127.0.0.1:1/a/7",
                "http://127.0.0.1:1/a/8",
                "http://127.0.0.1:1/c",
            ]
        );
    }
}
