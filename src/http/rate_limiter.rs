//! How fast and how many at a time: each host has a lane of its own.

use reqwest::Url;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// The lanes to all hosts.
#[derive(Debug, Default)]
pub(super) struct RateLimiter {
    /// Between two requests to one host.
    spacing: Option<Duration>,
    /// Requests to one host at a time.
    abreast: Option<u32>,
    lanes: Mutex<HashMap<(String, u16), Arc<HostLimit>>>,
}

#[derive(Debug)]
struct HostLimit {
    /// When the next request may be sent.
    next: Mutex<Instant>,
    /// Nothing is sent before: the host has asked to wait.
    held: Mutex<Instant>,
    seats: Option<Arc<Semaphore>>,
}

/// Leave to send one request; it counts as under way until this is dropped.
#[derive(Debug)]
pub(super) struct SendPermit {
    _seat: Option<OwnedSemaphorePermit>,
}

impl RateLimiter {
    /// At most so many a second, and so many at a time.
    pub(super) fn new(a_second: Option<u32>, abreast: Option<u32>) -> Self {
        Self {
            spacing: a_second.map(|rate| Duration::from_secs(1) / rate.max(1)),
            abreast: abreast.map(|abreast| abreast.max(1)),
            lanes: Mutex::default(),
        }
    }

    /// Waits until a request may be sent there.
    pub(super) async fn turn(&self, url: &Url) -> SendPermit {
        let lane = self.lane(url);
        let seat = match &lane.seats {
            // the semaphore is never closed
            Some(seats) => Arc::clone(seats).acquire_owned().await.ok(),
            None => None,
        };
        loop {
            let held = *locked(&lane.held);
            if held > Instant::now() {
                sleep_until(held).await;
                continue;
            }
            let Some(spacing) = self.spacing else { break };
            let slot = {
                let mut next = locked(&lane.next);
                let slot = (*next).max(Instant::now());
                *next = slot + spacing;
                slot
            };
            sleep_until(slot).await;
            // asked to wait in between: then this slot is over, and those behind it too
            if *locked(&lane.held) <= Instant::now() {
                break;
            }
        }
        SendPermit { _seat: seat }
    }

    /// Sends nothing there for so long.
    pub(super) fn hold(&self, url: &Url, time: Duration) {
        let lane = self.lane(url);
        let mut held = locked(&lane.held);
        *held = (*held).max(Instant::now() + time);
    }

    fn lane(&self, url: &Url) -> Arc<HostLimit> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let key = (host, url.port_or_known_default().unwrap_or_default());
        let mut lanes = locked(&self.lanes);
        Arc::clone(lanes.entry(key).or_insert_with(|| {
            let now = Instant::now();
            Arc::new(HostLimit {
                next: Mutex::new(now),
                held: Mutex::new(now),
                seats: self
                    .abreast
                    .map(|abreast| Arc::new(Semaphore::new(abreast as usize))),
            })
        }))
    }
}

/// What is in there is whole even if somebody panicked while holding it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn url(port: u16) -> Url {
        Url::parse(&format!("http://127.0.0.1:{port}")).unwrap()
    }

    #[tokio::test]
    async fn requests_are_spaced_for_each_host_by_itself() {
        let lanes = RateLimiter::new(Some(50), None);
        let began = Instant::now();
        for _ in 0..6 {
            lanes.turn(&url(1)).await;
        }
        let same = began.elapsed();
        assert!(same >= Duration::from_millis(100), "{same:?}");
        let began = Instant::now();
        lanes.turn(&url(2)).await;
        assert!(began.elapsed() < Duration::from_millis(20));
    }

    #[tokio::test]
    async fn a_host_that_asks_to_wait_gets_nothing_meanwhile() {
        let lanes = RateLimiter::new(Some(1000), Some(4));
        lanes.hold(&url(1), Duration::from_millis(120));
        lanes.hold(&url(1), Duration::from_millis(1));
        let began = Instant::now();
        let here = url(1);
        let turns = futures::future::join_all((0..4).map(|_| lanes.turn(&here))).await;
        assert!(began.elapsed() >= Duration::from_millis(119));
        assert_eq!(turns.len(), 4);
    }

    #[tokio::test]
    async fn one_waits_until_another_has_ended() {
        let lanes = RateLimiter::new(None, Some(1));
        let first = lanes.turn(&url(1)).await;
        let second = tokio::time::timeout(Duration::from_millis(30), lanes.turn(&url(1))).await;
        assert!(second.is_err());
        drop(first);
        lanes.turn(&url(1)).await;
    }
}
