//! Rows 8, 13, 19: how people come to be, and how they sign in.

use std::collections::HashMap;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::driving::{Drive, TWO};
use super::plain::{BASE, RECORDING, add, list, login, me, people, put_media, sign_up, text};
use super::shelf::{Item, Shelf, answer, bearer, not_there, of, sign_in_first};
use crate::binary::{Trouble, ensure};

const SIGNED_IN: &str = r#"
login = [{ request = "POST /login", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, capture = { token = "$.token" } }]
credentials.header.Authorization = "Bearer {{ me.token }}"
whoami = { request = "GET /me", expect = "json('$.id') == me.email" }
"#;

const ITEM: &str = r#"
[surface.item]
request = "GET /anybodys/{{ recording.id }}"
"#;

/// They sign up; an administrator takes them in; a shared secret signs for them; or the profile lends them.
pub(crate) fn row_08_provisioning() -> Result<(), Trouble> {
    let signs_up = r#"
[role.patient]
provision = [{ request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201 }]
"#;
    let by_admin = r#"
[role.admin]
credentials.header.Authorization = "Bearer {{ env.ADMIN_KEY }}"
[role.patient]
provision = [{ as = "admin", request = "PUT /admin/people/{{ me.email | path }}", json = { password = "{{ me.password }}" }, expect = 201 }]
remove = [{ as = "admin", request = "DELETE /admin/people/{{ me.email | path }}", expect = 204 }]
"#;
    let by_secret = r#"
[role.patient]
provision = [
  { request = "GET /nonce", capture = { nonce = "$.nonce" } },
  { request = "POST /signed-people", json = { nonce = "{{ me.nonce }}", email = "{{ me.email }}", password = "{{ me.password }}", mac = "{{ (me.nonce ~ '\n' ~ me.email ~ '\n' ~ me.password) | hmac_sha256(env.ADMIN_KEY) }}" }, expect = 201 },
]
"#;
    let lent = r#"
[role.patient]
given = [
  { email = "lent-1@example.test", password = "{{ env.ADMIN_KEY }}" },
  { email = "lent-2@example.test", password = "{{ env.ADMIN_KEY }}" },
]
"#;
    for role in [signs_up, by_admin, by_secret, lent] {
        let drive = Drive {
            router: provisioned,
            profile: &[BASE, role, SIGNED_IN, RECORDING, ITEM],
            feature: TWO,
        };
        drive.holds_and_leaks(&["item"])?;
    }
    // who was taken in by an administrator is taken away again
    let drive = Drive {
        router: provisioned,
        profile: &[BASE, by_admin, SIGNED_IN, RECORDING, ITEM],
        feature: TWO,
    };
    let left = drive.sound()?.shelf.inside().people.clone();
    let others = left.keys().filter(|email| !email.starts_with("lent-")).count();
    ensure(others == 0, || format!("{others} people are left"))
}

/// The secret that the server and the administrator share.
const SECRET: &str = "only-for-the-admin";

fn provisioned() -> Router<Shelf> {
    async fn take_in(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Path(email): Path<String>,
        Json(body): Json<Value>,
    ) -> Response {
        if bearer(&headers) != Some(SECRET) {
            return sign_in_first();
        }
        shelf.inside().people.insert(email, text(&body, "password"));
        answer(201, json!({}))
    }
    async fn let_go(State(shelf): State<Shelf>, headers: HeaderMap, Path(email): Path<String>) -> Response {
        if bearer(&headers) != Some(SECRET) {
            return sign_in_first();
        }
        shelf.inside().people.remove(&email);
        StatusCode::NO_CONTENT.into_response()
    }
    async fn nonce(State(shelf): State<Shelf>) -> Response {
        answer(200, json!({ "nonce": shelf.session("a nonce") }))
    }
    async fn signed(State(shelf): State<Shelf>, Json(body): Json<Value>) -> Response {
        let [nonce, email, password] = ["nonce", "email", "password"].map(|name| text(&body, name));
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()) else {
            return not_there();
        };
        mac.update(format!("{nonce}\n{email}\n{password}").as_bytes());
        let right = text(&body, "mac") == hex::encode(mac.finalize().into_bytes());
        if !right || shelf.inside().sessions.remove(&nonce).is_none() {
            return answer(403, json!({ "error": "the signature is not right" }));
        }
        shelf.inside().people.insert(email, password);
        answer(201, json!({}))
    }
    async fn knows(state: State<Shelf>, body: Json<Value>) -> Response {
        for email in ["lent-1@example.test", "lent-2@example.test"] {
            state.inside().people.insert(email.to_owned(), SECRET.to_owned());
        }
        login(state, body).await
    }
    Router::new()
        .route("/people", post(sign_up))
        .route("/admin/people/{email}", put(take_in).delete(let_go))
        .route("/nonce", get(nonce))
        .route("/signed-people", post(signed))
        .route("/login", post(knows))
        .route("/me", get(me))
        .route("/items", post(add).get(list))
        .route("/items/{id}/media", put(put_media))
        .route("/anybodys/{id}", get(anybodys))
}

async fn anybodys(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    shelf
        .item(&caller, &id)
        .map_or_else(not_there, |item| answer(200, item.shown()))
}

/// Log-in in three steps with a proof of key (PKCE); a room that one makes, is invited to and joins before anything is recorded.
pub(crate) fn row_13_set_up_and_log_in_as_steps() -> Result<(), Trouble> {
    let rest = r#"
[role.admin]
credentials.header.Authorization = "Bearer {{ env.ADMIN_KEY }}"

[role.patient]
provision = [{ request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201 }]
login = [
  { request = "GET /verifier", capture = { verifier = "$.verifier" } },
  { request = "GET /authorize?challenge={{ me.verifier | sha256('base64url') }}&email={{ me.email | query }}", expect = 302, capture = { ticket = "header location ~ ticket=([0-9a-f]+)" } },
  { request = "POST /authorize", form = { ticket = "{{ me.ticket }}", password = "{{ me.password }}" }, expect = 302, capture = { code = "header location ~ code=([0-9a-f]+)" } },
  { request = "POST /token", form = { code = "{{ me.code }}", verifier = "{{ me.verifier }}" }, expect = 200, capture = { token = "$.token" } },
]
credentials.header.Authorization = "Bearer {{ me.token }}"
whoami = { request = "GET /me", expect = "json('$.id') == me.email" }

[action.book]
steps = [
  { as = "admin", request = "POST /rooms", expect = 201, capture = { room = "$.room" } },
  { as = "admin", request = "POST /rooms/{{ room }}/invite", json = { whom = "{{ me.email }}" }, expect = 201, capture = { invitation = "$.invitation" } },
]
[action.join]
steps = [{ request = "POST /rooms/{{ room }}/join", json = { invitation = "{{ invitation }}" }, expect = 200 }]

[recording]
plant = [{ request = "POST /rooms/{{ room }}/items", json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = "$.id" } }]
missing = "{{ uuid() }}"
"#;
    let drive = Drive {
        router: rooms,
        profile: &[BASE, rest, ITEM],
        feature: TWO,
    };
    drive.holds_and_leaks(&["item"])
}

fn rooms() -> Router<Shelf> {
    type Asked = HashMap<String, String>;
    fn to(place: String) -> Response {
        (StatusCode::FOUND, [(header::LOCATION, place)]).into_response()
    }
    async fn verifier() -> Response {
        let verifier = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        answer(200, json!({ "verifier": verifier }))
    }
    async fn authorize(State(shelf): State<Shelf>, Query(query): Query<Asked>) -> Response {
        let asked = json!([query.get("email"), query.get("challenge")]).to_string();
        to(format!("/consent?ticket={}", shelf.session(&asked)))
    }
    async fn consent(State(shelf): State<Shelf>, Form(form): Form<Asked>) -> Response {
        let asked = form
            .get("ticket")
            .and_then(|ticket| shelf.inside().sessions.remove(ticket));
        let asked: Value = asked
            .and_then(|asked| serde_json::from_str(&asked).ok())
            .unwrap_or_default();
        let email = asked[0].as_str().unwrap_or_default();
        if !shelf.knows(email, form.get("password").map_or("", String::as_str)) {
            return to("/consent?error=1".to_owned());
        }
        to(format!(
            "/back?code={}&state=x",
            shelf.session(&asked.to_string())
        ))
    }
    async fn token(State(shelf): State<Shelf>, Form(form): Form<Asked>) -> Response {
        let asked = form
            .get("code")
            .and_then(|code| shelf.inside().sessions.remove(code));
        let asked: Value = asked
            .and_then(|asked| serde_json::from_str(&asked).ok())
            .unwrap_or_default();
        let verifier = form.get("verifier").map_or("", String::as_str);
        let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        match asked[0].as_str().filter(|_| asked[1] == proof) {
            Some(email) => answer(200, json!({ "token": shelf.session(email) })),
            None => answer(400, json!({ "error": "invalid_grant" })),
        }
    }
    async fn make(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
        if bearer(&headers) != Some(SECRET) {
            return sign_in_first();
        }
        let room = Uuid::new_v4().simple().to_string();
        answer(201, json!({ "room": room, "by": shelf.count("rooms") }))
    }
    async fn invite(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Path(room): Path<String>,
        Json(body): Json<Value>,
    ) -> Response {
        if bearer(&headers) != Some(SECRET) {
            return sign_in_first();
        }
        let invitation = shelf.session(&format!("{room} {}", text(&body, "whom")));
        answer(201, json!({ "invitation": invitation }))
    }
    async fn join(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Path(room): Path<String>,
        Json(body): Json<Value>,
    ) -> Response {
        let caller = shelf.caller(&headers).unwrap_or_default();
        let invited = shelf.inside().sessions.remove(&text(&body, "invitation"));
        if invited != Some(format!("{room} {caller}")) {
            return answer(403, json!({ "error": "you are not invited" }));
        }
        shelf.inside().settings.insert(room, caller.into());
        answer(200, json!({}))
    }
    async fn record(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Path(room): Path<String>,
        Json(body): Json<Value>,
    ) -> Response {
        let owner = shelf.caller(&headers).unwrap_or_default();
        let joined = shelf
            .inside()
            .settings
            .get(&room)
            .is_some_and(|who| *who == *owner);
        if !joined {
            return answer(403, json!({ "error": "you have not joined" }));
        }
        let title = text(&body, "title");
        answer(
            201,
            json!({ "id": shelf.add(Item { owner, title, ..Item::default() }) }),
        )
    }
    Router::new()
        .route("/people", post(sign_up))
        .route("/me", get(me))
        .route("/verifier", get(verifier))
        .route("/authorize", get(authorize).post(consent))
        .route("/token", post(token))
        .route("/rooms", post(make))
        .route("/rooms/{room}/invite", post(invite))
        .route("/rooms/{room}/join", post(join))
        .route("/rooms/{room}/items", post(record))
        .route("/anybodys/{id}", get(anybodys))
}

/// A jar for each person, the CSRF token from its cookie into a field and a header, a new one at each log-in; the log-in's
/// redirect is looked at, and not followed.
pub(crate) fn row_19_cookie_jar_and_csrf() -> Result<(), Trouble> {
    let rest = r#"
[role.patient]
provision = [{ request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201 }]
login = [
  { request = "GET /web/login", expect = 200 },
  { request = "POST /web/login", form = { user = "{{ me.email }}", password = "{{ me.password }}", csrf = "{{ jar.csrf }}" }, expect = "status == 302 and header('location') == '/web/home'" },
]
credentials.jar = true
whoami = { request = "GET /web/me", expect = "json('$.id') == me.email" }

[recording]
plant = [{ request = "POST /web/items", headers = { X-Csrf = "{{ jar.csrf }}" }, json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = "$.id" } }]
missing = "{{ uuid() }}"

[surface.item]
request = "GET /web/items/{{ recording.id }}"
"#;
    let drive = Drive {
        router: web,
        profile: &[BASE, rest],
        feature: TWO,
    };
    drive.holds_and_leaks(&["item"])
}

fn web() -> Router<Shelf> {
    fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        of(headers, "cookie")?
            .split("; ")
            .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }
    fn who(shelf: &Shelf, headers: &HeaderMap) -> Option<String> {
        let session = cookie(headers, "session")?;
        shelf.inside().sessions.get(session).cloned()
    }
    fn with_cookies(mut reply: Response, cookies: &[String]) -> Response {
        for cookie in cookies
            .iter()
            .filter_map(|cookie| HeaderValue::from_str(cookie).ok())
        {
            reply.headers_mut().append(header::SET_COOKIE, cookie);
        }
        reply
    }
    async fn page(State(shelf): State<Shelf>) -> Response {
        with_cookies(
            "<form>".into_response(),
            &[format!("csrf={}; Path=/", shelf.session("csrf"))],
        )
    }
    async fn sign_in(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Form(form): Form<HashMap<String, String>>,
    ) -> Response {
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        let csrf = cookie(&headers, "csrf").filter(|csrf| *csrf == field("csrf"));
        if csrf.is_none() || !shelf.knows(field("user"), field("password")) {
            // as many products do: the form again, with 200
            return "<form>that was wrong".into_response();
        }
        let cookies = [
            format!("session={}; Path=/web; HttpOnly", shelf.session(field("user"))),
            format!("csrf={}; Path=/", shelf.session("csrf")),
        ];
        let reply = (StatusCode::FOUND, [(header::LOCATION, "/web/home")]).into_response();
        with_cookies(reply, &cookies)
    }
    async fn web_me(State(shelf): State<Shelf>, headers: HeaderMap) -> Response {
        who(&shelf, &headers).map_or_else(sign_in_first, |id| answer(200, json!({ "id": id })))
    }
    async fn make(State(shelf): State<Shelf>, headers: HeaderMap, Json(body): Json<Value>) -> Response {
        let Some(owner) = who(&shelf, &headers) else {
            return sign_in_first();
        };
        let csrf = cookie(&headers, "csrf").is_some_and(|csrf| of(&headers, "x-csrf") == Some(csrf));
        let fresh = cookie(&headers, "csrf").is_some_and(|csrf| shelf.inside().sessions.contains_key(csrf));
        if !csrf || !fresh {
            return answer(403, json!({ "error": "forged" }));
        }
        let title = text(&body, "title");
        answer(
            201,
            json!({ "id": shelf.add(Item { owner, title, ..Item::default() }) }),
        )
    }
    async fn open(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        let Some(caller) = who(&shelf, &headers) else {
            return sign_in_first();
        };
        shelf
            .item(&caller, &id)
            .map_or_else(not_there, |item| answer(200, item.shown()))
    }
    people()
        .route("/web/login", get(page).post(sign_in))
        .route("/web/me", get(web_me))
        .route("/web/items", post(make))
        .route("/web/items/{id}", get(open))
}
