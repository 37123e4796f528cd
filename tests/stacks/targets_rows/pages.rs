//! Row 14: a list is read to its end, however its pages are asked for and wherever it ends.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::driving::{Drive, MANY};
use super::plain::{BASE, PEOPLE, add, list, people};
use super::shelf::{Item, Kept, Shelf, answer, not_there, sign_in_first};
use crate::binary::{Trouble, ensure};

/// Items on a page: Ada has four, so that hers have three pages.
const PAGE: usize = 2;

const SURFACES: &str = r#"
[recording]
plant = [{ request = "POST /items", json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = "$.id" } }]
missing = "{{ uuid() }}"

[surface.link-in-body]
request = "GET /link-in-body?size=2"
list = { items = "$.items[*]", id = "$.id", next = { link = "$.next" } }

[surface.link-in-array]
request = "GET /link-in-array?size=2"
list = { items = "$.items[*]", id = "$.id", next = { link = "$.links[?@.rel == 'next'].href" } }

[surface.link-header]
request = "GET /link-header?size=2"
list = { items = "$[*]", id = "$.id", next = { link = "header Link" }, total = "header X-Total" }

[surface.own-header]
request = "GET /own-header?size=2"
list = { items = "$.items[*]", id = "$.id", next = { link = "header Next-Page" } }

[surface.token]
request = "GET /token?size=2"
list = { items = "$.items[*]", id = "$.id", next = { query = "page_token", from = "$.next" } }

[surface.marker]
request = "GET /marker?size=2"
list = { items = "$.items[*]", id = "$.id", next = { query = "after", from = "$.items[-1].id" } }

[surface.page]
request = "GET /page?size=2"
list = { items = "$.items[*]", id = "$.id", next = { page = "page" } }

[surface.page-until-404]
request = "GET /page-until-404?size=2"
list = { items = "$.items[*]", id = "$.id", next = { page = "page", start = 1 } }

[surface.offset]
request = "GET /offset?size=2"
list = { items = "$.items[*]", id = "$.id", next = { offset = "skip" } }

[surface.variable]
request = "POST /variable"
json = { first = 2, after = "{{ cursor }}" }
list = { items = "$.data.nodes[*]", id = "$.id", next = { variable = "cursor", from = "$.data.end", while = "json('$.data.more')" } }

[surface.lines]
request = "GET /lines"
list = { items = "match <li data-id=\"([0-9a-f-]+)\">" }
"#;

/// Every style on one server. What leaks stands behind the first page only.
pub(crate) fn row_14_pagination() -> Result<(), Trouble> {
    let drive = Drive {
        router: books,
        profile: &[BASE, PEOPLE, SURFACES],
        feature: MANY,
    };
    let styles: Vec<&str> = SURFACES
        .lines()
        .filter_map(|line| line.strip_prefix("[surface.")?.strip_suffix(']'))
        .collect();
    ensure(styles.len() == 11, || format!("{styles:?}"))?;
    drive.holds_and_leaks(&styles)
}

/// A list whose pages never end is not one that was read.
pub(crate) fn row_14_a_list_without_end_is_not_held() -> Result<(), Trouble> {
    let rest = r#"
[recording]
plant = [{ request = "POST /items", json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = "$.id" } }]
missing = "{{ uuid() }}"
[surface.list]
request = "GET /for-ever"
list = { items = "$.items[*]", id = "$.id", next = { query = "page_token", from = "$.next" } }
"#;
    let drive = Drive {
        router: books,
        profile: &[BASE, PEOPLE, rest],
        feature: MANY,
    };
    drive.sound()?.inconclusive("the same cursor came twice")
}

fn books() -> Router<Shelf> {
    people()
        .route("/items", post(add).get(list))
        .route("/{style}", get(by_get).post(by_post))
}

/// One's own; where the server makes its mistake, then everybody's, but never on the first page.
fn everything(shelf: &Kept, caller: &str) -> Vec<Item> {
    let all = shelf.inside().items.clone();
    let (mut own, others): (Vec<Item>, Vec<Item>) = all.into_iter().partition(|item| item.owner == caller);
    if shelf.flawed {
        own.truncate(PAGE);
        while own.len() < PAGE {
            // room that others' must not fill
            own.push(Item {
                id: format!("empty-{}", own.len()),
                ..Item::default()
            });
        }
        let again = shelf.inside().items.clone();
        let rest = again
            .into_iter()
            .filter(|item| item.owner == caller && !own.iter().any(|one| one.id == item.id));
        own.extend(rest.collect::<Vec<_>>());
        own.extend(others);
    }
    own
}

async fn by_get(
    State(shelf): State<Shelf>,
    headers: HeaderMap,
    Path(style): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    let all = everything(&shelf, &caller);
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<usize>().ok());
    let start = match style.as_str() {
        "marker" => query.get("after").map_or(0, |after| {
            all.iter()
                .position(|item| item.id == *after)
                .map_or(all.len(), |at| at + 1)
        }),
        "page" | "page-until-404" => number("page").unwrap_or(1).saturating_sub(1) * PAGE,
        "offset" => number("skip").unwrap_or(0),
        "for-ever" => 0,
        _ => number("page_token").unwrap_or(0),
    };
    let page: Vec<Value> = all.iter().skip(start).take(PAGE).map(Item::shown).collect();
    let end = start + PAGE;
    let next = (end < all.len()).then(|| format!("/{style}?size=2&page_token={end}"));
    match style.as_str() {
        "link-in-body" => answer(200, json!({ "items": page, "next": next })),
        "link-in-array" => {
            let mut links = vec![json!({ "rel": "self", "href": format!("/{style}") })];
            links.extend(next.map(|next| json!({ "rel": "next", "href": next })));
            answer(200, json!({ "items": page, "links": links }))
        }
        "link-header" => {
            let mut reply = answer(200, Value::from(page));
            let total = HeaderValue::from(all.len());
            reply.headers_mut().insert("x-total", total);
            let link = next.map(|next| format!("</{style}>; rel=\"first\", <{next}>; rel=\"next\""));
            put(reply, header::LINK.as_str(), link)
        }
        "own-header" => put(answer(200, json!({ "items": page })), "next-page", next),
        "token" => {
            let token = next.map_or(String::new(), |_| end.to_string());
            answer(200, json!({ "items": page, "next": token }))
        }
        "for-ever" => answer(200, json!({ "items": page, "next": "again" })),
        "page-until-404" if page.is_empty() && start > 0 => not_there(),
        "lines" => {
            let lines = all
                .iter()
                .map(|item| format!("<li data-id=\"{}\">{}</li>\n", item.id, item.title));
            answer(200, Value::Null).map(|_| lines.collect::<String>().into())
        }
        _ => answer(200, json!({ "items": page })),
    }
}

async fn by_post(State(shelf): State<Shelf>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    let all = everything(&shelf, &caller);
    let start = match &body["after"] {
        Value::Null => 0,
        after => after
            .as_str()
            .and_then(|after| after.strip_prefix("at-")?.parse().ok())
            .unwrap_or(usize::MAX),
    };
    if start == usize::MAX {
        return answer(400, json!({ "error": "that is no cursor" }));
    }
    let nodes: Vec<Value> = all.iter().skip(start).take(PAGE).map(Item::shown).collect();
    let end = start + nodes.len();
    answer(
        200,
        json!({ "data": { "nodes": nodes, "end": format!("at-{end}"), "more": end < all.len() } }),
    )
}

fn put(mut reply: Response, name: &'static str, value: Option<String>) -> Response {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        reply.headers_mut().insert(name, value);
    }
    reply
}
