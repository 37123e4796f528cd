//! The Gherkin vocabulary: each step is one call into the rooms.

mod actions;
mod context;
mod given;
mod needs;
mod preview;
mod stopped;
mod then;
mod vocabulary;
mod when;
mod words;

pub use actions::{PreviewedAction, preview_actions};
pub use context::{MediaSizes, ScenarioContext, ScenarioDefaults, StepFailure, StepJudge};
pub use needs::{EACH_CHANGE, EACH_CLOSING_CHANGE, changes_the_stack, needs};
pub use preview::{PreviewedClaim, foresee};
pub use stopped::StepStopped;
pub use vocabulary::{Keyword, Sentence, VOCABULARY, known, nearest_to};

use cucumber::gherkin::Step;
use std::fmt;

/// What cucumber hands from step to step: the stage of one scenario, set up before its first step.
#[derive(Default, cucumber::World)]
pub struct World {
    /// The stage; none only if setting it up failed.
    pub context: Option<ScenarioContext>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("World")
    }
}

impl World {
    /// The stage, told which step is under way.
    ///
    /// # Errors
    /// When the stack has gone away, or the stage was never set up.
    pub fn at(&mut self, step: &Step) -> Result<&mut ScenarioContext, StepStopped> {
        let stage = self.context.as_mut().ok_or_else(StepStopped::no_stage)?;
        stage.begin_step(u32::try_from(step.position.line).unwrap_or(0))?;
        Ok(stage)
    }
}
