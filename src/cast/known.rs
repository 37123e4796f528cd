//! What is known of somebody before the stack has heard of them, and long after.

use super::error::CastError;
use super::people::Identity;
use super::persona::Persona;
use crate::http::{StackClient, StackClientError};
use crate::profile::{Text, Vars};
use std::collections::BTreeMap;
use std::sync::Arc;

impl Persona {
    /// Somebody whom the profile has lent to an earlier run.
    ///
    /// # Errors
    /// When the profile lends them no more.
    pub fn lent_again(
        site: &StackClient,
        name: &str,
        role: &str,
        identity: &Identity,
    ) -> Result<Arc<Self>, CastError> {
        let me = lent_person(site, name, role, identity)?;
        let mut persona = Self::new(name, role, me, None);
        persona.lent = true;
        Ok(Arc::new(persona))
    }

    /// Somebody whom an earlier run has taken in: made up again, and known by what the stack answered then. They still have to sign
    /// in.
    ///
    /// # Errors
    /// When the profile has no such role.
    pub fn again(
        site: &StackClient,
        name: &str,
        role: &str,
        identity: &Identity,
        answered: &Vars,
    ) -> Result<Arc<Self>, StackClientError> {
        let mut me = known(site, role, identity)?;
        me.extend(answered);
        Ok(Arc::new(Self::new(name, role, me, None)))
    }
}

/// What is known of somebody before the stack has heard of them.
pub(super) fn known(site: &StackClient, role: &str, identity: &Identity) -> Result<Vars, StackClientError> {
    let mut me = Vars::default()
        .with("name", identity.full_name.as_str())
        .with("email", identity.email.as_str())
        .with("password", identity.password.as_str())
        .with("nhs_number", identity.nhs_number.as_str());
    let tenants = &identity.belonging.tenants;
    if let Some(first) = tenants.first() {
        me.set("tenant", first.as_str());
        me.set("tenants", tenants.clone());
    }
    for (name, values) in &site.role(role)?.vary {
        if let Some(value) = values.get(identity.turn % values.len().max(1)) {
            me.set(name, fill(site, value)?);
        }
    }
    Ok(me)
}

/// The same of somebody whom the profile lends: what it says of them goes before what was made up.
pub(super) fn lent_person(
    site: &StackClient,
    name: &str,
    role: &str,
    identity: &Identity,
) -> Result<Vars, CastError> {
    let tenant = identity.belonging.tenants.first();
    // of a tenant's people, those who are said to be of it
    let is_theirs = |given: &&BTreeMap<String, Text>| {
        tenant.is_none_or(|tenant| given.get("tenant").is_some_and(|known| known.as_str() == tenant))
    };
    let given: Vec<_> = site.role(role)?.given.iter().filter(is_theirs).collect();
    let values = *given.get(identity.turn).ok_or_else(|| CastError::Lent {
        name: name.to_owned(),
        role: role.to_owned(),
        lent: given.len(),
    })?;
    let mut me = known(site, role, identity)?;
    for (name, template) in values {
        me.set(name, fill(site, template)?);
    }
    Ok(me)
}

fn fill(site: &StackClient, template: &Text) -> Result<serde_json::Value, StackClientError> {
    Ok(site.templates.value(template, &site.stack)?)
}
