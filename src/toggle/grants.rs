//! Rights that are given and end while a scenario runs.

use super::ToggleError;
use crate::cast::Persona;
use crate::http::{ActingAs, Credentials, StackClient, StepRunner, StepSender, Transport};
use crate::plant::planting::Recording;
use crate::profile::{GrantPart, Step, Vars};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How a right ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GrantEnd {
    /// It is taken back.
    Withdrawn,
    /// Its time is over.
    Over,
}

impl GrantEnd {
    /// How the world state says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Over => "over",
        }
    }
}

/// What a right is about: a recording, or everything of a person.
#[derive(Debug, Clone, Copy)]
pub enum GrantSubject<'a> {
    /// One recording.
    Recording(&'a Recording),
    /// A person, with all of their recordings.
    Person(&'a Arc<Persona>),
}

impl<'a> GrantSubject<'a> {
    /// Whose it is.
    #[must_use]
    pub fn owner(self) -> &'a Arc<Persona> {
        match self {
            Self::Recording(recording) => &recording.owner,
            Self::Person(owner) => owner,
        }
    }

    /// The recording's number, if it is about one.
    #[must_use]
    pub fn number(self) -> Option<u32> {
        match self {
            Self::Recording(recording) => Some(recording.number),
            Self::Person(_) => None,
        }
    }

    /// What the templates of its steps see, but for `to`.
    #[must_use]
    pub fn variables(self) -> Vars {
        let mut vars = Vars::default();
        if let Self::Recording(recording) = self {
            vars.set("recording", recording.vars().as_value());
            vars.set("canary", recording.canary.as_value());
        }
        vars.set("owner", self.owner().me().as_value());
        vars.set("me", self.owner().me().as_value());
        vars
    }

    /// Who else a step can be on behalf of.
    pub async fn parties(self, site: &StackClient) -> ActingAs {
        match self {
            Self::Recording(recording) => recording.parties(site).await,
            Self::Person(owner) => ActingAs::from([("owner".to_owned(), owner.party(site).await)]),
        }
    }
}

/// The rights that a scenario has given, each with what the steps captured.
#[derive(Debug, Default)]
pub struct Grants {
    given: Vec<ActiveGrant>,
}

#[derive(Debug)]
struct ActiveGrant {
    grant: String,
    owner: String,
    /// None: it is about all of the owner's.
    recording: Option<u32>,
    to: Arc<Persona>,
    vars: Vars,
}

impl ActiveGrant {
    fn is(&self, grant: &str, matter: GrantSubject<'_>, to: &Persona) -> bool {
        let is_about = self.owner == matter.owner().name && self.recording == matter.number();
        self.grant == grant && is_about && self.to.name == to.name
    }
}

impl Grants {
    /// Gives a right by the profile's steps; hands back how long it took until that was seen.
    ///
    /// # Errors
    /// When the profile has no such grant, or the stack refuses.
    pub async fn grant(
        &mut self,
        (site, carrier): (&StackClient, &dyn Transport),
        grant: &str,
        matter: GrantSubject<'_>,
        to: &Arc<Persona>,
    ) -> Result<Duration, ToggleError> {
        let part = part(site, grant)?;
        let mut vars = Vars::default();
        run_steps(site, carrier, grant, &part.give, matter, to, &mut vars).await?;
        let asked = Instant::now();
        let settled = part.settled.as_slice();
        run_steps(site, carrier, grant, settled, matter, to, &mut vars).await?;
        let settled_in = asked.elapsed();
        self.given.push(ActiveGrant {
            grant: grant.to_owned(),
            owner: matter.owner().name.clone(),
            recording: matter.number(),
            to: Arc::clone(to),
            vars,
        });
        Ok(settled_in)
    }

    /// Ends a right by the profile's steps. One that ends by itself has `just_before` done as its last moments run: before the step
    /// that shows that they are over.
    ///
    /// # Errors
    /// When the profile does not say how, or the stack refuses.
    pub async fn revoke(
        &self,
        (site, carrier): (&StackClient, &dyn Transport),
        grant: &str,
        matter: GrantSubject<'_>,
        to: &Arc<Persona>,
        end: GrantEnd,
        just_before: impl Future<Output = ()> + Send,
    ) -> Result<(), ToggleError> {
        let part = part(site, grant)?;
        let steps = match end {
            GrantEnd::Withdrawn => &part.withdraw,
            GrantEnd::Over => &part.lapse,
        };
        let Some((last, before)) = steps.split_last() else {
            return Err(ToggleError::NoEnd(grant.to_owned(), end.word()));
        };
        let known = self.given.iter().rfind(|one| one.is(grant, matter, to));
        let mut vars = known.map_or_else(Vars::default, |one| one.vars.clone());
        run_steps(site, carrier, grant, before, matter, to, &mut vars).await?;
        if end == GrantEnd::Over {
            just_before.await;
        }
        let last = std::slice::from_ref(last);
        run_steps(site, carrier, grant, last, matter, to, &mut vars).await
    }

    /// Forgets a right that has ended.
    pub fn forget(&mut self, grant: &str, matter: GrantSubject<'_>, to: &Persona) {
        self.given.retain(|one| !one.is(grant, matter, to));
    }

    /// The rights that stand to everything of a person, with who has each: what they leave behind from now on is part of it.
    #[must_use]
    pub fn to_all_of(&self, owner: &str) -> Vec<(String, Arc<Persona>)> {
        let theirs = self
            .given
            .iter()
            .filter(|one| one.owner == owner && one.recording.is_none());
        theirs
            .map(|one| (one.grant.clone(), Arc::clone(&one.to)))
            .collect()
    }
}

/// What the profile says of a grant.
///
/// # Errors
/// When it has no such grant.
fn part<'a>(site: &'a StackClient, name: &str) -> Result<&'a GrantPart, ToggleError> {
    let part = site.profile.grant.get(name);
    part.ok_or_else(|| {
        ToggleError::Missing(format!("grant.{name}"), format!("give or end the right `{name}`"))
    })
}

async fn run_steps(
    site: &StackClient,
    carrier: &dyn Transport,
    grant: &str,
    steps: &[Step],
    matter: GrantSubject<'_>,
    to: &Arc<Persona>,
    vars: &mut Vars,
) -> Result<(), ToggleError> {
    let owner = matter.owner();
    for persona in [owner, to] {
        persona.keep_signed_in(site, carrier, None).await?;
    }
    let mut parties = matter.parties(site).await;
    parties.insert("to".to_owned(), to.party(site).await);
    vars.extend(&matter.variables());
    vars.set("to", to.me().as_value());
    let none = Credentials::none();
    let caller = StepSender {
        who: &owner.name,
        keys: parties.get("owner").map_or(&none, |owner| &owner.keys),
    };
    let doing = format!("`{grant}` from {} to {}", owner.name, to.name);
    let traveller = StepRunner {
        site,
        carrier,
        caller,
        doing: &doing,
        payloads: &BTreeMap::new(),
        parties: &parties,
    };
    Ok(traveller.run(steps, vars).await?)
}
