//! Writing the ledger: one line an entry, flushed at once.

use super::Entry;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A ledger that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file could not be made.
    #[error("cannot make the ledger `{path}`: {source}\nhint: choose another directory with `--out DIR`")]
    Create { path: PathBuf, source: std::io::Error },
    /// A line could not be written.
    #[error("cannot write to the ledger `{path}`: {source}")]
    Write { path: PathBuf, source: std::io::Error },
}

/// The ledger of the run under way. Shared by all scenarios; a line is written whole or not at all.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    began: Instant,
    file: Mutex<LedgerLines>,
}

#[derive(Debug)]
struct LedgerLines {
    file: File,
    failed: Option<String>,
}

impl Ledger {
    /// Makes the file, so that a bad path fails before anything is started.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn create(path: &Path) -> Result<Self, LedgerError> {
        let failed = |source| LedgerError::Create {
            path: path.to_owned(),
            source,
        };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        let file = File::create(path).map_err(failed)?;
        // shows others that the run is alive; where there are no locks, nobody is shown
        let _ = file.try_lock();
        Ok(Self {
            path: path.to_owned(),
            began: Instant::now(),
            file: Mutex::new(LedgerLines { file, failed: None }),
        })
    }

    /// Milliseconds since the ledger was begun: the clock of `at_ms`.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one entry. A failure is kept and told by [`Ledger::check`], since a probe in flight cannot mend it.
    pub fn append(&self, entry: &Entry) {
        let mut lines = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.failed.is_some() {
            // after a line that was torn nothing more could be told from it
            return;
        }
        let outcome = serde_json::to_vec(entry)
            .map_err(std::io::Error::other)
            .and_then(|mut line| {
                line.push(b'\n');
                lines.file.write_all(&line)
            });
        if let Err(error) = outcome {
            lines.failed.get_or_insert(error.to_string());
        }
    }

    /// Whether every entry so far was written.
    ///
    /// # Errors
    /// The first failure to write.
    pub fn check(&self) -> Result<(), LedgerError> {
        let lines = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        match &lines.failed {
            None => Ok(()),
            Some(why) => Err(LedgerError::Write {
                path: self.path.clone(),
                source: std::io::Error::other(why.clone()),
            }),
        }
    }
}
