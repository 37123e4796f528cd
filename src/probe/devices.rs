//! Sessions that somebody has beside the one that they are in, or had before it.

use super::ProbeError;
use super::bystander::Bystander;
use super::plan::PlannedProbe;
use super::probe_request::Actor;
use crate::cast::Persona;
use crate::profile::Surface;
use crate::technique::{RE_LOGIN, TWO_DEVICES};
use std::sync::Arc;

impl Bystander<'_> {
    /// On whose behalf a list is asked for, one after the other: they themselves, after they have done what the technique says with
    /// their sessions; with two devices, on the first as well.
    ///
    /// # Errors
    /// When they cannot sign out or in.
    pub(super) async fn devices(
        &self,
        planned: &PlannedProbe,
        surface: &Surface,
    ) -> Result<Vec<Actor>, ProbeError> {
        let Actor::Persona(persona) = &self.actor else {
            return Ok(vec![self.actor.clone()]);
        };
        let mut devices = vec![self.actor.clone()];
        if planned.technique == TWO_DEVICES {
            devices.insert(0, self.first_device(persona, surface).await?);
        } else if planned.technique == RE_LOGIN {
            self.sign_out_and_in(persona).await?;
        }
        Ok(devices)
    }

    async fn first_device(&self, persona: &Arc<Persona>, surface: &Surface) -> Result<Actor, ProbeError> {
        let (site, witness) = (self.scene.site(), self.scene.client);
        let keys = self.actor.keys(self.scene, surface).await?.frozen();
        let session = surface.session.as_ref().map(|name| name.as_str());
        if !persona.sign_in_again(site, witness, session).await? {
            return Err(ProbeError::Unfit("there is nothing to sign in with"));
        }
        Ok(Actor::Device(Arc::clone(persona), keys))
    }

    async fn sign_out_and_in(&self, persona: &Arc<Persona>) -> Result<(), ProbeError> {
        let (site, witness) = (self.scene.site(), self.scene.client);
        let role = site.role(&persona.role)?;
        if role.logout.is_empty() || role.login.is_empty() {
            return Err(ProbeError::Unfit(
                "the profile does not say how one signs out and in",
            ));
        }
        persona.sign_out(site, witness).await?;
        persona.sign_in(site, witness, None).await?;
        Ok(())
    }
}
