//! What a command says, in a file: it may go on saying things when nobody reads any more, and a pipe would end it then.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::NamedTempFile;

use crate::deploy::tail::OutputTail;

/// How much of the end is looked at.
const END: u64 = 16 << 10;

/// A file that takes what a command says. It goes when this is dropped, unless it is kept.
pub(super) struct CommandOutput {
    file: NamedTempFile,
}

impl CommandOutput {
    /// A new one, that only its owner can read.
    pub(super) fn new() -> std::io::Result<Self> {
        let file = tempfile::Builder::new()
            .prefix("bystander-")
            .suffix(".log")
            .tempfile()?;
        Ok(Self { file })
    }

    /// Something to write to.
    pub(super) fn stdio(&self) -> std::io::Result<Stdio> {
        // each with a place of its own in the file would overwrite the other
        let file = File::options().append(true).open(self.file.path())?;
        Ok(file.into())
    }

    /// The end of what was said; nothing if the file cannot be read.
    pub(super) fn tail(&self) -> OutputTail {
        let read = || -> std::io::Result<Vec<u8>> {
            let mut file = File::open(self.file.path())?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(END)))?;
            let mut said = Vec::new();
            file.take(END).read_to_end(&mut said)?;
            Ok(said)
        };
        OutputTail::of(&String::from_utf8_lossy(&read().unwrap_or_default()))
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Leaves the file where it is.
    pub(super) fn keep_file(self) -> Option<PathBuf> {
        self.file.keep().ok().map(|(_, path)| path)
    }
}
