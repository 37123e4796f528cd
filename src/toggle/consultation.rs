//! A consultation under way: booked, joined, switched to and fro, ended.

use super::ToggleError;
use crate::cast::Persona;
use crate::http::{ActingAs, StackClient, StepRunner, StepSender, Transport};
use crate::ledger::Modality;
use crate::profile::Vars;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The action of the profile by which a consultation is booked: before it there is nothing of anybody's.
pub const BOOK: &str = "book";
/// The one by which its patient joins.
pub const JOIN: &str = "join";
/// The one by which a consultation is switched between text, audio and video.
pub const SWITCH: &str = "switch";
/// The one by which it ends.
pub const END: &str = "end";

/// A consultation of one patient with one clinician.
#[derive(Debug, Clone)]
pub struct Consultation {
    /// Whose it is.
    pub patient: Arc<Persona>,
    /// With whom; nobody, in a stack without clinicians.
    pub clinician: Option<Arc<Persona>>,
    /// How it is held now.
    pub modality: Modality,
    /// Values that the profile's steps captured: the consultation's id.
    pub vars: Vars,
    /// Whether it has ended.
    pub ended: bool,
}

impl Consultation {
    /// No consultation at all: for what somebody does outside of one.
    #[must_use]
    pub fn none(patient: &Arc<Persona>) -> Self {
        Self {
            patient: Arc::clone(patient),
            clinician: None,
            modality: Modality::Text,
            vars: Vars::default(),
            ended: true,
        }
    }

    /// Books one. A stack whose profile does not say how has no consultations that could be booked: there is only what one
    /// leaves behind.
    ///
    /// # Errors
    /// When the stack refuses.
    pub async fn book(
        site: &StackClient,
        carrier: &dyn Transport,
        patient: &Arc<Persona>,
        clinician: Option<&Arc<Persona>>,
        modality: Modality,
        slot: &str,
    ) -> Result<Self, ToggleError> {
        let vars = Vars::default()
            .with("slot", slot)
            .with("modality", modality.word());
        let mut consultation = Self {
            patient: Arc::clone(patient),
            clinician: clinician.map(Arc::clone),
            modality,
            vars,
            ended: false,
        };
        consultation.act_if(site, carrier, BOOK, modality).await?;
        Ok(consultation)
    }

    /// The patient joins; hands back how long it took until that was seen.
    ///
    /// # Errors
    /// When the stack refuses.
    pub async fn join(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
    ) -> Result<Duration, ToggleError> {
        self.act_if(site, carrier, JOIN, self.modality).await
    }

    /// The patient switches while it runs; hands back how long it took until that was seen.
    ///
    /// # Errors
    /// When the stack refuses, or is not seen to have switched.
    pub async fn switch(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        to: Modality,
    ) -> Result<Duration, ToggleError> {
        let settled_in = self.act(site, carrier, SWITCH, to).await?;
        self.modality = to;
        Ok(settled_in)
    }

    /// It ends; hands back how long it took until that was seen.
    ///
    /// # Errors
    /// When the stack refuses.
    pub async fn end(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
    ) -> Result<Duration, ToggleError> {
        let settled_in = self.act_if(site, carrier, END, self.modality).await?;
        self.ended = true;
        Ok(settled_in)
    }

    /// Acts, where the profile says how. Whether a scenario can do without is the vocabulary's business.
    async fn act_if(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        action: &str,
        modality: Modality,
    ) -> Result<Duration, ToggleError> {
        if !site.profile.action.contains_key(action) {
            return Ok(Duration::ZERO);
        }
        self.act(site, carrier, action, modality).await
    }

    /// Does something that the profile has a name for; hands back how long it took until that was seen.
    ///
    /// # Errors
    /// When the profile does not say how, or the stack refuses.
    pub async fn act(
        &mut self,
        site: &StackClient,
        carrier: &dyn Transport,
        action: &str,
        modality: Modality,
    ) -> Result<Duration, ToggleError> {
        let part = site.profile.action.get(action).ok_or_else(|| {
            ToggleError::Missing(format!("action.{action}"), format!("{action} a consultation"))
        })?;
        let doing = format!("{action} the {modality} consultation of {}", self.patient.name);
        self.patient.keep_signed_in(site, carrier, None).await?;
        let keys = self.patient.keys(site, None).await?;
        let parties = self.parties(site).await;
        let caller = StepSender {
            who: &self.patient.name,
            keys: &keys,
        };
        let traveller = StepRunner {
            site,
            carrier,
            caller,
            doing: &doing,
            payloads: &BTreeMap::new(),
            parties: &parties,
        };
        let mut vars = self.variables(modality);
        traveller.run(&part.steps, &mut vars).await?;
        let asked = Instant::now();
        if let Some(settled) = &part.settled {
            traveller.step(settled, &mut vars).await?;
        }
        self.vars = vars;
        Ok(asked.elapsed())
    }

    /// What the templates of an action see.
    #[must_use]
    pub fn variables(&self, modality: Modality) -> Vars {
        let mut vars = self.vars.clone();
        vars.set("modality", modality.word());
        vars.set("me", self.patient.me().as_value());
        if let Some(clinician) = &self.clinician {
            vars.set("clinician", clinician.me().as_value());
        }
        vars
    }

    /// Who else a step of an action can be on behalf of.
    pub async fn parties(&self, site: &StackClient) -> ActingAs {
        let mut parties = ActingAs::new();
        if let Some(clinician) = &self.clinician {
            parties.insert("clinician".to_owned(), clinician.party(site).await);
        }
        parties
    }
}
