//! Judging a trial while it is made: its ledger is read as it grows, so that it is known when everything has come out.

use crate::judge::{Finding, Judge, Judgement};
use crate::ledger::{Entry, Exchange, Purpose, ReadError, read};
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A ledger that is being written, and what it shows so far.
pub(super) struct LedgerFollower {
    path: PathBuf,
    file: Option<File>,
    /// A line that is not whole yet.
    torn: Vec<u8>,
    judge: Judge,
    /// When each request was sent, in milliseconds since the ledger was begun.
    sent: HashMap<u64, u64>,
    people: HashMap<(u32, String), String>,
    tried: TriedProbe,
}

/// Everything that a ledger shows.
pub(super) struct LedgerFindings {
    pub(super) judgement: Judgement,
    /// When each request was sent, in milliseconds since the ledger was begun.
    pub(super) sent: HashMap<u64, u64>,
    pub(super) tried: TriedProbe,
}

/// Who tried what.
#[derive(Debug, Default)]
pub(super) struct TriedProbe {
    /// In which scenario and world state, at which surface, by which technique, as somebody of which role.
    all: HashSet<(u32, u32, String, String, String)>,
    /// The world state of each probe.
    states: HashMap<u64, u32>,
}

impl TriedProbe {
    /// Whether somebody of this role tried the same as whoever came upon this, in the same scenario and world state.
    pub(super) fn is_same_finding(&self, finding: &Finding, role: &str) -> bool {
        let state = self.states.get(&finding.evidence.exchange);
        state.is_some_and(|state| {
            self.all.contains(&(
                finding.scenario_number,
                *state,
                finding.surface.clone(),
                finding.technique.clone(),
                role.to_owned(),
            ))
        })
    }
}

impl LedgerFollower {
    /// Of a run that is about to begin, and writes its ledger here.
    pub(super) fn of(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            file: None,
            torn: Vec::new(),
            judge: Judge::default(),
            sent: HashMap::new(),
            people: HashMap::new(),
            tried: TriedProbe::default(),
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
            match &entry {
                Entry::Exchange(exchange) => {
                    self.sent.insert(exchange.exchange, exchange.at_ms);
                    self.note(exchange);
                }
                Entry::Persona(person) => {
                    let who = (person.scenario, person.name.clone());
                    self.people.insert(who, person.role.clone());
                }
                _ => {}
            }
            self.judge.observe(&entry);
            entries += 1;
        }
        Ok(entries)
    }

    fn note(&mut self, exchange: &Exchange) {
        let Purpose::Probe {
            technique, targets, ..
        } = &exchange.part
        else {
            return;
        };
        self.tried.states.insert(exchange.exchange, exchange.state);
        let role = self.people.get(&(exchange.scenario, exchange.who.clone()));
        if let (Some(surface), Some(role), false) = (&exchange.surface, role, targets.is_empty()) {
            self.tried.all.insert((
                exchange.scenario,
                exchange.state,
                surface.clone(),
                technique.clone(),
                role.clone(),
            ));
        }
    }

    /// Who has tried what so far.
    pub(super) fn tried(&self) -> &TriedProbe {
        &self.tried
    }

    /// What has been found.
    pub(super) fn so_far(&self) -> Vec<Finding> {
        self.judge.so_far()
    }

    /// What all of it shows.
    ///
    /// # Errors
    /// When there is no ledger, or it cannot be read.
    pub(super) fn finish(mut self) -> Result<LedgerFindings, ReadError> {
        self.catch_up()?;
        if self.file.is_none() {
            // says why there is none
            File::open(&self.path).map_err(|source| ReadError::File {
                path: self.path.clone(),
                source,
            })?;
        }
        Ok(LedgerFindings {
            judgement: self.judge.finish(),
            sent: self.sent,
            tried: self.tried,
        })
    }
}
