//! Rights that are given and end while a scenario runs.

use super::ToggleError;
use crate::cast::Persona;
use crate::plant::planting::Recording;
use crate::profile::{GrantPart, Step, Vars};
use crate::wire::{Caller, Carrier, Keys, Site, Traveller};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a right ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is taken back.
    Withdrawn,
    /// Its time is over.
    Over,
}

impl End {
    /// How the world state says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Over => "over",
        }
    }
}

/// The rights that a scenario has given, each with what the steps captured.
#[derive(Debug, Default)]
pub struct Grants {
    given: Vec<Given>,
}

#[derive(Debug)]
struct Given {
    grant: String,
    recording: u32,
    to: String,
    vars: Vars,
}

impl Grants {
    /// Gives a right to a recording by the profile's steps.
    ///
    /// # Errors
    /// When the profile has no such grant, or the stack refuses.
    pub async fn give(
        &mut self,
        site: &Site,
        carrier: &dyn Carrier,
        grant: &str,
        recording: &Recording,
        to: &Arc<Persona>,
    ) -> Result<(), ToggleError> {
        let steps = &part(site, grant)?.give;
        let mut vars = Vars::default();
        walk(site, carrier, grant, steps, recording, to, &mut vars).await?;
        self.given.push(Given {
            grant: grant.to_owned(),
            recording: recording.number,
            to: to.name.clone(),
            vars,
        });
        Ok(())
    }

    /// Ends a right to a recording by the profile's steps.
    ///
    /// # Errors
    /// When the profile does not say how, or the stack refuses.
    pub async fn end(
        &mut self,
        site: &Site,
        carrier: &dyn Carrier,
        grant: &str,
        recording: &Recording,
        to: &Arc<Persona>,
        end: End,
    ) -> Result<(), ToggleError> {
        let part = part(site, grant)?;
        let steps = match end {
            End::Withdrawn => &part.withdraw,
            End::Over => &part.lapse,
        };
        if steps.is_empty() {
            return Err(ToggleError::NoEnd(grant.to_owned(), end.word()));
        }
        let of = |one: &Given| one.grant == grant && one.recording == recording.number && one.to == to.name;
        let mut vars = self
            .given
            .iter()
            .rfind(|one| of(one))
            .map_or_else(Vars::default, |one| one.vars.clone());
        walk(site, carrier, grant, steps, recording, to, &mut vars).await?;
        self.given.retain(|one| !of(one));
        Ok(())
    }
}

/// What the profile says of a grant.
///
/// # Errors
/// When it has no such grant.
fn part<'a>(site: &'a Site, name: &str) -> Result<&'a GrantPart, ToggleError> {
    let part = site.profile.grant.get(name);
    part.ok_or_else(|| {
        ToggleError::Missing(format!("grant.{name}"), format!("give or end the right `{name}`"))
    })
}

async fn walk(
    site: &Site,
    carrier: &dyn Carrier,
    grant: &str,
    steps: &[Step],
    recording: &Recording,
    to: &Arc<Persona>,
    vars: &mut Vars,
) -> Result<(), ToggleError> {
    let owner = &recording.owner;
    for persona in [owner, to] {
        persona.keep_signed_in(site, carrier, None).await?;
    }
    let mut parties = recording.parties(site).await;
    parties.insert("to".to_owned(), to.party(site).await);
    vars.set("recording", recording.vars().as_value());
    vars.set("owner", owner.me().as_value());
    vars.set("me", owner.me().as_value());
    vars.set("to", to.me().as_value());
    let none = Keys::none();
    let caller = Caller {
        who: &owner.name,
        keys: parties.get("owner").map_or(&none, |owner| &owner.keys),
    };
    let doing = format!("`{grant}` from {} to {}", owner.name, to.name);
    let traveller = Traveller {
        site,
        carrier,
        caller,
        doing: &doing,
        payloads: &BTreeMap::new(),
        parties: &parties,
    };
    Ok(traveller.walk(steps, vars).await?)
}
