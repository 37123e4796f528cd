//! Speaking HTTP as the profile says: one templated request, one answer, captures, and steps in a row.
//!
//! Used by every room that sends something. Nothing here judges: whoever carries a request (see [`Carrier`]) scans the
//! answer and writes it down, so that no answer to anybody escapes the ledger.

mod answer;
mod command;
mod connection;
mod content;
pub(crate) mod device;
mod direct;
mod edit;
mod follow;
pub mod guard;
mod hosts;
pub(crate) use hosts::look_up;
mod jar;
mod json_text;
mod keys;
mod lanes;
mod local;
mod message;
mod multipart;
mod patience;
pub(crate) mod patterns;
#[cfg(test)]
pub(crate) mod recorder;
mod sender;
mod service;
mod site;
mod socket;
mod step_error;
mod steps;

pub use answer::{AnswerError, View};
pub use content::{Content, Payload, Payloads};
pub use direct::Direct;
pub use jar::Jar;
pub use keys::Keys;
pub use message::{Reply, Request};
pub use patience::Patience;
pub use sender::{Open, Sender, SenderError};
pub use site::{Site, SiteError};
pub use step_error::StepError;
pub use steps::{Caller, Parties, Party, Traveller};

use crate::ledger::{Class, Listing, Part, Seen};
use crate::undo::Undo;
use async_trait::async_trait;

/// Looks at an answer before it is written down, and says what the exchange turned out to be.
pub type Finish<'a> = Box<dyn FnOnce(&Reply, &[Seen], Part) -> (Part, Option<Listing>) + Send + 'a>;

/// One request on behalf of somebody.
pub struct Call<'a> {
    /// Name of the persona, or `nobody`.
    pub who: &'a str,
    /// What it is for.
    pub part: Part,
    /// The surface, when it is one's.
    pub surface: Option<&'a str>,
    /// What is sent.
    pub request: Request,
    /// Settles facts that only the answer shows.
    pub finish: Option<Finish<'a>>,
}

impl<'a> Call<'a> {
    /// A request that belongs to no surface.
    #[must_use]
    pub fn new(who: &'a str, part: Part, request: Request) -> Self {
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
pub struct Carried {
    /// Number of the exchange in the ledger.
    pub exchange: u64,
    /// The answer.
    pub reply: Reply,
    /// What was found in it.
    pub seen: Vec<Seen>,
    /// Its class by the profile.
    pub class: Class,
}

/// Sends a request, scans what comes back and writes both down.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Carries one call through.
    async fn carry(&self, call: Call<'_>) -> Carried;

    /// Where it is noted, before anything is done to a stack that stays, how that is taken back.
    fn undo(&self) -> Undo {
        Undo::nowhere()
    }
}
