//! The stage of one scenario: its people, recordings and consultations, and the world state they are in.

mod attempts;
mod changes;
mod claims;
mod consultations;
mod deletions;
mod grants;
mod recordings;

pub use claims::StepJudge;

use super::StepStopped;
use crate::cast::{Cast, People, Persona, PersonaSpec};
use crate::http::Transport as _;
use crate::ledger::Entry;
use crate::plant::planting::Recording;
use crate::plant::unfinished::UnfinishedRecording;
use crate::probe::{Links, OldSessions, OpenConnection, ProbeContext, RecordingClient, TwinIndex};
use crate::toggle::{Changes, Consultation, Flags, Grants, Settling, StackGuard, WorldState};
use crate::undo::Membership;
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
pub struct ScenarioDefaults {
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
pub struct ScenarioContext {
    client: Arc<RecordingClient>,
    judge: Arc<StepJudge>,
    defaults: ScenarioDefaults,
    stack_guard: StackGuard,
    cast: Cast,
    recordings: Vec<Recording>,
    /// Those that are there and not finished.
    unfinished: Vec<UnfinishedRecording>,
    consultations: Vec<Consultation>,
    flags: Flags,
    made: Changes,
    grants: Grants,
    world: WorldState,
    transitions: u32,
    twins: Mutex<TwinIndex>,
    links: Mutex<Links>,
    kept: Mutex<Vec<OpenConnection>>,
    writing: tokio::sync::Mutex<()>,
    old_sessions: BTreeMap<String, Arc<OldSessions>>,
    /// In which lines it is claimed that nobody gets something, its owner included.
    closing: Vec<usize>,
    /// Why the step that failed did so, told to the end of the scenario.
    pub leaving: StepFailure,
}

/// How a scenario's last step left it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StepFailure {
    /// No step has failed.
    #[default]
    Quietly,
    /// A step returned an error.
    Stopped,
    /// An assertion did not hold or could not be judged.
    Judged,
}

impl ScenarioContext {
    /// An empty stage. `closing` are the lines of claims that nobody gets something.
    #[must_use]
    pub fn new(
        client: Arc<RecordingClient>,
        judge: Arc<StepJudge>,
        defaults: ScenarioDefaults,
        stack_guard: StackGuard,
        closing: Vec<usize>,
    ) -> Self {
        Self {
            client,
            judge,
            defaults,
            stack_guard,
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
            leaving: StepFailure::Quietly,
        }
    }

    /// Whether this stage has a stack of its own.
    #[must_use]
    pub fn has_its_own_stack(&self) -> bool {
        self.stack_guard.is_own()
    }

    /// The scenario's witness.
    #[must_use]
    pub fn witness(&self) -> &Arc<RecordingClient> {
        &self.client
    }

    pub(in crate::steps) fn begin_step(&mut self, line: u32) -> Result<(), StepStopped> {
        self.client.move_to(|moment| moment.line = line);
        if self.defaults.gone.load(Ordering::Relaxed) {
            self.leaving = StepFailure::Stopped;
            return Err(StepStopped::Gone);
        }
        Ok(())
    }

    /// Keeps how a step ended, for the end of the scenario.
    pub(in crate::steps) fn record_result<T>(
        &mut self,
        result: Result<T, StepStopped>,
    ) -> Result<T, StepStopped> {
        if let Err(error) = &result {
            self.leaving = if matches!(error, StepStopped::Judged(_)) {
                StepFailure::Judged
            } else {
                StepFailure::Stopped
            };
        }
        result
    }

    /// Somebody by name: new people are taken in and signed in, as a clinician if they are called so and else as a patient.
    pub(in crate::steps) async fn person(&mut self, name: &str) -> Result<Arc<Persona>, StepStopped> {
        if let Some(persona) = self.cast.find(name) {
            return Ok(Arc::clone(persona));
        }
        let role = if name.starts_with("Dr ") {
            "clinician"
        } else {
            "patient"
        };
        self.take_in(PersonaSpec {
            name,
            role,
            belonging: Membership::default(),
        })
        .await
    }

    /// Somebody of whom more is said than their name.
    pub(in crate::steps) async fn introduce(
        &mut self,
        who: PersonaSpec<'_>,
    ) -> Result<Arc<Persona>, StepStopped> {
        if let Some(known) = self.cast.find(who.name) {
            return Err(StepStopped::Written(format!(
                "{} is in this scenario already, as a {}\nhint: say what somebody is where they first appear",
                known.name, known.role
            )));
        }
        self.take_in(who).await
    }

    async fn take_in(&mut self, who: PersonaSpec<'_>) -> Result<Arc<Persona>, StepStopped> {
        let (name, role) = (who.name, who.role);
        let site = self.client.site();
        let people = &self.defaults.people;
        let persona = self
            .cast
            .take_in(site, &*self.client, people, self.client.scenario, &who)
            .await?;
        self.client.write(&Entry::Persona(crate::ledger::Persona {
            scenario: self.client.scenario,
            name: name.to_owned(),
            full_name: persona.full_name.clone(),
            role: role.to_owned(),
            traits: crate::cast::traits(site, &persona),
        }));
        self.cast.join(Arc::clone(&persona));
        persona.sign_in(site, &*self.client, None).await?;
        Ok(persona)
    }

    /// Somebody whom the scenario has introduced.
    pub(in crate::steps) fn known(&self, name: &str) -> Result<Arc<Persona>, StepStopped> {
        Ok(Arc::clone(self.cast.get(name)?))
    }

    fn scene(&self) -> ProbeContext<'_> {
        ProbeContext {
            client: &self.client,
            cast: &self.cast,
            recordings: &self.recordings,
            world: &self.world,
            twins: &self.twins,
            links: &self.links,
            open_connections: &self.kept,
            writing: &self.writing,
        }
    }

    /// Puts the stack back as it was: flags, changes, recordings, then people. Hands back what could not be put back.
    pub async fn clear(&mut self) -> Vec<String> {
        let mut left = Vec::new();
        if self.stack_guard.is_own() {
            return left;
        }
        let witness = Arc::clone(&self.client);
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
