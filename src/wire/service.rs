//! Roles without a person on whose behalf steps are (`as = "admin"`): some of them have to sign in first, which they do once.

use super::Carrier;
use super::answer::View;
use super::content::Payloads;
use super::jar::Jar;
use super::keys::Keys;
use super::message::Reply;
use super::site::{Site, SiteError};
use super::step_error::StepError;
use super::steps::{Caller, Parties, Traveller};
use crate::ledger::Class;
use crate::profile::{Role, Vars, lifetime};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// Those that are signed in, by role.
#[derive(Debug, Default)]
pub(super) struct Services(std::sync::Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<Option<Service>>>>>);

impl Services {
    fn of(&self, role: &str) -> Arc<tokio::sync::Mutex<Option<Service>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(role.to_owned()).or_default())
    }
}

/// One that is signed in.
#[derive(Debug)]
struct Service {
    me: Vars,
    jar: Jar,
    until: Option<Instant>,
}

impl Site {
    /// What is known of a role's first given person; nothing when none is given.
    ///
    /// # Errors
    /// When a template cannot be filled in.
    pub fn first_given(&self, role: &Role) -> Result<Vars, SiteError> {
        let mut me = Vars::default();
        for (name, template) in role.given.first().into_iter().flatten() {
            me.set(name, self.templates.fill(template, &self.stack)?);
        }
        Ok(me)
    }
}

impl Site {
    /// What the requests of a role without a person carry, which signs in when it has to.
    ///
    /// # Errors
    /// When the profile has no such role, or the stack does not sign it in.
    pub async fn service_keys(
        &self,
        carrier: &dyn Carrier,
        role: &str,
        doing: &str,
    ) -> Result<Keys, StepError> {
        let traveller = Traveller {
            site: self,
            carrier,
            caller: Caller {
                who: role,
                keys: &Keys::none(),
            },
            doing,
            payloads: &Payloads::new(),
            parties: &Parties::new(),
        };
        traveller.service(role).await
    }
}

impl Traveller<'_> {
    /// What the requests of a role without a person carry. It signs in when it has to, and stays signed in.
    pub(super) async fn service(&self, name: &str) -> Result<Keys, StepError> {
        let role = self.site.role(name).map_err(|source| self.build(source))?;
        let given = self.site.first_given(role).map_err(|source| self.build(source))?;
        let credentials = |me: &Vars, jar: &Jar| {
            let keys = self.site.credentials_with(&role.credentials, me, Some(jar));
            keys.map_err(|source| self.build(source))
        };
        if role.login.is_empty() {
            return credentials(&given, &Jar::default());
        }
        let service = self.site.services.of(name);
        let mut service = service.lock().await;
        let alive = |service: &&Service| service.until.is_none_or(|until| Instant::now() < until);
        if let Some(service) = service.as_ref().filter(alive) {
            return credentials(&service.me, &service.jar);
        }
        let jar = Jar::default();
        let keys = Keys::none().with_jar(role.credentials.jar.then(|| jar.clone()));
        let doing = format!("sign the role `{name}` in, to {}", self.doing);
        let traveller = Traveller {
            caller: Caller {
                who: name,
                keys: &keys,
            },
            doing: &doing,
            parties: &Parties::new(),
            ..*self
        };
        let mut me = given;
        for step in &role.login {
            let mut captured = Vars::default().with("me", me.as_value());
            Box::pin(traveller.step(step, &mut captured)).await?;
            for name in step.captured_names() {
                if let Some(value) = captured.get(name) {
                    me.set(name, value.clone());
                }
            }
        }
        let lives = lifetime(
            role,
            &self.site.templates,
            &self.site.stack.clone().with("me", me.as_value()),
        );
        let lives = lives.map_err(|source| self.build(SiteError::Template(source)))?;
        let keys = credentials(&me, &jar)?;
        *service = Some(Service {
            me,
            jar,
            // signed in again while there is still time to use what was asked for
            until: lives
                .map(|lives| Instant::now() + lives.saturating_sub((lives / 5).min(Duration::from_secs(30)))),
        });
        Ok(keys)
    }

    /// Whether a role that signs in was told that it is not signed in: it is forgotten, so that it signs in again.
    pub(super) async fn forgets(&self, name: &str, reply: &Reply) -> bool {
        let signs_in = self.site.role(name).is_ok_and(|role| !role.login.is_empty());
        if !signs_in {
            return false;
        }
        let class = View::new(reply).class(&self.site.templates, &self.site.profile.outcome);
        if class != Class::NoSession {
            return false;
        }
        self.site.services.of(name).lock().await.take().is_some()
    }
}
