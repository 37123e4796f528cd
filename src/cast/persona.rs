//! A persona and the sessions they hold. A persona is not the same thing as a bearer token: they may hold several
//! sessions, sign out, and sign in again.

use super::error::CastError;
use super::known::{known, lent_person};
use super::people::{Identity, LentPeopleLease};
use super::session::Session;
use crate::http::{
    ActingAs, CookieJar, Credentials, OtherParty, OutgoingRequest, Payloads, Reply, ResponseView,
    StackClient, StackClientError, StepRunner, StepSender, Transport,
};
use crate::ledger::{CanarySighting, Purpose};
use crate::profile::{CredentialTemplates, Step, Vars};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Whom a request without credentials comes from.
pub const NOBODY: &str = "nobody";
/// Whom a request with credentials comes from that nobody ever held.
pub const WRONG_CREDENTIALS: &str = "wrong-credentials";

/// A synthetic person of one scenario.
pub struct Persona {
    /// What the scenario calls them.
    pub name: String,
    /// Their role in the profile.
    pub role: String,
    /// The name they were given.
    pub full_name: String,
    me: Mutex<Vars>,
    /// A cookie jar for each session.
    jars: Mutex<BTreeMap<String, CookieJar>>,
    pub(super) signed_in: tokio::sync::Mutex<BTreeMap<String, Session>>,
    /// Held by those whom the profile lends.
    pub(super) loan: Mutex<Option<LentPeopleLease>>,
    pub(super) lent: bool,
}

impl std::fmt::Debug for Persona {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.name, self.role)
    }
}

impl Persona {
    pub(super) fn new(name: &str, role: &str, me: Vars, loan: Option<LentPeopleLease>) -> Self {
        Self {
            name: name.to_owned(),
            role: role.to_owned(),
            full_name: me.text("name").unwrap_or(name).to_owned(),
            me: Mutex::new(me),
            jars: Mutex::default(),
            signed_in: tokio::sync::Mutex::default(),
            lent: loan.is_some(),
            loan: Mutex::new(loan),
        }
    }

    /// Provisions somebody by the steps of their role.
    ///
    /// # Errors
    /// When the stack does not take them in.
    pub async fn provision(
        site: &StackClient,
        carrier: &dyn Transport,
        name: &str,
        role: &str,
        identity: &Identity,
    ) -> Result<Arc<Self>, CastError> {
        let persona = Arc::new(Self::new(name, role, known(site, role, identity)?, None));
        let steps = &site.role(role)?.provision;
        let keys = persona.bare(site, None)?;
        let (undo, doing) = (carrier.undo(), format!("take {name} in"));
        undo.person(name, role, identity.turn, false, &identity.belonging);
        for step in steps {
            persona
                .run_steps(site, carrier, std::slice::from_ref(step), &keys, &doing)
                .await?;
            undo.person_answered(name, step.captured_names(), &persona.me());
        }
        Ok(persona)
    }

    /// Somebody who exists already, lent by the profile: what it says of them goes before what was made up. They still have to
    /// sign in.
    ///
    /// # Errors
    /// When nobody is left to be lent.
    pub fn given(
        site: &StackClient,
        name: &str,
        role: &str,
        identity: &Identity,
        loan: LentPeopleLease,
    ) -> Result<Arc<Self>, CastError> {
        let me = lent_person(site, name, role, identity)?;
        Ok(Arc::new(Self::new(name, role, me, Some(loan))))
    }

    /// Somebody of whom nothing is known but the name: for what needs no stack.
    pub(crate) fn stand_in(name: &str, role: &str) -> Arc<Self> {
        Arc::new(Self::new(name, role, Vars::default(), None))
    }

    /// What is known of them, to stand as `me` or `clinician` in a template.
    #[must_use]
    pub fn me(&self) -> Vars {
        self.me.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The loan by which they are here, when the profile lends them.
    #[must_use]
    pub(super) fn loan(&self) -> Option<LentPeopleLease> {
        self.loan.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Signs in by the named session, if they are not signed in by it already; without a name, by the role's own. One that is
    /// nearly over is renewed.
    ///
    /// # Errors
    /// When the stack does not sign them in.
    pub async fn sign_in(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        session: Option<&str>,
    ) -> Result<(), CastError> {
        let mut signed_in = self.signed_in.lock().await;
        let name = session.unwrap_or_default();
        match signed_in.get_mut(name) {
            Some(held) => self.store_session(site, carrier, session, held).await,
            None => {
                let began = self.log_in(site, carrier, session).await?;
                signed_in.insert(name.to_owned(), began);
                Ok(())
            }
        }
    }

    /// Signs out of every session they hold, and hands back what their requests carried until then, by the session's name; the
    /// role's own has none.
    ///
    /// # Errors
    /// When they are not signed in, or the stack does not sign them out.
    pub async fn sign_out(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
    ) -> Result<BTreeMap<String, Credentials>, CastError> {
        let own = self.keys(site, None).await?.frozen();
        let mut all = BTreeMap::from([(String::new(), own)]);
        let held: Vec<String> = self.signed_in.lock().await.keys().cloned().collect();
        let steps = &site.role(&self.role)?.logout;
        for session in held {
            let named = (!session.is_empty()).then_some(session.as_str());
            let keys = self.keys(site, named).await?;
            let old = keys.clone().frozen();
            self.run_steps(site, carrier, steps, &keys, &format!("sign {} out", self.name))
                .await?;
            all.insert(session, old);
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
    pub async fn keys(&self, site: &StackClient, session: Option<&str>) -> Result<Credentials, CastError> {
        let name = session.unwrap_or_default();
        if !self.signed_in.lock().await.contains_key(name) {
            return Err(CastError::SignedOut {
                name: self.name.clone(),
            });
        }
        self.credentials(site, session)
    }

    /// The same, whether they are signed in or not.
    pub(super) fn credentials(
        &self,
        site: &StackClient,
        session: Option<&str>,
    ) -> Result<Credentials, CastError> {
        let (_, credentials) = self.session(site, session)?;
        let jar = self.jar(site, session)?;
        let me = self.me();
        let keys = site.credentials_with(credentials, &me, jar.as_ref())?;
        Ok(keys.with_home(site.home_of(&me)?))
    }

    /// The same before they are signed in.
    pub(super) fn bare(&self, site: &StackClient, session: Option<&str>) -> Result<Credentials, CastError> {
        let keys = Credentials::none().with_jar(self.jar(site, session)?);
        Ok(keys.with_home(site.home_of(&self.me())?))
    }

    /// The session's cookie jar, when its credentials want one.
    pub(super) fn jar(
        &self,
        site: &StackClient,
        session: Option<&str>,
    ) -> Result<Option<CookieJar>, CastError> {
        let (_, credentials) = self.session(site, session)?;
        let mut jars = self.jars.lock().unwrap_or_else(PoisonError::into_inner);
        let name = session.unwrap_or_default().to_owned();
        Ok(credentials.jar.then(|| jars.entry(name).or_default().clone()))
    }

    /// Gives away the device on which they held a session.
    pub(super) fn hand_over(&self, session: Option<&str>) -> Option<CookieJar> {
        let mut jars = self.jars.lock().unwrap_or_else(PoisonError::into_inner);
        jars.remove(session.unwrap_or_default())
    }

    /// Goes on with a device that was somebody else's.
    pub(super) fn take_over(&self, session: Option<&str>, device: CookieJar) {
        let mut jars = self.jars.lock().unwrap_or_else(PoisonError::into_inner);
        jars.insert(session.unwrap_or_default().to_owned(), device);
    }

    /// They, as somebody on whose behalf a step can be: with what they carry, when they are signed in.
    pub async fn party(&self, site: &StackClient) -> OtherParty {
        OtherParty {
            who: self.name.clone(),
            keys: self.keys(site, None).await.unwrap_or_default(),
        }
    }

    /// Asks the stack who they are: the sign that their session is alive. One whose time is nearly over is renewed before; one that
    /// has died is not, for a pulse tells the truth.
    ///
    /// # Errors
    /// When it cannot be asked. An answer that is not theirs is no error: it is written down as a dead pulse.
    pub async fn check_session(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
    ) -> Result<bool, CastError> {
        let Some(step) = &site.role(&self.role)?.whoami else {
            return Ok(false);
        };
        self.keep_signed_in(site, carrier, None).await?;
        let keys = self.keys(site, None).await?;
        let vars = self.vars(site);
        let base = site.addresses(step.base.as_ref().map(|base| base.as_str()))?;
        let Some(base) = base.first() else {
            return Ok(false);
        };
        let mut request = site.request(step.request_text(), base, &vars, &keys)?;
        site.fill_payload(&mut request, step, &vars)?;
        let expected = step
            .expect
            .as_ref()
            .map_or("status == 200", |expect| expect.get_ref().0.as_str());
        let mut alive = false;
        let finish = |reply: &Reply, _: &[CanarySighting], _: Purpose| {
            alive = reply.is_whole()
                && ResponseView::new(reply)
                    .holds(&site.templates, expected, &vars)
                    .unwrap_or(false);
            (Purpose::Pulse { alive }, None)
        };
        let call = OutgoingRequest {
            who: &self.name,
            part: Purpose::Pulse { alive: false },
            surface: None,
            request,
            finish: Some(Box::new(finish)),
        };
        carrier.send(call).await;
        Ok(alive)
    }

    pub(super) fn vars(&self, site: &StackClient) -> Vars {
        site.stack.clone().with("me", self.me().as_value())
    }

    pub(super) fn session<'a>(
        &self,
        site: &'a StackClient,
        session: Option<&str>,
    ) -> Result<(&'a [Step], &'a CredentialTemplates), StackClientError> {
        let role = site.role(&self.role)?;
        match session {
            None => Ok((&role.login, &role.credentials)),
            Some(name) => role
                .session
                .get(name)
                .map(|part| (part.login.as_slice(), &part.credentials))
                .ok_or_else(|| StackClientError::Session {
                    role: self.role.clone(),
                    session: name.to_owned(),
                }),
        }
    }

    /// Goes through steps of their own; what they capture is known of them from then on.
    pub(super) async fn run_steps(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        steps: &[Step],
        keys: &Credentials,
        doing: &str,
    ) -> Result<(), CastError> {
        let caller = StepSender {
            who: &self.name,
            keys,
        };
        let traveller = StepRunner {
            site,
            carrier,
            caller,
            doing,
            payloads: &Payloads::new(),
            parties: &ActingAs::new(),
        };
        for step in steps {
            let mut captured = Vars::default().with("me", self.me().as_value());
            traveller.step(step, &mut captured).await?;
            let mut me = self.me.lock().unwrap_or_else(PoisonError::into_inner);
            for name in step.captured_names() {
                if let Some(value) = captured.get(name) {
                    me.set(name, value.clone());
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
