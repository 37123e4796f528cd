//! Speaking HTTP as the profile says: one templated request, one answer, captures, and steps in a row.
//!
//! Used by every room that sends something. Nothing here judges: whoever carries a request (see [`Carrier`]) scans the
//! answer and writes it down, so that no answer to anybody escapes the ledger.

mod command;
mod connection;
mod content;
pub(crate) mod device;
mod edit;
mod follow;
pub mod guard;
mod hosts;
mod response_view;
mod unrecorded;
pub(crate) use hosts::resolve_host;
mod cookie_jar;
mod credentials;
mod json_text;
mod local;
mod message;
mod multipart;
pub(crate) mod patterns;
mod rate_limiter;
#[cfg(test)]
pub(crate) mod remembering;
mod retry_budget;
mod sender;
mod service;
mod socket;
mod stack_client;
mod step_error;
mod step_runner;

pub use content::{Payload, Payloads, RequestContent};
pub use cookie_jar::CookieJar;
pub use credentials::Credentials;
pub use message::{Reply, Request};
pub use response_view::{ResponseError, ResponseView};
pub use retry_budget::RetryBudget;
pub use sender::{Sender, SenderError, StreamKind};
pub use stack_client::{StackClient, StackClientError};
pub use step_error::StepError;
pub use step_runner::{ActingAs, OtherParty, StepRunner, StepSender};
pub use unrecorded::UnrecordedTransport;

use crate::ledger::{CanarySighting, Listing, OutcomeClass, Purpose};
use crate::undo::UndoLog;
use async_trait::async_trait;

/// Looks at an answer before it is written down, and says what the exchange turned out to be.
pub type ResponseInspector<'a> =
    Box<dyn FnOnce(&Reply, &[CanarySighting], Purpose) -> (Purpose, Option<Listing>) + Send + 'a>;

/// One request on behalf of somebody.
pub struct OutgoingRequest<'a> {
    /// Name of the persona, or `nobody`.
    pub who: &'a str,
    /// What it is for.
    pub part: Purpose,
    /// The surface, when it is one's.
    pub surface: Option<&'a str>,
    /// What is sent.
    pub request: Request,
    /// Settles facts that only the answer shows.
    pub finish: Option<ResponseInspector<'a>>,
}

impl<'a> OutgoingRequest<'a> {
    /// A request that belongs to no surface.
    #[must_use]
    pub fn new(who: &'a str, part: Purpose, request: Request) -> Self {
        Self {
            who,
            part,
            surface: None,
            request,
            finish: None,
        }
    }

    /// The same at a surface.
    #[must_use]
    pub fn at(self, surface: &'a str) -> Self {
        Self {
            surface: Some(surface),
            ..self
        }
    }
}

/// What became of a call.
#[derive(Debug)]
pub struct Exchanged {
    /// Number of the exchange in the ledger.
    pub exchange: u64,
    /// The answer.
    pub reply: Reply,
    /// What was found in it.
    pub seen: Vec<CanarySighting>,
    /// Its class by the profile.
    pub class: OutcomeClass,
}

/// Sends a request, scans what comes back and writes both down.
#[async_trait]
pub trait Transport: Send + Sync {
    /// Carries one call through.
    async fn send(&self, call: OutgoingRequest<'_>) -> Exchanged;

    /// Where it is noted, before anything is done to a stack that stays, how that is taken back.
    fn undo(&self) -> UndoLog {
        UndoLog::nowhere()
    }
}
