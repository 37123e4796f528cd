//! Judging a trial while it is made: its ledger is read as it grows, so that it is known when everything has come out.

use crate::judge::{Finding, Judge, Judgement};
use crate::ledger::{Entry, ReadError, read};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A ledger that is being written, and what it shows so far.
pub(super) struct Following {
    path: PathBuf,
    file: Option<File>,
    /// A line that is not whole yet.
    torn: Vec<u8>,
    judge: Judge,
    /// When each request was sent, in milliseconds since the ledger was begun.
    sent: HashMap<u64, u64>,
}

impl Following {
    /// Of a run that is about to begin, and writes its ledger here.
    pub(super) fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            file: None,
            torn: Vec::new(),
            judge: Judge::default(),
            sent: HashMap::new(),
        }
    }

    /// Takes in what has been written since; says how much that was, in entries. There may be no file yet.
    ///
    /// # Errors
    /// When it cannot be read, or holds what is no entry.
    pub(super) fn catch_up(&mut self) -> Result<usize, ReadError> {
        if self.file.is_none() {
            self.file = File::open(&self.path).ok();
        }
        let Some(file) = &mut self.file else { return Ok(0) };
        file.read_to_end(&mut self.torn)
            .map_err(|source| ReadError::File {
                path: self.path.clone(),
                source,
            })?;
        let whole = self
            .torn
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let lines: Vec<u8> = self.torn.drain(..whole).collect();
        let mut entries = 0;
        for entry in read(lines.as_slice()) {
            let entry = entry?;
            if let Entry::Exchange(exchange) = &entry {
                self.sent.insert(exchange.exchange, exchange.at_ms);
            }
            self.judge.observe(&entry);
            entries += 1;
        }
        Ok(entries)
    }

    /// What has been found.
    pub(super) fn so_far(&self) -> Vec<Finding> {
        self.judge.so_far()
    }

    /// The judgement of all of it, and when each request was sent.
    ///
    /// # Errors
    /// When there is no ledger, or it cannot be read.
    pub(super) fn finish(mut self) -> Result<(Judgement, HashMap<u64, u64>), ReadError> {
        self.catch_up()?;
        if self.file.is_none() {
            // says why there is none
            File::open(&self.path).map_err(|source| ReadError::File {
                path: self.path.clone(),
                source,
            })?;
        }
        Ok((self.judge.finish(), self.sent))
    }
}
