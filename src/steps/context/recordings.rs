//! Recordings: what consultations leave behind, at once or by and by.

use super::{MediaSizes, ScenarioContext};
use crate::ledger::{Change, Claim, Entry, Grant, Modality, Plant, Stored};
use crate::plant::planting::{Planting, Recording};
use crate::plant::unfinished::UnfinishedRecording;
use crate::probe::{self, ProbeContext, ProbeOptions, Scope};
use crate::steps::StepStopped;
use crate::toggle::Consultation;
use std::sync::Arc;
use std::time::Duration;

impl ScenarioContext {
    /// Lets a consultation leave a recording behind.
    pub(in crate::steps) async fn record(&mut self, index: usize) -> Result<(), StepStopped> {
        let witness = Arc::clone(&self.client);
        let sizes = self.defaults.sizes;
        let consultation = self.consultation(index)?.clone();
        let number = witness.session.numbers.recording();
        let mut recording = planting(&consultation, number, sizes)
            .plant(witness.site(), &*witness, &witness.session.registry)
            .await?;
        self.apply_standing_grants(&mut recording);
        self.record_planted(&recording);
        self.record_grants(&recording);
        let planted_in = self.client.moment().state;
        self.recordings.push(Recording {
            planted_in,
            ..recording
        });
        Ok(())
    }

    /// Somebody's consultation is recorded in a further way; the recording is there, and not finished.
    pub(in crate::steps) async fn begin_on(&mut self, who: &str, way: &str) -> Result<(), StepStopped> {
        let latest = self.latest(who)?;
        let begun = self.start_recording(latest, way).await?;
        self.unfinished.push(begun);
        self.record_transition(who, way, "begun");
        Ok(())
    }

    /// It is finished.
    pub(in crate::steps) async fn finish_recording(
        &mut self,
        who: &str,
        way: &str,
    ) -> Result<(), StepStopped> {
        let begun = self.take_unfinished(who)?;
        if begun.way() != way {
            return Err(StepStopped::Written(format!(
                "it is the {} that has begun on {who}'s consultation, not the {way}",
                begun.way()
            )));
        }
        self.finish(who, begun).await.map(drop)
    }

    /// Nobody but its owner is told of somebody's recording before it is finished, and nobody gets anything of it. Then it is
    /// finished, and what its owner gets are the twins of what others tried.
    pub(in crate::steps) async fn claim_not_yet(&mut self, who: &str, text: &str) -> Result<(), StepStopped> {
        let begun = self.take_unfinished(who)?;
        let mut recordings = self.recordings.clone();
        recordings.push(begun.recording.clone());
        let scope = Scope {
            recordings: vec![begun.recording.number],
            ..Scope::all(Claim::NotYet)
        };
        let scene = ProbeContext {
            recordings: &recordings,
            ..self.scene()
        };
        let asked = probe::begin_assertion(&scene, &scope, &ProbeOptions::default(), text).await;
        let finished = self.finish(who, begun).await;
        let (open, number) = (asked?, finished?);
        probe::have_owner_ask(&self.scene(), number).await;
        let assertion = probe::conclude(&self.scene(), open);
        self.check_claim(assertion)
    }

    /// Takes a consultation as far as it is there and not finished.
    pub(super) async fn start_recording(
        &mut self,
        index: usize,
        way: &str,
    ) -> Result<UnfinishedRecording, StepStopped> {
        let witness = Arc::clone(&self.client);
        let sizes = self.defaults.sizes;
        let consultation = self.consultation(index)?.clone();
        let number = witness.session.numbers.recording();
        let begun = planting(&consultation, number, sizes)
            .start(witness.site(), &*witness, &witness.session.registry, way)
            .await?;
        self.record_planted(&begun.recording);
        Ok(begun)
    }

    /// Takes it to its end.
    pub(super) async fn complete(&mut self, begun: UnfinishedRecording) -> Result<Recording, StepStopped> {
        let witness = Arc::clone(&self.client);
        let station = &witness.session;
        let mut recording = begun
            .finish(witness.site(), &*witness, &station.registry, &station.scanner)
            .await?;
        self.apply_standing_grants(&mut recording);
        witness.write(&Entry::Stored(Stored {
            scenario: witness.scenario,
            recording: recording.number,
            media_bytes: recording.media_bytes,
            at_ms: station.ledger.now_ms(),
        }));
        self.record_grants(&recording);
        Ok(recording)
    }

    /// Finishes it as a change of the world, whatever becomes of that; hands back its number.
    async fn finish(&mut self, who: &str, begun: UnfinishedRecording) -> Result<u32, StepStopped> {
        let way = begun.way().to_owned();
        let recording = self.complete(begun).await?;
        let number = recording.number;
        self.recordings.push(recording);
        self.record_transition(who, &way, "finished");
        Ok(number)
    }

    fn take_unfinished(&mut self, who: &str) -> Result<UnfinishedRecording, StepStopped> {
        self.known(who)?;
        let latest = self
            .unfinished
            .iter()
            .rposition(|begun| begun.recording.owner.name == who);
        let latest = latest.ok_or_else(|| {
            StepStopped::Written(format!(
                "{who} has no recording that is not finished\nhint: say first that the recorder begins on {who}'s consultation"
            ))
        })?;
        Ok(self.unfinished.remove(latest))
    }

    fn record_transition(&mut self, who: &str, way: &str, how: &str) {
        let change = Change::Recording {
            who: who.to_owned(),
            way: way.to_owned(),
            how: how.to_owned(),
        };
        self.changed(change, Some(Duration::ZERO));
    }

    /// Writes down that a recording is there, and whose it is.
    fn record_planted(&self, recording: &Recording) {
        let witness = &self.client;
        witness.session.know_id(&recording.id, recording.number);
        witness.write(&Entry::Plant(Plant {
            scenario: witness.scenario,
            recording: recording.number,
            owner: recording.owner.name.clone(),
            modality: recording.modality,
            media_bytes: recording.media_bytes,
            marks: recording.marks.clone(),
            state: witness.moment().state,
            at_ms: witness.session.ledger.now_ms(),
        }));
    }

    /// Writes down who else has a right to a recording.
    fn record_grants(&self, recording: &Recording) {
        for (grantee, why) in &recording.grantees {
            self.client.write(&Entry::Grant(Grant {
                scenario: self.client.scenario,
                recording: recording.number,
                to: grantee.name.clone(),
                why: why.clone(),
                revoked: false,
            }));
        }
    }
}

fn planting(consultation: &Consultation, number: u32, sizes: MediaSizes) -> Planting<'_> {
    Planting {
        number,
        owner: &consultation.patient,
        people: consultation
            .clinician
            .iter()
            .map(|clinician| ("clinician".to_owned(), Arc::clone(clinician)))
            .collect(),
        modality: consultation.modality,
        consultation: &consultation.vars,
        media_bytes: if consultation.modality == Modality::Video {
            sizes.video
        } else {
            sizes.audio
        },
    }
}
