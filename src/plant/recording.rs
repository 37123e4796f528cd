//! A recording that was planted, and how it is deleted again.

use super::planting::PlantError;
use crate::cast::Persona;
use crate::http::{ActingAs, Credentials, Payload, StackClient, StepRunner, StepSender, Transport};
use crate::ledger::{FacetCanary, Modality};
use crate::profile::{Surface, Vars};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A recording that was planted.
#[derive(Debug, Clone)]
pub struct Recording {
    /// Its number in the run.
    pub number: u32,
    /// Whose it is.
    pub owner: Arc<Persona>,
    /// The people of the consultation by their part in it (`clinician`).
    pub people: BTreeMap<String, Arc<Persona>>,
    /// Whether it is more than begun.
    pub finished: bool,
    /// Who else has a right to it, and why.
    pub grantees: Vec<(Arc<Persona>, String)>,
    /// Who had a right to it and has it no more.
    pub former: BTreeSet<String>,
    /// The grants of the profile that were given to it, also those that have ended.
    pub granted: BTreeSet<String>,
    /// It was deleted: nobody has a right to it any more.
    pub deleted: bool,
    /// How the consultation was held.
    pub modality: Modality,
    /// The world state in which it was planted, by number.
    pub planted_in: u32,
    /// When, in the clinician's diary.
    pub slot: Option<String>,
    /// The stack's id.
    pub id: String,
    /// What the steps that planted it captured.
    pub captured: Vars,
    /// Length of the media in bytes.
    pub media_bytes: u64,
    /// Its canaries by fingerprint.
    pub marks: Vec<FacetCanary>,
    /// Its canaries themselves, as they stand in templates; they never print.
    pub canary: Vars,
}

impl Recording {
    /// Whether somebody has a right to it.
    #[must_use]
    pub fn may_be_seen_by(&self, name: &str) -> bool {
        self.owner.name == name || self.grantees.iter().any(|(grantee, _)| grantee.name == name)
    }

    /// Whether a surface shows recordings like this one: some show only those to which a certain right was given, or only those
    /// that are not finished.
    #[must_use]
    pub fn is_shown_at(&self, surface: &Surface) -> bool {
        let granted = surface
            .granted
            .iter()
            .any(|grant| self.granted.contains(grant.as_str()));
        (surface.granted.is_empty() || granted) && !(surface.unfinished && self.finished)
    }

    /// Whether its owner gets it at such a surface: before it is finished, where such are shown.
    #[must_use]
    pub fn is_to_be_had_at(&self, surface: &Surface) -> bool {
        self.is_shown_at(surface) && (self.finished || surface.unfinished)
    }

    /// Somebody is given a right to it.
    pub fn grant(&mut self, grant: &str, to: &Arc<Persona>, why: &str) {
        self.bring_in(grant);
        self.grantees.push((Arc::clone(to), why.to_owned()));
    }

    /// Somebody is brought into its consultation without a right to it.
    pub fn bring_in(&mut self, grant: &str) {
        self.granted.insert(grant.to_owned());
    }

    /// Somebody's rights to it of this kind have ended.
    pub fn revoke(&mut self, from: &str, why: &str) {
        self.grantees
            .retain(|(grantee, reason)| grantee.name != from || reason != why);
        if !self.may_be_seen_by(from) {
            self.former.insert(from.to_owned());
        }
    }

    /// It is deleted, and with it every right to it; hands back who had one, and why.
    pub fn mark_deleted(&mut self) -> Vec<(Arc<Persona>, String)> {
        self.deleted = true;
        let ended = std::mem::take(&mut self.grantees);
        let former = ended.iter().map(|(grantee, _)| grantee.name.clone());
        self.former.extend(former);
        ended
    }

    /// As it stands in templates: `recording.id`, and what else was captured.
    #[must_use]
    pub fn vars(&self) -> Vars {
        self.captured.clone().with("id", self.id.as_str())
    }

    /// Those on whose behalf steps about it can be.
    pub async fn parties(&self, site: &StackClient) -> ActingAs {
        parties(site, &self.owner, &self.people).await
    }

    /// One that an earlier run has planted, as far as it is known: enough to delete it.
    #[must_use]
    pub fn again(
        number: u32,
        id: String,
        owner: Arc<Persona>,
        people: BTreeMap<String, Arc<Persona>>,
        captured: Vars,
    ) -> Self {
        Self {
            number,
            owner,
            people,
            finished: true,
            grantees: Vec::new(),
            former: BTreeSet::new(),
            granted: BTreeSet::new(),
            deleted: false,
            modality: Modality::Text,
            planted_in: 0,
            slot: None,
            id,
            captured,
            media_bytes: 0,
            marks: Vec::new(),
            canary: Vars::default(),
        }
    }

    /// Deletes it by the profile's steps, where there are any.
    ///
    /// # Errors
    /// When a step does not go as the profile says.
    pub async fn delete(&self, site: &StackClient, carrier: &dyn Transport) -> Result<(), PlantError> {
        if self.deleted {
            return Ok(());
        }
        self.take_away(site, carrier, false).await.map(drop)
    }

    /// The same long after: what is gone already counts as deleted. Hands back whether all of it was.
    ///
    /// # Errors
    /// When a step does not go as the profile says.
    pub async fn delete_what_is_left(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
    ) -> Result<bool, PlantError> {
        self.take_away(site, carrier, true).await
    }

    async fn take_away(
        &self,
        site: &StackClient,
        carrier: &dyn Transport,
        may_be_gone: bool,
    ) -> Result<bool, PlantError> {
        let steps = site.profile.recording.as_ref().map(|part| part.delete.as_slice());
        let steps = steps.unwrap_or_default();
        let parties = self.parties(site).await;
        let mut vars = Vars::default().with("recording", self.vars().as_value());
        vars.set("owner", self.owner.me().as_value());
        vars.set("me", self.owner.me().as_value());
        let doing = format!("delete a recording of {}", self.owner.name);
        let traveller = traveller(site, carrier, &self.owner, &parties, &doing, &NO_PAYLOADS);
        let mut gone = 0;
        for step in steps {
            match traveller.step(step, &mut vars).await {
                Err(error) if may_be_gone && error.is_gone() => gone += 1,
                walked => drop(walked?),
            }
        }
        carrier.undo().recording_done(self.number);
        Ok(gone > 0 && gone == steps.len())
    }
}

static NO_PAYLOADS: BTreeMap<&str, Payload> = BTreeMap::new();

/// Those on whose behalf steps about a recording can be.
pub(super) async fn parties(
    site: &StackClient,
    owner: &Arc<Persona>,
    people: &BTreeMap<String, Arc<Persona>>,
) -> ActingAs {
    let mut parties = ActingAs::from([("owner".to_owned(), owner.party(site).await)]);
    for (part, persona) in people {
        parties.insert(part.clone(), persona.party(site).await);
    }
    parties
}

pub(super) fn traveller<'a>(
    site: &'a StackClient,
    carrier: &'a dyn Transport,
    owner: &'a Persona,
    parties: &'a ActingAs,
    doing: &'a str,
    payloads: &'a BTreeMap<&'static str, Payload>,
) -> StepRunner<'a> {
    static NONE: std::sync::LazyLock<Credentials> = std::sync::LazyLock::new(Credentials::none);
    StepRunner {
        site,
        carrier,
        caller: StepSender {
            who: &owner.name,
            keys: parties.get("owner").map_or(&*NONE, |owner| &owner.keys),
        },
        doing,
        payloads,
        parties,
    }
}
