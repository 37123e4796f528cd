//! The people of a run that has ended: made up again from its seed, and taken away.

use crate::cast::{CastError, Identity, People, Persona};
use crate::http::{StackClient, Transport};
use crate::profile::{Step, Vars};
use crate::undo::{PendingUndo, RemainingUndo, UndoRecord};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The people of the undo file, by scenario and name.
pub(super) struct RebuiltPeople(BTreeMap<(u32, String), RebuiltPersona>);

struct RebuiltPersona {
    identity: Identity,
    role: String,
    lent: bool,
    /// Made up again; or why that cannot be.
    persona: Result<Arc<Persona>, String>,
}

/// What became of somebody.
pub(super) enum Removal {
    /// They were taken away; or everything of theirs was gone already.
    Away { gone: bool },
    /// The stack has never heard of them.
    NeverCame,
    /// The profile does not say how they are taken away.
    Stays,
}

impl RebuiltPeople {
    /// All of them.
    pub(super) fn of(left: &RemainingUndo, site: &StackClient) -> Self {
        let Some(run) = &left.run else {
            return Self(BTreeMap::new());
        };
        let people = People::new(run.seed, &run.run);
        let guests = left.records.values().filter_map(|pending| {
            let UndoRecord::Person {
                scenario,
                name,
                role,
                turn,
                lent,
                belonging,
            } = &pending.record
            else {
                return None;
            };
            let identity = people.introduced(*scenario, name, *turn, belonging);
            let persona = made_up_again(site, name, role, &identity, *lent, pending);
            let guest = RebuiltPersona {
                persona: persona.map_err(|error| error.to_string()),
                identity,
                role: role.clone(),
                lent: *lent,
            };
            Some(((*scenario, name.clone()), guest))
        });
        Self(guests.collect())
    }

    /// Somebody of a scenario.
    pub(super) fn find(&self, scenario: u32, name: &str) -> Option<Arc<Persona>> {
        let guest = self.0.get(&(scenario, name.to_owned()))?;
        guest.persona.as_ref().ok().cloned()
    }

    /// By what somebody is found in the stack by hand.
    pub(super) fn email(&self, scenario: u32, name: &str) -> &str {
        self.0
            .get(&(scenario, name.to_owned()))
            .map_or("", |guest| guest.identity.email.as_str())
    }

    /// Whether somebody is not taken away whatever happens: they are lent, or the profile does not say how.
    pub(super) fn stays(&self, site: &StackClient, scenario: u32, name: &str) -> bool {
        self.0
            .get(&(scenario, name.to_owned()))
            .is_none_or(|guest| guest.lent || site.role(&guest.role).is_ok_and(|role| role.remove.is_empty()))
    }

    /// Takes somebody away, after `answered` steps of their being taken in.
    ///
    /// # Errors
    /// With why that could not be done.
    pub(super) async fn take_away(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        scenario: u32,
        name: &str,
        answered: usize,
    ) -> Result<Removal, String> {
        let Some(guest) = self.0.get(&(scenario, name.to_owned())) else {
            return Ok(Removal::NeverCame);
        };
        let persona = guest.persona.clone()?;
        let role = site.role(&guest.role).map_err(|error| error.to_string())?;
        let unknown = answered == 0 && !role.provision.is_empty() && !role.login.is_empty();
        let on_their_own = role
            .remove
            .iter()
            .any(|step| step.by.is_none() || speaks_of_a_session(site, &guest.role, step));
        let mut not_signed_in = None;
        if unknown || on_their_own {
            match persona.sign_in(site, carrier, None).await {
                Ok(()) => {}
                // they were about to be taken in, and nobody lets them in: the stack has never heard of them
                Err(CastError::Step(error)) if unknown && error.is_refused() => {
                    return Ok(Removal::NeverCame);
                }
                Err(error) => not_signed_in = Some(error.to_string()),
            }
        }
        let gone = persona
            .remove_what_is_left(site, carrier)
            .await
            .map_err(|error| not_signed_in.unwrap_or_else(|| error.to_string()))?;
        if role.remove.is_empty() {
            return Ok(Removal::Stays);
        }
        Ok(Removal::Away { gone })
    }
}

fn made_up_again(
    site: &StackClient,
    name: &str,
    role: &str,
    identity: &Identity,
    lent: bool,
    pending: &PendingUndo,
) -> Result<Arc<Persona>, CastError> {
    if lent {
        return Persona::lent_again(site, name, role, identity);
    }
    let answered = Vars::of(&pending.values.0);
    Ok(Persona::again(site, name, role, identity, &answered)?)
}

/// Whether a step mentions what somebody of this role knows only after they have signed in.
pub(super) fn speaks_of_a_session(site: &StackClient, role: &str, step: &Step) -> bool {
    let Ok(role) = site.role(role) else { return false };
    let mut found = false;
    let mut see = |text: &str| {
        let jar = role.credentials.jar && text.contains("jar.");
        let captured = role
            .login
            .iter()
            .flat_map(Step::captured_names)
            .any(|name| text.contains(&format!("me.{name}")) || text.contains(&format!("owner.{name}")));
        found |= jar || captured;
    };
    step.strings(&mut see);
    found
}
