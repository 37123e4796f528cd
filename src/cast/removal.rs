//! How somebody is taken away again.

use super::error::CastError;
use super::persona::Persona;
use crate::http::{StackClient, Transport};
use std::sync::PoisonError;

impl Persona {
    /// Takes them away again, with everything that they left. Those whom the profile lends stay.
    ///
    /// # Errors
    /// When the stack does not let them go.
    pub async fn remove(&self, site: &StackClient, carrier: &dyn Transport) -> Result<(), CastError> {
        if self.lent {
            self.loan.lock().unwrap_or_else(PoisonError::into_inner).take();
            carrier.undo().person_stays(&self.name);
            return Ok(());
        }
        self.take_away(site, carrier, false).await.map(drop)
    }

    /// The same long after: what is gone already counts as taken away. Hands back whether all of it was.
    ///
    /// # Errors
    /// When the stack does not let them go.
    pub async fn remove_what_is_left(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
    ) -> Result<bool, CastError> {
        self.take_away(site, carrier, true).await
    }

    async fn take_away(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        may_be_gone: bool,
    ) -> Result<bool, CastError> {
        let steps = &site.role(&self.role)?.remove;
        let keys = self.keys(site, None).await.unwrap_or_default();
        let doing = format!("take {} away again", self.name);
        let mut gone = 0;
        for step in steps {
            let walked = self.run_steps(site, carrier, std::slice::from_ref(step), &keys, &doing);
            match walked.await {
                Err(CastError::Step(error)) if may_be_gone && error.is_gone() => gone += 1,
                walked => walked?,
            }
        }
        if steps.is_empty() {
            carrier.undo().person_stays(&self.name);
        } else {
            carrier.undo().person_done(&self.name);
        }
        Ok(gone > 0 && gone == steps.len())
    }
}
