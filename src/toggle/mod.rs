//! Transitions: everything that changes what should hold, the world state they add up to, waiting until a change has
//! settled, and the hold that keeps two scenarios from changing one stack's flags at once.

mod change;
mod consultation;
mod deletion;
mod flags;
mod grants;
mod settling;
mod stack_lock;
mod world_state;

pub use change::Changes;
pub use consultation::{BOOK, Consultation, END, JOIN, SWITCH};
pub use deletion::{DELETE, delete, variables as seen_by_deletion};
pub use flags::{FlagAudience, Flags};
pub use grants::{GrantEnd, GrantSubject, Grants};
pub use settling::Settling;
pub use stack_lock::{StackGuard, StackLock};
pub(crate) use world_state::whom;
pub use world_state::{ON_DEVICE_OF, WorldState};

use crate::cast::CastError;
use crate::http::{StackClientError, StepError};

/// A transition that did not happen, or was not seen to settle.
#[derive(Debug, thiserror::Error)]
pub enum ToggleError {
    /// The profile does not say how.
    #[error("the target profile has no `[{0}]`: this stack cannot {1}")]
    Missing(String, String),
    /// The profile does not name the flag.
    #[error("the target profile's `[flag.names]` has no `{0}`\nhint: add `{0} = \"its name in the stack\"`")]
    Flag(String),
    /// The flag was read, and nothing said whether it is on.
    #[error(
        "cannot tell whether the feature `{0}` is on: the step `[flag.read]` captured no `enabled` that is true or false\nhint: add `is_on`, an expression about its answer"
    )]
    Unread(String),
    /// The change cannot be undone.
    #[error("the target profile's `[change.{0}]` has no `back`: it cannot be undone")]
    NoWayBack(String),
    /// The right does not end like this.
    #[error("the target profile's `[grant.{0}]` does not say how it can be {1}")]
    NoEnd(String, &'static str),
    /// A step of the profile failed.
    #[error(transparent)]
    Step(#[from] StepError),
    /// A request could not be built.
    #[error(transparent)]
    Site(#[from] StackClientError),
    /// Somebody is not there, or signed out.
    #[error(transparent)]
    Cast(#[from] CastError),
}
