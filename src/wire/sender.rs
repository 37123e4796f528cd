//! The one place from which requests leave: here, and only here, secrets are on the wire.

use super::message::{Reply, Request};
use crate::ledger::Delivery;
use futures::StreamExt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// The longest body that is read; what is longer cannot be judged.
const MOST_BYTES: usize = 256 << 20;
/// After so many unanswered requests in a row the stack is asked with less patience.
const PATIENCE: u32 = 6;
/// The patience that is left then …
const IMPATIENT: Duration = Duration::from_millis(750);
/// … and when even so many have gone unanswered: what is left to ask is only asked to be written down.
const GIVEN_UP: u32 = 30;
const LAST: Duration = Duration::from_millis(100);

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make an HTTP client: {0}")]
pub struct SenderError(#[from] reqwest::Error);

/// Sends requests. No redirect is followed, nothing is decompressed, no proxy of the environment is used.
#[derive(Debug)]
pub struct Sender {
    client: reqwest::Client,
    timeout: Duration,
    silent: AtomicU32,
}

impl Sender {
    /// A sender that waits this long for a whole answer.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub fn new(timeout: Duration) -> Result<Self, SenderError> {
        // a second installation is refused, and does no harm
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .http1_only()
            .pool_idle_timeout(Duration::from_secs(20))
            .build()?;
        Ok(Self {
            client,
            timeout,
            silent: AtomicU32::new(0),
        })
    }

    /// Sends one request and reads the whole answer, or as much of it as comes.
    pub async fn send(&self, request: &Request) -> Reply {
        let timeout = match self.silent.load(Ordering::Relaxed) {
            GIVEN_UP.. => self.timeout.min(LAST),
            PATIENCE.. => self.timeout.min(IMPATIENT),
            _ => self.timeout,
        };
        let began = Instant::now();
        let mut reply = self.exchange(request, timeout).await;
        reply.elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        match reply.delivery {
            Delivery::TimedOut { .. } | Delivery::Unreachable { .. } => {
                self.silent.fetch_add(1, Ordering::Relaxed);
            }
            _ => self.silent.store(0, Ordering::Relaxed),
        }
        reply
    }

    async fn exchange(&self, request: &Request, timeout: Duration) -> Reply {
        let deadline = tokio::time::Instant::now() + timeout;
        let after_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        let sent = self
            .client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .body(request.body.to_vec())
            .send();
        let response = match tokio::time::timeout_at(deadline, sent).await {
            Err(_) => return Reply::none(Delivery::TimedOut { after_ms }),
            Ok(Err(error)) => {
                return Reply::none(Delivery::Unreachable {
                    why: root_cause(&error),
                });
            }
            Ok(Ok(response)) => response,
        };
        let mut reply = Reply::none(Delivery::Whole);
        reply.status = response.status().as_u16();
        reply.headers = response.headers().clone();
        let mut chunks = response.bytes_stream();
        loop {
            match tokio::time::timeout_at(deadline, chunks.next()).await {
                Err(_) => reply.delivery = Delivery::TimedOut { after_ms },
                Ok(Some(Err(error))) => {
                    reply.delivery = Delivery::Truncated {
                        why: root_cause(&error),
                    }
                }
                Ok(Some(Ok(chunk))) => {
                    reply.body.extend_from_slice(&chunk);
                    if reply.body.len() <= MOST_BYTES {
                        continue;
                    }
                    reply.delivery = Delivery::Unscanned {
                        why: format!("longer than {MOST_BYTES} bytes"),
                    };
                }
                Ok(None) => {}
            }
            return reply;
        }
    }
}

/// The innermost cause says what happened; the outer ones repeat the address.
fn root_cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
