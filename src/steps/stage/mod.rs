//! The stage of one scenario: its people, recordings and consultations, and the world state they are in.

mod attempts;
mod changes;
mod claims;
mod consultations;
mod deletions;
mod grants;
mod recordings;

pub use claims::Bench;

use super::Stopped;
use crate::cast::{Cast, Introduced, People, Persona};
use crate::ledger::Entry;
use crate::plant::begun::Begun;
use crate::plant::planting::Recording;
use crate::probe::{Kept, Links, OldSessions, Scene, TwinBook, Witness};
use crate::toggle::{Changes, Consultation, Flags, Grants, Hold, Settling, WorldState};
use crate::undo::Belonging;
use crate::wire::Carrier as _;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// How large planted media are.
#[derive(Debug, Clone, Copy)]
pub struct MediaSizes {
    /// Bytes of an audio recording.
    pub audio: usize,
    /// Bytes of a video recording.
    pub video: usize,
}

/// What lies behind every stage of a run.
#[derive(Debug, Clone)]
pub struct Behind {
    /// Makes people up.
    pub people: People,
    /// How large planted media are.
    pub sizes: MediaSizes,
    /// Set when the stack has gone away.
    pub gone: Arc<AtomicBool>,
    /// How long it takes until what people do is seen.
    pub settling: Settling,
}

/// The stage of one scenario.
pub struct Stage {
    witness: Arc<Witness>,
    bench: Arc<Bench>,
    behind: Behind,
    hold: Hold,
    cast: Cast,
    recordings: Vec<Recording>,
    /// Those that are there and not finished.
    unfinished: Vec<Begun>,
    consultations: Vec<Consultation>,
    flags: Flags,
    made: Changes,
    grants: Grants,
    world: WorldState,
    transitions: u32,
    twins: Mutex<TwinBook>,
    links: Mutex<Links>,
    kept: Mutex<Vec<Kept>>,
    writing: tokio::sync::Mutex<()>,
    old_sessions: BTreeMap<String, Arc<OldSessions>>,
    /// In which lines it is claimed that nobody gets something, its owner included.
    closing: Vec<usize>,
    /// Why the step that failed did so, told to the end of the scenario.
    pub leaving: Leaving,
}

/// How a scenario's last step left it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Leaving {
    /// No step has failed.
    #[default]
    Quietly,
    /// A step returned an error.
    Stopped,
    /// An assertion did not hold or could not be judged.
    Judged,
}

impl Stage {
    /// An empty stage. `closing` are the lines of claims that nobody gets something.
    #[must_use]
    pub fn new(
        witness: Arc<Witness>,
        bench: Arc<Bench>,
        behind: Behind,
        hold: Hold,
        closing: Vec<usize>,
    ) -> Self {
        Self {
            witness,
            bench,
            behind,
            hold,
            cast: Cast::default(),
            recordings: Vec::new(),
            unfinished: Vec::new(),
            consultations: Vec::new(),
            flags: Flags::default(),
            made: Changes::default(),
            grants: Grants::default(),
            world: WorldState::default(),
            transitions: 0,
            twins: Mutex::default(),
            links: Mutex::default(),
            kept: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
            old_sessions: BTreeMap::new(),
            closing,
            leaving: Leaving::Quietly,
        }
    }

    /// Whether this stage has a stack of its own.
    #[must_use]
    pub fn has_its_own_stack(&self) -> bool {
        self.hold.is_own()
    }

    /// The scenario's witness.
    #[must_use]
    pub fn witness(&self) -> &Arc<Witness> {
        &self.witness
    }

    pub(in crate::steps) fn arrive(&mut self, line: u32) -> Result<(), Stopped> {
        self.witness.move_to(|moment| moment.line = line);
        if self.behind.gone.load(Ordering::Relaxed) {
            self.leaving = Leaving::Stopped;
            return Err(Stopped::Gone);
        }
        Ok(())
    }

    /// Keeps how a step ended, for the end of the scenario.
    pub(in crate::steps) fn told<T>(&mut self, result: Result<T, Stopped>) -> Result<T, Stopped> {
        if let Err(error) = &result {
            self.leaving = if matches!(error, Stopped::Judged(_)) {
                Leaving::Judged
            } else {
                Leaving::Stopped
            };
        }
        result
    }

    /// Somebody by name: new people are taken in and signed in, as a clinician if they are called so and else as a patient.
    pub(in crate::steps) async fn person(&mut self, name: &str) -> Result<Arc<Persona>, Stopped> {
        if let Some(persona) = self.cast.find(name) {
            return Ok(Arc::clone(persona));
        }
        let role = if name.starts_with("Dr ") {
            "clinician"
        } else {
            "patient"
        };
        self.take_in(Introduced {
            name,
            role,
            belonging: Belonging::default(),
        })
        .await
    }

    /// Somebody of whom more is said than their name.
    pub(in crate::steps) async fn introduce(&mut self, who: Introduced<'_>) -> Result<Arc<Persona>, Stopped> {
        if let Some(known) = self.cast.find(who.name) {
            return Err(Stopped::Written(format!(
                "{} is in this scenario already, as a {}\nhint: say what somebody is where they first appear",
                known.name, known.role
            )));
        }
        self.take_in(who).await
    }

    async fn take_in(&mut self, who: Introduced<'_>) -> Result<Arc<Persona>, Stopped> {
        let (name, role) = (who.name, who.role);
        let site = self.witness.site();
        let people = &self.behind.people;
        let persona = self
            .cast
            .take_in(site, &*self.witness, people, self.witness.scenario, &who)
            .await?;
        self.witness.write(&Entry::Persona(crate::ledger::Persona {
            scenario: self.witness.scenario,
            name: name.to_owned(),
            full_name: persona.full_name.clone(),
            role: role.to_owned(),
            traits: crate::cast::traits(site, &persona),
        }));
        self.cast.join(Arc::clone(&persona));
        persona.sign_in(site, &*self.witness, None).await?;
        Ok(persona)
    }

    /// Somebody whom the scenario has introduced.
    pub(in crate::steps) fn known(&self, name: &str) -> Result<Arc<Persona>, Stopped> {
        Ok(Arc::clone(self.cast.get(name)?))
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            witness: &self.witness,
            cast: &self.cast,
            recordings: &self.recordings,
            world: &self.world,
            twins: &self.twins,
            links: &self.links,
            kept: &self.kept,
            writing: &self.writing,
        }
    }

    /// Puts the stack back as it was: flags, changes, recordings, then people. Hands back what could not be put back.
    pub async fn clear(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        if self.hold.is_own() {
            return left;
        }
        let witness = Arc::clone(&self.witness);
        witness.move_to(|moment| moment.line = 0);
        if let Err(error) = self.flags.put_back(witness.site(), &*witness).await {
            left.push(error.to_string());
        }
        let undone = self.made.put_back(witness.site(), &*witness, &self.recordings);
        if let Err(error) = undone.await {
            left.push(error.to_string());
        }
        let unfinished = self.unfinished.iter().map(|begun| &begun.recording);
        let deleting = self
            .recordings
            .iter()
            .chain(unfinished)
            .map(|recording| recording.delete(witness.site(), &*witness));
        for result in futures::future::join_all(deleting).await {
            left.extend(result.err().map(|error| error.to_string()));
        }
        // who is needed to delete what is left stays until that has been done
        let undo = witness.undo();
        let removing = self
            .cast
            .everyone()
            .filter(|persona| !undo.still_needs(&persona.name))
            .map(|persona| persona.remove(witness.site(), &*witness));
        for result in futures::future::join_all(removing).await {
            left.extend(result.err().map(|error| error.to_string()));
        }
        left
    }
}
