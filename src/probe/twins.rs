//! Twins: the same requests by those who have the right to them, in the same world state.

use super::ProbeError;
use super::ask::{Actor, Asked, Question, Variant};
use super::listening;
use super::plan::{Planned, Scope, sample};
use super::scene::Scene;
use super::walk::walk;
use crate::cast::Persona;
use crate::ledger::{Claim, Part};
use crate::plant::planting::Recording;
use crate::profile::{Profile, Surface, Vars, Write};
use crate::wire::SiteError;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

/// People with the recordings that they ask for.
#[derive(Debug, Default)]
pub(super) struct Entitled {
    people: BTreeMap<String, (Arc<Persona>, Vec<Recording>)>,
    /// They were named by the step: they ask wherever they can, for all of these.
    named: bool,
}

impl Entitled {
    /// Those whom a step names, for recordings that it names.
    pub(super) fn named(people: impl Iterator<Item = Arc<Persona>>, recordings: &[Recording]) -> Self {
        let people = people.map(|persona| (persona.name.clone(), (persona, recordings.to_vec())));
        Self {
            people: people.collect(),
            named: true,
        }
    }

    /// Without everybody but one.
    pub(super) fn only(&mut self, who: &str) {
        self.people.retain(|name, _| name == who);
    }

    /// What somebody asks for at a surface: an owner for their own; at a surface that is meant for certain roles, whoever is
    /// of such a role for what they have a right to.
    fn at<'a>(
        &self,
        scene: &Scene<'_>,
        (name, surface): (&str, &Surface),
        persona: &Persona,
        recordings: &'a [Recording],
    ) -> Vec<&'a Recording> {
        let meant = surface.twin.is_none() && is_meant_for(surface, &persona.role);
        let asked = recordings.iter().filter(|one| {
            let is_named = self.named || !surface.roles.is_empty();
            let asks =
                one.owner.name == persona.name || (is_named && is_opened_to(scene, name, persona, one));
            meant && asks && one.is_to_be_had_at(surface)
        });
        asked.collect()
    }

    /// The first who asks for anything at a surface, and for what.
    pub(super) fn first_at(
        &self,
        scene: &Scene<'_>,
        at: (&str, &Surface),
    ) -> Option<(&Arc<Persona>, &Recording)> {
        self.people.values().find_map(|(persona, recordings)| {
            let first = self.at(scene, at, persona, recordings).into_iter().next()?;
            Some((persona, first))
        })
    }
}

/// Whether somebody is to get a recording at a surface: by some rights one gets it at certain surfaces only.
fn is_opened_to(scene: &Scene<'_>, name: &str, persona: &Persona, recording: &Recording) -> bool {
    let grants = &scene.site().profile.grant;
    let mut rights = recording
        .grantees
        .iter()
        .filter(|(grantee, _)| grantee.name == persona.name)
        .peekable();
    // whoever has no right at all is named for all that: that they do not get it is then seen
    rights.peek().is_none()
        || rights.any(|(_, why)| {
            let grant = grants
                .values()
                .find(|grant| grant.why == *why && !grant.opens.is_empty());
            grant.is_none_or(|grant| grant.opens.iter().any(|opened| opened.as_str() == name))
        })
}

fn is_meant_for(surface: &Surface, role: &str) -> bool {
    surface.roles.is_empty() || surface.roles.iter().any(|known| known.as_str() == role)
}

/// The owners of all recordings in scope, and those with a right to them for whom some surface is meant.
pub(super) fn entitled(scene: &Scene<'_>, scope: &Scope) -> Entitled {
    let mut entitled = Entitled::default();
    let surfaces = &scene.site().profile.surface;
    let wanted = |role: &str| {
        surfaces
            .values()
            .any(|surface| !surface.roles.is_empty() && is_meant_for(surface, role))
    };
    let to_be_had = |one: &&Recording| scope.covers(one.number) && !one.deleted;
    for recording in scene.recordings.iter().filter(to_be_had) {
        let grantees = recording.grantees.iter().map(|(grantee, _)| grantee);
        let grantees =
            grantees.filter(|grantee| wanted(&grantee.role) && grantee.name != recording.owner.name);
        for persona in std::iter::once(&recording.owner).chain(grantees) {
            let (_, theirs) = entitled
                .people
                .entry(persona.name.clone())
                .or_insert_with(|| (Arc::clone(persona), Vec::new()));
            if !theirs.iter().any(|known| known.number == recording.number) {
                theirs.push(recording.clone());
            }
        }
    }
    entitled
}

/// For which recordings at which surfaces a twin is wanted; none: for all.
pub(super) struct Needed(Option<Wanted>);

/// What is tried.
struct Wanted {
    tried: BTreeSet<(String, u32)>,
    /// Surfaces at which whoever is shown a recording in a list opens it: which ones these are is not known beforehand.
    opened: BTreeSet<String>,
}

impl Needed {
    /// For every recording everywhere.
    pub(super) fn all() -> Self {
        Self(None)
    }

    /// For what is tried.
    pub(super) fn by<'a>(profile: &Profile, planned: impl Iterator<Item = &'a Planned>) -> Self {
        let tried = planned.filter_map(|one| Some((one.surface.clone(), one.recording?)));
        let lists = profile
            .surface
            .values()
            .filter_map(|surface| surface.list.as_ref());
        let opened = lists.flat_map(|list| list.opens.iter().map(|name| name.to_string()));
        Self(Some(Wanted {
            tried: tried.collect(),
            opened: opened.collect(),
        }))
    }

    /// Whoever tries another's link may begin with one of their own, so that at such surfaces everybody asks for theirs.
    fn takes(&self, name: &str, surface: &Surface, recording: &Recording) -> bool {
        let wanted = |wanted: &Wanted| {
            wanted.opened.contains(name) || wanted.tried.contains(&(name.to_owned(), recording.number))
        };
        surface.link || self.0.as_ref().is_none_or(wanted)
    }
}

/// Has everybody entitled ask for what is theirs, everywhere, and enters the exchanges as twins; hands back for how many
/// recordings at how many surfaces that was.
pub(super) async fn take(scene: &Scene<'_>, entitled: &Entitled, scope: &Scope, needed: &Needed) -> u32 {
    let asking = entitled
        .people
        .values()
        .map(|(persona, recordings)| of_persona(scene, (entitled, needed), persona, recordings, scope));
    let people = futures::future::join_all(asking);
    // whoever a step names is a person
    let services = async {
        if !entitled.named && !matches!(scope.claim, Claim::Reachable | Claim::NotYet) {
            of_services(scene, scope, needed).await;
        }
    };
    let (asked, ()) = futures::future::join(people, services).await;
    u32::try_from(asked.into_iter().sum::<usize>()).unwrap_or(u32::MAX)
}

/// Has the roles without a person ask wherever none of the people has a right.
async fn of_services(scene: &Scene<'_>, scope: &Scope, needed: &Needed) {
    let covered = scene.recordings.iter().filter(|one| scope.covers(one.number));
    let covered: Vec<&Recording> = covered.collect();
    if covered.is_empty() {
        return;
    }
    for (name, surface) in &scene.site().profile.surface {
        let Some(role) = surface.twin.as_ref().filter(|_| scope.takes(surface)) else {
            continue;
        };
        let actor = Actor::Service(role.to_string());
        if surface.list.is_some() {
            list(scene, &actor, name, surface, &covered).await;
            continue;
        }
        for recording in sample(&covered) {
            if !needed.takes(name, surface, recording) {
                continue;
            }
            for variant in variants(surface) {
                fetch(scene, &actor, name, surface, variant, recording).await;
            }
        }
    }
}

/// Has every owner write what stands there already, wherever something can be changed. That comes last, since a change, even
/// one to the same, empties caches whose mistakes would then go unseen.
pub(super) async fn take_writes(scene: &Scene<'_>, entitled: &Entitled, scope: &Scope, needed: &Needed) {
    let surfaces = scene
        .site()
        .profile
        .surface
        .iter()
        .filter(|(_, surface)| scope.takes(surface));
    for (name, surface) in surfaces {
        let Some(writing) = &surface.write else { continue };
        for (persona, recordings) in entitled.people.values() {
            let actor = Actor::Persona(Arc::clone(persona));
            for recording in sample(&entitled.at(scene, (name, surface), persona, recordings)) {
                if !needed.takes(name, surface, recording) {
                    continue;
                }
                write(scene, &actor, name, surface, writing, recording).await;
            }
        }
    }
}

async fn of_persona(
    scene: &Scene<'_>,
    (entitled, needed): (&Entitled, &Needed),
    persona: &Arc<Persona>,
    recordings: &[Recording],
    scope: &Scope,
) -> usize {
    let mut asked = 0;
    let actor = Actor::Persona(Arc::clone(persona));
    let site = scene.site();
    for (name, surface) in &site.profile.surface {
        let session_is_theirs = surface.session.as_ref().is_none_or(|session| {
            site.role(&persona.role)
                .is_ok_and(|role| role.session.contains_key(session.as_str()))
        });
        if !scope.takes(surface) || !session_is_theirs {
            continue;
        }
        if surface.write.is_some() {
            continue;
        }
        let theirs = entitled.at(scene, (name, surface), persona, recordings);
        if theirs.is_empty() {
            continue;
        }
        if surface.list.is_some() {
            asked += list(scene, &actor, name, surface, &theirs).await;
            continue;
        }
        if surface.is_listened_to() {
            asked += listening::take_twins(scene, &actor, name, surface, &sample(&theirs)).await;
            continue;
        }
        for recording in sample(&theirs) {
            if !needed.takes(name, surface, recording) {
                continue;
            }
            for variant in variants(surface) {
                fetch(scene, &actor, name, surface, variant, recording).await;
                asked += 1;
            }
        }
    }
    asked
}

/// The variants in which a surface is asked.
pub(super) fn variants(surface: &Surface) -> Vec<Variant> {
    let mut variants = vec![Variant::Whole];
    variants.extend(surface.ranges.then_some(Variant::Range));
    variants.extend(surface.head.then_some(Variant::Head));
    variants
}

async fn list(
    scene: &Scene<'_>,
    actor: &Actor,
    name: &str,
    surface: &Surface,
    recordings: &[&Recording],
) -> usize {
    let Some(list) = &surface.list else { return 0 };
    let state = scene.witness.moment().state;
    let numbers: Vec<u32> = recordings.iter().map(|one| one.number).collect();
    let part = Part::Twin {
        recordings: numbers.clone(),
    };
    match walk(scene, actor, name, surface, list, &part).await {
        Ok(walked) => {
            let shown = walked
                .listing
                .map(|listing| listing.recordings)
                .unwrap_or_default();
            let mut twins = scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
            let mut expected = 0;
            // what a list of the newest few leaves out is not expected of it
            for number in numbers
                .into_iter()
                .filter(|number| !list.newest_only || shown.contains(number))
            {
                expected += 1;
                let good = shown.contains(&number);
                twins.enter(name, Variant::Whole, number, state, (walked.last.exchange, good));
            }
            // but something of it is
            expected.max(1)
        }
        Err(error) => {
            let expected = recordings.len();
            scene
                .witness
                .not_sent(actor.name(), name, part, error.to_string());
            expected
        }
    }
}

/// The owner writes what stands there already: it can be written, and nothing changes.
async fn write(
    scene: &Scene<'_>,
    actor: &Actor,
    name: &str,
    surface: &Surface,
    write: &Write,
    recording: &Recording,
) {
    let vars = Vars::default().with("canary", recording.canary.as_value());
    let part = Part::Twin {
        recordings: vec![recording.number],
    };
    let asked = match scene.site().templates.fill(write.unchanged.as_str(), &vars) {
        Err(error) => Err(SiteError::from(error).into()),
        Ok(unchanged) => {
            let question = Question {
                change: Some(&unchanged),
                ..Question::about(name, surface, Variant::Whole, recording)
            };
            question.ask(scene, actor, &part).await
        }
    };
    enter(scene, actor, name, Variant::Whole, recording, part, asked);
}

async fn fetch(
    scene: &Scene<'_>,
    actor: &Actor,
    name: &str,
    surface: &Surface,
    variant: Variant,
    recording: &Recording,
) {
    let part = Part::Twin {
        recordings: vec![recording.number],
    };
    let question = Question::about(name, surface, variant, recording);
    let asked = question.ask(scene, actor, &part).await;
    if let Ok(Asked { link: Some(link), .. }) = &asked
        && surface.link
    {
        let mut links = scene.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.keep(name, recording.number, actor.name(), link.clone());
    }
    enter(scene, actor, name, variant, recording, part, asked);
}

/// Enters an exchange as a twin; what could not be asked is written down as that.
fn enter(
    scene: &Scene<'_>,
    actor: &Actor,
    name: &str,
    variant: Variant,
    recording: &Recording,
    part: Part,
    asked: Result<Asked, ProbeError>,
) {
    match asked {
        Ok(asked) => {
            if let Some(last) = asked.last() {
                scene.enter_twin(name, variant, recording.number, last);
            }
        }
        Err(error) => {
            scene
                .witness
                .not_sent(actor.name(), &variant.surface(name), part, error.to_string());
        }
    }
}
