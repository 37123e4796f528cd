//! A small recording app behind a flag. It asks the flag service from time to time, as the client libraries of such services do, and
//! until then goes on with what it knows.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post, put};
use serde_json::json;

use super::standing::{FLAG, Told};
use crate::targets_rows::plain::{add, list, people, put_media};
use crate::targets_rows::shelf::{Shelf, answer, not_there, sign_in_first};

/// How often the app asks the service.
const EVERY: Duration = Duration::from_millis(400);

/// What the app believes of the flag, among its settings.
const BELIEVED: &str = "believed";

/// The app's routes. Where it makes its mistake, everybody's items are open while it believes that the flag is on.
pub(crate) fn app() -> Router<Shelf> {
    people()
        .route("/items", post(add).get(list))
        .route("/items/{id}/media", put(put_media))
        .route("/items/{id}", get(item))
        .route("/debug/flags/{name}", get(debug))
}

async fn item(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    let open = shelf.is_on(BELIEVED);
    Told::Served(open).note(&shelf);
    let found = shelf
        .any(&id)
        .filter(|item| item.owner == caller || (shelf.flawed && open));
    found.map_or_else(not_there, |item| answer(200, item.shown()))
}

async fn debug(State(shelf): State<Shelf>, Path(name): Path<String>) -> Response {
    if name != FLAG {
        return not_there();
    }
    let enabled = shelf.is_on(BELIEVED);
    Told::Shown(enabled).note(&shelf);
    answer(200, json!({ "enabled": enabled }))
}

/// Asks the service until nobody keeps the app any more; one that does not ask again goes on with what it heard first.
pub(crate) fn listen(shelf: &Shelf, ask: Arc<dyn Fn() -> bool + Send + Sync>, again: bool) {
    let believe = |shelf: &Shelf, on: bool| {
        shelf.inside().settings.insert(BELIEVED.to_owned(), on.into());
    };
    believe(shelf, ask());
    if !again {
        return;
    }
    let weak = Arc::downgrade(shelf);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(EVERY);
            let Some(shelf) = weak.upgrade() else { break };
            believe(&shelf, ask());
        }
    });
}
