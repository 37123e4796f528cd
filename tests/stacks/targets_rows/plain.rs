//! The plain server that most rows add their own routes to, and the parts of a profile that drive it.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::shelf::{Item, Shelf, answer, not_there, sign_in_first};

/// The server's address.
pub(crate) const BASE: &str = r#"
[target]
name = "a shelf"
[base]
api = "{{ env.STACK }}"
"#;

/// Who there is, and how they sign in.
pub(crate) const PEOPLE: &str = r#"
[role.patient]
provision = [{ request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201 }]
login = [{ request = "POST /login", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, capture = { token = "$.token" } }]
credentials.header.Authorization = "Bearer {{ me.token }}"
whoami = { request = "GET /me", expect = "status == 200 and json('$.id') == me.email" }
"#;

/// What is planted.
pub(crate) const RECORDING: &str = r#"
[recording]
plant = [
  { request = "POST /items", json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = "$.id" } },
  { request = "PUT /items/{{ id }}/media", payload = "media", expect = 204 },
]
missing = "{{ uuid() }}"
"#;

/// The list.
pub(crate) const LIST: &str = r#"
[surface.list]
request = "GET /items"
list = { items = "$.items[*]", id = "$.id" }
"#;

/// An item.
pub(crate) const ITEM: &str = r#"
[surface.item]
request = "GET /items/{{ recording.id }}"
"#;

/// Its media.
pub(crate) const MEDIA: &str = r#"
[surface.media]
request = "GET /items/{{ recording.id }}/media"
"#;

/// People, items and media, each their owner's alone: what is wrong with a server is in the routes that its row adds.
pub(crate) fn people_and_items() -> Router<Shelf> {
    people().route("/items", post(add).get(list)).merge(items())
}

/// People who sign up and in.
pub(crate) fn people() -> Router<Shelf> {
    Router::new()
        .route("/people", post(sign_up))
        .route("/login", post(login))
        .route("/me", get(me))
}

/// One item.
pub(crate) fn items() -> Router<Shelf> {
    Router::new()
        .route("/items/{id}", get(item))
        .route("/items/{id}/media", put(put_media).get(media))
}

pub(crate) async fn sign_up(State(shelf): State<Shelf>, Json(body): Json<Value>) -> Response {
    let (email, password) = (text(&body, "email"), text(&body, "password"));
    shelf.inside().people.insert(email, password);
    answer(201, json!({}))
}

pub(crate) async fn login(State(shelf): State<Shelf>, Json(body): Json<Value>) -> Response {
    let (email, password) = (text(&body, "email"), text(&body, "password"));
    if !shelf.knows(&email, &password) {
        return sign_in_first();
    }
    answer(200, json!({ "token": shelf.session(&email) }))
}

pub(crate) async fn me(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
    match shelf.caller(&headers) {
        Some(id) => answer(200, json!({ "id": id })),
        None => sign_in_first(),
    }
}

pub(crate) async fn add(State(shelf): State<Shelf>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
    let Some(owner) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    let item = Item {
        owner,
        title: text(&body, "title"),
        made_open: shelf.is_on("open"),
        ..Item::default()
    };
    answer(201, json!({ "id": shelf.add(item) }))
}

pub(crate) async fn list(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    let all = shelf.inside().items.clone();
    let own: Vec<Value> = all
        .iter()
        .filter(|item| item.owner == caller)
        .map(Item::shown)
        .collect();
    answer(200, json!({ "items": own }))
}

pub(crate) async fn item(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    match shelf.own(&caller, &id) {
        Some(item) => answer(200, item.shown()),
        None => not_there(),
    }
}

pub(crate) async fn put_media(
    State(shelf): State<Shelf>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Response {
    match shelf.caller(&headers) {
        None => sign_in_first(),
        Some(caller) if shelf.put_media(&caller, &id, body) => StatusCode::NO_CONTENT.into_response(),
        Some(_) => not_there(),
    }
}

pub(crate) async fn media(
    State(shelf): State<Shelf>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    match shelf.own(&caller, &id) {
        Some(item) => item.media.into_response(),
        None => not_there(),
    }
}

/// A field that is text.
pub(crate) fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}
