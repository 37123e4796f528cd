//! Somebody could not be brought in.

use crate::http::{StackClientError, StepError};

/// Somebody could not be brought in.
#[derive(Debug, thiserror::Error)]
pub enum CastError {
    /// A step of the profile failed.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The profile does not say how.
    #[error(transparent)]
    Site(#[from] StackClientError),
    /// The scenario speaks of somebody it has not introduced.
    #[error("nobody in this scenario is called `{name}`\nhint: {hint}")]
    Unknown { name: String, hint: String },
    /// The profile lends fewer people than the scenario needs.
    #[error(
        "{name} cannot come: the profile lends {lent} of role `{role}`, and they are all in this scenario\nhint: add another to `[role.{role}].given`"
    )]
    Lent { name: String, role: String, lent: usize },
    /// Nothing of what their requests carry can be made wrong.
    #[error(
        "the requests of role `{role}` carry nothing that could be made wrong\nhint: say what a visitor with wrong credentials carries: `[role.{role}.wrong]`"
    )]
    NothingWrong { role: String },
    /// They are signed out.
    #[error("{name} is signed out")]
    SignedOut { name: String },
}
