//! How fast, and how many at a time.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use futures::future::try_join_all;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

use super::speaking::Speaking;
use crate::binary::Trouble;

/// When requests arrived, and how many were there at a time.
#[derive(Default)]
struct Seen {
    arrived: Mutex<Vec<Instant>>,
    now: AtomicUsize,
    most: AtomicUsize,
}

async fn serve() -> Result<(String, Arc<Seen>), Trouble> {
    let seen = Arc::new(Seen::default());
    let router = Router::new()
        .route("/", get(answer))
        .with_state(Arc::clone(&seen));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        // It ends with the test.
        let _ = axum::serve(listener, router).await;
    });
    Ok((address, seen))
}

async fn answer(State(seen): State<Arc<Seen>>) -> &'static str {
    seen.arrived.lock().await.push(Instant::now());
    let now = seen.now.fetch_add(1, Ordering::SeqCst) + 1;
    seen.most.fetch_max(now, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(30)).await;
    seen.now.fetch_sub(1, Ordering::SeqCst);
    "hi"
}

/// Sends so many at once, and gives what the server saw.
async fn burst(parts: &str, requests: usize) -> Result<(Vec<Instant>, usize), Trouble> {
    let (address, seen) = serve().await?;
    let speaking = Speaking::to(&address, Path::new("."), parts)?;
    let replies = try_join_all((0..requests).map(|_| speaking.get("/"))).await?;
    assert!(replies.iter().all(|reply| reply.status == 200));
    let mut arrived = seen.arrived.lock().await.clone();
    arrived.sort();
    Ok((arrived, seen.most.load(Ordering::SeqCst)))
}

#[tokio::test]
async fn no_second_has_more_requests_than_are_allowed() -> Result<(), Trouble> {
    const RATE: usize = 25;
    let (arrived, _) = burst(&format!("[limits]\nrequests_per_second = {RATE}"), 60).await?;
    assert_eq!(arrived.len(), 60);
    for (first, began) in arrived.iter().enumerate() {
        let within = arrived[first..]
            .iter()
            .take_while(|at| at.duration_since(*began) < Duration::from_secs(1))
            .count();
        // they leave evenly spaced; one that was late on its way may arrive beside the first of the next second
        assert!(within <= RATE + 1, "{within} requests within a second");
    }
    let took = arrived[59].duration_since(arrived[0]);
    assert!(
        took >= Duration::from_millis(2250),
        "59 gaps of 40 ms took {took:?}"
    );
    Ok(())
}

#[tokio::test]
async fn never_are_more_under_way_than_are_allowed() -> Result<(), Trouble> {
    let (_, most) = burst("[limits]\nconcurrency = 3", 30).await?;
    assert_eq!(most, 3);
    Ok(())
}

#[tokio::test]
async fn without_limits_there_are_none() -> Result<(), Trouble> {
    let (arrived, most) = burst("", 30).await?;
    assert!(most > 3, "{most} at a time");
    assert!(arrived[29].duration_since(arrived[0]) < Duration::from_secs(1));
    Ok(())
}

#[tokio::test]
async fn a_limit_of_nought_is_a_mistake() {
    let error = Speaking::to("http://127.0.0.1:1", Path::new("."), "[limits]\nconcurrency = 0");
    let text = error.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(text.contains("`concurrency` of 0 must be at least 1"), "{text}");
}
