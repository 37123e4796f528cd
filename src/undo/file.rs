//! The undo file itself: made for its owner alone, locked by whoever uses it, written before anything is done.

use super::UNDO;
use super::error::UndoError;
use super::record::{NotedRun, UndoKey, UndoLine, UndoRecord, UndoValues};
use super::remaining::RemainingUndo;
use super::variables::UndoVariables;
use crate::profile::Profile;
use serde_json::Value as Json;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// An undo file in use. The system's lock on it shows others that its run is alive, and goes with the process, however that ends.
#[derive(Debug)]
pub struct UndoFile {
    path: PathBuf,
    /// What is kept of answers; none while it is only worked off.
    needed: Option<UndoVariables>,
    inner: Mutex<UndoFileState>,
}

#[derive(Debug)]
struct UndoFileState {
    file: File,
    left: RemainingUndo,
    failed: Option<String>,
}

impl UndoFile {
    /// Makes the file of a run, in this directory.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(directory: &Path, run: NotedRun, profile: &Profile) -> Result<Self, UndoError> {
        let path = directory.join(UNDO);
        // one that is there has nothing in it any more, else it was set aside; a new one gets its mode from the start
        let made = match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path),
        };
        let file = made.and_then(|file| locked(&file).map(|()| file));
        let file = file.map_err(|source| UndoError::File {
            path: path.clone(),
            source,
        })?;
        let undo = Self {
            path,
            needed: Some(UndoVariables::of(profile)),
            inner: Mutex::new(UndoFileState {
                file,
                left: RemainingUndo::default(),
                failed: None,
            }),
        };
        undo.write(UndoLine::Run(run), true);
        undo.check()?;
        Ok(undo)
    }

    /// Opens the file of a run that has ended, to work it off. A line that was cut off is cut away.
    ///
    /// # Errors
    /// When it is not there, in use, or not an undo file.
    pub fn open(path: &Path) -> Result<Self, UndoError> {
        let (file, left) = Self::opened(path)?;
        Ok(Self {
            path: path.to_owned(),
            needed: None,
            inner: Mutex::new(UndoFileState {
                file,
                left,
                failed: None,
            }),
        })
    }

    fn opened(path: &Path) -> Result<(File, RemainingUndo), UndoError> {
        let failed = |source| UndoError::File {
            path: path.to_owned(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .map_err(failed)?;
        let mut text = Vec::new();
        let in_use = match file.try_lock() {
            Ok(()) => false,
            Err(TryLockError::WouldBlock) => true,
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        };
        file.read_to_end(&mut text).map_err(failed)?;
        let read = RemainingUndo::read(&text);
        if in_use {
            let run = read.ok().and_then(|left| left.run);
            return Err(UndoError::InUse {
                path: path.to_owned(),
                who: run.map_or_else(
                    || "its run".to_owned(),
                    |run| format!("the run {} (process {}), or a clean-up of it,", run.run, run.pid),
                ),
            });
        }
        let left = read.map_err(|(line, why)| UndoError::Line {
            path: path.to_owned(),
            line,
            why,
        })?;
        let whole = text
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        file.set_len(whole as u64).map_err(failed)?;
        file.seek(SeekFrom::End(0)).map_err(failed)?;
        Ok((file, left))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is left to be taken back.
    #[must_use]
    pub fn remaining(&self) -> RemainingUndo {
        self.inner().left.clone()
    }

    /// Notes what is about to be done; when this returns, it will be found after a power cut.
    pub(super) fn record_start(&self, deed: UndoRecord) {
        self.write(UndoLine::Deed { record: deed }, true);
    }

    /// Notes that the stack has answered, and of these values what is needed.
    pub(super) fn answered(&self, of: UndoKey, values: impl Iterator<Item = (String, Json)>) {
        let needed = |name: &str| self.needed.as_ref().is_some_and(|needed| needed.wants(name));
        let is_recording = matches!(of, UndoKey::Recording { .. });
        let wants = |name: &str| (is_recording && name == "id") || needed(name);
        let kept = UndoValues(values.filter(|(name, _)| wants(name)).collect());
        self.write(UndoLine::Answered { of, values: kept }, true);
    }

    /// Notes that something was taken back. If that gets lost, it is found to be gone the next time.
    pub(super) fn done(&self, key: &UndoKey) {
        if self.inner().left.records.contains_key(key) {
            self.write(UndoLine::Done { of: key.clone() }, false);
        }
    }

    /// What somebody left of which nothing is known has gone with them.
    pub(super) fn forget_unknown_recordings(&self, scenario: u32, name: &str) {
        let unknown = self.inner().left.unknown_recordings_of(scenario, name);
        unknown.iter().for_each(|key| self.done(key));
    }

    pub(super) fn still_needs(&self, scenario: u32, name: &str) -> bool {
        self.inner().left.still_needs(scenario, name)
    }

    /// Whether everything so far was written.
    ///
    /// # Errors
    /// The first failure to write.
    pub fn check(&self) -> Result<(), UndoError> {
        match &self.inner().failed {
            None => Ok(()),
            Some(why) => Err(UndoError::Unwritten {
                path: self.path.clone(),
                why: why.clone(),
            }),
        }
    }

    /// Removes the file if nothing is left to be taken back, and says what is left.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn close(&self) -> Result<RemainingUndo, UndoError> {
        let left = self.remaining();
        if left.is_nothing() {
            std::fs::remove_file(&self.path).map_err(|source| UndoError::File {
                path: self.path.clone(),
                source,
            })?;
        }
        Ok(left)
    }

    fn inner(&self) -> MutexGuard<'_, UndoFileState> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes one line. A failure is kept and told by [`UndoFile::check`]; what is known here is right all the same.
    fn write(&self, line: UndoLine, to_the_disk: bool) {
        let mut inner = self.inner();
        if inner.failed.is_none() {
            let written = serde_json::to_vec(&line)
                .map_err(std::io::Error::other)
                .and_then(|mut text| {
                    text.push(b'\n');
                    inner.file.write_all(&text)
                })
                .and_then(|()| {
                    if to_the_disk {
                        inner.file.sync_data()
                    } else {
                        Ok(())
                    }
                });
            inner.failed = written.err().map(|error| error.to_string());
        }
        inner.left.apply(line);
    }
}

/// Nobody else can have it: it has just been made. Where there are no locks, the run goes on without.
fn locked(file: &File) -> std::io::Result<()> {
    match file.try_lock() {
        Err(TryLockError::Error(error)) if error.kind() != std::io::ErrorKind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

/// Makes room in a directory for the undo file of a new run: what an earlier run has left there keeps its file, under the name
/// that comes back.
///
/// # Errors
/// When that run is still alive, or its file cannot be read or renamed.
pub fn set_aside(directory: &Path) -> Result<Option<(PathBuf, RemainingUndo)>, UndoError> {
    let path = directory.join(UNDO);
    if !path.exists() {
        return Ok(None);
    }
    let (_file, left) = UndoFile::opened(&path)?;
    let Some(run) = left.run.as_ref().filter(|_| !left.is_nothing()) else {
        return Ok(None);
    };
    let name: String = run.run.chars().filter(char::is_ascii_alphanumeric).collect();
    let aside = directory.join(format!("undo-{name}.ndjson"));
    std::fs::rename(&path, &aside).map_err(|source| UndoError::File { path, source })?;
    Ok(Some((aside, left)))
}

#[cfg(test)]
mod tests;
