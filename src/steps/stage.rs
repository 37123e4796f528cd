//! The stage of one scenario: its people, recordings and consultations, and the world state they are in.

use crate::cast::{Cast, CastError, People, Persona};
use crate::judge::AssertionVerdict;
use crate::ledger::{Change, Claim, Entry, Grant, Modality, Plant, Transition, Verdict};
use crate::plant::planting::{PlantError, Planting, Recording};
use crate::probe::{self, Links, ProbeError, Scene, Scope, TwinBook, With, Witness};
use crate::toggle::{Consultation, Flags, Hold, ToggleError, WorldState};
use reqwest::header::HeaderMap;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The clinician of consultations for which the scenario names none.
const ON_DUTY: &str = "Dr Grey";

/// Why a step stopped its scenario.
#[derive(Debug, thiserror::Error)]
pub enum Stopped {
    /// The assertion does not hold, or could not be judged: the judge has it.
    #[error("{0}")]
    Judged(String),
    /// People.
    #[error(transparent)]
    Cast(#[from] CastError),
    /// Recordings.
    #[error(transparent)]
    Plant(#[from] PlantError),
    /// Transitions.
    #[error(transparent)]
    Toggle(#[from] ToggleError),
    /// Probes.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// The scenario makes no sense as written.
    #[error("{0}")]
    Written(String),
    /// The stack went away in an earlier scenario.
    #[error("the stack went away before this step")]
    Gone,
    /// Setting the scenario up failed.
    #[error("the scenario was not set up")]
    NoStage,
}

impl Stopped {
    pub(super) fn no_stage() -> Self {
        Self::NoStage
    }
}

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
}

/// The stage of one scenario.
pub struct Stage {
    witness: Arc<Witness>,
    behind: Behind,
    hold: Hold,
    cast: Cast,
    recordings: Vec<Recording>,
    consultations: Vec<Consultation>,
    flags: Flags,
    world: WorldState,
    transitions: u32,
    twins: Mutex<TwinBook>,
    links: Mutex<Links>,
    writing: tokio::sync::Mutex<()>,
    old_sessions: BTreeMap<String, HeaderMap>,
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
    /// An empty stage.
    #[must_use]
    pub fn new(witness: Arc<Witness>, behind: Behind, hold: Hold) -> Self {
        Self {
            witness,
            behind,
            hold,
            cast: Cast::default(),
            recordings: Vec::new(),
            consultations: Vec::new(),
            flags: Flags::default(),
            world: WorldState::default(),
            transitions: 0,
            twins: Mutex::default(),
            links: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
            old_sessions: BTreeMap::new(),
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

    pub(super) fn arrive(&mut self, line: u32) -> Result<(), Stopped> {
        self.witness.move_to(|moment| moment.line = line);
        if self.behind.gone.load(Ordering::Relaxed) {
            self.leaving = Leaving::Stopped;
            return Err(Stopped::Gone);
        }
        Ok(())
    }

    /// Keeps how a step ended, for the end of the scenario.
    pub(super) fn told<T>(&mut self, result: Result<T, Stopped>) -> Result<T, Stopped> {
        if let Err(error) = &result {
            self.leaving = if matches!(error, Stopped::Judged(_)) {
                Leaving::Judged
            } else {
                Leaving::Stopped
            };
        }
        result
    }

    /// Somebody by name: new people are taken in and signed in.
    pub(super) async fn person(&mut self, name: &str) -> Result<Arc<Persona>, Stopped> {
        if let Some(persona) = self.cast.find(name) {
            return Ok(Arc::clone(persona));
        }
        let role = if name.starts_with("Dr ") {
            "clinician"
        } else {
            "patient"
        };
        let identity = self.behind.people.person(self.witness.scenario, name);
        let site = self.witness.site();
        let persona = Persona::provision(site, &*self.witness, name, role, &identity).await?;
        self.witness.write(&Entry::Persona(crate::ledger::Persona {
            scenario: self.witness.scenario,
            name: name.to_owned(),
            full_name: persona.full_name.clone(),
            role: role.to_owned(),
        }));
        self.cast.join(Arc::clone(&persona));
        persona.sign_in(site, &*self.witness, None).await?;
        Ok(persona)
    }

    /// Somebody whom the scenario has introduced.
    pub(super) fn known(&self, name: &str) -> Result<Arc<Persona>, Stopped> {
        Ok(Arc::clone(self.cast.get(name)?))
    }

    pub(super) async fn book(
        &mut self,
        who: &str,
        by: Modality,
        with: Option<&str>,
        slot: Option<&str>,
    ) -> Result<usize, Stopped> {
        let patient = self.person(who).await?;
        let clinician = self.person(with.unwrap_or(ON_DUTY)).await?;
        let slot = slot.map_or_else(|| format!("slot {}", self.consultations.len() + 1), str::to_owned);
        let site = self.witness.site();
        let booked = Consultation::book(site, &*self.witness, &patient, &clinician, by, &slot).await?;
        self.consultations.push(booked);
        Ok(self.consultations.len() - 1)
    }

    pub(super) async fn join(&mut self, consultation: usize) -> Result<(), Stopped> {
        let witness = Arc::clone(&self.witness);
        Ok(self
            .consultation(consultation)?
            .join(witness.site(), &*witness)
            .await?)
    }

    pub(super) async fn end(&mut self, consultation: usize) -> Result<(), Stopped> {
        let witness = Arc::clone(&self.witness);
        Ok(self
            .consultation(consultation)?
            .end(witness.site(), &*witness)
            .await?)
    }

    fn consultation(&mut self, index: usize) -> Result<&mut Consultation, Stopped> {
        self.consultations.get_mut(index).ok_or(Stopped::NoStage)
    }

    /// The latest consultation of somebody that has not ended.
    pub(super) fn running(&self, who: &str) -> Result<usize, Stopped> {
        self.known(who)?;
        let running = self
            .consultations
            .iter()
            .rposition(|one| one.patient.name == who && !one.ended);
        running.ok_or_else(|| {
            Stopped::Written(format!(
                "{who} is in no consultation here\nhint: say first that {who} has booked one and joined it"
            ))
        })
    }

    /// The latest consultation of somebody, ended or not.
    pub(super) fn latest(&self, who: &str) -> Result<usize, Stopped> {
        self.known(who)?;
        let latest = self.consultations.iter().rposition(|one| one.patient.name == who);
        latest.ok_or_else(|| Stopped::Written(format!("{who} has had no consultation in this scenario")))
    }

    /// Lets a consultation leave a recording behind.
    pub(super) async fn record(&mut self, index: usize) -> Result<(), Stopped> {
        let witness = Arc::clone(&self.witness);
        let sizes = self.behind.sizes;
        let consultation = self.consultation(index)?.clone();
        let number = witness.station.numbers.recording();
        let planting = Planting {
            number,
            owner: &consultation.patient,
            parties: BTreeMap::from([("clinician", Arc::clone(&consultation.clinician))]),
            modality: consultation.modality,
            consultation: &consultation.vars,
            media_bytes: if consultation.modality == Modality::Video {
                sizes.video
            } else {
                sizes.audio
            },
        };
        let scenario = witness.scenario;
        let recording = planting
            .plant(witness.site(), &*witness, &witness.station.registry)
            .await?;
        witness.station.know_id(&recording.id, number);
        witness.write(&Entry::Plant(Plant {
            scenario,
            recording: number,
            owner: recording.owner.name.clone(),
            modality: recording.modality,
            media_bytes: recording.media_bytes,
            marks: recording.marks.clone(),
            state: witness.moment().state,
            at_ms: witness.station.ledger.now_ms(),
        }));
        for (grantee, why) in &recording.grantees {
            witness.write(&Entry::Grant(Grant {
                scenario,
                recording: number,
                to: grantee.name.clone(),
                why: why.clone(),
                revoked: false,
            }));
        }
        self.recordings.push(recording);
        Ok(())
    }

    /// A whole consultation: booked, joined, ended, recorded.
    pub(super) async fn finished(
        &mut self,
        who: &str,
        by: Modality,
        with: Option<&str>,
        slot: Option<&str>,
    ) -> Result<(), Stopped> {
        let consultation = self.book(who, by, with, slot).await?;
        self.join(consultation).await?;
        self.end(consultation).await?;
        self.record(consultation).await
    }

    pub(super) async fn turn(&mut self, flag: &str, on: bool) -> Result<(), Stopped> {
        if !self.hold.is_exclusive() {
            return Err(Stopped::Written(format!(
                "the feature `{flag}` cannot be changed while others use the stack: this is a bug in Bystander, the scenario should have had the stack to itself"
            )));
        }
        if !self.recordings.is_empty() {
            probe::baseline(&self.scene()).await;
        }
        let witness = Arc::clone(&self.witness);
        let change = Change::Flag {
            flag: flag.to_owned(),
            on,
        };
        match self.flags.set(witness.site(), &*witness, flag, on).await {
            Ok(waited) => {
                self.changed(change, Some(waited));
                Ok(())
            }
            Err(error) => {
                let unsettled = matches!(&error, ToggleError::Step(step) if step.is_unsettled());
                if unsettled {
                    self.changed(change, None);
                }
                Err(error.into())
            }
        }
    }

    pub(super) async fn switch(&mut self, who: &str, to: Modality) -> Result<(), Stopped> {
        let running = self.running(who)?;
        let witness = Arc::clone(&self.witness);
        let from = self
            .consultation(running)?
            .switch(witness.site(), &*witness, to)
            .await?;
        self.changed(
            Change::Modality {
                who: who.to_owned(),
                from,
                to,
            },
            Some(Duration::ZERO),
        );
        Ok(())
    }

    /// Signs somebody out; what their requests carried is kept, since others may try it.
    pub(super) async fn sign_out(&mut self, who: &str) -> Result<(), Stopped> {
        let persona = self.known(who)?;
        if self.recordings.iter().any(|one| one.owner.name == who) {
            probe::baseline(&self.scene()).await;
        }
        let old = persona.sign_out(self.witness.site(), &*self.witness).await?;
        self.old_sessions.insert(who.to_owned(), old);
        self.changed(
            Change::Session {
                who: who.to_owned(),
                what: "signed out".to_owned(),
            },
            Some(Duration::ZERO),
        );
        Ok(())
    }

    pub(super) async fn sign_in(&mut self, who: &str) -> Result<(), Stopped> {
        let known = self.cast.find(who).is_some();
        let persona = self.person(who).await?;
        persona.sign_in(self.witness.site(), &*self.witness, None).await?;
        if known {
            self.changed(
                Change::Session {
                    who: who.to_owned(),
                    what: "signed in again".to_owned(),
                },
                Some(Duration::ZERO),
            );
        }
        Ok(())
    }

    pub(super) async fn hand_out_link(&mut self, who: &str) -> Result<(), Stopped> {
        self.known(who)?;
        Ok(probe::hand_out_link(&self.scene(), who).await?)
    }

    pub(super) async fn look(&mut self, people: &[String]) -> Result<(), Stopped> {
        for who in people {
            let persona = self.person(who).await?;
            probe::look(&self.scene(), &persona).await?;
        }
        Ok(())
    }

    fn changed(&mut self, change: Change, waited: Option<Duration>) {
        self.world.apply(&change);
        self.transitions += 1;
        let state = self.transitions;
        self.witness.move_to(|moment| moment.state = state);
        self.witness.write(&Entry::Transition(Transition {
            scenario: self.witness.scenario,
            state,
            change,
            description: self.world.describe(),
            class: self.world.class(),
            settled: waited.is_some(),
            waited_ms: waited.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
            line: self.witness.moment().line,
            at_ms: self.witness.station.ledger.now_ms(),
        }));
    }

    fn scene(&self) -> Scene<'_> {
        Scene {
            witness: &self.witness,
            cast: &self.cast,
            recordings: &self.recordings,
            twins: &self.twins,
            links: &self.links,
            writing: &self.writing,
        }
    }

    /// Numbers of somebody's recordings.
    pub(super) fn recordings_of(&self, who: &str) -> Result<Vec<u32>, Stopped> {
        self.known(who)?;
        let numbers: Vec<u32> = self
            .recordings
            .iter()
            .filter(|one| one.owner.name == who)
            .map(|one| one.number)
            .collect();
        if numbers.is_empty() {
            return Err(Stopped::Written(format!(
                "{who} has no recording in this scenario"
            )));
        }
        Ok(numbers)
    }

    pub(super) async fn claim(&mut self, scope: Scope, text: &str) -> Result<(), Stopped> {
        self.claim_with(scope, With::default(), text).await
    }

    /// Claims that the session that somebody signed out of opens nothing any more.
    pub(super) async fn claim_old_session(&mut self, who: &str, text: &str) -> Result<(), Stopped> {
        let old = self.old_sessions.get(who).cloned().ok_or_else(|| {
            Stopped::Written(format!(
                "{who} has not signed out in this scenario\nhint: say `When {who} signs out` first"
            ))
        })?;
        let scope = Scope {
            claim: Claim::NoOne,
            askers: vec![crate::cast::NOBODY.to_owned()],
            recordings: self.recordings_of(who)?,
            links_only: false,
        };
        self.claim_with(
            scope,
            With {
                old_session: Some(old),
            },
            text,
        )
        .await
    }

    async fn claim_with(&mut self, scope: Scope, with: With, text: &str) -> Result<(), Stopped> {
        let number = probe::assert(&self.scene(), &scope, &with, text).await?;
        let said: Option<AssertionVerdict> = self.witness.ask_judge(|judge| judge.assertion(number));
        match said {
            Some(said) if said.verdict == Verdict::Held => Ok(()),
            Some(said) => Err(Stopped::Judged(said.in_words())),
            None => Err(Stopped::Judged("the judge knows nothing of this step".to_owned())),
        }
    }

    /// Puts the stack back as it was: flags, then people. Hands back what could not be put back.
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
        let removing = self
            .cast
            .everyone()
            .map(|persona| persona.remove(witness.site(), &*witness));
        for result in futures::future::join_all(removing).await {
            left.extend(result.err().map(|error| error.to_string()));
        }
        left
    }
}
