//! The people of one scenario.

use super::error::CastError;
use super::people::People;
use super::persona::Persona;
use crate::http::{StackClient, Transport};
use crate::undo::Membership;
use std::sync::Arc;

/// Whom a scenario speaks of, as it does the first time.
#[derive(Debug)]
pub struct PersonaSpec<'a> {
    /// What it calls them.
    pub name: &'a str,
    /// Their role in the profile.
    pub role: &'a str,
    /// What else it says of them.
    pub belonging: Membership,
}

/// The people of one scenario, in the order of their appearance.
#[derive(Debug, Default)]
pub struct Cast {
    people: Vec<Arc<Persona>>,
}

impl Cast {
    /// Takes somebody in who has not joined yet: lent by the profile, or made up and provisioned.
    ///
    /// # Errors
    /// When the stack does not take them in, or nobody is left to be lent.
    pub async fn take_in(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        people: &People,
        scenario: u32,
        introduced: &PersonaSpec<'_>,
    ) -> Result<Arc<Persona>, CastError> {
        let PersonaSpec {
            name,
            role,
            belonging,
        } = introduced;
        let alike = |one: &&Arc<Persona>| {
            one.role == *role && one.me().text("tenant") == belonging.tenants.first().map(String::as_str)
        };
        let turn = self.people.iter().filter(alike).count();
        let identity = people.introduced(scenario, name, turn, belonging);
        if site.role(role)?.given.is_empty() {
            return Persona::provision(site, carrier, name, role, &identity).await;
        }
        // whoever borrows first holds them all until the scenario is over, so that no two scenarios wait for each other
        let loan = match self.people.iter().find_map(|one| one.loan()) {
            Some(loan) => loan,
            None => people.lease().await,
        };
        let persona = Persona::given(site, name, role, &identity, loan)?;
        carrier.undo().person(name, role, turn, true, belonging);
        Ok(persona)
    }

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
