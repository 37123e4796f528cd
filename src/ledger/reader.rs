//! Reading a ledger back, line by line, so that its length does not matter.

use super::Entry;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// A ledger that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("cannot read the ledger `{path}`: {source}")]
    File { path: PathBuf, source: std::io::Error },
    /// A line in the middle is not an entry.
    #[error(
        "line {line} of the ledger is not an entry of this version: {source}\nhint: the file was changed, or written by another version of bystander"
    )]
    Line { line: usize, source: serde_json::Error },
    /// The stream failed.
    #[error("cannot read the ledger: {0}")]
    Stream(#[from] std::io::Error),
}

/// The entries of a ledger, in order. A last line without its line feed belongs to a run that was killed while it wrote: it
/// is left out, and the run is found unfinished by its missing end.
pub fn read(reader: impl BufRead) -> impl Iterator<Item = Result<Entry, ReadError>> {
    let mut reader = reader;
    let mut number = 0;
    let mut line = Vec::new();
    std::iter::from_fn(move || {
        loop {
            line.clear();
            number += 1;
            match reader.read_until(b'\n', &mut line) {
                Err(error) => return Some(Err(error.into())),
                Ok(0) => return None,
                Ok(_) if !line.ends_with(b"\n") => return None,
                Ok(_) if line.trim_ascii().is_empty() => {}
                Ok(_) => {
                    return Some(
                        serde_json::from_slice(&line)
                            .map_err(|source| ReadError::Line { line: number, source }),
                    );
                }
            }
        }
    })
}

/// Whether the run that writes this ledger is still alive.
///
/// # Errors
/// When the file cannot be opened.
pub fn is_alive(path: &Path) -> Result<bool, ReadError> {
    let file = File::open(path).map_err(|source| ReadError::File {
        path: path.to_owned(),
        source,
    })?;
    Ok(matches!(
        file.try_lock_shared(),
        Err(std::fs::TryLockError::WouldBlock)
    ))
}

/// Opens a ledger's file and reads it.
///
/// # Errors
/// When the file cannot be opened.
pub fn read_file(path: &Path) -> Result<impl Iterator<Item = Result<Entry, ReadError>> + use<>, ReadError> {
    let file = File::open(path).map_err(|source| ReadError::File {
        path: path.to_owned(),
        source,
    })?;
    Ok(read(BufReader::new(file)))
}
