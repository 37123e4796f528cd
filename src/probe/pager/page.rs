//! What one page of a list holds: the ids of its items, and the total that the stack claims.

use crate::http::{Reply, ResponseView, patterns};
use crate::ledger::Delivery;
use crate::profile::{List, Text};
use serde_json::Value as Json;

/// What stands before a pattern for a page that is not JSON.
const MATCH: &str = "match ";

/// The ids of a page's items, or why they cannot be read. An empty list is one only where a list stands.
pub(super) fn ids(view: &ResponseView<'_>, reply: &Reply, list: &List) -> Result<Vec<String>, String> {
    // RFC 9110, 15.3.5: there is nothing, and the stack says so
    if reply.status == 204 {
        return Ok(Vec::new());
    }
    if let Some(pattern) = list.items.strip_prefix(MATCH) {
        return matched(reply, pattern.trim(), list.id.as_ref());
    }
    let path = list.items.as_str();
    let found = view
        .query(path)
        .map_err(|error| error.to_string())?
        .ok_or("the answer is not JSON")?;
    if found.is_empty() && !is_empty_list(view, path)? && !counts_none(view, list) {
        return Err(format!("nothing at `{path}`"));
    }
    found
        .into_iter()
        .map(|item| id_of(item, list.id.as_ref()))
        .collect()
}

/// Whether the arrays that a path goes through are there, and the innermost that is there is empty.
fn is_empty_list(view: &ResponseView<'_>, path: &str) -> Result<bool, String> {
    let mut path = path;
    // a filter that lets nothing through has still looked at a list; one that is wrong lets the owner's own not through either
    if let Some((list, _)) = path.rsplit_once("[?").filter(|(_, filter)| filter.ends_with(']')) {
        let there = view.query(list).map_err(|error| error.to_string())?;
        if there.is_some_and(|there| !there.is_empty() && there.iter().all(|value| value.is_array())) {
            return Ok(true);
        }
        path = list;
    }
    while let Some(at) = path.rfind("[*]") {
        path = &path[..at];
        let there = view
            .query(path)
            .map_err(|error| error.to_string())?
            .unwrap_or_default();
        if !there.is_empty() {
            return Ok(there
                .iter()
                .all(|value| value.as_array().is_some_and(Vec::is_empty)));
        }
    }
    let itself = view.query(path).map_err(|error| error.to_string())?;
    Ok(itself.is_some_and(|there| !there.is_empty() && there.iter().all(|value| value.is_array())))
}

/// A stack that leaves an empty list out may say instead that it counts none.
fn counts_none(view: &ResponseView<'_>, list: &List) -> bool {
    list.total
        .as_ref()
        .is_some_and(|from| matches!(total(view, from), Ok(Some(0))))
}

fn id_of(item: &Json, from: Option<&Text>) -> Result<String, String> {
    let from = match (from, item) {
        (Some(from), _) => from.as_str(),
        // a list of nothing but ids
        (None, Json::String(_) | Json::Number(_)) => "$",
        (None, _) => "$.id",
    };
    let item = of_body(item.to_string().into_bytes());
    match ResponseView::new(&item)
        .find(from)
        .map_err(|error| error.to_string())?
    {
        Some(Json::String(id)) => Ok(id),
        Some(Json::Number(id)) => Ok(id.to_string()),
        _ => Err(format!("an item without `{from}`")),
    }
}

fn of_body(body: Vec<u8>) -> Reply {
    Reply {
        status: 200,
        body,
        ..Reply::none(Delivery::Whole)
    }
}

/// Each match of a pattern is an item. That a page holds none is told only by a page: an empty body shows nothing. Whether the
/// pattern is right is shown by the twins, whose pages must hold theirs.
fn matched(reply: &Reply, pattern: &str, id: Option<&Text>) -> Result<Vec<String>, String> {
    let regex = |pattern: &str| {
        patterns::read(pattern).map_err(|error| format!("`{pattern}` is not a regular expression: {error}"))
    };
    let items = regex(pattern)?;
    let id = id
        .map(|id| {
            regex(
                id.trim()
                    .trim_start_matches("body")
                    .trim_start()
                    .trim_start_matches('~')
                    .trim(),
            )
        })
        .transpose()?;
    if reply.body.trim_ascii().is_empty() {
        return Err("the answer is empty".to_owned());
    }
    let text = reply.text();
    let first = |found: &regex::Captures<'_>| {
        let group = found.get(1).or_else(|| found.get(0));
        group.map(|group| group.as_str().to_owned()).unwrap_or_default()
    };
    let ids = items.captures_iter(&text).map(|found| match &id {
        None => Ok(first(&found)),
        Some(id) => {
            let item = found.get(0).map_or("", |item| item.as_str());
            let found = id.captures(item).map(|found| first(&found));
            found.ok_or_else(|| format!("an item without `{id}`"))
        }
    });
    ids.collect()
}

/// The number at a place, which may also be written as text.
pub(super) fn total(view: &ResponseView<'_>, from: &Text) -> Result<Option<u64>, String> {
    let found = view.find(from).map_err(|error| error.to_string())?;
    Ok(found.and_then(|found| match found {
        Json::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use reqwest::header::{HeaderMap, HeaderValue};

    fn list(items: &str, id: Option<&str>, total: Option<&str>) -> List {
        List {
            items: Text::new(items),
            id: id.map(Text::new),
            total: total.map(Text::new),
            next: None,
            newest_only: false,
            opens: Vec::new(),
        }
    }

    fn read(body: &str, list: &List) -> Result<Vec<String>, String> {
        let reply = of_body(body.as_bytes().to_vec());
        ids(&ResponseView::new(&reply), &reply, list)
    }

    #[test]
    fn a_bare_array_is_a_list() {
        let bare = list("$[*]", None, None);
        assert_eq!(read(r#"[{"id":1},{"id":"b"}]"#, &bare).unwrap(), ["1", "b"]);
        assert_eq!(read(r#"["a","b"]"#, &bare).unwrap(), ["a", "b"]);
        assert_eq!(read("[]", &bare).unwrap(), Vec::<String>::new());
        for other in ["{}", "null", "", "<p>busy</p>", r#"[{"name":"x"}]"#] {
            assert!(read(other, &bare).is_err(), "{other}");
        }
    }

    #[test]
    fn an_empty_list_is_one_only_where_a_list_stands() {
        let nested = list("$.people[*].items[*]", None, None);
        assert_eq!(read(r#"{"people":[]}"#, &nested).unwrap(), Vec::<String>::new());
        assert_eq!(
            read(r#"{"people":[{"items":[]}]}"#, &nested).unwrap(),
            Vec::<String>::new()
        );
        assert!(read(r#"{"people":[{"things":[]}]}"#, &nested).is_err());
        assert!(read(r#"{"persons":[]}"#, &nested).is_err());
        let within = list("$.entry[*].resource", None, Some("$.total"));
        assert_eq!(
            read(r#"{"entry":[],"total":0}"#, &within).unwrap(),
            Vec::<String>::new()
        );
        assert!(read(r#"{"entry":[{"fullUrl":"x"}],"total":1}"#, &within).is_err());
    }

    #[test]
    fn a_filter_that_lets_nothing_through_leaves_an_empty_list() {
        let mine = list("$.items[?@.kind != 'form']", None, None);
        let read = |body| read(body, &mine);
        assert_eq!(
            read(r#"{"items":[{"kind":"form","id":1},{"kind":"call","id":2}]}"#).unwrap(),
            ["2"]
        );
        for empty in [r#"{"items":[{"kind":"form","id":1}]}"#, r#"{"items":[]}"#] {
            assert_eq!(read(empty).unwrap(), Vec::<String>::new(), "{empty}");
        }
        // of an object, a filter looks at the values (RFC 9535, 2.3.5), so that there is something to read
        for other in [r#"{"things":[]}"#, r#"{"items":{}}"#, r#"{"items":"busy"}"#] {
            assert!(read(other).is_err(), "{other}");
        }
    }

    #[test]
    fn a_list_that_is_left_out_is_empty_where_the_stack_counts_none() {
        let counted = list("$.entry[*]", None, Some("$.total"));
        assert_eq!(read(r#"{"total":0}"#, &counted).unwrap(), Vec::<String>::new());
        assert!(read(r#"{"total":3}"#, &counted).is_err());
        assert!(read("{}", &counted).is_err());
    }

    #[test]
    fn an_id_can_be_a_part_of_something() {
        let hrefs = list("$.items[*]", Some(r"$.href ~ /recordings/(\d+)"), None);
        assert_eq!(
            read(r#"{"items":[{"href":"https://a/recordings/42/x"}]}"#, &hrefs).unwrap(),
            ["42"]
        );
        assert!(read(r#"{"items":[{"href":"https://a/others/42"}]}"#, &hrefs).is_err());
    }

    #[test]
    fn a_page_that_is_not_json_is_read_by_matches() {
        let page = r#"<ul><li><a href="/r/7?x=1">a</a></li><li><a href="/r/8">b</a></li></ul>"#;
        assert_eq!(
            read(page, &list(r#"match href="/r/(\d+)"#, None, None)).unwrap(),
            ["7", "8"]
        );
        let within = list(r"match <li>.*?</li>", Some(r"~ /r/(\d+)"), None);
        assert_eq!(read(page, &within).unwrap(), ["7", "8"]);
        assert!(
            read("<li>nothing</li>", &within).is_err(),
            "an item without an id"
        );
        assert_eq!(
            read("<p>You have no recordings.</p>", &within).unwrap(),
            Vec::<String>::new()
        );
        assert!(read("  \n", &within).is_err(), "an empty body shows nothing");
        assert!(read(page, &list("match (", None, None)).is_err());
    }

    #[test]
    fn nothing_said_with_204_is_an_empty_list() {
        let mut reply = of_body(Vec::new());
        reply.status = 204;
        let list = list("$[*]", None, None);
        assert_eq!(
            ids(&ResponseView::new(&reply), &reply, &list).unwrap(),
            Vec::<String>::new()
        );
    }

    #[test]
    fn a_total_can_stand_in_a_header() {
        let mut headers = HeaderMap::new();
        headers.insert("content-range", HeaderValue::from_static("items 0-4/17"));
        headers.insert("total-records", HeaderValue::from_static("17"));
        let reply = Reply {
            headers,
            ..of_body(br#"{"total":"17","many":"lots"}"#.to_vec())
        };
        let view = ResponseView::new(&reply);
        for from in [
            "header Total-Records",
            r"header Content-Range ~ /(\d+)$",
            "$.total",
        ] {
            assert_eq!(total(&view, &Text::new(from)), Ok(Some(17)), "{from}");
        }
        assert_eq!(total(&view, &Text::new("$.many")), Ok(None));
        assert!(total(&view, &Text::new("$.[")).is_err());
    }
}
