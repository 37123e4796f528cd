//! A device that goes from one person to the next, with whatever it keeps: its cookies, and pages that were allowed to be kept.

use super::error::CastError;
use super::persona::Persona;
use crate::http::{StackClient, Transport};

impl Persona {
    /// Signs in on somebody else's device, in every session that keeps a cookie jar: by what the device still keeps of them. They go on
    /// with another one. False when there is no such session.
    ///
    /// # Errors
    /// When the stack does not sign them in.
    pub async fn sign_in_on_device_of(
        &self,
        other: &Self,
        site: &StackClient,
        carrier: &dyn Transport,
    ) -> Result<bool, CastError> {
        let (own, others) = (site.role(&self.role)?, site.role(&other.role)?);
        let by_default = own.credentials.jar && others.credentials.jar;
        let has_jar = |name: &&String| {
            let session = others.session.get(name.as_str());
            session.is_some_and(|session| session.credentials.jar)
        };
        let with_jar = own.session.iter().filter(|(_, session)| session.credentials.jar);
        let named = with_jar.map(|(name, _)| name).filter(has_jar);
        let sessions = by_default
            .then_some(None)
            .into_iter()
            .chain(named.map(|name| Some(name.as_str())));
        let mut found = false;
        for session in sessions {
            let Some(device) = other.hand_over(session) else {
                continue;
            };
            self.take_over(session, device);
            let mut signed_in = self.signed_in.lock().await;
            let name = session.unwrap_or_default().to_owned();
            signed_in.remove(&name);
            let began = self.log_in(site, carrier, session).await?;
            signed_in.insert(name, began);
            found = true;
        }
        Ok(found)
    }
}
