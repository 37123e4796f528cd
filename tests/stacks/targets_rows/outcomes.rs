//! Rows 3, 4, 5, 11 and 15: what an answer says and what it shows; who asks, and whether they are still who they were.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde_json::{Value, json};

use super::driving::{Drive, TWO};
use super::plain::{BASE, ITEM, LIST, PEOPLE, RECORDING, add, item, people, people_and_items, put_media};
use super::shelf::{Shelf, answer, bearer, not_there, of, sign_in_first};
use crate::binary::{Trouble, ensure};

/// A list that is filtered, a missing thing that is `null`, a refusal: all are 200, and no leak. A leak under 404 is one.
pub(crate) fn row_03_content_decides() -> Result<(), Trouble> {
    let search = r#"
[surface.either]
request = "GET /either/{{ recording.id }}"
"#;
    let drive = Drive {
        router: two_hundred,
        profile: &[BASE, PEOPLE, RECORDING, LIST, search],
        feature: TWO,
    };
    drive.holds_and_leaks(&["either"])
}

/// 200 and no leak is no leak.
pub(crate) fn trap_200_without_a_leak() -> Result<(), Trouble> {
    let either = r#"
[surface.either]
request = "GET /either/{{ recording.id }}"
"#;
    let drive = Drive {
        router: two_hundred,
        profile: &[BASE, PEOPLE, RECORDING, either],
        feature: TWO,
    };
    drive.sound()?.held()
}

fn two_hundred() -> Router<Shelf> {
    async fn either(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        let caller = shelf.caller(&headers).unwrap_or_default();
        match (shelf.own(&caller, &id), shelf.any(&id)) {
            (Some(item), _) => answer(200, item.shown()),
            (None, Some(item)) if shelf.flawed => answer(404, json!({ "not yours": item.shown() })),
            _ => answer(200, Value::Null),
        }
    }
    people_and_items().route("/either/{id}", get(either))
}

/// Sessions die in the middle, and then everything is refused: that is no proof of anything.
pub(crate) fn row_04_a_session_that_dies() -> Result<(), Trouble> {
    let drive = Drive {
        router: short_of_breath,
        // a password that is good for once: nobody can sign in again
        profile: &[BASE, PEOPLE, RECORDING, LIST, ITEM, MEDIA_AFTER],
        feature: TWO,
    };
    drive
        .flawed()?
        .inconclusive("got it before and did not get it afterwards")?;
    drive.sound()?.held()
}

/// A dead session, and a set-up that failed, make every check "denied".
pub(crate) fn trap_dead_session_and_failed_set_up() -> Result<(), Trouble> {
    row_04_a_session_that_dies()?;
    let broken = r#"
[recording]
plant = [{ request = "POST /nowhere", json = { title = "{{ canary.title }}" }, expect = "status in [201, 404, 405]", capture = { "id?" = "$.id" } }]
missing = "{{ uuid() }}"
"#;
    let drive = Drive {
        router: people_and_items,
        profile: &[BASE, PEOPLE, broken, ITEM],
        feature: TWO,
    };
    drive.sound()?.inconclusive("captured no `id`")
}

const MEDIA_AFTER: &str = r#"
[surface.media]
request = "GET /items/{{ recording.id }}/media"
"#;

fn short_of_breath() -> Router<Shelf> {
    async fn breathless(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        let who = shelf.caller(&headers).unwrap_or_default();
        // who has asked for one item already is thrown out for good
        if shelf.flawed && shelf.count(&format!("asked by {who}")) >= 1 {
            let mut inside = shelf.inside();
            inside.sessions.retain(|_, of| *of != who);
            inside.people.remove(&who);
        }
        item(State(shelf), headers, Path(id)).await
    }
    people()
        .route("/items", axum::routing::post(add).get(super::plain::list))
        .route("/items/{id}", get(breathless))
        .route(
            "/items/{id}/media",
            axum::routing::put(put_media).get(super::plain::media),
        )
}

/// Refused is 400 here, 403 there, and elsewhere a way to the log-in page.
pub(crate) fn row_05_classes_of_outcome() -> Result<(), Trouble> {
    let surfaces = r#"
[outcome]
denied = "status in [403, 404] or 'not for you' in body"
no_session = "status == 401 or (status == 303 and '/sign-in' in header('location'))"
throttled = "status == 503 and 'slow down' in body"

[surface.four-hundred]
request = "GET /refuses/400/{{ recording.id }}"
denied = "status == 400"

[surface.four-hundred-three]
request = "GET /refuses/403/{{ recording.id }}"

[surface.redirect]
request = "GET /refuses/303/{{ recording.id }}"
denied = "status == 303 and header('location') == '/sign-in?next=item'"
"#;
    let drive = Drive {
        router: refusals,
        profile: &[BASE, PEOPLE, RECORDING, surfaces],
        feature: TWO,
    };
    drive.sound()?.held()?;
    drive
        .flawed()?
        .leaked_at(&["four-hundred", "four-hundred-three", "redirect"])
}

/// 302 to a log-in page that answers 200 is a refusal, and where the owner is sent there too, nothing at all.
pub(crate) fn trap_302_to_a_login_page_that_answers_200() -> Result<(), Trouble> {
    let surfaces = |follow: bool, path: &str| {
        format!(
            "\n[surface.page]\nrequest = \"GET /refuses/{path}/{{{{ recording.id }}}}\"\nfollow = {follow}\n"
        )
    };
    for follow in [true, false] {
        let (some, none) = (surfaces(follow, "303"), surfaces(follow, "everybody"));
        let drive = |surface: &str| {
            Drive {
                router: refusals,
                profile: &[BASE, PEOPLE, RECORDING, surface],
                feature: TWO,
            }
            .sound()
        };
        drive(&some)?.held()?;
        drive(&none)?.inconclusive("did not get it")?;
    }
    Ok(())
}

fn refusals() -> Router<Shelf> {
    async fn refuses(
        State(shelf): State<Shelf>,
        headers: HeaderMap,
        Path((how, id)): Path<(String, String)>,
    ) -> Response {
        let caller = shelf.caller(&headers).unwrap_or_default();
        match (
            shelf.item(&caller, &id).filter(|_| how != "everybody"),
            how.as_str(),
        ) {
            (Some(item), _) => answer(200, item.shown()),
            (None, "400") => answer(400, json!({ "error": "not for you" })),
            (None, "403") => answer(403, json!({ "error": "not for you" })),
            (None, _) => Redirect::to("/sign-in?next=item").into_response(),
        }
    }
    async fn sign_in() -> &'static str {
        "<html><form action=/login>Who are you?</form></html>"
    }
    people_and_items()
        .route("/refuses/{how}/{id}", get(refuses))
        .route("/sign-in", get(sign_in))
}

/// Each answer has its own number and time in it; apart from these, not yours is answered as not there.
pub(crate) fn row_11_denied_compared_with_missing() -> Result<(), Trouble> {
    let volatile = r#"
[outcome]
volatile = ["request-[0-9a-f]+", '"at": ?[0-9]+']
"#;
    let surface = r#"
[surface.item]
request = "GET /numbered/{{ recording.id }}"
"#;
    let drive = |parts: &[&str]| -> Result<_, Trouble> {
        let profile = [&[BASE, PEOPLE, RECORDING, surface], parts].concat();
        let drive = Drive {
            router: numbered,
            profile: &profile,
            feature: TWO,
        };
        Ok((drive.sound()?, drive.flawed()?))
    };
    let (sound, flawed) = drive(&[volatile])?;
    sound.held()?;
    flawed.leaked_at(&["item"])?;
    flawed.each_finding(|one| one["extent"] == "existence", "only that it is there")
}

fn numbered() -> Router<Shelf> {
    async fn numbered(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        let caller = shelf.caller(&headers).unwrap_or_default();
        let number = format!("request-{:032x}", uuid::Uuid::new_v4().as_u128());
        let at = shelf.count("requests");
        let said = json!({ "error": format!("no such item ({number})"), "at": at });
        match (shelf.own(&caller, &id), shelf.any(&id)) {
            (Some(item), _) => answer(200, item.shown()),
            (None, Some(_)) if shelf.flawed => {
                answer(404, json!({ "error": format!("closed ({number})"), "at": at }))
            }
            _ => answer(404, said),
        }
    }
    people_and_items().route("/numbered/{id}", get(numbered))
}

/// Who carries nothing and who carries something wrong are two visitors: this server serves the one and refuses the other.
pub(crate) fn row_15_anonymous_and_wrong_credentials() -> Result<(), Trouble> {
    trap_anonymous_open_and_a_bad_token_refused()?;
    let drive = Drive {
        router: bad_tokens_are_nobodys,
        profile: &[BASE, PEOPLE, RECORDING, ITEM],
        feature: TWO,
    };
    drive.sound()?.held()?;
    let told = drive.flawed()?;
    told.leaked_at(&["item"])?;
    told.each_finding(
        |one| {
            let nobodys = one["technique"] == "invalid-credentials" && one["bystander_role"] == "";
            // half a token is a wrong token as well
            nobodys || one["technique"] == "truncated-token"
        },
        "only who carries a wrong token should have got it",
    )
}

/// The anonymous are served, a bad token is refused: whoever tries only bad tokens sees nothing.
pub(crate) fn trap_anonymous_open_and_a_bad_token_refused() -> Result<(), Trouble> {
    let drive = Drive {
        router: anonymous_are_served,
        profile: &[BASE, PEOPLE, RECORDING, ITEM],
        feature: TWO,
    };
    drive.sound()?.held()?;
    let told = drive.flawed()?;
    told.leaked_at(&["item"])?;
    told.each_finding(
        |one| one["bystander"] == "nobody" && one["technique"] == "anonymous",
        "only who carries nothing should have got it",
    )?;
    // and the other visitor was there, and was refused
    let refused = told.shelf.inside().seen.iter().any(|one| one == "a bad token");
    ensure(refused, || "nobody came with a bad token".to_owned())
}

fn anonymous_are_served() -> Router<Shelf> {
    async fn open(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        match (shelf.caller(&headers), bearer(&headers)) {
            (Some(caller), _) => shelf
                .own(&caller, &id)
                .map_or_else(not_there, |item| answer(200, item.shown())),
            (None, Some(_)) => {
                shelf.inside().seen.push("a bad token".to_owned());
                sign_in_first()
            }
            (None, None) if shelf.flawed => shelf
                .any(&id)
                .map_or_else(not_there, |item| answer(200, item.shown())),
            (None, None) => sign_in_first(),
        }
    }
    base_with(get(open))
}

fn bad_tokens_are_nobodys() -> Router<Shelf> {
    async fn open(State(shelf): State<Shelf>, headers: HeaderMap, Path(id): Path<String>) -> Response {
        match (shelf.caller(&headers), of(&headers, "authorization")) {
            (Some(caller), _) => shelf
                .own(&caller, &id)
                .map_or_else(not_there, |item| answer(200, item.shown())),
            // whatever is there is taken for good
            (None, Some(_)) if shelf.flawed => shelf
                .any(&id)
                .map_or_else(not_there, |item| answer(200, item.shown())),
            (None, _) => sign_in_first(),
        }
    }
    base_with(get(open))
}

fn base_with(open: axum::routing::MethodRouter<Shelf>) -> Router<Shelf> {
    people()
        .route("/items", axum::routing::post(add).get(super::plain::list))
        .route("/items/{id}", open)
        .route("/items/{id}/media", axum::routing::put(put_media))
}

/// The list is refused and the media are not; and the other way round.
pub(crate) fn trap_list_denied_and_media_open() -> Result<(), Trouble> {
    let drive = Drive {
        router: || open_media(|| get(media_of_anybody)),
        profile: &[BASE, PEOPLE, RECORDING, LIST, ITEM, MEDIA_AFTER],
        feature: TWO,
    };
    drive.holds_and_leaks(&["media"])
}

/// The metadata are for everybody and the media are not.
pub(crate) fn trap_metadata_open_and_media_denied() -> Result<(), Trouble> {
    let drive = Drive {
        router: open_metadata,
        profile: &[BASE, PEOPLE, RECORDING, LIST, ITEM, MEDIA_AFTER],
        feature: TWO,
    };
    drive.holds_and_leaks(&["item"])
}

async fn media_of_anybody(
    State(shelf): State<Shelf>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    shelf
        .item(&caller, &id)
        .map_or_else(not_there, |item| item.media.into_response())
}

async fn metadata_of_anybody(
    State(shelf): State<Shelf>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let Some(caller) = shelf.caller(&headers) else {
        return sign_in_first();
    };
    shelf
        .item(&caller, &id)
        .map_or_else(not_there, |item| answer(200, item.shown()))
}

fn open_media(media: fn() -> axum::routing::MethodRouter<Shelf>) -> Router<Shelf> {
    people()
        .route("/items", axum::routing::post(add).get(super::plain::list))
        .route("/items/{id}", get(item))
        .route("/items/{id}/media", media().put(put_media))
}

fn open_metadata() -> Router<Shelf> {
    people()
        .route("/items", axum::routing::post(add).get(super::plain::list))
        .route("/items/{id}", get(metadata_of_anybody))
        .route(
            "/items/{id}/media",
            axum::routing::put(put_media).get(super::plain::media),
        )
}
