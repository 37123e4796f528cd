//! Rows 23 and 24: what a stack lets one do how often, and how long a session lasts.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::{Path, Request, State};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use super::driving::{CHANGES, Drive, TWO};
use super::plain::{BASE, PEOPLE, RECORDING, add, list, login, media, people, put_media, sign_up, text};
use super::shelf::{Shelf, answer, bearer, not_there, sign_in_first};
use crate::binary::{Trouble, ensure};

const ITEM: &str = r#"
[surface.item]
request = "GET /items/{{ recording.id }}"
"#;

/// Three scenarios of two people each.
const THREE_TIMES: &str = "
Feature: Two people, three times
  Scenario Outline: each has a recording, <which>
    Given Ada and Ben each have a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

    Examples:
      | which  |
      | first  |
      | second |
      | third  |
";

/// Every seventh answer asks to wait, and is asked again; sessions are used again; wrong credentials are sent only so often.
pub(crate) fn row_23_rate_limits() -> Result<(), Trouble> {
    let drive = Drive {
        router: busy,
        profile: &[BASE, PEOPLE, RECORDING, ITEM],
        feature: TWO,
    };
    drive.holds_and_leaks(&["item"])?;
    // two people, one log-in each
    let told = drive.sound()?;
    let log_ins = told.shelf.inside().counts["log-ins"];
    ensure(log_ins == 2, || format!("they signed in {log_ins} times"))?;
    // a wait that is longer than the profile allows is none
    let hurried = "\n[limits]\nretry_after = \"20ms\"\n";
    let drive = Drive {
        router: busy,
        profile: &[BASE, hurried, PEOPLE, RECORDING, ITEM],
        feature: TWO,
    };
    drive.sound()?.inconclusive("429")?;
    budget()
}

/// A budget of two wrong credentials: two come, and not one more.
fn budget() -> Result<(), Trouble> {
    let drive = Drive {
        router: bans,
        profile: &[
            BASE,
            "\n[limits]\nwrong_credentials = 2\n",
            PEOPLE,
            RECORDING,
            ITEM,
        ],
        feature: THREE_TIMES,
    };
    let told = drive.sound()?;
    let wrong = told
        .shelf
        .inside()
        .counts
        .get("wrong")
        .copied()
        .unwrap_or_default();
    ensure(wrong == 2, || {
        format!("{wrong} came with wrong credentials\n{}", told.said())
    })?;
    told.held()
}

fn busy() -> Router<Shelf> {
    async fn slow_down(Extension(count): Extension<Counter>, request: Request, next: Next) -> Response {
        if count.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 7 == 6 {
            let body = json!({ "error": "slow down" });
            return (
                axum::http::StatusCode::TOO_MANY_REQUESTS,
                [("retry-after", "0")],
                Json(body),
            )
                .into_response();
        }
        next.run(request).await
    }
    async fn sign_in(state: State<Shelf>, body: Json<Value>) -> Response {
        state.count("log-ins");
        login(state, body).await
    }
    Router::new()
        .route("/people", post(sign_up))
        .route("/login", post(sign_in))
        .route("/me", get(super::plain::me))
        .route("/items", post(add).get(list))
        .route("/items/{id}/media", put(put_media).get(media))
        .route("/items/{id}", get(anybodys))
        .layer(from_fn(slow_down))
        .layer(Extension(Counter::default()))
}

#[derive(Clone, Default)]
struct Counter(std::sync::Arc<std::sync::atomic::AtomicU32>);

async fn anybodys(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    shelf
        .item(&caller, &id)
        .map_or_else(not_there, |item| answer(200, item.shown()))
}

/// Five log-ins are allowed, and the sixth session fails: what that person was refused is nothing.
pub(crate) fn trap_five_log_ins_a_minute() -> Result<(), Trouble> {
    fn five() -> Router<Shelf> {
        async fn sign_in(state: State<Shelf>, body: Json<Value>) -> Response {
            if state.count("log-ins") >= 5 {
                let body = json!({ "error": "too many log-ins" });
                return (
                    axum::http::StatusCode::TOO_MANY_REQUESTS,
                    [("retry-after", "60")],
                    Json(body),
                )
                    .into_response();
            }
            login(state, body).await
        }
        Router::new()
            .route("/people", post(sign_up))
            .route("/login", post(sign_in))
            .route("/me", get(super::plain::me))
            .route("/items", post(add).get(list))
            .route("/items/{id}/media", put(put_media))
            .route("/items/{id}", get(anybodys))
    }
    let drive = |feature| Drive {
        router: five,
        profile: &[
            BASE,
            "\n[limits]\nretry_after = \"1s\"\n",
            PEOPLE,
            RECORDING,
            ITEM,
        ],
        feature,
    };
    drive(TWO).sound()?.held()?;
    drive(THREE_TIMES).sound()?.inconclusive("429")
}

/// Nine wrong passwords ban the address, and the owner's own is refused too: that is no safety. Within a budget it does not come
/// to that.
pub(crate) fn trap_nine_wrong_passwords_ban_the_address() -> Result<(), Trouble> {
    let drive = |limits| -> Result<_, Trouble> {
        let profile = [BASE, limits, PEOPLE, RECORDING, ITEM, MANY_WAYS];
        let drive = Drive {
            router: bans,
            profile: &profile,
            feature: THREE_TIMES,
        };
        drive.sound()
    };
    let banned = drive("")?;
    let wrong = banned.shelf.inside().counts["wrong"];
    ensure(wrong >= 9, || format!("it came to {wrong} wrong passwords only"))?;
    banned.inconclusive("403")?;
    let told = drive("\n[limits]\nwrong_credentials = 8\n")?;
    let wrong = told.shelf.inside().counts["wrong"];
    ensure((1..9).contains(&wrong), || format!("{wrong} wrong passwords"))?;
    told.held()
}

const MANY_WAYS: &str = r#"
[surface.again]
request = "GET /items/{{ recording.id }}?again"
[surface.and-again]
request = "GET /items/{{ recording.id }}?and-again"
"#;

fn bans() -> Router<Shelf> {
    async fn open(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        let banned = || answer(403, json!({ "error": "your address is banned for a day" }));
        if shelf
            .inside()
            .counts
            .get("wrong")
            .is_some_and(|wrong| *wrong >= 9)
        {
            return banned();
        }
        match (shelf.caller(&headers), bearer(&headers)) {
            (Some(caller), _) => shelf
                .own(&caller, &id)
                .map_or_else(not_there, |item| answer(200, item.shown())),
            (None, Some(_)) => {
                shelf.count("wrong");
                sign_in_first()
            }
            (None, None) => sign_in_first(),
        }
    }
    people()
        .route("/items", post(add).get(list))
        .route("/items/{id}/media", put(put_media))
        .route("/items/{id}", get(open))
}

/// Long enough for a token to run out in the middle.
const PAUSES: &str = r#"
[change.a-pause]
there = [{ run = ["true"] }]
back = [{ run = ["true"] }]
wait = "2500ms"
"#;

/// A session of three seconds is known to be one, or learnt by 401, or made to last longer.
pub(crate) fn row_24_token_lifetime() -> Result<(), Trouble> {
    let role = r#"
[role.patient]
provision = [{ request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201 }]
login = [{ request = "POST /short-login", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, capture = { token = "$.token", again = "$.refresh", expires_in = "$.expires_in" } }]
credentials.header.Authorization = "Bearer {{ me.token }}"
whoami = { request = "GET /me", expect = "status == 200 and json('$.id') == me.email" }
"#;
    let ways = [
        ("known", "lives = \"3s\"\n"),
        ("told", "lives = \"{{ me.expires_in }}\"\n"),
        ("learnt", ""),
        (
            "refreshed",
            "lives = \"3s\"\nrefresh = [{ request = \"POST /refresh\", json = { refresh = \"{{ me.again }}\" }, capture = { token = \"$.token\" } }]\n",
        ),
    ];
    for (way, lives) in ways {
        let drive = Drive {
            router: || short_sessions(401),
            profile: &[BASE, role, lives, RECORDING, ITEM, PAUSES],
            feature: CHANGES,
        };
        let told = drive.sound()?;
        told.held()?;
        let counted = |what: &str| told.shelf.inside().counts.get(what).copied().unwrap_or_default();
        let (log_ins, refreshed) = (counted("log-ins"), counted("refreshed"));
        let renewed = if way == "refreshed" {
            refreshed > 0 && log_ins == 3
        } else {
            log_ins > 3
        };
        ensure(renewed, || {
            format!("{way}: {log_ins} log-ins, {refreshed} refreshed")
        })?;
    }
    Ok(())
}

/// A token that runs out, with nothing to get another by: everything is refused then, and none of it counts. Also where the
/// server says 403 of it, or sends what nobody asked for.
pub(crate) fn trap_token_that_runs_out() -> Result<(), Trouble> {
    let role = r#"
[role.patient]
provision = [
  { request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201 },
  { request = "POST /short-login", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, capture = { token = "$.token" } },
]
credentials.header.Authorization = "Bearer {{ me.token }}"
whoami = { request = "GET /me", expect = "status == 200 and json('$.id') == me.email" }
"#;
    type Ways = [(fn() -> Router<Shelf>, &'static str); 2];
    let ways: Ways = [
        (|| short_sessions(401), "had ended and could not be renewed"),
        (|| short_sessions(403), "did not get it: 403, denied"),
    ];
    for (router, reason) in ways {
        let profile = [BASE, role, RECORDING, ITEM, PAUSES];
        let drive = |feature| Drive {
            router,
            profile: &profile,
            feature,
        };
        // as long as it lasts, all is well
        drive(TWO).sound()?.held()?;
        drive(RUNS_OUT).sound()?.inconclusive(reason)?;
    }
    Ok(())
}

/// Planted, and looked at when the token has run out.
const RUNS_OUT: &str = "
Feature: A pause
  Scenario: a pause between recording and looking
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the change \"a-pause\" is made
    And the change \"a-pause\" is undone
    Then no one can list or fetch anybody else's recordings
";

fn short_sessions(refusal: u16) -> Router<Shelf> {
    const LIVES: Duration = Duration::from_secs(3);
    fn now() -> u128 {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis()
    }
    /// A token that says until when it is good.
    fn begin(shelf: &Shelf, who: &str) -> Value {
        let token = shelf.session(who);
        let until = format!("{}.{token}", now() + LIVES.as_millis());
        shelf.inside().sessions.insert(until.clone(), who.to_owned());
        json!({ "token": until, "refresh": token, "expires_in": LIVES.as_secs() })
    }
    async fn sign_in(State(shelf): State<Shelf>, Json(body): Json<Value>) -> Response {
        let email = text(&body, "email");
        if !shelf.knows(&email, &text(&body, "password")) {
            return sign_in_first();
        }
        shelf.count("log-ins");
        answer(200, begin(&shelf, &email))
    }
    async fn refresh(State(shelf): State<Shelf>, Json(body): Json<Value>) -> Response {
        let who = shelf.inside().sessions.get(&text(&body, "refresh")).cloned();
        shelf.count("refreshed");
        who.map_or_else(sign_in_first, |who| answer(200, begin(&shelf, &who)))
    }
    async fn in_time(Extension(refusal): Extension<u16>, request: Request, next: Next) -> Response {
        let until = bearer(request.headers()).and_then(|token| token.split('.').next()?.parse::<u128>().ok());
        if until.is_some_and(|until| until < now()) {
            return answer(refusal, json!({ "error": "no" }));
        }
        next.run(request).await
    }
    people()
        .route("/short-login", post(sign_in))
        .route("/items", post(add).get(list))
        .route("/items/{id}/media", put(put_media))
        .route("/items/{id}", get(anybodys))
        .layer(from_fn(in_time))
        // a token that has run out stands in nobody's way to the next
        .route("/refresh", post(refresh))
        .layer(Extension(refusal))
}
