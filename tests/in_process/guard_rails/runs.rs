//! Whole runs against a clinic behind a proxy that asks to wait, or locks everybody out.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use bystander::ledger::Verdict;
use bystander::profile::{HumanDuration, Profile};
use bystander::report::terminal;

use crate::binary::Trouble;
use crate::proxy::{Answer, Asked, Meddle, Memory, Turn};
use crate::trying::{Tried, Trying};

/// A run of the scenarios with such titles.
async fn tried(
    scenarios: &'static str,
    shape: fn(&mut Profile),
    meddle: Box<Meddle>,
) -> Result<Tried, Trouble> {
    let trying = Trying {
        scenarios,
        patience: Duration::from_secs(10),
        shape,
    };
    let tried = trying.against(meddle).await?;
    assert!(tried.meddled > 0, "it did not come to that");
    Ok(tried)
}

fn told(tried: &Tried) -> String {
    terminal::render(&tried.judgement, terminal::Style::default())
}

/// Asks to wait, with something in the body.
fn wait(after: Option<&'static str>, body: Bytes) -> Turn {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    after.map(|after| headers.insert(RETRY_AFTER, HeaderValue::from_static(after)));
    Turn::Instead(Answer {
        status: StatusCode::TOO_MANY_REQUESTS,
        headers,
        body,
    })
}

fn fetches(asked: &Asked) -> bool {
    asked.method == Method::GET && asked.path.starts_with("/v1/replays/")
}

#[tokio::test]
async fn what_is_served_after_a_wait_is_judged() -> Result<(), Trouble> {
    let times: Mutex<HashMap<(String, Option<String>), u32>> = Mutex::default();
    let meddle = move |asked: &Asked, _: &Answer, _: &Memory| {
        if !fetches(asked) {
            return Turn::Pass;
        }
        let Ok(mut times) = times.lock() else {
            return Turn::Pass;
        };
        let asked_before = times
            .entry((asked.path.clone(), asked.session.clone()))
            .or_default();
        *asked_before += 1;
        // every other time, also for the bystanders: each answer that counts comes after one that asked to wait
        if *asked_before % 2 == 1 {
            wait(Some("0"), Bytes::from_static(b"{\"error\":\"slow down\"}"))
        } else {
            Turn::Pass
        }
    };
    let tried = tried("share nothing", |_| {}, Box::new(meddle)).await?;
    assert_eq!(tried.code, 0, "{}", told(&tried));
    assert!(
        tried
            .judgement
            .scenarios
            .iter()
            .all(|scenario| scenario.verdict == Some(Verdict::Held))
    );
    Ok(())
}

#[tokio::test]
async fn what_stands_in_an_answer_that_asks_to_wait_counts() -> Result<(), Trouble> {
    // whoever asks for a recording that somebody else was served before is told to wait, with that recording in the answer
    let leaked = AtomicUsize::new(0);
    let meddle = move |asked: &Asked, _: &Answer, memory: &Memory| match memory.get(&asked.path) {
        Some((owner, body))
            if fetches(asked) && asked.session.is_some() && *owner != asked.session
                // once only: the next answer is a denial
                && leaked.fetch_add(1, Ordering::Relaxed) == 0 =>
        {
            wait(Some("0"), body.clone())
        }
        _ => Turn::Pass,
    };
    let tried = tried("share nothing", |_| {}, Box::new(meddle)).await?;
    assert_eq!(tried.code, 1, "{}", told(&tried));
    Ok(())
}

#[tokio::test]
async fn a_stack_that_asks_for_too_long_a_wait_is_inconclusive_and_holds_nobody_up() -> Result<(), Trouble> {
    let short = |profile: &mut Profile| profile.limits.retry_after = HumanDuration(Duration::from_secs(2));
    let meddle = |asked: &Asked, _: &Answer, _: &Memory| {
        if fetches(asked) {
            wait(None, Bytes::from_static(b"{}"))
        } else {
            Turn::Pass
        }
    };
    let tried = tried("share nothing", short, Box::new(meddle)).await?;
    assert_eq!(tried.code, 3, "{}", told(&tried));
    let reason = "the stack asked to wait (429)";
    assert!(tried.judgement.gaps.iter().any(|gap| gap.why.contains(reason)));
    // a second for each kind of request, and not for each request
    assert!(tried.took < Duration::from_secs(25), "{:?}", tried.took);
    Ok(())
}

/// After so many requests with wrong or no credentials the door is shut for everybody.
fn locked_out(status: StatusCode) -> Box<Meddle> {
    let wrong = AtomicUsize::new(0);
    Box::new(move |_: &Asked, answer: &Answer, _: &Memory| {
        if answer.status == StatusCode::UNAUTHORIZED {
            wrong.fetch_add(1, Ordering::Relaxed);
        }
        if wrong.load(Ordering::Relaxed) < 3 {
            return Turn::Pass;
        }
        Turn::Instead(Answer {
            status,
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"locked"),
        })
    })
}

#[tokio::test]
async fn a_lock_out_never_passes_for_a_refusal() -> Result<(), Trouble> {
    for status in [StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS] {
        let short =
            |profile: &mut Profile| profile.limits.retry_after = HumanDuration(Duration::from_millis(500));
        let tried = tried("", short, locked_out(status)).await?;
        // the door is shut for whoever asks after the stack's health too, which may be taken for a stack that went away; a refusal
        // that differs from the one before may be taken for a sign that something exists; but none of it for health
        let possible: &[u8] = if status == StatusCode::FORBIDDEN {
            &[1, 3, 5]
        } else {
            &[3, 5]
        };
        assert!(possible.contains(&tried.code), "{status}: {}", told(&tried));
        let held = tried
            .judgement
            .scenarios
            .iter()
            .filter(|scenario| scenario.verdict == Some(Verdict::Held));
        assert_eq!(held.count(), 0, "{status}: {}", told(&tried));
    }
    Ok(())
}
