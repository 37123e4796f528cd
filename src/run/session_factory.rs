//! How each stack of a run is spoken to: one sender, one registry of canaries and one ledger for all of them.

use crate::http::{Sender, StackClient, StackClientError};
use crate::ledger::Ledger;
use crate::plant::registry::Registry;
use crate::plant::scan::Scanner;
use crate::probe::{RunCounters, Saboteur, Sampling, StackSession};
use crate::profile::{Profile, Vars};
use crate::undo::UndoLog;
use std::sync::{Arc, RwLock};

/// What all stacks of a run share.
#[derive(Clone)]
pub struct SessionFactory {
    profile: Arc<Profile>,
    sender: Arc<Sender>,
    registry: Arc<Registry>,
    scanner: Arc<Scanner>,
    ledger: Arc<Ledger>,
    numbers: Arc<RunCounters>,
    undo: UndoLog,
    saboteur: Option<Arc<Saboteur>>,
    spread: Sampling,
}

impl SessionFactory {
    /// For a run.
    #[must_use]
    pub fn new(profile: Arc<Profile>, sender: Arc<Sender>, ledger: Arc<Ledger>) -> Self {
        let registry = Arc::new(Registry::new());
        Self {
            profile,
            sender,
            scanner: Arc::new(Scanner::new(Arc::clone(&registry))),
            registry,
            ledger,
            numbers: Arc::new(RunCounters::default()),
            undo: UndoLog::nowhere(),
            saboteur: None,
            spread: Sampling::default(),
        }
    }

    /// The same with probes that are interfered with.
    #[must_use]
    pub fn sabotaged(self, saboteur: Option<Arc<Saboteur>>) -> Self {
        Self { saboteur, ..self }
    }

    /// The same with so much of what less plain techniques could try.
    #[must_use]
    pub fn with_sampling(self, spread: Sampling) -> Self {
        Self { spread, ..self }
    }

    /// The same for a stack that stays when the run has ended: what is done to it is noted.
    #[must_use]
    pub fn with_undo(self, undo: UndoLog) -> Self {
        Self { undo, ..self }
    }

    /// How the stack is spoken to that hands over these values as `stack.*`.
    ///
    /// # Errors
    /// When an address of the profile is not one.
    pub fn station(&self, stack: &Vars) -> Result<Arc<StackSession>, StackClientError> {
        Ok(Arc::new(StackSession {
            site: StackClient::new(Arc::clone(&self.profile), stack)?,
            sender: Arc::clone(&self.sender),
            registry: Arc::clone(&self.registry),
            scanner: Arc::clone(&self.scanner),
            ledger: Arc::clone(&self.ledger),
            numbers: Arc::clone(&self.numbers),
            saboteur: self.saboteur.clone(),
            spread: self.spread.clone(),
            known_ids: RwLock::default(),
            undo: self.undo.clone(),
        }))
    }
}
