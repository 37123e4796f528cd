//! Roles without a person on whose behalf steps are (`as = "admin"`): some of them have to sign in first, which they do once.

use super::Transport;
use super::content::Payloads;
use super::cookie_jar::CookieJar;
use super::credentials::Credentials;
use super::message::Reply;
use super::response_view::ResponseView;
use super::stack_client::{StackClient, StackClientError};
use super::step_error::StepError;
use super::step_runner::{ActingAs, StepRunner, StepSender};
use crate::ledger::OutcomeClass;
use crate::profile::{Role, Vars, lifetime};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// Those that are signed in, by role.
#[derive(Debug, Default)]
pub(super) struct ServiceSessions(
    std::sync::Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<Option<ServiceSession>>>>>,
);

impl ServiceSessions {
    fn of(&self, role: &str) -> Arc<tokio::sync::Mutex<Option<ServiceSession>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(role.to_owned()).or_default())
    }
}

/// One that is signed in.
#[derive(Debug)]
struct ServiceSession {
    me: Vars,
    jar: CookieJar,
    until: Option<Instant>,
}

impl StackClient {
    /// What is known of a role's first given person; nothing when none is given.
    ///
    /// # Errors
    /// When a template cannot be filled in.
    pub fn first_given(&self, role: &Role) -> Result<Vars, StackClientError> {
        let mut me = Vars::default();
        for (name, template) in role.given.first().into_iter().flatten() {
            me.set(name, self.templates.fill(template, &self.stack)?);
        }
        Ok(me)
    }
}

impl StackClient {
    /// What the requests of a role without a person carry, which signs in when it has to.
    ///
    /// # Errors
    /// When the profile has no such role, or the stack does not sign it in.
    pub async fn service_keys(
        &self,
        carrier: &dyn Transport,
        role: &str,
        doing: &str,
    ) -> Result<Credentials, StepError> {
        let traveller = StepRunner {
            site: self,
            carrier,
            caller: StepSender {
                who: role,
                keys: &Credentials::none(),
            },
            doing,
            payloads: &Payloads::new(),
            parties: &ActingAs::new(),
        };
        traveller.service(role).await
    }
}

impl StepRunner<'_> {
    /// What the requests of a role without a person carry. It signs in when it has to, and stays signed in.
    pub(super) async fn service(&self, name: &str) -> Result<Credentials, StepError> {
        let role = self.site.role(name).map_err(|source| self.build(source))?;
        let given = self.site.first_given(role).map_err(|source| self.build(source))?;
        let credentials = |me: &Vars, jar: &CookieJar| {
            let keys = self.site.credentials_with(&role.credentials, me, Some(jar));
            keys.map_err(|source| self.build(source))
        };
        if role.login.is_empty() {
            return credentials(&given, &CookieJar::default());
        }
        let service = self.site.services.of(name);
        let mut service = service.lock().await;
        let alive = |service: &&ServiceSession| service.until.is_none_or(|until| Instant::now() < until);
        if let Some(service) = service.as_ref().filter(alive) {
            return credentials(&service.me, &service.jar);
        }
        let jar = CookieJar::default();
        let keys = Credentials::none().with_jar(role.credentials.jar.then(|| jar.clone()));
        let doing = format!("sign the role `{name}` in, to {}", self.doing);
        let traveller = StepRunner {
            caller: StepSender {
                who: name,
                keys: &keys,
            },
            doing: &doing,
            parties: &ActingAs::new(),
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
        let lives = lives.map_err(|source| self.build(StackClientError::Template(source)))?;
        let keys = credentials(&me, &jar)?;
        *service = Some(ServiceSession {
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
        let class = ResponseView::new(reply).class(&self.site.templates, &self.site.profile.outcome);
        if class != OutcomeClass::NoSession {
            return false;
        }
        self.site.services.of(name).lock().await.take().is_some()
    }
}
