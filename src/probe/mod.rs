//! Surfaces and techniques; the plan (who tries what, with which twin); sending. Knows nothing of verdicts.

mod assertion;
mod attempt;
mod bystander;
mod context;
pub mod declared;
mod devices;
mod digest;
mod discover;
mod expiry;
mod links;
mod listen_barrier;
mod listening;
mod open_connections;
mod outcomes;
mod pager;
mod plan;
mod probe_request;
mod recording_client;
mod request;
pub mod rewriting;
mod rewritten;
mod sabotage;
mod settled;
mod surface_request;
mod twins;
mod visitor;
mod writing;

pub use assertion::{
    OpenAssertion, ProbeOptions, TwinPurpose, assert, baseline, begin_assertion, conclude, hand_out_link,
    have_owner_ask, keep_links, look_once, use_right,
};
pub use attempt::{AttemptResults, PendingAction, attempt, is_asked_for, is_tried_first};
pub use context::{Links, ProbeContext, TwinIndex};
pub use declared::coverable;
pub use discover::assert_discovered;
pub use open_connections::{OpenConnection, keep_listening};
pub use plan::{
    PeopleFacts, PlannedProbe, Requester, Sampling, Scope, cover, once_for_all_alike, plan, relations,
    several_times,
};
pub use probe_request::{Actor, OldSessions, ProbeRequest, ProbeResponse, Variant};
pub use recording_client::{RecordingClient, RunCounters, ScenarioMoment, StackSession};
pub use sabotage::{Sabotage, Saboteur};
pub use settled::{SettledLook, look_at};

use crate::cast::CastError;
use crate::http::{StackClientError, StepError};

/// A probe that could not even be tried; in a plan it becomes an exchange that says so.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The request could not be built.
    #[error(transparent)]
    Site(#[from] StackClientError),
    /// A step of the surface failed.
    #[error(transparent)]
    Step(#[from] StepError),
    /// Somebody is not there, or signed out.
    #[error(transparent)]
    Cast(#[from] CastError),
    /// The profile has no such surface, or none that fits.
    #[error("the target profile has no surface {0}")]
    Surface(String),
    /// A technique that has nothing to write at this surface.
    #[error("{0}")]
    Unfit(&'static str),
    /// The scenario has nothing to ask for.
    #[error("{0}")]
    Nothing(String),
}
