//! What all these servers keep: people, their sessions, and items with media; and whether the server makes its mistake.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use uuid::Uuid;

/// The state of a server.
pub(crate) type Shelf = Arc<Kept>;

/// What is kept, and whether it is kept well.
pub(crate) struct Kept {
    /// Whether the server makes the mistake that its row is about.
    pub(crate) flawed: bool,
    inside: Mutex<Inside>,
}

/// Everything that changes.
#[derive(Default)]
pub(crate) struct Inside {
    /// E-mail address to password; the address is the person's id.
    pub(crate) people: HashMap<String, String>,
    /// Token to the person's id.
    pub(crate) sessions: HashMap<String, String>,
    /// In the order in which they came.
    pub(crate) items: Vec<Item>,
    /// Settings by name.
    pub(crate) settings: BTreeMap<String, Value>,
    /// How often something was asked, by whatever name the server gives it.
    pub(crate) counts: HashMap<String, u32>,
    /// What the server saw and the test wants to know.
    pub(crate) seen: Vec<String>,
}

/// An item.
#[derive(Clone, Default)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) title: String,
    pub(crate) media: Bytes,
    /// A setting was on when it was made.
    pub(crate) made_open: bool,
}

impl Item {
    /// As a server shows it.
    pub(crate) fn shown(&self) -> Value {
        json!({ "id": self.id, "title": self.title })
    }
}

/// An empty shelf.
pub(crate) fn shelf(flawed: bool) -> Shelf {
    Arc::new(Kept {
        flawed,
        inside: Mutex::default(),
    })
}

impl Kept {
    /// Everything.
    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose bearer token it is.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Option<String> {
        let token = bearer(headers)?;
        self.inside().sessions.get(token).cloned()
    }

    /// A new session of somebody.
    pub(crate) fn session(&self, who: &str) -> String {
        let token = Uuid::new_v4().simple().to_string();
        self.inside().sessions.insert(token.clone(), who.to_owned());
        token
    }

    /// Whether somebody has this password.
    pub(crate) fn knows(&self, email: &str, password: &str) -> bool {
        self.inside()
            .people
            .get(email)
            .is_some_and(|known| known == password)
    }

    /// A new item.
    pub(crate) fn add(&self, item: Item) -> String {
        let id = if item.id.is_empty() {
            Uuid::new_v4().to_string()
        } else {
            item.id.clone()
        };
        let mut inside = self.inside();
        inside.items.retain(|old| old.id != id);
        let id_of_it = id.clone();
        inside.items.push(Item { id, ..item });
        id_of_it
    }

    /// An item by its id.
    pub(crate) fn any(&self, id: &str) -> Option<Item> {
        self.inside().items.iter().find(|item| item.id == id).cloned()
    }

    /// The same for its owner; for anybody where the server makes its mistake.
    pub(crate) fn item(&self, caller: &str, id: &str) -> Option<Item> {
        self.any(id).filter(|item| item.owner == caller || self.flawed)
    }

    /// The same, without the mistake.
    pub(crate) fn own(&self, caller: &str, id: &str) -> Option<Item> {
        self.any(id).filter(|item| item.owner == caller)
    }

    /// Somebody's items; everybody's where the server makes its mistake.
    pub(crate) fn items(&self, caller: &str) -> Vec<Item> {
        let all = self.inside().items.clone();
        all.into_iter()
            .filter(|item| item.owner == caller || self.flawed)
            .collect()
    }

    /// Counts one more, and says how many it were before.
    pub(crate) fn count(&self, what: &str) -> u32 {
        let mut inside = self.inside();
        let count = inside.counts.entry(what.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    /// Whether a setting is on.
    pub(crate) fn is_on(&self, setting: &str) -> bool {
        self.inside()
            .settings
            .get(setting)
            .is_some_and(|value| *value == true)
    }

    /// Puts media to an item of somebody's own.
    pub(crate) fn put_media(&self, caller: &str, id: &str, media: Bytes) -> bool {
        let mut inside = self.inside();
        let mut items = inside.items.iter_mut();
        match items.find(|item| item.id == id && item.owner == caller) {
            Some(item) => {
                item.media = media;
                true
            }
            None => false,
        }
    }
}

/// The bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    of(headers, header::AUTHORIZATION.as_str())?.strip_prefix("Bearer ")
}

/// A header that is text.
pub(crate) fn of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// An answer in JSON.
pub(crate) fn answer(status: u16, body: Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(body)).into_response()
}

/// "Not there."
pub(crate) fn not_there() -> Response {
    answer(404, json!({ "error": "not there" }))
}

/// "Sign in first."
pub(crate) fn sign_in_first() -> Response {
    answer(401, json!({ "error": "sign in first" }))
}
