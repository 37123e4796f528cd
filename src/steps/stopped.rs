//! Why a step stopped its scenario.

use crate::cast::CastError;
use crate::plant::planting::PlantError;
use crate::probe::ProbeError;
use crate::toggle::ToggleError;

/// Why a step stopped its scenario.
#[derive(Debug, thiserror::Error)]
pub enum StepStopped {
    /// The assertion does not hold, or could not be judged: the judge has it.
    #[error("{0}")]
    Judged(String),
    /// People.
    #[error(transparent)]
    Cast(#[from] CastError),
    /// Recordings.
    #[error(transparent)]
    Plant(#[from] PlantError),
    /// Transitions.
    #[error(transparent)]
    Toggle(#[from] ToggleError),
    /// Probes.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// The scenario makes no sense as written.
    #[error("{0}")]
    Written(String),
    /// The stack went away in an earlier scenario.
    #[error("the stack went away before this step")]
    Gone,
    /// Setting the scenario up failed.
    #[error("the scenario was not set up")]
    NoStage,
}

impl StepStopped {
    pub(super) fn no_stage() -> Self {
        Self::NoStage
    }
}
