//! Rows 1, 2, 12, 17 and 21: what is taken out of answers, and where it is put into requests.

use std::collections::HashMap;

use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::driving::{Drive, TWO};
use super::plain::{BASE, ITEM, LIST, PEOPLE, people, sign_up, text};
use super::shelf::{Item, Shelf, answer, bearer, not_there, of, sign_in_first};
use crate::binary::Trouble;

/// A session is three values from three places of an answer, and the id of an item is inside a bare string.
pub(crate) fn row_01_extraction() -> Result<(), Trouble> {
    let people = r#"
[role.patient]
provision = [{ request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201 }]
login = [{ request = "POST /login", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, capture = { token = "$.grants[?@.kind == 'access'].value", session = "header x-session ~ sid=([0-9a-f]+)", tag = "cookie tag", "nick?" = "$.nick", "hint?" = "header x-hint" } }]
credentials.header.Authorization = "Bearer {{ me.token }}"
credentials.header.X-Session = "{{ me.session }}"
credentials.cookie.tag = "{{ me.tag }}"
whoami = { request = "GET /items", expect = "body == me.email" }

[recording]
plant = [{ request = "POST /items", json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = '$ ~ items/([0-9a-f-]+)/' } }]
missing = "{{ uuid() }}"
"#;
    let drive = Drive {
        router: three_values,
        profile: &[BASE, people, ITEM],
        feature: TWO,
    };
    drive.holds_and_leaks(&["item"])
}

fn three_values() -> Router<Shelf> {
    async fn login(State(shelf): State<Shelf>, Json(body): Json<Value>) -> Response {
        let email = text(&body, "email");
        if !shelf.knows(&email, &text(&body, "password")) {
            return sign_in_first();
        }
        let [token, session, tag] = [0; 3].map(|_| shelf.session(&email));
        let grants =
            json!([{ "kind": "refresh", "value": "not this one" }, { "kind": "access", "value": token }]);
        let headers = [
            ("x-session", format!("v1; sid={session}; of=shelf")),
            ("set-cookie", format!("tag={tag}; Path=/; HttpOnly")),
        ];
        (headers, Json(json!({ "grants": grants, "nick": null }))).into_response()
    }
    fn caller(shelf: &Shelf, headers: &HeaderMap) -> Option<String> {
        let who = shelf.caller(headers)?;
        let inside = shelf.inside();
        let cookie = of(headers, "cookie")?.strip_prefix("tag=")?;
        let all = [of(headers, "x-session")?, cookie];
        all.into_iter()
            .all(|one| inside.sessions.get(one) == Some(&who))
            .then_some(who)
    }
    async fn add(State(shelf): State<Shelf>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
        let Some(owner) = caller(&shelf, &headers) else {
            return sign_in_first();
        };
        let item = Item {
            owner,
            title: text(&body, "title"),
            ..Item::default()
        };
        answer(201, Value::from(format!("items/{}/v1", shelf.add(item))))
    }
    async fn item(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        match caller(&shelf, &headers).map(|caller| shelf.item(&caller, &id)) {
            None => sign_in_first(),
            Some(None) => not_there(),
            Some(Some(item)) => answer(200, item.shown()),
        }
    }
    async fn whose(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
        caller(&shelf, &headers).map_or_else(sign_in_first, IntoResponse::into_response)
    }
    Router::new()
        .route("/people", post(sign_up))
        .route("/login", post(login))
        .route("/items", post(add).get(whose))
        .route("/items/{id}", get(item))
}

/// Basic, a bare token under a name of its own, a cookie and a query parameter, all at once.
pub(crate) fn row_02_credentials_as_templates() -> Result<(), Trouble> {
    let people = r#"
[role.patient]
provision = [{ request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201 }]
credentials.header.Authorization = "Basic {{ (me.email ~ ':' ~ me.password) | base64 }}"
credentials.header.X-Reader = "{{ me.email }}"
credentials.cookie.reader = "{{ me.email | path }}"
credentials.query.key = "Token {{ me.password }}"
whoami = { request = "GET /items", expect = 200 }
"#;
    let drive = Drive {
        router: four_credentials,
        profile: &[BASE, people, RECORDING_WITHOUT_MEDIA, LIST, ITEM],
        feature: TWO,
    };
    drive.holds_and_leaks(&["item"])
}

/// A recording that is only its title.
const RECORDING_WITHOUT_MEDIA: &str = r#"
[recording]
plant = [{ request = "POST /items", json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = "$.id" } }]
missing = "{{ uuid() }}"
"#;

fn four_credentials() -> Router<Shelf> {
    type Asked = Query<HashMap<String, String>>;
    fn caller(shelf: &Shelf, headers: &HeaderMap, query: &HashMap<String, String>) -> Option<String> {
        let basic = of(headers, header::AUTHORIZATION.as_str())?.strip_prefix("Basic ")?;
        let pair = String::from_utf8(STANDARD.decode(basic).ok()?).ok()?;
        let (email, password) = pair.split_once(':')?;
        let all = shelf.knows(email, password)
            && of(headers, "x-reader")? == email
            && of(headers, "cookie")? == format!("reader={}", email.replace('@', "%40"))
            && query.get("key")? == &format!("Token {password}");
        all.then(|| email.to_owned())
    }
    async fn add(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Query(query): Asked,
        Json(body): Json<Value>,
    ) -> Response {
        let Some(owner) = caller(&shelf, &headers, &query) else {
            return sign_in_first();
        };
        let item = Item {
            owner,
            title: text(&body, "title"),
            ..Item::default()
        };
        answer(201, json!({ "id": shelf.add(item) }))
    }
    async fn list(State(shelf): State<Shelf>, headers: HeaderMap, Query(query): Asked) -> Response {
        let Some(caller) = caller(&shelf, &headers, &query) else {
            return sign_in_first();
        };
        let items = shelf.inside().items.clone();
        let own = items.iter().filter(|item| item.owner == caller).map(Item::shown);
        answer(200, json!({ "items": own.collect::<Vec<_>>() }))
    }
    async fn item(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Query(query): Asked,
        Path(id): Path<String>,
    ) -> Response {
        match caller(&shelf, &headers, &query).map(|caller| shelf.item(&caller, &id)) {
            None => sign_in_first(),
            Some(None) => not_there(),
            Some(Some(item)) => answer(200, item.shown()),
        }
    }
    Router::new()
        .route("/people", post(sign_up))
        .route("/items", post(add).get(list))
        .route("/items/{id}", get(item))
}

/// One's own container, known from an earlier answer, in path, query, header, body and as the key of a JSON object; and the
/// owner's container in a bystander's request.
pub(crate) fn row_12_values_from_earlier_steps() -> Result<(), Trouble> {
    let rest = r#"
[role.patient]
provision = [
  { request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201 },
  { request = "POST /login", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, capture = { token = "$.token" } },
  { request = "POST /containers", headers = { Authorization = "Bearer {{ me.token }}" }, expect = 201, capture = { container = "$.container" } },
]
credentials.header.Authorization = "Bearer {{ me.token }}"
whoami = { request = "GET /me", expect = "json('$.id') == me.email" }

[recording]
plant = [
  { request = "POST /containers/{{ me.container }}/tickets", expect = 201, capture = { ticket = "$.ticket", container = "$.container" } },
  { request = "POST /containers/{{ me.container }}/items?ticket={{ ticket }}", headers = { X-Ticket = "{{ ticket }}" }, json = { ticket = "{{ ticket }}", items = { "{{ ticket }}" = { title = "{{ canary.title }}" } } }, expect = 201, capture = { id = "$.id" } },
]
missing = "{{ uuid() }}"

[surface.item]
request = "GET /containers/{{ recording.container }}/items/{{ recording.id }}"
"#;
    let drive = Drive {
        router: containers,
        profile: &[BASE, rest],
        feature: TWO,
    };
    drive.holds_and_leaks(&["item"])
}

fn containers() -> Router<Shelf> {
    fn container(caller: &str) -> String {
        format!(
            "c-{}",
            STANDARD
                .encode(caller)
                .to_lowercase()
                .replace(['=', '+', '/'], "")
        )
    }
    async fn make(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
        match shelf.caller(&headers) {
            Some(caller) => answer(201, json!({ "container": container(&caller) })),
            None => sign_in_first(),
        }
    }
    async fn ticket(State(shelf): State<Shelf>, headers: HeaderMap, Path(into): Path<String>) -> Response {
        match shelf.caller(&headers) {
            Some(caller) if container(&caller) == into => {
                let ticket = shelf.session("a ticket");
                answer(201, json!({ "ticket": ticket, "container": into }))
            }
            _ => sign_in_first(),
        }
    }
    async fn add(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Query(query): Query<HashMap<String, String>>,
        Path(into): Path<String>,
        Json(body): Json<Value>,
    ) -> Response {
        let Some(owner) = shelf.caller(&headers).filter(|caller| container(caller) == into) else {
            return sign_in_first();
        };
        let ticket = text(&body, "ticket");
        let everywhere = of(&headers, "x-ticket") == Some(&ticket)
            && query.get("ticket") == Some(&ticket)
            && shelf.inside().sessions.remove(&ticket).is_some();
        let title = text(&body["items"][&ticket], "title");
        if !everywhere || title.is_empty() {
            return answer(400, json!({ "error": "not the ticket" }));
        }
        let item = Item {
            owner,
            title,
            ..Item::default()
        };
        answer(201, json!({ "id": shelf.add(item) }))
    }
    async fn item(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Path((of, id)): Path<(String, String)>,
    ) -> Response {
        let Some(caller) = shelf.caller(&headers) else {
            return sign_in_first();
        };
        // only who names the owner's container gets as far as the mistake
        match shelf
            .item(&caller, &id)
            .filter(|item| container(&item.owner) == of)
        {
            Some(item) => answer(200, item.shown()),
            None => not_there(),
        }
    }
    people()
        .route("/containers", post(make))
        .route("/containers/{of}/tickets", post(ticket))
        .route("/containers/{of}/items", post(add))
        .route("/containers/{of}/items/{id}", get(item))
}

/// An id with everything in it that means something in an address: in a path, a query and a form, and in an address that is
/// encoded already.
pub(crate) fn row_17_percent_encoding_per_place() -> Result<(), Trouble> {
    let rest = r#"
[recording]
plant = [{ request = "POST /items", json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = "$.id", address = "$.address" } }]
missing = "a/b+c d?e=f&g%h#{{ uuid() }}"

[surface.by-path]
request = "GET /items/{{ recording.id | path }}"

[surface.by-query]
request = "GET /by-query?id={{ recording.id | query }}"

[surface.by-query-table]
request = "GET /by-query"
query = { id = "{{ recording.id }}" }

[surface.by-form]
request = "POST /by-form"
form = { id = "{{ recording.id }}" }

[surface.as-it-is]
request = "GET {{ recording.address }}"
"#;
    let drive = Drive {
        router: awkward_ids,
        profile: &[BASE, PEOPLE, rest],
        feature: TWO,
    };
    drive.holds_and_leaks(&["by-path", "by-query", "by-query-table", "by-form", "as-it-is"])
}

fn awkward_ids() -> Router<Shelf> {
    fn found(shelf: &Shelf, headers: &HeaderMap, id: Option<&String>) -> Response {
        let Some(caller) = shelf.caller(headers) else {
            return sign_in_first();
        };
        match id.and_then(|id| shelf.item(&caller, id)) {
            Some(item) => answer(200, json!({ "title": item.title })),
            None => not_there(),
        }
    }
    async fn add(State(shelf): State<Shelf>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
        let Some(owner) = shelf.caller(&headers) else {
            return sign_in_first();
        };
        let item = Item {
            id: format!("a/b+c d?e=f&g%h#{}", uuid::Uuid::new_v4()),
            owner,
            title: text(&body, "title"),
            ..Item::default()
        };
        let id = shelf.add(item);
        let address = format!("/items/{}", encoded(&id));
        answer(201, json!({ "id": id, "address": address }))
    }
    async fn by_path(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        found(&shelf, &headers, Some(&id))
    }
    async fn by_query(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        query: Query<HashMap<String, String>>,
    ) -> Response {
        found(&shelf, &headers, query.get("id"))
    }
    async fn by_form(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        form: Form<HashMap<String, String>>,
    ) -> Response {
        found(&shelf, &headers, form.get("id"))
    }
    people()
        .route("/items", post(add))
        .route("/items/{id}", get(by_path))
        .route("/by-query", get(by_query))
        .route("/by-form", post(by_form))
}

/// Every byte that is no letter, digit or hyphen as `%XX`.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// `$x`, `%x`, `!x` and `{}` are the stack's own language and reach it as they are.
pub(crate) fn row_21_templates_leave_other_signs_alone() -> Result<(), Trouble> {
    let rest = r#"
[recording]
plant = [{ request = "POST /items/$bulk:add!now?fmt=%25Y-{}&$top=1", headers = { X-Format = "%Y/%m {} $1 !ref ${HOME}" }, json = { "$set" = { title = "{{ canary.title }}" }, "$each" = "%s {0} {} !Ref $HOME ${x}", "{}" = "%%" }, expect = 201, capture = { id = "$['$id']" } }]
missing = "{{ uuid() }}"
"#;
    let drive = Drive {
        router: signs,
        profile: &[BASE, PEOPLE, rest, ITEM],
        feature: TWO,
    };
    drive.holds_and_leaks(&["item"])
}

fn signs() -> Router<Shelf> {
    async fn add(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        address: Uri,
        RawQuery(query): RawQuery,
        Json(body): Json<Value>,
    ) -> Response {
        let Some(owner) = bearer(&headers).and_then(|_| shelf.caller(&headers)) else {
            return sign_in_first();
        };
        let as_written = address.path() == "/items/$bulk:add!now"
            && matches!(
                query.as_deref(),
                Some("fmt=%25Y-{}&$top=1" | "fmt=%25Y-%7B%7D&$top=1")
            )
            && of(&headers, "x-format") == Some("%Y/%m {} $1 !ref ${HOME}")
            && body["$each"] == "%s {0} {} !Ref $HOME ${x}"
            && body["{}"] == "%%";
        if !as_written {
            return answer(
                400,
                json!({ "error": "that is not what should have come", "got": body }),
            );
        }
        let item = Item {
            owner,
            title: text(&body["$set"], "title"),
            ..Item::default()
        };
        answer(201, json!({ "$id": shelf.add(item) }))
    }
    async fn item(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        match shelf.caller(&headers).map(|caller| shelf.item(&caller, &id)) {
            None => sign_in_first(),
            Some(None) => not_there(),
            Some(Some(item)) => answer(200, item.shown()),
        }
    }
    people().route("/items/{bulk}", post(add).get(item))
}
