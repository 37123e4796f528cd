//! How a list is read: what counts it, and how its next page is asked for.

use super::super::contract::{ApiOperation, ShapeValue};
use super::super::profile_writer::{quoted, table};
use super::fill::query_named;
use super::words::{self, is};

/// Where the items lie: `$.data` for `$.data.items[*]`, so that what stands beside them can be told from what does not.
fn around(items: &str) -> &str {
    let list = items.trim_end_matches("[*]");
    list.rsplit_once('.').map_or("$", |(around, _)| around)
}

/// Whether what stands at one place is about the list at another: around it, or in something like `meta` there.
fn is_sibling(place: &str, around: &str) -> bool {
    if around.starts_with(place) {
        return true;
    }
    let words = [
        "meta",
        "pagination",
        "paging",
        "page",
        "pageinfo",
        "link",
        "next",
        "cursor",
        "info",
    ];
    place
        .strip_prefix(around)
        .is_some_and(|rest| rest.split('.').skip(1).all(|name| is(name, &words)))
}

/// How many there are in all.
pub(crate) fn total(operation: &ApiOperation, items: &str) -> Option<String> {
    let around = around(items);
    let leaves = operation.json()?.leaves();
    let found = leaves.into_iter().map(|(path, _)| path).find(|path| {
        let Some((before, name)) = path.rsplit_once('.') else {
            return false;
        };
        is(name, words::TOTAL) && is_sibling(before, around)
    });
    found.or_else(|| {
        let mut headers = operation.good().flat_map(|answer| &answer.headers);
        headers
            .find(|header| {
                let words = words::words(header);
                words.iter().any(|word| word == "total" || word == "count")
            })
            .map(|header| format!("header {header}"))
    })
}

/// Where an answer says what the next page is asked for with.
pub(crate) fn next_leaf(operation: &ApiOperation, items: &str) -> Option<(String, ShapeValue)> {
    let around = around(items);
    let leaves = operation.json()?.leaves();
    let found = leaves.into_iter().find(|(path, _)| {
        let Some((before, name)) = path.rsplit_once('.') else {
            return false;
        };
        let linked = before.ends_with("links") || before.ends_with(".next");
        is_sibling(before, around)
            && (is(name, words::NEXT) || (linked && is(name, &["next", "href"]) && path.contains("next")))
    });
    found.map(|(path, leaf)| (path, leaf.clone()))
}

/// How the next page is asked for, as TOML, and why.
pub(crate) fn next(operation: &ApiOperation, items: &str) -> Option<(String, String)> {
    let found = next_leaf(operation, items);
    let by_query = query_named(operation, words::CURSOR);
    if let Some((path, leaf)) = &found {
        let address = leaf.format.starts_with("uri")
            || path.contains("links.")
            || leaf
                .known
                .as_ref()
                .and_then(serde_json::Value::as_str)
                .is_some_and(|known| known.starts_with('/') || known.starts_with("http"));
        if let Some(query) = by_query.filter(|_| !address) {
            let next = table([("query", quoted(query)), ("from", quoted(path))]);
            return Some((next, format!("`{path}` goes into `{query}`")));
        }
        if address {
            let next = table([("link", quoted(path))]);
            return Some((next, format!("`{path}` is the address of the next page")));
        }
    }
    let linked = operation
        .good()
        .flat_map(|answer| &answer.headers)
        .any(|header| header.eq_ignore_ascii_case("link"));
    if linked && (by_query.is_some() || query_named(operation, words::PAGE).is_some()) {
        return Some((
            table([("link", quoted("header Link"))]),
            "the header `Link` names the next page".to_owned(),
        ));
    }
    for (list, key) in [(words::PAGE, "page"), (words::OFFSET, "offset")] {
        if let Some(query) = query_named(operation, list) {
            return Some((table([(key, quoted(query))]), format!("`{query}` counts")));
        }
    }
    None
}
