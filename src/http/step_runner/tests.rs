//! Steps against a small server on loopback that shows what arrived.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use crate::http::remembering::RememberingTransport;
use crate::profile::Profile;
use axum::Router;
use axum::extract::{Request as Arrived, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[derive(Clone)]
struct Server {
    other: u16,
    count: Arc<AtomicU32>,
}

/// What arrived, as text: method, cookies, authorization, body.
async fn echo(server: State<Server>, request: Arrived) -> axum::response::Response {
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let header = |name: &str| {
        parts
            .headers
            .get(name)
            .map_or("-", |value| value.to_str().unwrap())
            .to_owned()
    };
    let shown = format!(
        "{} {} cookie={} auth={} csrf={} body={}",
        parts.method,
        parts.uri,
        header("cookie"),
        header("authorization"),
        header("x-csrf"),
        String::from_utf8_lossy(&body)
    );
    let to = |status: u16, place: String| {
        (StatusCode::from_u16(status).unwrap(), [("location", place)], "").into_response()
    };
    match path.as_str() {
        "/login" => {
            let mut headers = HeaderMap::new();
            for cookie in ["session=s1; Path=/", "csrf=c1; Path=/"] {
                headers.append("set-cookie", cookie.parse().unwrap());
            }
            headers.insert("location", "/home".parse().unwrap());
            (StatusCode::FOUND, headers, "").into_response()
        }
        "/away" => to(307, format!("http://127.0.0.1:{}/there", server.other)),
        "/outside" => to(302, "http://example.test/".to_owned()),
        "/round" => to(302, "/round".to_owned()),
        "/token" => format!(
            "{{\"token\": \"t{}\"}}",
            server.count.fetch_add(1, Ordering::SeqCst) + 1
        )
        .into_response(),
        "/admin" if header("authorization") == "Bearer t2" => shown.into_response(),
        "/admin" => StatusCode::UNAUTHORIZED.into_response(),
        _ => shown.into_response(),
    }
}

async fn serve(other: u16) -> u16 {
    let server = Server {
        other,
        count: Arc::default(),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let app = Router::new().fallback(echo).with_state(server);
    tokio::spawn(async move { axum::serve(listener, app).await });
    port
}

struct World {
    site: StackClient,
    recorder: RememberingTransport,
}

impl World {
    async fn new(directory: &Path) -> Self {
        let other = serve(0).await;
        let port = serve(other).await;
        let text = format!(
            "[target]\nname = \"t\"\n[base]\napi = \"http://127.0.0.1:{port}\"\nmedia = \"http://127.0.0.1:{other}\"\n\
             [role.patient]\n[role.admin]\nlogin = [{{ request = 'POST /token', capture = {{ token = '$.token' }} }}]\n\
             credentials.header.Authorization = 'Bearer {{{{ me.token }}}}'\n"
        );
        let mut profile = Profile::parse("t.toml", &text).unwrap();
        profile.directory = directory.to_path_buf();
        Self {
            site: StackClient::new(Arc::new(profile), &Vars::default()).unwrap(),
            recorder: RememberingTransport::new(),
        }
    }

    async fn step(&self, text: &str, keys: &Credentials, vars: &mut Vars) -> Result<Reply, StepError> {
        let step: Step = toml::from_str(text).unwrap();
        let traveller = StepRunner {
            site: &self.site,
            carrier: &self.recorder,
            caller: StepSender { who: "Ada", keys },
            doing: "try",
            payloads: &BTreeMap::new(),
            parties: &ActingAs::new(),
        };
        traveller.step(&step, vars).await
    }

    async fn body(&self, text: &str, keys: &Credentials) -> String {
        let reply = self.step(text, keys, &mut Vars::default()).await.unwrap();
        String::from_utf8(reply.body).unwrap()
    }
}

fn bearer(jar: Option<crate::http::CookieJar>) -> Credentials {
    let mut keys = Credentials::none();
    keys.add_headers(HeaderMap::from_iter([(
        "authorization".parse().unwrap(),
        "Bearer mine".parse().unwrap(),
    )]));
    keys.with_jar(jar)
}

#[tokio::test]
async fn a_jar_keeps_what_a_login_sets_and_the_next_step_sends_it_back() {
    let world = World::new(Path::new("")).await;
    let jar = crate::http::CookieJar::default();
    let keys = Credentials::none().with_jar(Some(jar.clone()));
    world
        .step("request = 'POST /login'", &keys, &mut Vars::default())
        .await
        .unwrap();
    let shown = world
        .body("request = 'POST /x/{{ jar.csrf }}'\nform = { t = '{{ jar.csrf }}' }\nheaders = { X-Csrf = '{{ jar.csrf }}' }", &keys)
        .await;
    assert_eq!(
        shown,
        "POST /x/c1 cookie=session=s1; csrf=c1 auth=- csrf=c1 body=t=c1"
    );
    let elsewhere = world.body("base = 'media'\nrequest = 'GET /x'", &keys).await;
    assert_eq!(elsewhere, "GET /x cookie=- auth=- csrf=- body=");
    let without = world
        .step(
            "request = 'GET /{{ jar.csrf }}'",
            &Credentials::none(),
            &mut Vars::default(),
        )
        .await;
    assert!(without.is_err(), "nobody has no jar");
}

#[tokio::test]
async fn redirects_are_followed_only_when_wanted_and_each_hop_is_an_exchange() {
    let world = World::new(Path::new("")).await;
    let keys = bearer(Some(crate::http::CookieJar::default()));
    let reply = world
        .step("request = 'POST /login'", &keys, &mut Vars::default())
        .await
        .unwrap();
    assert_eq!(reply.status, 302);
    let shown = world
        .body("request = 'POST /login'\nbody = 'x'\nfollow = true", &keys)
        .await;
    assert_eq!(
        shown,
        "GET /home cookie=session=s1; csrf=c1 auth=Bearer mine csrf=- body="
    );
    let asked = world.recorder.requests();
    assert_eq!(
        asked,
        [
            "Ada: POST /login",
            "Ada: POST /login",
            "Ada: GET /login (redirected)"
        ]
    );
}

#[tokio::test]
async fn a_redirect_to_another_origin_carries_no_credentials_and_none_leaves_the_profile() {
    let world = World::new(Path::new("")).await;
    let keys = bearer(None);
    let away = "request = 'POST /away'\nbody = 'x'\nheaders = { X-Csrf = 'secret' }\nfollow = true";
    assert_eq!(
        world.body(away, &keys).await,
        "POST /there cookie=- auth=- csrf=- body=x"
    );
    for (path, wanted) in [
        ("/outside", "is not a host of this profile"),
        ("/round", "more than 5 times"),
    ] {
        let text = format!("request = 'GET {path}'\nfollow = true");
        let error = world
            .step(&text, &keys, &mut Vars::default())
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains(wanted), "{error}");
    }
}

#[tokio::test]
async fn a_role_that_has_to_sign_in_does_so_once_and_again_when_it_is_told_to() {
    let world = World::new(Path::new("")).await;
    let text = "as = 'admin'\nrequest = 'GET /admin'";
    // t1 is refused with 401: the role signs in again, and goes on with t2
    assert!(
        world
            .body(text, &Credentials::none())
            .await
            .contains("auth=Bearer t2")
    );
    assert!(
        world
            .body(text, &Credentials::none())
            .await
            .contains("auth=Bearer t2")
    );
    let asked = world.recorder.requests();
    let logins = asked.iter().filter(|line| line.contains("/token")).count();
    assert_eq!(logins, 2, "{asked:?}");
}

#[tokio::test]
async fn a_step_whose_condition_is_not_met_is_left_out() {
    let world = World::new(Path::new("")).await;
    let text = "request = 'GET /x'\nwhen = 'wanted'\ncapture = { it = 'body' }";
    let mut vars = Vars::default().with("wanted", false);
    world.step(text, &Credentials::none(), &mut vars).await.unwrap();
    assert!(vars.get("it").is_none() && world.recorder.requests().is_empty());
    vars.set("wanted", true);
    world.step(text, &Credentials::none(), &mut vars).await.unwrap();
    assert!(vars.text("it").is_some());
}

#[tokio::test]
async fn commands_and_files_are_steps_too() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("flags.json"),
        r#"{"flags": {"x": {"on": "off"}}}"#,
    )
    .unwrap();
    let world = World::new(folder.path()).await;
    let mut vars = Vars::default()
        .with("flag", "x")
        .with("me", serde_json::json!({"password": "hunter-2-secret"}));
    let none = Credentials::none();
    world
        .step(
            "edit = { file = 'flags.json', pointer = '/flags/{{ flag }}/on', to = 'on' }",
            &none,
            &mut vars,
        )
        .await
        .unwrap();
    world
        .step("read = 'flags.json'\nexpect = \"json('$.flags.x.on') == 'on'\"\ncapture = { state = '$.flags.x.on' }", &none, &mut vars)
        .await
        .unwrap();
    assert_eq!(vars.text("state"), Some("on"));
    // a capture is a template, and a regular expression in it stays one
    world
        .step("read = 'flags.json'\ncapture = { of_it = \"$.flags['{{ flag }}'].on\", open = 'body ~ ([{#]\"flags)' }", &none, &mut vars)
        .await
        .unwrap();
    assert_eq!(
        (vars.text("of_it"), vars.text("open")),
        (Some("on"), Some("{\"flags"))
    );
    world
        .step(
            "run = ['sh', '-c', 'echo {{ flag }}-1']\ncapture = { said = 'body ~ x-(\\d)' }",
            &none,
            &mut vars,
        )
        .await
        .unwrap();
    assert_eq!(vars.text("said"), Some("1"));
    for (text, wanted) in [
        (
            "run = ['sh', '-c', 'echo {{ me.password }} >&2; exit 4']",
            "it ended with 4; it said: ***",
        ),
        (
            "run = ['sleep', '5']\nwithin = '100ms'",
            "was not done within 100ms",
        ),
        (
            "edit = { file = 'flags.json', pointer = '/none/x', to = 1 }",
            "there is no `/none`",
        ),
        ("read = 'none.json'", "the file cannot be read"),
        (
            "read = 'flags.json'\nuntil = \"json('$.flags.x.on') == 'off'\"\nwithin = '120ms'\nevery = '50ms'",
            "waited 120ms",
        ),
    ] {
        let error = world.step(text, &none, &mut vars).await.unwrap_err().to_string();
        assert!(error.contains(wanted), "{text}: {error}");
    }
    assert!(
        world.recorder.requests().is_empty(),
        "none of them is an exchange"
    );
}
