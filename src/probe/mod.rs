//! Surfaces and techniques; the plan (who tries what, with which twin); sending. Knows nothing of verdicts.

mod ask;
mod attempt;
mod bystander;
pub mod declared;
mod devices;
mod digest;
mod discover;
mod errand;
mod expiry;
mod keeping;
mod links;
mod listening;
mod outcomes;
mod plan;
mod probing;
mod request;
mod rewritten;
mod sabotage;
mod scene;
pub mod technique;
mod together;
mod trying;
mod twins;
mod visitor;
mod walk;
mod witness;
mod writing;

pub use ask::{Actor, Asked, OldSessions, Question, Variant};
pub use attempt::{Attempts, Deed, attempt, is_asked_for, is_tried_first};
pub use declared::coverable;
pub use discover::assert_discovered;
pub use keeping::{Kept, keep_listening};
pub use plan::{
    Asker, Known, Planned, Scope, Spread, cover, once_for_all_alike, plan, relations, several_times,
};
pub use probing::{
    Baseline, Open, With, ask, assert, baseline, conclude, hand_out_link, have_owner_ask, keep_links, look,
    use_right,
};
pub use sabotage::{Sabotage, Saboteur};
pub use scene::{Links, Scene, TwinBook};
pub use technique::{CATALOGUE, Technique};
pub use trying::{Look, look_at};
pub use witness::{Moment, Numbers, Station, Witness};

use crate::cast::CastError;
use crate::wire::{SiteError, StepError};

/// A probe that could not even be tried; in a plan it becomes an exchange that says so.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The request could not be built.
    #[error(transparent)]
    Site(#[from] SiteError),
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
