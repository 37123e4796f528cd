//! Which hosts are spoken to. `192.0.2.1` belongs to nobody (RFC 5737), and nothing is ever sent there.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{AUTHORIZATION, COOKIE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use bystander::http::{
    ActingAs, Credentials, StackClient, StepRunner, StepSender, UnrecordedTransport, guard,
};
use bystander::ledger::Delivery;
use bystander::profile::{Profile, Vars};
use tokio::net::TcpListener;

use super::speaking::{Speaking, profile};
use crate::binary::Trouble;

async fn checked(address: &str, parts: &str) -> Result<Vec<String>, Trouble> {
    let profile = profile(address, Path::new("."), parts)?;
    let site = StackClient::new(Arc::new(profile.clone()), &Vars::default())?;
    let announced = guard::check(&profile, &site).await?;
    Ok(announced
        .into_iter()
        .map(|announcement| announcement.text)
        .collect())
}

#[tokio::test]
async fn a_public_host_needs_leave_and_is_announced() -> Result<(), Trouble> {
    let error = checked("http://192.0.2.1:8080", "")
        .await
        .err()
        .ok_or("it was allowed")?;
    let text = error.to_string();
    assert!(
        text.contains("`[base] api`") && text.contains("allow_hosts = [\"192.0.2.1\"]"),
        "{text}"
    );
    let announced = checked(
        "http://192.0.2.1:8080",
        "[limits]\nallow_hosts = [\"192.0.2.1\"]\nrequests_per_second = 5",
    )
    .await?;
    assert_eq!(
        announced,
        ["about to send requests to 192.0.2.1 as synthetic patients; at most 5 a second"]
    );
    assert!(checked("http://127.0.0.1:8080", "").await?.is_empty());
    assert!(checked("http://localhost:8080", "").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn nothing_is_sent_to_a_host_without_leave() -> Result<(), Trouble> {
    let speaking = Speaking::to("http://192.0.2.1:8080", Path::new("."), "")?;
    let began = Instant::now();
    let reply = speaking.get("/").await?;
    let Delivery::NotSent { why } = &reply.delivery else {
        return Err(format!("{reply:?}").into());
    };
    assert!(why.contains("192.0.2.1") && why.contains("allow_hosts"), "{why}");
    assert!(began.elapsed().as_secs() < 2, "it was not even tried");
    Ok(())
}

/// A server that keeps the headers of what it was asked.
async fn collector() -> Result<(String, Arc<Mutex<Vec<HeaderMap>>>), Trouble> {
    let seen: Arc<Mutex<Vec<HeaderMap>>> = Arc::default();
    let keeps = Arc::clone(&seen);
    let router = Router::new().fallback(move |request: Request| async move {
        if let Ok(mut keeps) = keeps.lock() {
            keeps.push(request.headers().clone());
        }
        "elsewhere"
    });
    Ok((serve(router).await?, seen))
}

/// A server that sends everybody on.
async fn sends_on(target: String) -> Result<String, Trouble> {
    serve(
        Router::new()
            .fallback(move || async move { (StatusCode::FOUND, [(LOCATION, format!("{target}/collect"))]) }),
    )
    .await
}

#[tokio::test]
async fn a_redirect_to_another_origin_gets_no_credentials() -> Result<(), Trouble> {
    let (elsewhere, seen) = collector().await?;
    let first = sends_on(elsewhere.clone()).await?;
    // one that the profile does not even name
    let alone = Speaking::to(&first, Path::new("."), "")?;
    assert_eq!(
        alone.get("/").await?.status,
        302,
        "the sender follows nothing by itself"
    );
    assert_eq!(seen.lock().map_err(|error| error.to_string())?.len(), 0);
    let text = format!(
        "[target]\nname = \"a stack\"\n[base]\napi = \"{first}\"\nelsewhere = \"{elsewhere}\"\n\
         [role.patient]\n[action.look]\nsteps = [{{ request = \"GET /\", follow = true }}]\n"
    );
    let speaking = Speaking::with(Profile::parse("a.toml", &text)?)?;
    let mut keys = Credentials::none();
    keys.add_headers(HeaderMap::from_iter([(
        AUTHORIZATION,
        HeaderValue::from_static("Bearer t0ken"),
    )]));
    keys.add_cookie("session", "s3cret".to_owned());
    let (site, parties, payloads) = (&speaking.site, ActingAs::new(), BTreeMap::new());
    let traveller = StepRunner {
        site,
        carrier: &UnrecordedTransport {
            site,
            sender: &speaking.sender,
        },
        caller: StepSender {
            who: "Ada",
            keys: &keys,
        },
        doing: "look",
        payloads: &payloads,
        parties: &parties,
    };
    let steps = &site.profile.action.get("look").ok_or("no action")?.steps;
    traveller.run(steps, &mut Vars::default()).await?;
    let seen = seen.lock().map_err(|error| error.to_string())?;
    assert_eq!(seen.len(), 1, "it was followed");
    assert!(
        seen.iter()
            .all(|headers| !headers.contains_key(AUTHORIZATION) && !headers.contains_key(COOKIE)),
        "{seen:?}"
    );
    Ok(())
}

async fn serve(router: Router) -> Result<String, Trouble> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        // It ends with the test.
        let _ = axum::serve(listener, router).await;
    });
    Ok(address)
}
