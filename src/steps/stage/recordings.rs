//! Recordings: what consultations leave behind, at once or by and by.

use super::{MediaSizes, Stage};
use crate::ledger::{Change, Claim, Entry, Grant, Modality, Plant, Stored};
use crate::plant::begun::Begun;
use crate::plant::planting::{Planting, Recording};
use crate::probe::{self, Scene, Scope, With};
use crate::steps::Stopped;
use crate::toggle::Consultation;
use std::sync::Arc;
use std::time::Duration;

impl Stage {
    /// Lets a consultation leave a recording behind.
    pub(in crate::steps) async fn record(&mut self, index: usize) -> Result<(), Stopped> {
        let witness = Arc::clone(&self.witness);
        let sizes = self.behind.sizes;
        let consultation = self.consultation(index)?.clone();
        let number = witness.station.numbers.recording();
        let mut recording = planting(&consultation, number, sizes)
            .plant(witness.site(), &*witness, &witness.station.registry)
            .await?;
        self.give_what_stands(&mut recording);
        self.is_there(&recording);
        self.is_theirs_too(&recording);
        let planted_in = self.witness.moment().state;
        self.recordings.push(Recording {
            planted_in,
            ..recording
        });
        Ok(())
    }

    /// Somebody's consultation is recorded in a further way; the recording is there, and not finished.
    pub(in crate::steps) async fn begin_on(&mut self, who: &str, way: &str) -> Result<(), Stopped> {
        let latest = self.latest(who)?;
        let begun = self.begin(latest, way).await?;
        self.unfinished.push(begun);
        self.has_come(who, way, "begun");
        Ok(())
    }

    /// It is finished.
    pub(in crate::steps) async fn be_done_with(&mut self, who: &str, way: &str) -> Result<(), Stopped> {
        let begun = self.take_unfinished(who)?;
        if begun.way() != way {
            return Err(Stopped::Written(format!(
                "it is the {} that has begun on {who}'s consultation, not the {way}",
                begun.way()
            )));
        }
        self.finish(who, begun).await.map(drop)
    }

    /// Nobody but its owner is told of somebody's recording before it is finished, and nobody gets anything of it. Then it is
    /// finished, and what its owner gets are the twins of what others tried.
    pub(in crate::steps) async fn claim_not_yet(&mut self, who: &str, text: &str) -> Result<(), Stopped> {
        let begun = self.take_unfinished(who)?;
        let mut recordings = self.recordings.clone();
        recordings.push(begun.recording.clone());
        let scope = Scope {
            recordings: vec![begun.recording.number],
            ..Scope::all(Claim::NotYet)
        };
        let scene = Scene {
            recordings: &recordings,
            ..self.scene()
        };
        let asked = probe::ask(&scene, &scope, &With::default(), text).await;
        let finished = self.finish(who, begun).await;
        let (open, number) = (asked?, finished?);
        probe::have_owner_ask(&self.scene(), number).await;
        let assertion = probe::conclude(&self.scene(), open);
        self.said(assertion)
    }

    /// Takes a consultation as far as it is there and not finished.
    pub(super) async fn begin(&mut self, index: usize, way: &str) -> Result<Begun, Stopped> {
        let witness = Arc::clone(&self.witness);
        let sizes = self.behind.sizes;
        let consultation = self.consultation(index)?.clone();
        let number = witness.station.numbers.recording();
        let begun = planting(&consultation, number, sizes)
            .begin(witness.site(), &*witness, &witness.station.registry, way)
            .await?;
        self.is_there(&begun.recording);
        Ok(begun)
    }

    /// Takes it to its end.
    pub(super) async fn complete(&mut self, begun: Begun) -> Result<Recording, Stopped> {
        let witness = Arc::clone(&self.witness);
        let station = &witness.station;
        let mut recording = begun
            .finish(witness.site(), &*witness, &station.registry, &station.scanner)
            .await?;
        self.give_what_stands(&mut recording);
        witness.write(&Entry::Stored(Stored {
            scenario: witness.scenario,
            recording: recording.number,
            media_bytes: recording.media_bytes,
            at_ms: station.ledger.now_ms(),
        }));
        self.is_theirs_too(&recording);
        Ok(recording)
    }

    /// Finishes it as a change of the world, whatever becomes of that; hands back its number.
    async fn finish(&mut self, who: &str, begun: Begun) -> Result<u32, Stopped> {
        let way = begun.way().to_owned();
        let recording = self.complete(begun).await?;
        let number = recording.number;
        self.recordings.push(recording);
        self.has_come(who, &way, "finished");
        Ok(number)
    }

    fn take_unfinished(&mut self, who: &str) -> Result<Begun, Stopped> {
        self.known(who)?;
        let latest = self
            .unfinished
            .iter()
            .rposition(|begun| begun.recording.owner.name == who);
        let latest = latest.ok_or_else(|| {
            Stopped::Written(format!(
                "{who} has no recording that is not finished\nhint: say first that the recorder begins on {who}'s consultation"
            ))
        })?;
        Ok(self.unfinished.remove(latest))
    }

    fn has_come(&mut self, who: &str, way: &str, how: &str) {
        let change = Change::Recording {
            who: who.to_owned(),
            way: way.to_owned(),
            how: how.to_owned(),
        };
        self.changed(change, Some(Duration::ZERO));
    }

    /// Writes down that a recording is there, and whose it is.
    fn is_there(&self, recording: &Recording) {
        let witness = &self.witness;
        witness.station.know_id(&recording.id, recording.number);
        witness.write(&Entry::Plant(Plant {
            scenario: witness.scenario,
            recording: recording.number,
            owner: recording.owner.name.clone(),
            modality: recording.modality,
            media_bytes: recording.media_bytes,
            marks: recording.marks.clone(),
            state: witness.moment().state,
            at_ms: witness.station.ledger.now_ms(),
        }));
    }

    /// Writes down who else has a right to a recording.
    fn is_theirs_too(&self, recording: &Recording) {
        for (grantee, why) in &recording.grantees {
            self.witness.write(&Entry::Grant(Grant {
                scenario: self.witness.scenario,
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
