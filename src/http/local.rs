//! Steps that are no request: a command, a change of a file, a file that is read. None of them is an exchange with the stack.

use super::message::Reply;
use super::step_error::StepError;
use super::step_runner::{StepOutcome, StepRunner};
use super::{command, edit};
use crate::ledger::Delivery;
use crate::profile::{Step, Text, Vars};
use std::path::Path;
use std::time::Duration;

impl StepRunner<'_> {
    /// Runs, edits or reads, once.
    pub(super) async fn do_locally(
        &self,
        step: &Step,
        vars: &Vars,
        within: Duration,
    ) -> Result<StepOutcome, StepError> {
        let all = self.variables(vars, &self.keys(step).await?);
        let fill = |text: &Text| {
            let filled = self.site.templates.fill(text, &all);
            filled.map_err(|source| self.template(source))
        };
        if let Some(read) = &step.read {
            return Ok(read_file(&self.site.path(&fill(read)?)));
        }
        if let Some(part) = &step.edit {
            let value = self
                .site
                .json(&part.to, &all)
                .map_err(|source| self.build(source))?;
            let (file, pointer) = (fill(&part.file)?, fill(&part.pointer)?);
            edit::edit(&self.site.path(&file), &pointer, value).map_err(|why| self.local(step, &why))?;
            let mut reply = Reply::none(Delivery::Whole);
            reply.status = 200;
            return Ok(reply.into());
        }
        let words: Result<Vec<String>, StepError> = step.run.iter().map(fill).collect();
        let ended = command::run(&self.site.profile.directory, &words?, within).await;
        let ended = ended.map_err(|why| self.local(step, &self.masked(&why, &all)))?;
        let mut reply = Reply::none(Delivery::Whole);
        reply.status = ended.code;
        reply.body = ended.output;
        let said = self.masked(&ended.said, &all);
        Ok(StepOutcome {
            reply,
            words: format!("it ended with {}{said}", ended.code),
        })
    }

    /// What a command said, without anything that was entrusted to it: it may repeat its arguments.
    fn masked(&self, said: &str, vars: &Vars) -> String {
        vars.masked(&self.site.templates.mask(said), &["me", "owner", "canary", "jar"])
    }

    fn local(&self, step: &Step, why: &str) -> StepError {
        StepError::Local {
            doing: self.doing.into(),
            step: step.line().into(),
            why: why.into(),
        }
    }
}

/// A file as an answer: 200, or 404 when it is not there.
fn read_file(path: &Path) -> StepOutcome {
    let mut reply = Reply::none(Delivery::Whole);
    match std::fs::read(path) {
        Ok(bytes) => {
            reply.status = 200;
            reply.body = bytes;
            StepOutcome {
                words: "the file could be read".to_owned(),
                reply,
            }
        }
        Err(error) => {
            reply.status = 404;
            StepOutcome {
                words: format!("the file cannot be read: {error}"),
                reply,
            }
        }
    }
}
