//! Consultations: booked, joined, ended.

use super::ScenarioContext;
use super::attempts::action_of;
use crate::ledger::Modality;
use crate::steps::StepStopped;
use crate::toggle::{Consultation, END, JOIN};
use std::sync::Arc;

/// The clinician of consultations for which the scenario names none.
const ON_DUTY: &str = "Dr Grey";

impl ScenarioContext {
    pub(in crate::steps) async fn book(
        &mut self,
        who: &str,
        by: Modality,
        with: Option<&str>,
        slot: Option<&str>,
    ) -> Result<usize, StepStopped> {
        let patient = self.person(who).await?;
        let clinician = match with {
            Some(name) => Some(self.person(name).await?),
            None if self.client.site().profile.role.contains_key("clinician") => {
                Some(self.person(ON_DUTY).await?)
            }
            None => None,
        };
        let slot = slot.map_or_else(|| format!("slot {}", self.consultations.len() + 1), str::to_owned);
        let site = self.client.site();
        let booked = Consultation::book(site, &*self.client, &patient, clinician.as_ref(), by, &slot).await?;
        self.consultations.push(booked);
        Ok(self.consultations.len() - 1)
    }

    pub(in crate::steps) async fn join(&mut self, index: usize) -> Result<(), StepStopped> {
        let known = self.consultation(index)?.clone();
        let attempts = self.try_to_act(&known, JOIN, known.modality).await;
        let witness = Arc::clone(&self.client);
        let consultation = self.consultation(index)?;
        let joined = consultation.join(witness.site(), &*witness).await;
        self.done(attempts, &action_of(JOIN), joined)
    }

    pub(in crate::steps) async fn end(&mut self, index: usize) -> Result<(), StepStopped> {
        let known = self.consultation(index)?.clone();
        let attempts = self.try_to_act(&known, END, known.modality).await;
        let witness = Arc::clone(&self.client);
        let consultation = self.consultation(index)?;
        let ended = consultation.end(witness.site(), &*witness).await;
        consultation.ended = true;
        self.done(attempts, &action_of(END), ended)
    }

    /// Of one that is over before anybody tries anything.
    async fn have_joined(&mut self, index: usize) -> Result<(), StepStopped> {
        let witness = Arc::clone(&self.client);
        let consultation = self.consultation(index)?;
        consultation.join(witness.site(), &*witness).await?;
        Ok(())
    }

    async fn have_ended(&mut self, index: usize) -> Result<(), StepStopped> {
        let witness = Arc::clone(&self.client);
        let consultation = self.consultation(index)?;
        consultation.end(witness.site(), &*witness).await?;
        Ok(())
    }

    pub(in crate::steps) fn consultation(&mut self, index: usize) -> Result<&mut Consultation, StepStopped> {
        self.consultations.get_mut(index).ok_or(StepStopped::NoStage)
    }

    /// The latest consultation of somebody that has not ended.
    pub(in crate::steps) fn running(&self, who: &str) -> Result<usize, StepStopped> {
        self.known(who)?;
        let running = self
            .consultations
            .iter()
            .rposition(|one| one.patient.name == who && !one.ended);
        running.ok_or_else(|| {
            StepStopped::Written(format!(
                "{who} is in no consultation here\nhint: say first that {who} has booked one and joined it"
            ))
        })
    }

    /// The latest consultation of somebody, ended or not.
    pub(in crate::steps) fn latest(&self, who: &str) -> Result<usize, StepStopped> {
        self.known(who)?;
        let latest = self.consultations.iter().rposition(|one| one.patient.name == who);
        latest.ok_or_else(|| StepStopped::Written(format!("{who} has had no consultation in this scenario")))
    }

    /// A whole consultation: booked, joined, ended, recorded.
    pub(in crate::steps) async fn finished(
        &mut self,
        who: &str,
        by: Modality,
        with: Option<&str>,
        slot: Option<&str>,
    ) -> Result<(), StepStopped> {
        let consultation = self.book(who, by, with, slot).await?;
        self.have_joined(consultation).await?;
        self.have_ended(consultation).await?;
        self.record(consultation).await
    }

    /// The same, recorded in a further way of the profile's.
    pub(in crate::steps) async fn finished_by(
        &mut self,
        who: &str,
        by: Modality,
        way: &str,
    ) -> Result<(), StepStopped> {
        let consultation = self.book(who, by, None, None).await?;
        self.have_joined(consultation).await?;
        let begun = self.start_recording(consultation, way).await?;
        self.have_ended(consultation).await?;
        let recording = self.complete(begun).await?;
        self.recordings.push(recording);
        Ok(())
    }
}
