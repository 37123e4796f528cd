//! A consultation under way: booked, joined, switched to and fro, ended.

use super::ToggleError;
use crate::cast::Persona;
use crate::ledger::Modality;
use crate::profile::Vars;
use crate::wire::{Caller, Carrier, Site, Traveller};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A consultation of one patient with one clinician.
#[derive(Debug, Clone)]
pub struct Consultation {
    /// Whose it is.
    pub patient: Arc<Persona>,
    /// With whom.
    pub clinician: Arc<Persona>,
    /// How it is held now.
    pub modality: Modality,
    /// Values that the profile's steps captured: the consultation's id.
    pub vars: Vars,
    /// Whether it has ended.
    pub ended: bool,
}

impl Consultation {
    /// Books one.
    ///
    /// # Errors
    /// When the stack refuses.
    pub async fn book(
        site: &Site,
        carrier: &dyn Carrier,
        patient: &Arc<Persona>,
        clinician: &Arc<Persona>,
        modality: Modality,
        slot: &str,
    ) -> Result<Self, ToggleError> {
        let vars = Vars::default().with("slot", slot);
        let mut consultation = Self {
            patient: Arc::clone(patient),
            clinician: Arc::clone(clinician),
            modality,
            vars,
            ended: false,
        };
        consultation.act(site, carrier, "book", modality).await?;
        Ok(consultation)
    }

    /// The patient joins.
    ///
    /// # Errors
    /// When the stack refuses.
    pub async fn join(&mut self, site: &Site, carrier: &dyn Carrier) -> Result<(), ToggleError> {
        self.act(site, carrier, "join", self.modality).await
    }

    /// The patient switches while it runs; hands back what it was before.
    ///
    /// # Errors
    /// When the stack refuses, or is not seen to have switched.
    pub async fn switch(
        &mut self,
        site: &Site,
        carrier: &dyn Carrier,
        to: Modality,
    ) -> Result<Modality, ToggleError> {
        self.act(site, carrier, "switch", to).await?;
        Ok(std::mem::replace(&mut self.modality, to))
    }

    /// It ends.
    ///
    /// # Errors
    /// When the stack refuses.
    pub async fn end(&mut self, site: &Site, carrier: &dyn Carrier) -> Result<(), ToggleError> {
        self.act(site, carrier, "end", self.modality).await?;
        self.ended = true;
        Ok(())
    }

    async fn act(
        &mut self,
        site: &Site,
        carrier: &dyn Carrier,
        action: &str,
        modality: Modality,
    ) -> Result<(), ToggleError> {
        let part = site.profile.action.get(action).ok_or_else(|| {
            ToggleError::Missing(format!("action.{action}"), format!("{action} a consultation"))
        })?;
        let doing = format!("{action} the {modality} consultation of {}", self.patient.name);
        let headers = self.patient.headers(site, None).await?;
        let caller = Caller {
            who: &self.patient.name,
            headers: &headers,
        };
        let traveller = Traveller {
            site,
            carrier,
            caller,
            doing: &doing,
            payloads: &BTreeMap::new(),
        };
        self.vars.set("modality", modality.word());
        self.vars.set("me", self.patient.me().as_value());
        self.vars.set("clinician", self.clinician.me().as_value());
        traveller.walk(&part.steps, &mut self.vars).await?;
        if let Some(settled) = &part.settled {
            traveller.step(settled, &mut self.vars).await?;
        }
        Ok(())
    }
}
