//! Twins: the same requests by those who have the right to them, in the same world state.

mod control_plan;

pub(super) use control_plan::{ControlCounts, ControlPlan, ListViewers, Refresh};

use super::ProbeError;
use super::context::ProbeContext;
use super::listen_barrier;
use super::listening;
use super::pager::fetch_pages;
use super::plan::{PlannedProbe, Scope, sample};
use super::probe_request::{Actor, ProbeRequest, ProbeResponse, Variant};
use crate::cast::Persona;
use crate::http::StackClientError;
use crate::ledger::{Claim, Purpose};
use crate::plant::planting::Recording;
use crate::profile::{Surface, Text, Vars, WritePart};
use crate::technique::LIST_OWN;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// People with the recordings that they ask for.
#[derive(Debug, Default)]
pub(super) struct Authorised {
    people: BTreeMap<String, (Arc<Persona>, Vec<Recording>)>,
    /// They were named by the step: they ask wherever they can, for all of these.
    named: bool,
}

impl Authorised {
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
        scene: &ProbeContext<'_>,
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

    /// For what somebody is handed links at a surface; for nothing where none are.
    pub(super) fn for_links<'a>(
        &self,
        scene: &ProbeContext<'_>,
        at: (&str, &Surface),
        persona: &Persona,
        recordings: &'a [Recording],
    ) -> Vec<&'a Recording> {
        if !at.1.link {
            return Vec::new();
        }
        self.at(scene, at, persona, recordings)
    }

    /// Of what is planned: who looks at a list in which they are to be shown what is their own. What a list of the newest few leaves out
    /// has to be known before anybody looks.
    pub(super) fn looking(&self, scene: &ProbeContext<'_>, planned: &[PlannedProbe]) -> ListViewers {
        let surfaces = &scene.site().profile.surface;
        let shows_their_own = |one: &&PlannedProbe| {
            let (Some(surface), Some((persona, recordings))) =
                (surfaces.get(&one.surface), self.people.get(&one.who))
            else {
                return false;
            };
            let is_look = one.technique == LIST_OWN && one.variant == Variant::Whole;
            let is_whole = surface.list.as_ref().is_some_and(|list| !list.newest_only);
            is_look
                && is_whole
                && !self
                    .at(scene, (&one.surface, surface), persona, recordings)
                    .is_empty()
        };
        let looks = planned.iter().filter(shows_their_own);
        looks.map(|one| (one.who.clone(), one.surface.clone())).collect()
    }

    /// The first who asks for anything at a surface, and for what.
    pub(super) fn first_at(
        &self,
        scene: &ProbeContext<'_>,
        at: (&str, &Surface),
    ) -> Option<(&Arc<Persona>, &Recording)> {
        self.people.values().find_map(|(persona, recordings)| {
            let first = self.at(scene, at, persona, recordings).into_iter().next()?;
            Some((persona, first))
        })
    }
}

/// Whether somebody is to get a recording at a surface: by some rights one gets it at certain surfaces only.
fn is_opened_to(scene: &ProbeContext<'_>, name: &str, persona: &Persona, recording: &Recording) -> bool {
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
pub(super) fn entitled(scene: &ProbeContext<'_>, scope: &Scope) -> Authorised {
    let mut entitled = Authorised::default();
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

/// Has everybody entitled ask for what is theirs, everywhere, and enters the exchanges as twins.
pub(super) async fn run_controls(
    scene: &ProbeContext<'_>,
    entitled: &Authorised,
    scope: &Scope,
    needed: &ControlPlan,
) -> ControlCounts {
    let asking = entitled.people.values().map(|(persona, recordings)| {
        run_persona_controls(scene, (entitled, needed), persona, recordings, scope)
    });
    let people = futures::future::join_all(asking);
    let listening = run_listener_controls(scene, (entitled, needed), scope);
    // whoever a step names is a person
    let services = async {
        if !entitled.named && !matches!(scope.claim, Claim::Reachable | Claim::NotYet) {
            run_service_controls(scene, scope, needed).await;
        }
    };
    let (by_person, by_listening, ()) = futures::future::join3(people, listening, services).await;
    let mut taken = ControlCounts::default();
    for theirs in by_person.into_iter().chain([by_listening]) {
        taken.asked = taken.asked.saturating_add(theirs.asked);
        taken.standing.extend(theirs.standing);
    }
    taken
}

/// Has the roles without a person ask wherever none of the people has a right.
async fn run_service_controls(scene: &ProbeContext<'_>, scope: &Scope, needed: &ControlPlan) {
    let covered = scene.recordings.iter().filter(|one| scope.covers(one.number));
    let covered: Vec<&Recording> = covered.collect();
    if covered.is_empty() {
        return;
    }
    for (name, surface) in &scene.site().profile.surface {
        let asks = |role: &&Text| scope.takes(surface) && needed.has_ask(role.as_str(), name, surface);
        let Some(role) = surface.twin.as_ref().filter(asks) else {
            continue;
        };
        let actor = Actor::Service(role.to_string());
        let mut stood = ControlCounts::default();
        if surface.list.is_some() {
            if !stood.reuse_earlier(
                scene,
                needed,
                role.as_str(),
                (name, surface, Variant::Whole),
                &covered,
            ) {
                list(scene, &actor, name, surface, &covered).await;
            }
            continue;
        }
        for recording in sample(&covered) {
            if !needed.takes(name, surface, recording) {
                continue;
            }
            for variant in variants(surface) {
                if !stood.reuse_earlier(
                    scene,
                    needed,
                    role.as_str(),
                    (name, surface, variant),
                    &[recording],
                ) {
                    fetch(scene, &actor, name, surface, variant, recording).await;
                }
            }
        }
    }
}

/// Has every owner write what stands there already, wherever something can be changed. That comes last, since a change, even
/// one to the same, empties caches whose mistakes would then go unseen.
pub(super) async fn run_write_controls(
    scene: &ProbeContext<'_>,
    entitled: &Authorised,
    scope: &Scope,
    needed: &ControlPlan,
) {
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

/// Whether anybody's request to a surface, other than to change something, is to be a twin.
fn asks_at(
    scene: &ProbeContext<'_>,
    needed: &ControlPlan,
    persona: &Persona,
    scope: &Scope,
    (name, surface): (&str, &Surface),
) -> bool {
    let site = scene.site();
    let session_is_theirs = surface.session.as_ref().is_none_or(|session| {
        site.role(&persona.role)
            .is_ok_and(|role| role.session.contains_key(session.as_str()))
    });
    scope.takes(surface)
        && session_is_theirs
        && surface.write.is_none()
        && needed.has_ask(&persona.name, name, surface)
}

/// Has everybody listen to what happens to what is theirs, all at the same time.
async fn run_listener_controls(
    scene: &ProbeContext<'_>,
    (entitled, needed): (&Authorised, &ControlPlan),
    scope: &Scope,
) -> ControlCounts {
    let mut taken = ControlCounts::default();
    let mut listeners = Vec::new();
    let surfaces = scene.site().profile.surface.iter();
    for (name, surface) in surfaces.filter(|(_, surface)| surface.is_listened_to()) {
        let Some(stream) = &surface.stream else { continue };
        for (persona, recordings) in entitled.people.values() {
            if !asks_at(scene, needed, persona, scope, (name, surface)) {
                continue;
            }
            let told_of = sample(&entitled.at(scene, (name, surface), persona, recordings));
            let whole = (name.as_str(), surface, Variant::Whole);
            if told_of.is_empty() || taken.reuse_earlier(scene, needed, &persona.name, whole, &told_of) {
                continue;
            }
            listeners.push((name, surface, stream, persona, told_of));
        }
    }
    let counted = listeners
        .iter()
        .map(|(_, _, stream, _, told_of)| (*stream, told_of.clone()));
    let parties = listen_barrier::parties(counted);
    let listening = listeners.iter().map(|(name, surface, stream, persona, told_of)| {
        let ticket = listen_barrier::ticket(&parties, stream);
        let actor = Actor::Persona(Arc::clone(persona));
        async move { listening::take_twins(scene, &actor, name, surface, told_of, ticket).await }
    });
    // every ticket is taken before the first of them listens
    let listening: Vec<_> = listening.collect();
    for told in futures::future::join_all(listening).await {
        taken.add(told);
    }
    taken
}

async fn run_persona_controls(
    scene: &ProbeContext<'_>,
    (entitled, needed): (&Authorised, &ControlPlan),
    persona: &Arc<Persona>,
    recordings: &[Recording],
    scope: &Scope,
) -> ControlCounts {
    let mut taken = ControlCounts::default();
    let actor = Actor::Persona(Arc::clone(persona));
    let site = scene.site();
    for (name, surface) in &site.profile.surface {
        if !asks_at(scene, needed, persona, scope, (name, surface)) || surface.is_listened_to() {
            continue;
        }
        let theirs = entitled.at(scene, (name, surface), persona, recordings);
        if theirs.is_empty() {
            continue;
        }
        let whole = (name.as_str(), surface, Variant::Whole);
        if surface.list.is_some() {
            if !taken.reuse_earlier(scene, needed, &persona.name, whole, &theirs) {
                taken.add(list(scene, &actor, name, surface, &theirs).await);
            }
            continue;
        }
        for recording in sample(&theirs) {
            if !needed.takes(name, surface, recording) {
                continue;
            }
            for variant in variants(surface) {
                let at = (name.as_str(), surface, variant);
                if !taken.reuse_earlier(scene, needed, &persona.name, at, &[recording]) {
                    fetch(scene, &actor, name, surface, variant, recording).await;
                    taken.add(1);
                }
            }
        }
    }
    taken
}

/// The variants in which a surface is asked.
pub(super) fn variants(surface: &Surface) -> Vec<Variant> {
    let mut variants = vec![Variant::Whole];
    variants.extend(surface.ranges.then_some(Variant::Range));
    variants.extend(surface.head.then_some(Variant::Head));
    variants
}

async fn list(
    scene: &ProbeContext<'_>,
    actor: &Actor,
    name: &str,
    surface: &Surface,
    recordings: &[&Recording],
) -> usize {
    let Some(list) = &surface.list else { return 0 };
    let state = scene.client.moment().state;
    let numbers: Vec<u32> = recordings.iter().map(|one| one.number).collect();
    let part = Purpose::Twin {
        recordings: numbers.clone(),
    };
    match fetch_pages(scene, actor, name, surface, list, &part).await {
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
                let found = (walked.last.exchange, good);
                twins.enter(name, Variant::Whole, number, state, found);
                twins.got(actor.name(), (name, Variant::Whole), number, state, found);
            }
            // but something of it is
            expected.max(1)
        }
        Err(error) => {
            let expected = recordings.len();
            scene.client.not_sent(actor.name(), name, part, error.to_string());
            expected
        }
    }
}

/// The owner writes what stands there already: it can be written, and nothing changes.
async fn write(
    scene: &ProbeContext<'_>,
    actor: &Actor,
    name: &str,
    surface: &Surface,
    write: &WritePart,
    recording: &Recording,
) {
    let vars = Vars::default().with("canary", recording.canary.as_value());
    let part = Purpose::Twin {
        recordings: vec![recording.number],
    };
    let asked = match scene.site().templates.fill(write.unchanged.as_str(), &vars) {
        Err(error) => Err(StackClientError::from(error).into()),
        Ok(unchanged) => {
            let question = ProbeRequest {
                change: Some(&unchanged),
                ..ProbeRequest::for_recording(name, surface, Variant::Whole, recording)
            };
            question.send(scene, actor, &part).await
        }
    };
    enter(scene, actor, name, Variant::Whole, recording, part, asked);
}

async fn fetch(
    scene: &ProbeContext<'_>,
    actor: &Actor,
    name: &str,
    surface: &Surface,
    variant: Variant,
    recording: &Recording,
) {
    let part = Purpose::Twin {
        recordings: vec![recording.number],
    };
    let question = ProbeRequest::for_recording(name, surface, variant, recording);
    let asked = question.send(scene, actor, &part).await;
    if let Ok(ProbeResponse { link: Some(link), .. }) = &asked
        && surface.link
    {
        let mut links = scene.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.store_link(name, recording.number, actor.name(), link.clone());
    }
    enter(scene, actor, name, variant, recording, part, asked);
}

/// Enters an exchange as a twin; what could not be asked is written down as that.
fn enter(
    scene: &ProbeContext<'_>,
    actor: &Actor,
    name: &str,
    variant: Variant,
    recording: &Recording,
    part: Purpose,
    asked: Result<ProbeResponse, ProbeError>,
) {
    match asked {
        Ok(asked) => {
            if let Some(last) = asked.last() {
                scene.enter_twin(actor.name(), (name, variant), recording.number, last);
            }
        }
        Err(error) => {
            scene
                .client
                .not_sent(actor.name(), &variant.surface(name), part, error.to_string());
        }
    }
}
