//! An undo file that cannot be used.

use std::path::PathBuf;

/// An undo file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    /// It could not be made, read or written.
    #[error("cannot use the undo file `{path}`: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Another process is using it.
    #[error(
        "`{path}` is in use: {who} is still at work\nhint: wait until it has ended, or end it; or write elsewhere with `--out DIR`"
    )]
    InUse {
        /// The file.
        path: PathBuf,
        /// Who, as far as the file says.
        who: String,
    },
    /// A line is not one of ours.
    #[error(
        "line {line} of the undo file `{path}` cannot be read: {why}\nhint: the file was changed, or written by another version of bystander"
    )]
    Line {
        /// The file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// Why.
        why: String,
    },
    /// A line could not be written, or what is gone not crossed out.
    #[error("cannot write to the undo file `{path}`: {why}")]
    Unwritten {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}
