//! A persona and the sessions they hold. A persona is not the same thing as a bearer token: they may hold several
//! sessions, sign out, and sign in again.

use super::people::Identity;
use crate::ledger::{Part, Seen};
use crate::profile::{Credentials, Step, Vars};
use crate::wire::{Call, Caller, Carrier, Reply, Site, SiteError, StepError, Traveller, View};
use reqwest::header::HeaderMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// Whom a request without credentials comes from.
pub const NOBODY: &str = "nobody";

/// Somebody could not be brought in.
#[derive(Debug, thiserror::Error)]
pub enum CastError {
    /// A step of the profile failed.
    #[error(transparent)]
    Step(#[from] StepError),
    /// The profile does not say how.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// The scenario speaks of somebody it has not introduced.
    #[error("nobody in this scenario is called `{name}`\nhint: {hint}")]
    Unknown { name: String, hint: String },
    /// They are signed out.
    #[error("{name} is signed out")]
    SignedOut { name: String },
}

/// A synthetic person of one scenario.
pub struct Persona {
    /// What the scenario calls them.
    pub name: String,
    /// Their role in the profile.
    pub role: String,
    /// The name they were given.
    pub full_name: String,
    me: Mutex<Vars>,
    signed_in: tokio::sync::Mutex<BTreeSet<String>>,
}

impl std::fmt::Debug for Persona {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.role)
    }
}

impl Persona {
    /// Provisions somebody by the steps of their role.
    ///
    /// # Errors
    /// When the stack does not take them in.
    pub async fn provision(
        site: &Site,
        carrier: &dyn Carrier,
        name: &str,
        role: &str,
        identity: &Identity,
    ) -> Result<Arc<Self>, CastError> {
        let me = Vars::default()
            .with("name", identity.full_name.as_str())
            .with("email", identity.email.as_str())
            .with("password", identity.password.as_str())
            .with("nhs_number", identity.nhs_number.as_str());
        let persona = Arc::new(Self {
            name: name.to_owned(),
            role: role.to_owned(),
            full_name: identity.full_name.clone(),
            me: Mutex::new(me),
            signed_in: tokio::sync::Mutex::default(),
        });
        let steps = &site.role(role)?.provision;
        persona
            .walk(
                site,
                carrier,
                steps,
                &HeaderMap::new(),
                &format!("take {name} in"),
            )
            .await?;
        Ok(persona)
    }

    /// Somebody for tests of what needs no stack.
    #[cfg(test)]
    pub(crate) fn stand_in(name: &str, role: &str) -> Arc<Self> {
        Arc::new(Self {
            name: name.to_owned(),
            role: role.to_owned(),
            full_name: name.to_owned(),
            me: Mutex::default(),
            signed_in: tokio::sync::Mutex::default(),
        })
    }

    /// What is known of them, to stand as `me` or `clinician` in a template.
    #[must_use]
    pub fn me(&self) -> Vars {
        self.me.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs in by the named session, if they are not signed in by it already; without a name, by the role's own.
    ///
    /// # Errors
    /// When the stack does not sign them in.
    pub async fn sign_in(
        &self,
        site: &Site,
        carrier: &dyn Carrier,
        session: Option<&str>,
    ) -> Result<(), CastError> {
        let mut signed_in = self.signed_in.lock().await;
        let name = session.unwrap_or_default();
        if signed_in.contains(name) {
            return Ok(());
        }
        let (steps, _) = self.session(site, session)?;
        self.walk(
            site,
            carrier,
            steps,
            &HeaderMap::new(),
            &format!("sign {} in", self.name),
        )
        .await?;
        signed_in.insert(name.to_owned());
        Ok(())
    }

    /// Signs out of every session they hold, and hands back what their requests carried until then, all sessions together.
    ///
    /// # Errors
    /// When they are not signed in, or the stack does not sign them out.
    pub async fn sign_out(&self, site: &Site, carrier: &dyn Carrier) -> Result<HeaderMap, CastError> {
        let mut all = self.headers(site, None).await?;
        let held: Vec<String> = self.signed_in.lock().await.iter().cloned().collect();
        let steps = &site.role(&self.role)?.logout;
        for session in held {
            let session = (!session.is_empty()).then_some(session);
            let old = self.headers(site, session.as_deref()).await?;
            self.walk(site, carrier, steps, &old, &format!("sign {} out", self.name))
                .await?;
            all.extend(old);
        }
        self.signed_in.lock().await.clear();
        Ok(all)
    }

    /// Whether they hold any session.
    pub async fn is_signed_in(&self) -> bool {
        !self.signed_in.lock().await.is_empty()
    }

    /// What their requests carry.
    ///
    /// # Errors
    /// When they are signed out.
    pub async fn headers(&self, site: &Site, session: Option<&str>) -> Result<HeaderMap, CastError> {
        if !self.signed_in.lock().await.contains(session.unwrap_or_default()) {
            return Err(CastError::SignedOut {
                name: self.name.clone(),
            });
        }
        let (_, credentials) = self.session(site, session)?;
        Ok(site.credentials(credentials, &self.me())?)
    }

    /// Asks the stack who they are: the sign that their session is alive.
    ///
    /// # Errors
    /// When it cannot be asked. An answer that is not theirs is no error: it is written down as a dead pulse.
    pub async fn pulse(&self, site: &Site, carrier: &dyn Carrier) -> Result<bool, CastError> {
        let Some(step) = &site.role(&self.role)?.whoami else {
            return Ok(false);
        };
        let headers = self.headers(site, None).await?;
        let vars = self.vars(site);
        let base = site.addresses(step.base.as_ref().map(|base| base.get_ref().as_str()))?;
        let Some(base) = base.first() else {
            return Ok(false);
        };
        let request = site.request(step.request.get_ref(), base, &vars, headers)?;
        let expected = step
            .expect
            .as_ref()
            .map_or("status == 200", |expect| expect.get_ref().0.as_str());
        let mut alive = false;
        let finish = |reply: &Reply, _: &[Seen], _: Part| {
            alive = reply.is_whole()
                && View::new(reply)
                    .holds(&site.templates, expected, &vars)
                    .unwrap_or(false);
            (Part::Pulse { alive }, None)
        };
        let call = Call {
            who: &self.name,
            part: Part::Pulse { alive: false },
            surface: None,
            request,
            finish: Some(Box::new(finish)),
        };
        carrier.carry(call).await;
        Ok(alive)
    }

    /// Takes them away again, with everything that they left.
    ///
    /// # Errors
    /// When the stack does not let them go.
    pub async fn remove(&self, site: &Site, carrier: &dyn Carrier) -> Result<(), CastError> {
        let steps = &site.role(&self.role)?.remove;
        self.walk(
            site,
            carrier,
            steps,
            &HeaderMap::new(),
            &format!("take {} away again", self.name),
        )
        .await
    }

    fn vars(&self, site: &Site) -> Vars {
        site.stack.clone().with("me", self.me().as_value())
    }

    fn session<'a>(
        &self,
        site: &'a Site,
        session: Option<&str>,
    ) -> Result<(&'a [Step], &'a Credentials), SiteError> {
        let role = site.role(&self.role)?;
        match session {
            None => Ok((&role.login, &role.credentials)),
            Some(name) => role
                .session
                .get(name)
                .map(|part| (part.login.as_slice(), &part.credentials))
                .ok_or_else(|| SiteError::Session {
                    role: self.role.clone(),
                    session: name.to_owned(),
                }),
        }
    }

    async fn walk(
        &self,
        site: &Site,
        carrier: &dyn Carrier,
        steps: &[Step],
        headers: &HeaderMap,
        doing: &str,
    ) -> Result<(), CastError> {
        let caller = Caller {
            who: &self.name,
            headers,
        };
        let traveller = Traveller {
            site,
            carrier,
            caller,
            doing,
            payloads: &BTreeMap::new(),
        };
        for step in steps {
            let mut captured = Vars::default().with("me", self.me().as_value());
            traveller.step(step, &mut captured).await?;
            let mut me = self.me.lock().unwrap_or_else(PoisonError::into_inner);
            for name in step.capture.keys() {
                if let Some(value) = captured.get(name) {
                    me.set(name, value.clone());
                }
            }
        }
        Ok(())
    }
}

/// The people of one scenario, in the order of their appearance.
#[derive(Debug, Default)]
pub struct Cast {
    people: Vec<Arc<Persona>>,
}

impl Cast {
    /// Somebody joins.
    pub fn join(&mut self, persona: Arc<Persona>) {
        self.people.push(persona);
    }

    /// Everybody.
    pub fn everyone(&self) -> impl Iterator<Item = &Arc<Persona>> {
        self.people.iter()
    }

    /// Somebody by the name the scenario calls them, if they are here.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Arc<Persona>> {
        self.people.iter().find(|persona| persona.name == name)
    }

    /// Somebody whom the scenario must have introduced.
    ///
    /// # Errors
    /// When it has not; the hint names who is here.
    pub fn get(&self, name: &str) -> Result<&Arc<Persona>, CastError> {
        self.find(name).ok_or_else(|| {
            let names: Vec<&str> = self.people.iter().map(|persona| persona.name.as_str()).collect();
            let hint = if names.is_empty() {
                "introduce them in a Given step first".to_owned()
            } else {
                format!("this scenario has {}", names.join(", "))
            };
            CastError::Unknown {
                name: name.to_owned(),
                hint,
            }
        })
    }
}
