//! The one place from which requests leave: here, and only here, secrets are on the wire.

use super::connection;
use super::guard::GuardError;
use super::hosts::AllowedHosts;
use super::message::{Reply, Request};
use super::rate_limiter::{RateLimiter, SendPermit};
use super::retry_budget::SpentRetries;
use super::socket::{self, WebSocketRefusal};
use crate::ledger::Delivery;
use crate::profile::{Profile, Templates};
use futures::StreamExt;
use reqwest::Url;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long an answer that stays open is listened to by somebody who did not expect one.
const LISTENED: Duration = Duration::from_secs(1);
/// What says that an answer stays open.
const STAYS_OPEN: &str = "text/event-stream";
/// The longest body that is read; what is longer cannot be judged.
pub(super) const MOST_BYTES: usize = 256 << 20;
/// Room for so many bytes of it is made at once.
const MOST_AT_ONCE: u64 = 1 << 20;
/// After so many unanswered requests in a row the stack is asked with less patience.
const PATIENCE: u32 = 6;
/// The patience that is left then …
const IMPATIENT: Duration = Duration::from_millis(750);
/// … and when even so many have gone unanswered: what is left to ask is only asked to be written down.
const GIVEN_UP: u32 = 30;
const LAST: Duration = Duration::from_millis(100);

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SenderError {
    /// For a reason of its own.
    #[error("cannot make an HTTP client: {}", root_cause(.0))]
    Client(#[from] reqwest::Error),
    /// Something in the profile cannot be used.
    #[error("`{place}` of the profile cannot be used: {why}")]
    Part {
        /// Where it stands.
        place: &'static str,
        /// Why.
        why: String,
    },
    /// The hosts that it may speak to cannot be read.
    #[error(transparent)]
    Guard(#[from] GuardError),
}

/// Sends requests. No redirect is followed, nothing is decompressed, no proxy of the environment is used; nothing is sent to a host
/// that is neither near nor allowed, and to none faster than it is allowed.
#[derive(Debug)]
pub struct Sender {
    client: reqwest::Client,
    timeout: Duration,
    hosts: Arc<AllowedHosts>,
    lanes: RateLimiter,
    exhausted: SpentRetries,
    silent: AtomicU32,
}

/// What stays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamKind {
    /// The answer to a request.
    Answer,
    /// A WebSocket.
    WebSocket,
}

impl Sender {
    /// A sender that waits this long for a whole answer, and speaks to loopback and private hosts only.
    ///
    /// # Errors
    /// When the client cannot be made.
    pub fn new(timeout: Duration) -> Result<Self, SenderError> {
        let hosts = Arc::new(AllowedHosts::default());
        Ok(Self {
            client: connection::plain(Arc::clone(&hosts), None).http1_only().build()?,
            timeout,
            hosts,
            lanes: RateLimiter::default(),
            exhausted: SpentRetries::default(),
            silent: AtomicU32::new(0),
        })
    }

    /// The same as `[connection]` and `[limits]` of a profile want it.
    ///
    /// # Errors
    /// With the place in the profile of what cannot be used.
    pub fn for_profile(profile: &Profile, timeout: Duration) -> Result<Self, SenderError> {
        let templates = Templates::new(&profile.directory, &profile.secrets);
        let hosts = Arc::new(AllowedHosts::of(profile, &templates)?);
        let limits = &profile.limits;
        for (place, limit) in [
            ("limits.requests_per_second", limits.requests_per_second),
            ("limits.concurrency", limits.concurrency),
        ] {
            if limit == Some(0) {
                return Err(SenderError::Part {
                    place,
                    why: "it is 0, so nothing could be sent; leave it out for no limit".to_owned(),
                });
            }
        }
        Ok(Self {
            client: connection::from_profile(profile, &templates, Arc::clone(&hosts))?,
            timeout,
            hosts,
            lanes: RateLimiter::new(limits.requests_per_second, limits.concurrency),
            exhausted: SpentRetries::default(),
            silent: AtomicU32::new(0),
        })
    }

    /// Sends nothing to the host of this address for so long: it has asked to wait.
    pub fn hold(&self, url: &Url, time: Duration) {
        self.lanes.hold(url, time);
    }

    /// Whether patience with requests of this kind has come to an end.
    #[must_use]
    pub fn is_exhausted(&self, request: &Request) -> bool {
        self.exhausted.is(&request.asked.method, &request.asked.url)
    }

    /// It has, or one of them was answered.
    pub fn set_exhausted(&self, request: &Request, exhausted: bool) {
        self.exhausted
            .set(&request.asked.method, &request.asked.url, exhausted);
    }

    /// Waits until a request may be sent; what is waited for here is not the stack's answer. The error says that it must not be.
    async fn wait_for_permit(&self, request: &Request) -> Result<SendPermit, Reply> {
        self.hosts
            .may(&request.url, &format!("`{}`", request.asked.url))
            .map_err(|refused| {
                Reply::none(Delivery::NotSent {
                    why: refused.to_string(),
                })
            })?;
        Ok(self.lanes.turn(&request.url).await)
    }

    /// Sends one request and reads the whole answer, or as much of it as comes.
    pub async fn send(&self, request: &Request) -> Reply {
        let _turn = match self.wait_for_permit(request).await {
            Ok(turn) => turn,
            Err(refused) => return refused,
        };
        let timeout = match self.silent.load(Ordering::Relaxed) {
            GIVEN_UP.. => self.timeout.min(LAST),
            PATIENCE.. => self.timeout.min(IMPATIENT),
            _ => self.timeout,
        };
        let began = Instant::now();
        let mut reply = self.exchange(request, timeout).await;
        request.keys.learn(&request.url, &reply.headers);
        reply.elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        match reply.delivery {
            Delivery::TimedOut { .. } | Delivery::Unreachable { .. } => {
                self.silent.fetch_add(1, Ordering::Relaxed);
            }
            _ => self.silent.store(0, Ordering::Relaxed),
        }
        reply
    }

    /// Sends one request whose answer stays open. When it has begun, `meanwhile` runs; when that is over, what has arrived is
    /// the answer: that we cut it off is no fault of the stack. When it is open, and whenever
    /// something arrives, `heard` is shown all that has.
    pub async fn listen(
        &self,
        request: &Request,
        open: StreamKind,
        meanwhile: impl Future<Output = ()> + Send,
        heard: impl Fn(&[u8]) + Send + Sync,
    ) -> Reply {
        let turn = match self.wait_for_permit(request).await {
            Ok(turn) => turn,
            Err(refused) => return refused,
        };
        let began = Instant::now();
        let mut reply = match open {
            StreamKind::Answer => self.read_events(request, meanwhile, heard, turn).await,
            StreamKind::WebSocket => {
                let deadline = tokio::time::Instant::now() + self.timeout;
                match socket::open(&self.client, request, deadline).await {
                    // what stays open is no longer under way
                    Ok(socket) => {
                        drop(turn);
                        socket.read_messages(request, meanwhile, heard).await
                    }
                    Err(refused) => match *refused {
                        WebSocketRefusal::Unanswered(reply) => reply,
                        WebSocketRefusal::Answered(reply, response) => {
                            read(reply, response, deadline, self.timeout).await
                        }
                    },
                }
            }
        };
        request.keys.learn(&request.url, &reply.headers);
        reply.elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        reply
    }

    async fn read_events(
        &self,
        request: &Request,
        meanwhile: impl Future<Output = ()> + Send,
        heard: impl Fn(&[u8]) + Send + Sync,
        turn: SendPermit,
    ) -> Reply {
        let deadline = tokio::time::Instant::now() + self.timeout;
        let (mut reply, response) = match self.open(request, deadline).await {
            Ok(opened) => opened,
            Err(reply) => return reply,
        };
        if !response.status().is_success() {
            return read(reply, response, deadline, self.timeout).await;
        }
        // what stays open is no longer under way: else what happens meanwhile would wait for it
        drop(turn);
        heard(&reply.body);
        let mut chunks = response.bytes_stream();
        let mut meanwhile = std::pin::pin!(meanwhile);
        loop {
            let chunk = tokio::select! {
                () = &mut meanwhile => return reply,
                chunk = chunks.next() => chunk,
            };
            match chunk {
                Some(Ok(chunk)) => {
                    reply.body.extend_from_slice(&chunk);
                    heard(&reply.body);
                }
                Some(Err(error)) => {
                    reply.delivery = Delivery::Truncated {
                        why: root_cause(&error),
                    };
                    return reply;
                }
                None => {
                    // it ended by itself: what was begun meanwhile is not left half done
                    meanwhile.await;
                    return reply;
                }
            }
            if reply.body.len() > MOST_BYTES {
                reply.delivery = too_long();
                return reply;
            }
        }
    }

    async fn exchange(&self, request: &Request, timeout: Duration) -> Reply {
        let deadline = tokio::time::Instant::now() + timeout;
        match self.open(request, deadline).await {
            Ok((reply, response)) => read(reply, response, deadline, timeout).await,
            Err(reply) => reply,
        }
    }

    /// Sends a request, and waits until the answer begins.
    async fn open(
        &self,
        request: &Request,
        deadline: tokio::time::Instant,
    ) -> Result<(Reply, reqwest::Response), Reply> {
        let timeout = deadline.saturating_duration_since(tokio::time::Instant::now());
        let after_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        let sent = self
            .client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .body(request.body.to_vec())
            .send();
        let response = match tokio::time::timeout_at(deadline, sent).await {
            Err(_) => return Err(Reply::none(Delivery::TimedOut { after_ms })),
            Ok(Err(error)) => {
                return Err(Reply::none(Delivery::Unreachable {
                    why: root_cause(&error),
                }));
            }
            Ok(Ok(response)) => response,
        };
        let mut reply = Reply::none(Delivery::Whole);
        reply.status = response.status().as_u16();
        reply.headers = response.headers().clone();
        Ok((reply, response))
    }
}

/// Reads the body of an answer to its end.
async fn read(
    mut reply: Reply,
    response: reqwest::Response,
    deadline: tokio::time::Instant,
    timeout: Duration,
) -> Reply {
    let after_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
    let stays_open = reply.content_type() == STAYS_OPEN;
    let enough = tokio::time::Instant::now() + LISTENED;
    let until = if stays_open {
        deadline.min(enough)
    } else {
        deadline
    };
    // a length that is a lie costs no more than this
    let length = response.content_length().unwrap_or_default().min(MOST_AT_ONCE);
    reply.body.reserve(usize::try_from(length).unwrap_or_default());
    let mut chunks = response.bytes_stream();
    loop {
        match tokio::time::timeout_at(until, chunks.next()).await {
            // it would go on for ever: what has come is the answer
            Err(_) if stays_open => {}
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
                reply.delivery = too_long();
            }
            Ok(None) => {}
        }
        return reply;
    }
}

pub(super) fn too_long() -> Delivery {
    Delivery::Unscanned {
        why: format!("longer than {MOST_BYTES} bytes"),
    }
}

/// The innermost cause says what happened; the outer ones repeat the address.
pub(super) fn root_cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
