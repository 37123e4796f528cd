//! The undo file of a run or a check: begun when the stack stays, removed at the end, and what is said of it when it has to stay
//! too.

use super::Failure;
use super::run::RunningStack;
use crate::http::StackClient;
use crate::judge::exit;
use crate::profile::Profile;
use crate::undo::{self, NotedRun, UndoFile};
use std::path::Path;
use std::sync::Arc;

/// Keeps what an earlier run or check has left in this directory, and says so.
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

/// StepPlace the undo file goes, and what its first line says.
pub(super) struct UndoFileOptions<'a> {
    /// The directory of the ledger.
    pub(super) directory: &'a Path,
    /// The name in the ledger.
    pub(super) run: &'a str,
    /// The seed from which the people are made up.
    pub(super) seed: u64,
    /// The file of the user's own profile; none when the stack is the clinic, which never stays.
    pub(super) profile_file: Option<&'a Path>,
    /// RecordingTraits it says.
    pub(super) profile: &'a Arc<Profile>,
}

/// Begins the undo file of a stack that stays; none, when the stack goes with the run.
pub(super) fn begin(
    options: &UndoFileOptions<'_>,
    stack: &RunningStack,
) -> Result<Option<Arc<UndoFile>>, Failure> {
    let Some(profile_file) = options.profile_file.filter(|_| stack.stays()) else {
        return Ok(None);
    };
    let site = StackClient::new(Arc::clone(options.profile), &stack.vars())
        .map_err(|error| Failure::with(exit::USAGE, &error))?;
    let run = NotedRun {
        run: options.run.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: options.seed,
        pid: std::process::id(),
        profile: std::path::absolute(profile_file).unwrap_or_else(|_| profile_file.to_owned()),
        parts: options.profile.fingerprints.clone(),
        addresses: site.bases(),
    };
    let file = UndoFile::create(options.directory, run, options.profile)
        .map_err(|error| Failure::with(exit::REPORT, &error))?;
    Ok(Some(Arc::new(file)))
}

/// Removes the undo file when everything has been put back; else what is left, and the command that puts it back.
pub(super) fn remaining_undo(file: &UndoFile, ledger: &Path) -> Option<String> {
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
