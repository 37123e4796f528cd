//! Every surface, asked by the owner, by somebody else, by nobody, and for what is not there.

use super::Check;
use super::people::{BYSTANDER, OWNER};
use crate::ledger::{Facet, OutcomeClass};
use crate::plant::planting::Recording;
use crate::probe::{Actor, SettledLook, look_at};
use crate::profile::Vars;
use std::collections::{BTreeMap, BTreeSet};

/// What the owner got, by surface.
#[derive(Debug, Default)]
pub(super) struct OwnerResponses {
    /// The facets that came with each surface.
    pub(super) facets: BTreeMap<String, BTreeSet<Facet>>,
    /// The surfaces that showed the owner their recording.
    pub(super) shown: BTreeSet<String>,
}

impl Check<'_> {
    /// Looks at every surface; hands back what the owner got.
    pub(super) async fn look_everywhere(&mut self) -> OwnerResponses {
        let mut seen = OwnerResponses::default();
        let surfaces = self.site().profile.surface.clone();
        if surfaces.is_empty() {
            self.fails(
                "no surface",
                "the profile has no `[surface.…]`: there is nothing to list or fetch",
            );
        }
        let Some(recording) = self
            .recordings
            .iter()
            .find(|one| one.owner.name == OWNER)
            .cloned()
        else {
            return seen;
        };
        for (name, surface) in surfaces.iter().filter(|(_, surface)| surface.write.is_none()) {
            if self.is_stopped() {
                break;
            }
            if let Some(grant) = surface.granted.first() {
                let why =
                    format!("it shows only what was granted by `{grant}`, and nothing is in this check");
                self.lacks(&format!("`{name}`"), &why);
                continue;
            }
            if surface.unfinished {
                let why = "it shows only what is not finished, and nothing of that sort is in this check";
                self.lacks(&format!("`{name}`"), why);
                continue;
            }
            let asker = match (&surface.twin, surface.roles.first()) {
                (Some(role), _) => Some(Actor::Service(role.to_string())),
                (None, Some(role)) => {
                    let of_role = self.cast.everyone().find(|one| one.role == role.as_str());
                    of_role.cloned().map(Actor::Persona)
                }
                (None, None) => self.person(OWNER).map(Actor::Persona),
            };
            let Some(owner) = asker else {
                self.lacks(&format!("`{name}`"), "nobody of its roles is in this check");
                continue;
            };
            let whom = match &surface.twin {
                Some(role) => format!("`{role}`"),
                None => "its owner".to_owned(),
            };
            let look = look_at(&self.scene(), (name, surface), &owner, &recording, &recording.id).await;
            match look {
                Err(error) => self.fails(&format!("`{name}` for {whom}"), &error.to_string()),
                Ok(look) => {
                    seen.facets.insert(name.clone(), look.facets.clone());
                    if look.shows(&recording) {
                        seen.shown.insert(name.clone());
                        self.works(&format!("`{name}` for {whom}"), &got(&look));
                        self.others(name, surface, &recording).await;
                    } else {
                        let why = format!("the owner's recording did not come with it: {}", answered(&look));
                        self.fails(&format!("`{name}` for {whom}"), &why);
                    }
                }
            }
        }
        seen
    }

    /// What somebody else, nobody, and a question for what is not there come back with.
    async fn others(&mut self, name: &str, surface: &crate::profile::Surface, recording: &Recording) {
        let Some(ben) = self.person(BYSTANDER) else { return };
        let mut told = Vec::new();
        for (who, actor) in [
            ("somebody else", Actor::Persona(ben.clone())),
            ("nobody", Actor::Nobody),
        ] {
            match look_at(&self.scene(), (name, surface), &actor, recording, &recording.id).await {
                Err(error) => told.push(format!("{who}: {error}")),
                Ok(look) if look.shows(recording) => told.push(format!("{who} GOT IT: {}", got(&look))),
                Ok(look) => told.push(format!("{who}: {}", answered(&look))),
            }
        }
        if surface.list.is_none() {
            let missing = self.missing();
            let actor = Actor::Persona(ben);
            match missing {
                Err(error) => told.push(error),
                Ok(missing) => {
                    match look_at(&self.scene(), (name, surface), &actor, recording, &missing).await {
                        Err(error) => told.push(format!("what is not there: {error}")),
                        Ok(look) => told.push(format!("what is not there: {}", answered(&look))),
                    }
                }
            }
        }
        self.works(&format!("`{name}` for others"), &told.join("; "));
    }

    fn missing(&self) -> Result<String, String> {
        let part = self.site().profile.recording.as_ref();
        let template = part.map(|part| part.missing.as_str()).unwrap_or_default();
        self.site()
            .templates
            .fill(template, &Vars::default())
            .map_err(|error| error.to_string())
    }

    /// After all changes and their ways back, the owner must get what they got before.
    pub(super) async fn look_again(&mut self, before: &OwnerResponses) {
        let surfaces = self.site().profile.surface.clone();
        let Some(recording) = self
            .recordings
            .iter()
            .find(|one| one.owner.name == OWNER)
            .cloned()
        else {
            return;
        };
        let Some(owner) = self.person(OWNER).map(Actor::Persona) else {
            return;
        };
        let mut lost = Vec::new();
        let theirs = surfaces
            .iter()
            .filter(|(name, surface)| before.shown.contains(*name) && surface.roles.is_empty());
        for (name, surface) in theirs {
            let service = surface.twin.as_ref().map(|role| Actor::Service(role.to_string()));
            let asker = service.as_ref().unwrap_or(&owner);
            let look = look_at(&self.scene(), (name, surface), asker, &recording, &recording.id).await;
            if !look.is_ok_and(|look| look.shows(&recording)) {
                lost.push(format!("`{name}`"));
            }
        }
        if lost.is_empty() {
            self.works("everything is still there afterwards", "");
        } else {
            let detail = format!("the owner no longer gets it at {}", lost.join(", "));
            self.fails("everything is still there afterwards", &detail);
        }
    }
}

/// What came: "listed 1 of 1 in all; title, metadata".
fn got(look: &SettledLook) -> String {
    let mut parts = Vec::new();
    if let Some(list) = &look.listing {
        let total = list
            .total
            .map(|total| format!(", total {total}"))
            .unwrap_or_default();
        parts.push(format!("{} listed on {} page(s){total}", list.items, list.pages));
    }
    let facets: Vec<&str> = look
        .facets
        .iter()
        .filter(|facet| **facet != Facet::Id)
        .map(|facet| facet.word())
        .collect();
    if !facets.is_empty() {
        parts.push(facets.join(", "));
    }
    parts.join("; ")
}

/// What the stack said: "403, denied".
fn answered(look: &SettledLook) -> String {
    if let Some(broken) = &look.broken {
        return broken.clone();
    }
    if let Some(list) = &look.listing {
        if let Some(why) = &list.incomplete {
            return format!("{}, a list that cannot be read: {why}", look.status);
        }
        return format!("{}, a list of {}", look.status, list.items);
    }
    let word = match look.class {
        OutcomeClass::Served => "served",
        OutcomeClass::Denied => "denied",
        OutcomeClass::NoSession => "not signed in",
        OutcomeClass::Throttled => "asked to wait",
        OutcomeClass::Broken => "failed",
        OutcomeClass::Other => "neither served nor denied by `[outcome]`",
    };
    format!("{}, {word}", look.status)
}
