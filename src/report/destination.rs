//! Where the reports go: opened before the run, so that a bad path fails at once, and written after it.

use super::{junit, summary};
use crate::judge::Judgement;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the summary in the output directory.
pub const SUMMARY: &str = "summary.json";
/// Name of the JUnit file in the output directory.
pub const JUNIT: &str = "junit.xml";

/// A report that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The directory or the file cannot be made.
    #[error(
        "cannot make the report `{path}`: {source}\nhint: choose another place with `--out DIR` or `--junit FILE`"
    )]
    Create { path: PathBuf, source: std::io::Error },
    /// The file was made, but cannot be written to.
    #[error("cannot write the report `{path}`: {source}")]
    Write { path: PathBuf, source: std::io::Error },
    /// The report cannot be put into its format.
    #[error("cannot put the report `{path}` into its format: {why}")]
    Format { path: PathBuf, why: String },
}

/// One report of a judgement, as text.
type Format = fn(&Judgement) -> Result<String, String>;

/// Open files that wait for their reports.
#[derive(Debug)]
pub struct Destination {
    files: Vec<(PathBuf, File, Format)>,
}

impl Destination {
    /// Opens the reports of an output directory, which is made if it is missing. What an earlier run wrote there is gone.
    ///
    /// # Errors
    /// When the directory or a file cannot be made.
    pub fn prepare(dir: &Path) -> Result<Self, ReportError> {
        let mut destination = Self { files: Vec::new() };
        destination.open(&dir.join(SUMMARY), |judgement| {
            summary::render(judgement).map_err(|error| error.to_string())
        })?;
        destination.and_junit(&dir.join(JUNIT))
    }

    /// Opens one more JUnit file, at a place of the user's choice.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn and_junit(mut self, path: &Path) -> Result<Self, ReportError> {
        self.open(path, |judgement| {
            junit::render(judgement).map_err(|error| error.to_string())
        })?;
        Ok(self)
    }

    fn open(&mut self, path: &Path, format: Format) -> Result<(), ReportError> {
        let failed = |source| ReportError::Create {
            path: path.to_owned(),
            source,
        };
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        let file = File::create(path).map_err(failed)?;
        self.files.push((path.to_owned(), file, format));
        Ok(())
    }

    /// Writes every report, and says where they are. One that fails does not keep the others from being written.
    ///
    /// # Errors
    /// The first report that could not be written.
    pub fn write(self, judgement: &Judgement) -> Result<Vec<PathBuf>, ReportError> {
        let mut paths = Vec::new();
        let mut failure = None;
        for (path, mut file, format) in self.files {
            let outcome = format(judgement)
                .map_err(|why| ReportError::Format {
                    path: path.clone(),
                    why,
                })
                .and_then(|text| {
                    let written = file.write_all(text.as_bytes()).and_then(|()| file.flush());
                    written.map_err(|source| ReportError::Write {
                        path: path.clone(),
                        source,
                    })
                });
            match outcome {
                Ok(()) => paths.push(path),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(paths), Err)
    }
}

/// Writes `summary.json` and `junit.xml` into a directory.
///
/// # Errors
/// When one of them cannot be made or written.
pub fn write_all(dir: &Path, judgement: &Judgement) -> Result<Vec<PathBuf>, ReportError> {
    Destination::prepare(dir)?.write(judgement)
}
