//! Twins: the same requests by those who have the right to them, in the same world state.

use super::ProbeError;
use super::ask::{Actor, Asked, Question, Variant};
use super::plan::{Scope, sample};
use super::scene::Scene;
use super::walk::walk;
use crate::cast::Persona;
use crate::ledger::Part;
use crate::plant::planting::Recording;
use crate::profile::{Surface, Vars, Write};
use crate::wire::SiteError;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// Somebody with the recordings that they have a right to.
pub(super) type Entitled = BTreeMap<String, (Arc<Persona>, Vec<Recording>)>;

/// The owners of all recordings in scope.
pub(super) fn owners(scene: &Scene<'_>, scope: &Scope) -> Entitled {
    let mut owners = Entitled::new();
    for recording in scene.recordings.iter().filter(|one| scope.covers(one.number)) {
        let name = recording.owner.name.clone();
        owners
            .entry(name)
            .or_insert_with(|| (Arc::clone(&recording.owner), Vec::new()))
            .1
            .push(recording.clone());
    }
    owners
}

/// Has everybody entitled ask for what is theirs, everywhere, and enters the exchanges as twins; hands back for how many
/// recordings at how many surfaces that was.
pub(super) async fn take(scene: &Scene<'_>, entitled: &Entitled, scope: &Scope) -> u32 {
    let asking = entitled
        .values()
        .map(|(persona, recordings)| of_persona(scene, persona, recordings, scope));
    let asked: usize = futures::future::join_all(asking).await.into_iter().sum();
    u32::try_from(asked).unwrap_or(u32::MAX)
}

/// Has every owner write what stands there already, wherever something can be changed. That comes last, since a change, even
/// one to the same, empties caches whose mistakes would then go unseen.
pub(super) async fn take_writes(scene: &Scene<'_>, owners: &Entitled, scope: &Scope) {
    let surfaces = scene
        .site()
        .profile
        .surface
        .iter()
        .filter(|(_, surface)| scope.takes(surface));
    for (name, surface) in surfaces {
        let Some(writing) = &surface.write else { continue };
        for (persona, recordings) in owners.values() {
            let actor = Actor::Persona(Arc::clone(persona));
            for recording in sample(&recordings.iter().collect::<Vec<_>>()) {
                write(scene, &actor, name, surface, writing, recording).await;
            }
        }
    }
}

async fn of_persona(
    scene: &Scene<'_>,
    persona: &Arc<Persona>,
    recordings: &[Recording],
    scope: &Scope,
) -> usize {
    let mut asked = 0;
    let actor = Actor::Persona(Arc::clone(persona));
    let sampled = sample(&recordings.iter().collect::<Vec<_>>());
    let site = scene.site();
    for (name, surface) in &site.profile.surface {
        let session_is_theirs = surface.session.as_ref().is_none_or(|session| {
            site.role(&persona.role)
                .is_ok_and(|role| role.session.contains_key(session.get_ref()))
        });
        if !scope.takes(surface) || !session_is_theirs {
            continue;
        }
        if surface.write.is_some() {
            continue;
        }
        if surface.list.is_some() {
            asked += list(scene, &actor, name, surface, recordings).await;
            continue;
        }
        for recording in &sampled {
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
    recordings: &[Recording],
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
    let asked = match scene.site().templates.fill(write.unchanged.get_ref(), &vars) {
        Err(error) => Err(SiteError::from(error).into()),
        Ok(unchanged) => {
            let variant = Variant::Whole;
            let question = Question {
                name,
                surface,
                variant,
                id: &recording.id,
                change: Some(&unchanged),
                kept: &[],
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
    let question = Question {
        name,
        surface,
        variant,
        id: &recording.id,
        change: None,
        kept: &[],
    };
    let asked = question.ask(scene, actor, &part).await;
    if let Ok(Asked { link: Some(link), .. }) = &asked
        && surface.link
        && actor.name() == recording.owner.name
    {
        let mut links = scene.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.entry(recording.number).or_default().push(link.clone());
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
                let state = scene.witness.moment().state;
                let mut twins = scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
                let good = last
                    .seen
                    .iter()
                    .any(|seen| seen.recording == Some(recording.number));
                twins.enter(name, variant, recording.number, state, (last.exchange, good));
            }
        }
        Err(error) => {
            scene
                .witness
                .not_sent(actor.name(), &variant.surface(name), part, error.to_string());
        }
    }
}
