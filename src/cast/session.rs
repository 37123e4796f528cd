//! How long a session lasts, and how it is made to last longer.

use super::error::CastError;
use super::persona::Persona;
use crate::http::{StackClient, Transport};
use crate::profile::lifetime;
use std::time::{Duration, Instant};

/// So often somebody signs in again because the stack says that they are not signed in.
const MOST_RENEWALS: u32 = 3;
/// A session is renewed when a fifth of its time is left, but not earlier than this.
const BEFORE: Duration = Duration::from_secs(30);

/// A session that somebody holds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Session {
    /// When it is nearly over.
    renew_at: Option<Instant>,
    /// How often the stack was taken at its word that it is over.
    renewed: u32,
}

impl Session {
    /// One that has just begun.
    fn that_lives(lives: Option<Duration>) -> Self {
        Self {
            renew_at: lives.map(|lives| Instant::now() + lives.saturating_sub((lives / 5).min(BEFORE))),
            renewed: 0,
        }
    }

    fn is_nearly_over(&self) -> bool {
        self.renew_at.is_some_and(|time| Instant::now() >= time)
    }
}

impl Persona {
    /// Renews a session that they hold and whose time is nearly over; does nothing otherwise.
    ///
    /// # Errors
    /// When it is nearly over and the stack does not renew it.
    pub async fn keep_signed_in(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        session: Option<&str>,
    ) -> Result<(), CastError> {
        let mut signed_in = self.signed_in.lock().await;
        match signed_in.get_mut(session.unwrap_or_default()) {
            Some(held) => self.store_session(site, carrier, session, held).await,
            None => Ok(()),
        }
    }

    /// Signs in again by a session that they should hold, when the stack says that they do not; false when they do not hold it, when
    /// there is nothing to sign in with, or when it has been done often enough.
    ///
    /// # Errors
    /// When the stack does not sign them in.
    pub async fn renew(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        session: Option<&str>,
    ) -> Result<bool, CastError> {
        let mut signed_in = self.signed_in.lock().await;
        let Some(held) = signed_in.get_mut(session.unwrap_or_default()) else {
            return Ok(false);
        };
        if held.renewed >= MOST_RENEWALS || self.session(site, session)?.0.is_empty() {
            return Ok(false);
        }
        held.renewed += 1;
        let renewed = held.renewed;
        *held = Session {
            renewed,
            ..self.log_in(site, carrier, session).await?
        };
        Ok(true)
    }

    /// Signs in once more, and leaves the session that they hold as it is: another device. False when there is nothing to sign in with.
    ///
    /// # Errors
    /// When the stack does not sign them in.
    pub async fn sign_in_again(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        session: Option<&str>,
    ) -> Result<bool, CastError> {
        let mut signed_in = self.signed_in.lock().await;
        if self.session(site, session)?.0.is_empty() {
            return Ok(false);
        }
        let began = self.log_in(site, carrier, session).await?;
        signed_in.insert(session.unwrap_or_default().to_owned(), began);
        Ok(true)
    }

    pub(super) async fn store_session(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        session: Option<&str>,
        held: &mut Session,
    ) -> Result<(), CastError> {
        if !held.is_nearly_over() {
            return Ok(());
        }
        let refreshed = self.refresh(site, carrier, session).await?;
        let began = match refreshed {
            Some(began) => began,
            None => self.log_in(site, carrier, session).await?,
        };
        *held = Session {
            renewed: held.renewed,
            ..began
        };
        Ok(())
    }

    /// By the role's steps for it; none when there are none, or the stack does not accept them.
    async fn refresh(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        session: Option<&str>,
    ) -> Result<Option<Session>, CastError> {
        let role = site.role(&self.role)?;
        if session.is_some() || role.refresh.is_empty() {
            return Ok(None);
        }
        let keys = self.credentials(site, session)?;
        let doing = format!("keep {} signed in", self.name);
        match self.run_steps(site, carrier, &role.refresh, &keys, &doing).await {
            Ok(()) => Ok(Some(self.begin_session(site, session)?)),
            Err(_) => Ok(None),
        }
    }

    pub(super) async fn log_in(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        session: Option<&str>,
    ) -> Result<Session, CastError> {
        let (steps, _) = self.session(site, session)?;
        let keys = self.bare(site, session)?;
        self.run_steps(site, carrier, steps, &keys, &format!("sign {} in", self.name))
            .await?;
        self.begin_session(site, session)
    }

    fn begin_session(&self, site: &StackClient, session: Option<&str>) -> Result<Session, CastError> {
        if session.is_some() {
            return Ok(Session::default());
        }
        let lives = lifetime(site.role(&self.role)?, &site.templates, &self.vars(site));
        Ok(Session::that_lives(
            lives.map_err(crate::http::StackClientError::from)?,
        ))
    }
}
