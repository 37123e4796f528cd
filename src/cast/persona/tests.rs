//! Personas against a small server on loopback with tokens, cookies and sessions that end.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use crate::cast::{Cast, People, PersonaSpec};
use crate::http::remembering::RememberingTransport;
use crate::profile::Profile;
use crate::undo::Membership;
use axum::Router;
use axum::extract::Request as Arrived;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// Every token and every session id is the next number; `/me` shows what arrived.
async fn answer(count: Arc<AtomicU32>, request: Arrived) -> Response {
    let header = |name: &str| {
        request
            .headers()
            .get(name)
            .map_or("-", |value| value.to_str().unwrap())
            .to_owned()
    };
    match request.uri().path() {
        "/token" | "/refresh" => {
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            format!("{{\"token\": \"t{number}\", \"lives\": 1}}").into_response()
        }
        "/login" => {
            let mut headers = HeaderMap::new();
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            for cookie in [format!("session=s{number}; Path=/"), "csrf=c1; Path=/".to_owned()] {
                headers.append("set-cookie", cookie.parse().unwrap());
            }
            headers.into_response()
        }
        "/logout" if header("x-csrf") == "c1" => (
            StatusCode::NO_CONTENT,
            [("set-cookie", "session=; Max-Age=0; Path=/")],
        )
            .into_response(),
        "/logout" => StatusCode::FORBIDDEN.into_response(),
        "/broken" => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        _ => format!(
            "cookie={} auth={} csrf={}",
            header("cookie"),
            header("authorization"),
            header("x-csrf")
        )
        .into_response(),
    }
}

async fn site(role: &str) -> StackClient {
    let count = Arc::new(AtomicU32::new(0));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let app = Router::new().fallback(move |request: Arrived| answer(Arc::clone(&count), request));
    tokio::spawn(async move { axum::serve(listener, app).await });
    let text =
        format!("[target]\nname = \"t\"\n[base]\napi = \"http://127.0.0.1:{port}\"\n[role.patient]\n{role}");
    let environment = |name: &str| (name == "TOKEN_A").then(|| "token-of-a".to_owned());
    let profile = Profile::parse_with("t.toml", &text, &environment).unwrap();
    StackClient::new(Arc::new(profile), &Vars::default()).unwrap()
}

fn patient(name: &str) -> PersonaSpec<'_> {
    PersonaSpec {
        name,
        role: "patient",
        belonging: Membership::default(),
    }
}

async fn ada(site: &StackClient, recorder: &RememberingTransport) -> Arc<Persona> {
    let cast = Cast::default();
    let people = People::new(1, "r");
    cast.take_in(site, recorder, &people, 1, &patient("Ada"))
        .await
        .unwrap()
}

/// What arrives when their requests go out.
async fn shown(site: &StackClient, recorder: &RememberingTransport, keys: Credentials) -> String {
    let request = site
        .request(
            "GET /me",
            &site.addresses(None).unwrap()[0].clone(),
            &Vars::default(),
            &keys,
        )
        .unwrap();
    let call = OutgoingRequest {
        who: "x",
        part: Purpose::Pulse { alive: false },
        surface: None,
        request,
        finish: None,
    };
    String::from_utf8(recorder.send(call).await.reply.body).unwrap()
}

const COOKIES: &str = r#"
    login = [{ request = "POST /login" }]
    logout = [{ request = "POST /logout", expect = 204 }]
    credentials.jar = true
    credentials.header.X-Csrf = "{{ jar.csrf }}"
"#;

#[tokio::test]
async fn a_cookie_jar_carries_the_session_and_its_token_stands_in_headers() {
    let (site, recorder) = (site(COOKIES).await, RememberingTransport::new());
    let ada = ada(&site, &recorder).await;
    ada.sign_in(&site, &recorder, None).await.unwrap();
    let keys = ada.keys(&site, None).await.unwrap();
    assert_eq!(
        shown(&site, &recorder, keys).await,
        "cookie=session=s1; csrf=c1 auth=- csrf=c1"
    );
    let old = ada.sign_out(&site, &recorder).await.unwrap();
    assert_eq!(
        shown(&site, &recorder, old[""].clone()).await,
        "cookie=session=s1; csrf=c1 auth=- csrf=c1",
        "the old session is kept although the answer took the cookie away"
    );
    assert!(ada.keys(&site, None).await.is_err());
}

#[tokio::test]
async fn wrong_keys_have_the_form_of_the_right_ones() {
    let recorder = RememberingTransport::new();
    let site_of_cookies = site(COOKIES).await;
    let one = ada(&site_of_cookies, &recorder).await;
    one.sign_in(&site_of_cookies, &recorder, None).await.unwrap();
    let wrong = one.wrong_keys(&site_of_cookies).unwrap();
    let arrived = shown(&site_of_cookies, &recorder, wrong).await;
    assert!(
        arrived.starts_with("cookie=session=") && !arrived.contains("session=s1") && !arrived.contains("c1"),
        "{arrived}"
    );

    let tokens = "login = [{ request = 'POST /token', capture = { token = '$.token' } }]\n\
                  credentials.header.Authorization = 'Bearer {{ me.token }}'";
    for (more, check) in [
        ("", "auth=Bearer "),
        (
            "wrong.header.Authorization = 'Bearer nonsense'",
            "auth=Bearer nonsense ",
        ),
    ] {
        let site = site(&format!("{tokens}\n{more}")).await;
        let one = ada(&site, &recorder).await;
        assert!(
            one.wrong_keys(&site).is_err(),
            "nothing is known of a session yet"
        );
        one.sign_in(&site, &recorder, None).await.unwrap();
        let arrived = shown(&site, &recorder, one.wrong_keys(&site).unwrap()).await;
        assert!(arrived.contains(check) && !arrived.contains("t1"), "{arrived}");
    }
}

#[tokio::test]
async fn what_is_shared_is_made_wrong_too_and_what_is_empty_cannot_be() {
    let recorder = RememberingTransport::new();
    let shared = site("credentials.header.Authorization = 'Bearer {{ env.TOKEN_A }}'").await;
    let one = ada(&shared, &recorder).await;
    let arrived = shown(&shared, &recorder, one.wrong_keys(&shared).unwrap()).await;
    assert!(
        arrived.contains("auth=Bearer ") && !arrived.contains("token-of-a"),
        "{arrived}"
    );
    let empty = site("").await;
    assert!(matches!(
        ada(&empty, &recorder).await.wrong_keys(&empty),
        Err(CastError::NothingWrong { .. })
    ));
}

const TOKENS: &str = r#"
    login = [{ request = "POST /token", capture = { token = "$.token", lives = "$.lives" } }]
    credentials.header.Authorization = "Bearer {{ me.token }}"
    whoami = { request = "GET /me", expect = "me.token in body" }
"#;

#[tokio::test]
async fn a_session_that_the_stack_has_ended_is_renewed_three_times_and_no_more() {
    let (site, recorder) = (site(TOKENS).await, RememberingTransport::new());
    let ada = ada(&site, &recorder).await;
    assert!(
        !ada.renew(&site, &recorder, None).await.unwrap(),
        "they were never signed in"
    );
    ada.sign_in(&site, &recorder, None).await.unwrap();
    let mut renewed = Vec::new();
    for _ in 0..4 {
        renewed.push(ada.renew(&site, &recorder, None).await.unwrap());
    }
    assert_eq!(renewed, [true, true, true, false]);
    assert_eq!(ada.me().text("token"), Some("t4"));
    ada.sign_in(&site, &recorder, None).await.unwrap();
    assert_eq!(
        ada.me().text("token"),
        Some("t4"),
        "one without an end is not renewed"
    );
}

#[tokio::test]
async fn a_session_whose_time_is_nearly_over_is_renewed_before_it_is_used() {
    for (refresh, wanted) in [
        (
            "refresh = [{ request = 'POST /refresh', capture = { token = '$.token' } }]",
            "POST /refresh",
        ),
        ("refresh = [{ request = 'POST /broken' }]", "POST /token"),
        ("", "POST /token"),
    ] {
        let site = site(&format!("{TOKENS}\nlives = '{{{{ me.lives }}}}'\n{refresh}")).await;
        let recorder = RememberingTransport::new();
        let ada = ada(&site, &recorder).await;
        ada.sign_in(&site, &recorder, None).await.unwrap();
        assert!(ada.check_session(&site, &recorder).await.unwrap());
        assert_eq!(ada.me().text("token"), Some("t1"), "there was time left");
        tokio::time::sleep(Duration::from_millis(850)).await;
        assert!(ada.check_session(&site, &recorder).await.unwrap());
        assert_eq!(ada.me().text("token"), Some("t2"));
        let asked = recorder.requests();
        assert_eq!(
            asked.iter().rev().nth(1),
            Some(&format!("Ada: {wanted}")),
            "{asked:?}"
        );
    }
}

#[tokio::test]
async fn lent_people_are_who_the_profile_says_and_only_one_scenario_has_them() {
    let role = r#"
        given = [{ name = "Anna Lent", token = "{{ env.TOKEN_A }}" }, { token = "token-of-b" }]
        vary = { practice = ["north", "south"] }
        provision = [{ request = "POST /broken" }]
        remove = [{ request = "POST /broken" }]
        credentials.header.Authorization = "Bearer {{ me.token }}"
    "#;
    let (site, recorder, people) = (site(role).await, RememberingTransport::new(), People::new(1, "r"));
    let mut cast = Cast::default();
    for name in ["Ada", "Ben"] {
        let persona = cast
            .take_in(&site, &recorder, &people, 1, &patient(name))
            .await
            .unwrap();
        persona.sign_in(&site, &recorder, None).await.unwrap();
        cast.join(persona);
    }
    let (ada, ben) = (cast.get("Ada").unwrap(), cast.get("Ben").unwrap());
    assert_eq!(
        (ada.full_name.as_str(), ada.me().text("token")),
        ("Anna Lent", Some("token-of-a"))
    );
    assert!(ben.full_name.starts_with("Ben ") && ben.me().text("email").is_some());
    assert_eq!(
        (ada.me().text("practice"), ben.me().text("practice")),
        (Some("north"), Some("south"))
    );
    let third = cast
        .take_in(&site, &recorder, &people, 1, &patient("Cleo"))
        .await
        .unwrap_err()
        .to_string();
    assert!(third.contains("the profile lends 2 of role `patient`"), "{third}");
    let waiting = tokio::time::timeout(Duration::from_millis(50), people.lease()).await;
    assert!(waiting.is_err(), "another scenario waits");
    for persona in cast.everyone() {
        persona.remove(&site, &recorder).await.unwrap();
    }
    tokio::time::timeout(Duration::from_secs(1), people.lease())
        .await
        .unwrap();
    assert!(
        recorder.requests().is_empty(),
        "they are neither made nor taken away"
    );
}

#[tokio::test]
async fn values_of_vary_are_given_out_in_turn() {
    let site = site("vary = { practice = ['north', 'south'] }").await;
    let (recorder, people, mut cast) = (RememberingTransport::new(), People::new(1, "r"), Cast::default());
    for (name, wanted) in [("Ada", "north"), ("Ben", "south"), ("Cleo", "north")] {
        let persona = cast
            .take_in(&site, &recorder, &people, 1, &patient(name))
            .await
            .unwrap();
        assert_eq!(persona.me().text("practice"), Some(wanted));
        cast.join(persona);
    }
}
