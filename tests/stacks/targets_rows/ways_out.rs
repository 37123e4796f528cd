//! Rows 6 and 18: any number of ways out, by any method; and what is excepted.

use std::collections::HashMap;
use std::io::{Cursor, Write as _};

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::driving::{Drive, TWO};
use super::plain::{BASE, PEOPLE, RECORDING, add, list, media, people, put_media, text};
use super::shelf::{Item, Kept, Shelf, answer, not_there, of, sign_in_first};
use crate::binary::{Trouble, ensure};

const WAYS_OUT: &str = r#"
[recording]
plant = [
  { request = "POST /items", json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = "$.id" } },
  { request = "PUT /items/{{ id }}/media", payload = "media", expect = 204 },
  { request = "PUT /items/{{ id }}/picture", payload = "thumbnail", expect = 204 },
]
missing = "{{ uuid() }}"

[surface.search]
request = "POST /search"
form = { q = "title:*" }
list = { items = "$.hits[*]._source", id = "$.id", total = "$.total" }

[surface.zip]
request = "POST /zip"
json = { ids = ["{{ recording.id }}"] }

[surface.batch]
request = "POST /batch"
json = { requests = [{ method = "GET", path = "/items/{{ recording.id }}" }, { method = "GET", path = "/items/none" }] }

[surface.graphql]
request = "POST /graphql"
json = { query = "query One($id: ID!) { item(id: $id) { title } }", variables = { id = "{{ recording.id }}" } }

[surface.history]
request = "GET /items/{{ recording.id }}/history"

[surface.picture]
request = "GET /items/{{ recording.id }}/picture"

[surface.copy]
request = "COPY /items/{{ recording.id }}"
headers = { Destination = "/items/copy-of-{{ recording.id }}", Depth = "0" }

[surface.propfind]
request = "PROPFIND /items/{{ recording.id }}"
body = "<propfind><allprop/></propfind>"
type = "application/xml"
"#;

/// Zip, search, batch, GraphQL, history, picture, COPY, PROPFIND: each leaks where the server makes its mistake.
pub(crate) fn row_06_further_ways_out() -> Result<(), Trouble> {
    let drive = Drive {
        router: ways_out,
        profile: &[BASE, PEOPLE, WAYS_OUT],
        feature: TWO,
    };
    drive.holds_and_leaks(&[
        "search", "zip", "batch", "graphql", "history", "picture", "copy", "propfind",
    ])
}

fn ways_out() -> Router<Shelf> {
    fn found(shelf: &Kept, headers: &HeaderMap, id: &str) -> Result<Item, Box<Response>> {
        let caller = shelf.caller(headers).ok_or_else(|| Box::new(sign_in_first()))?;
        shelf.item(&caller, id).ok_or_else(|| Box::new(not_there()))
    }
    async fn search(State(shelf): State<Shelf>, headers: HeaderMap, body: String) -> Response {
        let Some(caller) = shelf.caller(&headers).filter(|_| body == "q=title%3A*") else {
            return sign_in_first();
        };
        let hits: Vec<Value> = shelf
            .items(&caller)
            .iter()
            .filter(|item| !item.title.is_empty())
            .map(|item| json!({ "_source": item.shown() }))
            .collect();
        answer(200, json!({ "total": hits.len(), "hits": hits }))
    }
    async fn packed(State(shelf): State<Shelf>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
        let item = match found(&shelf, &headers, body["ids"][0].as_str().unwrap_or_default()) {
            Ok(item) => item,
            Err(refusal) => return *refusal,
        };
        let mut file = ZipWriter::new(Cursor::new(Vec::new()));
        let written = file
            .start_file("title.txt", SimpleFileOptions::default())
            .and_then(|()| Ok(file.write_all(item.title.as_bytes())?))
            .and_then(|()| file.finish());
        match written {
            Ok(file) => ([("content-type", "application/zip")], file.into_inner()).into_response(),
            Err(error) => answer(500, json!({ "error": error.to_string() })),
        }
    }
    async fn batch(State(shelf): State<Shelf>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
        let Some(caller) = shelf.caller(&headers) else {
            return sign_in_first();
        };
        let asked = body["requests"].as_array().cloned().unwrap_or_default();
        let one = |request: &Value| {
            let id = text(request, "path");
            match shelf.item(&caller, id.trim_start_matches("/items/")) {
                Some(item) => json!({ "status": 200, "body": item.shown() }),
                None => json!({ "status": 404 }),
            }
        };
        answer(
            207,
            json!({ "responses": asked.iter().map(one).collect::<Vec<_>>() }),
        )
    }
    async fn graphql(State(shelf): State<Shelf>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
        let Some(caller) = shelf.caller(&headers) else {
            return sign_in_first();
        };
        if !text(&body, "query").contains("item(id: $id)") {
            return answer(200, json!({ "errors": [{ "message": "cannot parse" }] }));
        }
        let item = shelf.item(&caller, &text(&body["variables"], "id"));
        answer(
            200,
            json!({ "data": { "item": item.map(|item| json!({ "title": item.title })) } }),
        )
    }
    async fn history(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        match found(&shelf, &headers, &id) {
            Ok(item) => answer(200, json!([{ "at": 1, "set": { "title": item.title } }])),
            Err(refusal) => *refusal,
        }
    }
    async fn put_picture(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Path(id): Path<String>,
        body: Bytes,
    ) -> Response {
        let Some(owner) = shelf
            .caller(&headers)
            .filter(|caller| shelf.own(caller, &id).is_some())
        else {
            return sign_in_first();
        };
        let picture = Item {
            id: format!("picture-of-{id}"),
            owner,
            media: body,
            ..Item::default()
        };
        shelf.add(picture);
        StatusCode::NO_CONTENT.into_response()
    }
    async fn picture(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        match found(&shelf, &headers, &format!("picture-of-{id}")) {
            Ok(item) => ([("content-type", "image/png")], item.media).into_response(),
            Err(refusal) => *refusal,
        }
    }
    async fn by_method(
        State(shelf): State<Shelf>,
        method: Method,
        headers: HeaderMap,
        Path(id): Path<String>,
        body: String,
    ) -> Response {
        let item = match found(&shelf, &headers, &id) {
            Ok(item) => item,
            Err(refusal) => return *refusal,
        };
        match method.as_str() {
            "COPY" if of(&headers, "destination").is_some() => answer(201, json!({ "copied": item.shown() })),
            "PROPFIND" if body.contains("allprop") => {
                let xml = format!(
                    "<multistatus><response><displayname>{}</displayname></response></multistatus>",
                    item.title
                );
                (
                    StatusCode::MULTI_STATUS,
                    [("content-type", "application/xml")],
                    xml,
                )
                    .into_response()
            }
            _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        }
    }
    people()
        .route("/items", post(add).get(list))
        .route("/items/{id}/media", put(put_media).get(media))
        .route("/items/{id}/picture", put(put_picture).get(picture))
        .route("/items/{id}/history", get(history))
        .route("/items/{id}", any(by_method))
        .route("/search", post(search))
        .route("/zip", post(packed))
        .route("/batch", post(batch))
        .route("/graphql", post(graphql))
}

const CATALOGUE: &str = r#"
[surface.catalogue]
request = "GET /catalogue?all=1"
list = { items = "$.items[*]", id = "$.id" }

[surface.link]
steps = [{ request = "POST /links/{{ recording.id }}", capture = { url = "$.url" } }]
request = "GET {{ url }}"
credentials = "none"
link = true
"#;

const MEANT: &str = r#"
[[exception]]
surface = "catalogue"
who = "the public"
extent = "metadata"
reason = "titles stand in a public catalogue"

[[exception]]
surface = "link"
who = "anyone who was handed the link"
technique = "leaked-link"
reason = "links are capabilities here"
"#;

/// A public catalogue, and links that are capabilities: excepted, and told in every report; what goes further is a leak.
pub(crate) fn row_18_declared_exceptions() -> Result<(), Trouble> {
    let drive = |parts: &[&str], flawed: bool| -> Result<_, Trouble> {
        let profile = [&[BASE, PEOPLE, RECORDING, CATALOGUE], parts].concat();
        let drive = Drive {
            router: catalogue,
            profile: &profile,
            feature: TWO,
        };
        if flawed { drive.flawed() } else { drive.sound() }
    };
    drive(&[], false)?.leaked_at(&["catalogue", "link"])?;
    let told = drive(&[MEANT], false)?;
    told.held()?;
    for reason in [
        "titles stand in a public catalogue",
        "links are capabilities here",
    ] {
        let said = told.said().split_whitespace().collect::<Vec<_>>().join(" ");
        ensure(said.contains(reason) && told.summary().contains(reason), || {
            format!("nowhere: {reason}\n{}", told.said())
        })?;
    }
    // in the catalogue are the media too, and that is more than was said
    drive(&[MEANT], true)?.leaked_at(&["catalogue"])
}

fn catalogue() -> Router<Shelf> {
    async fn all(State(shelf): State<Shelf>, Query(query): Query<HashMap<String, String>>) -> Response {
        if !query.contains_key("all") {
            return not_there();
        }
        let items = shelf.inside().items.clone();
        let shown = items.iter().map(|item| {
            let mut shown = item.shown();
            if shelf.flawed {
                use base64::Engine as _;
                shown["preview"] = base64::engine::general_purpose::STANDARD
                    .encode(&item.media)
                    .into();
            }
            shown
        });
        answer(200, json!({ "items": shown.collect::<Vec<_>>() }))
    }
    async fn link(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        let Some(item) = shelf.caller(&headers).and_then(|caller| shelf.own(&caller, &id)) else {
            return not_there();
        };
        let key = shelf.session(&item.id);
        answer(201, json!({ "url": format!("/shared/{key}") }))
    }
    async fn shared(State(shelf): State<Shelf>, Path(key): Path<String>) -> Response {
        let id = shelf.inside().sessions.get(&key).cloned().unwrap_or_default();
        shelf
            .any(&id)
            .map_or_else(not_there, |item| item.media.into_response())
    }
    people()
        .route("/items", post(add).get(list))
        .route("/items/{id}/media", put(put_media))
        .route("/catalogue", get(all))
        .route("/links/{id}", post(link))
        .route("/shared/{key}", get(shared))
}
