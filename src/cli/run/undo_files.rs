//! The undo file of a run: begun when the stack stays, removed at the end, and what is said of it when it has to stay too.

use super::{CurrentRun, RunningStack};
use crate::cli::Failure;
use crate::http::StackClient;
use crate::judge::exit;
use crate::undo::{self, NotedRun, UndoFile, UndoLog};
use std::path::Path;
use std::sync::Arc;

/// Keeps what an earlier run has left in this directory, and says so.
pub(super) fn set_aside(directory: &Path) -> Result<(), Failure> {
    let aside = undo::set_aside(directory).map_err(|error| Failure::with(exit::USAGE, &error))?;
    if let Some((path, left)) = aside {
        eprintln!(
            "warning: an earlier run has left {} in a stack\nhint: `bystander clean --ledger {}` puts that back",
            left.in_words(),
            path.display()
        );
    }
    Ok(())
}

/// Says, at the very end, what could not be put back.
pub(super) fn say(left: &Option<String>) {
    if let Some(text) = left {
        eprintln!("{text}");
    }
}

impl CurrentRun<'_> {
    /// Where it is noted what is done to a stack; nowhere, when the stack goes with the run.
    pub(super) fn undo_log(&self, stack: &RunningStack) -> Result<UndoLog, Failure> {
        let Some(profile) = self.arguments.profile.as_ref().filter(|_| stack.stays()) else {
            return Ok(UndoLog::nowhere());
        };
        let site = StackClient::new(Arc::clone(&self.profile), &stack.vars())
            .map_err(|error| Failure::with(exit::USAGE, &error))?;
        let run = NotedRun {
            run: self.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.seed,
            pid: std::process::id(),
            profile: std::path::absolute(profile).unwrap_or_else(|_| profile.clone()),
            parts: self.profile.fingerprints.clone(),
            addresses: site.bases(),
        };
        let file = UndoFile::create(&self.arguments.out, run, &self.profile)
            .map_err(|error| Failure::with(exit::REPORT, &error))?;
        let file = self.undo.get_or_init(|| Arc::new(file));
        Ok(UndoLog::into_file(Arc::clone(file)))
    }

    /// Removes the undo file when everything has been put back; else what is left, and the command that puts it back.
    pub(super) fn remaining_undo(&self, ledger: &Path) -> Option<String> {
        let file = self.undo.get()?;
        let closed = file.check().and_then(|()| file.close());
        match closed {
            Ok(left) if left.is_nothing() => None,
            Ok(left) => Some(format!(
                "warning: left in the stack: {}\nhint: `bystander clean --ledger {}` puts that back",
                left.in_words(),
                ledger.display()
            )),
            Err(error) => Some(format!("error: {error}")),
        }
    }
}
