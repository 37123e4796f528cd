//! Roles, their sessions, and what two people have in common.

use super::step::StepContext;
use super::{CheckResult, Checker, KnownNames};
use crate::profile::parts::{CredentialTemplates, Role, Step};
use crate::profile::{HumanDuration, Text};
use std::collections::BTreeSet;

impl Checker<'_> {
    pub(super) fn people(&self) -> CheckResult {
        for (name, role) in &self.profile.role {
            self.role(name, role)?;
            self.signs_in_by_itself(name)?;
        }
        for tenant in self.profile.tenant.values() {
            if let Some(base) = &tenant.base {
                let known = KnownNames {
                    kind: "base address",
                    names: self.profile.base.keys().map(String::as_str).collect(),
                };
                self.known(base, &known)?;
            }
        }
        for relation in self.profile.relation.values() {
            self.template(&relation.by)?;
        }
        Ok(())
    }

    fn role(&self, name: &str, role: &Role) -> CheckResult {
        let sessions = role.session.values();
        let credentials = std::iter::once(&role.credentials)
            .chain(&role.wrong)
            .chain(sessions.clone().map(|session| &session.credentials));
        for credentials in credentials {
            self.credentials(credentials)?;
        }
        let steps = role.provision.iter().chain(&role.login).chain(&role.refresh);
        let steps = steps.chain(&role.logout).chain(&role.remove).chain(&role.whoami);
        let logins = sessions.flat_map(|session| &session.login);
        self.steps(steps.chain(logins), &StepContext::alone())?;
        self.templates(role.given.iter().flat_map(|given| given.values()))?;
        for (value, values) in &role.vary {
            if values.is_empty() {
                let place = self.source.key(&["role", name, "vary", value]);
                return self.fail(
                    place,
                    format!("`vary.{value}` has no values"),
                    "to choose from",
                    None,
                );
            }
            self.templates(values)?;
        }
        if !role.refresh.is_empty() && role.lives.is_none() {
            let place = self.source.key(&["role", name, "refresh"]);
            let hint =
                "say how long a session lasts: `lives = \"60s\"`, or `lives = \"{{ me.expires_in }}\"`"
                    .to_owned();
            return self.fail(place, "`refresh` is never used without `lives`", "when?", hint);
        }
        role.lives.as_ref().map_or(Ok(()), |lives| self.lives(lives))
    }

    fn lives(&self, lives: &Text) -> CheckResult {
        self.template(lives)?;
        let is_time =
            HumanDuration::parse(lives).is_some() || lives.trim().parse::<f64>().is_ok_and(|time| time > 0.0);
        if lives.contains("{{") || is_time {
            return Ok(());
        }
        let hint =
            "seconds, or a length of time such as `60s`; or a template that gives one of these".to_owned();
        self.fail(
            lives.span(),
            format!("`{lives}` is no length of time"),
            "how long?",
            hint,
        )
    }

    fn credentials(&self, credentials: &CredentialTemplates) -> CheckResult {
        self.headers(&credentials.header)?;
        self.templates(credentials.cookie.values().chain(credentials.query.values()))
    }

    /// A role that signs in on behalf of others cannot need itself for that.
    fn signs_in_by_itself(&self, name: &str) -> CheckResult {
        let mut seen = BTreeSet::from([name]);
        let mut waiting: Vec<&Step> = self.logins(name);
        while let Some(step) = waiting.pop() {
            let Some(by) = &step.by else { continue };
            if by.as_str() == name {
                let what = format!("to sign in, the role `{name}` would have to be signed in already");
                let hint = format!("sign `{name}` in without `as = \"{name}\"`");
                return self.fail(by.span(), what, "on whose behalf?", hint);
            }
            if seen.insert(by.as_str()) {
                waiting.extend(self.logins(by));
            }
        }
        Ok(())
    }

    fn logins(&self, role: &str) -> Vec<&Step> {
        let role = self.profile.role.get(role);
        role.into_iter().flat_map(|role| &role.login).collect()
    }
}
