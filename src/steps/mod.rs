//! The Gherkin vocabulary: each step is one call into the rooms.

mod deeds;
mod foreseen;
mod given;
mod needs;
mod stage;
mod stopped;
mod then;
mod vocabulary;
mod when;
mod words;

pub use deeds::{Doing, deeds};
pub use foreseen::{Foreseen, foresee};
pub use needs::{EACH_CHANGE, EACH_CLOSING_CHANGE, changes_the_stack, needs};
pub use stage::{Behind, Bench, Leaving, MediaSizes, Stage};
pub use stopped::Stopped;
pub use vocabulary::{Keyword, Known, VOCABULARY, known, nearest_to};

use cucumber::gherkin::Step;
use std::fmt;

/// What cucumber hands from step to step: the stage of one scenario, set up before its first step.
#[derive(Default, cucumber::World)]
pub struct World {
    /// The stage; none only if setting it up failed.
    pub stage: Option<Stage>,
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
    pub fn at(&mut self, step: &Step) -> Result<&mut Stage, Stopped> {
        let stage = self.stage.as_mut().ok_or_else(Stopped::no_stage)?;
        stage.arrive(u32::try_from(step.position.line).unwrap_or(0))?;
        Ok(stage)
    }
}
