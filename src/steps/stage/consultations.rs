//! Consultations, and the recordings that they leave behind.

use super::Stage;
use crate::ledger::{Entry, Grant, Modality, Plant};
use crate::plant::planting::{Planting, Recording};
use crate::steps::Stopped;
use crate::toggle::Consultation;
use std::sync::Arc;

/// The clinician of consultations for which the scenario names none.
const ON_DUTY: &str = "Dr Grey";

impl Stage {
    pub(in crate::steps) async fn book(
        &mut self,
        who: &str,
        by: Modality,
        with: Option<&str>,
        slot: Option<&str>,
    ) -> Result<usize, Stopped> {
        let patient = self.person(who).await?;
        let clinician = match with {
            Some(name) => Some(self.person(name).await?),
            None if self.witness.site().profile.role.contains_key("clinician") => {
                Some(self.person(ON_DUTY).await?)
            }
            None => None,
        };
        let slot = slot.map_or_else(|| format!("slot {}", self.consultations.len() + 1), str::to_owned);
        let site = self.witness.site();
        let booked =
            Consultation::book(site, &*self.witness, &patient, clinician.as_ref(), by, &slot).await?;
        self.consultations.push(booked);
        Ok(self.consultations.len() - 1)
    }

    pub(in crate::steps) async fn join(&mut self, consultation: usize) -> Result<(), Stopped> {
        let witness = Arc::clone(&self.witness);
        Ok(self
            .consultation(consultation)?
            .join(witness.site(), &*witness)
            .await?)
    }

    pub(in crate::steps) async fn end(&mut self, consultation: usize) -> Result<(), Stopped> {
        let witness = Arc::clone(&self.witness);
        Ok(self
            .consultation(consultation)?
            .end(witness.site(), &*witness)
            .await?)
    }

    pub(in crate::steps) fn consultation(&mut self, index: usize) -> Result<&mut Consultation, Stopped> {
        self.consultations.get_mut(index).ok_or(Stopped::NoStage)
    }

    /// The latest consultation of somebody that has not ended.
    pub(in crate::steps) fn running(&self, who: &str) -> Result<usize, Stopped> {
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
    pub(in crate::steps) fn latest(&self, who: &str) -> Result<usize, Stopped> {
        self.known(who)?;
        let latest = self.consultations.iter().rposition(|one| one.patient.name == who);
        latest.ok_or_else(|| Stopped::Written(format!("{who} has had no consultation in this scenario")))
    }

    /// Lets a consultation leave a recording behind.
    pub(in crate::steps) async fn record(&mut self, index: usize) -> Result<(), Stopped> {
        let witness = Arc::clone(&self.witness);
        let sizes = self.behind.sizes;
        let consultation = self.consultation(index)?.clone();
        let number = witness.station.numbers.recording();
        let planting = Planting {
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
        };
        let scenario = witness.scenario;
        let mut recording = planting
            .plant(witness.site(), &*witness, &witness.station.registry)
            .await?;
        witness.station.know_id(&recording.id, number);
        self.give_what_stands(&mut recording);
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
        let planted_in = self.witness.moment().state;
        self.recordings.push(Recording {
            planted_in,
            ..recording
        });
        Ok(())
    }

    /// A whole consultation: booked, joined, ended, recorded.
    pub(in crate::steps) async fn finished(
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
}
