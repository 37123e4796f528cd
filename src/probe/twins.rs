//! Twins: the same requests by those who have the right to them, in the same world state.

use super::ask::{Actor, Question, Variant};
use super::plan::{Scope, sample};
use super::scene::Scene;
use super::walk::walk;
use crate::cast::Persona;
use crate::ledger::Part;
use crate::plant::planting::Recording;
use crate::profile::Surface;
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

/// Has everybody entitled ask for what is theirs, everywhere, and enters the exchanges as twins.
pub(super) async fn take(scene: &Scene<'_>, entitled: &Entitled, scope: &Scope) {
    let asking = entitled
        .values()
        .map(|(persona, recordings)| of_persona(scene, persona, recordings, scope));
    futures::future::join_all(asking).await;
}

async fn of_persona(scene: &Scene<'_>, persona: &Arc<Persona>, recordings: &[Recording], scope: &Scope) {
    let actor = Actor::Persona(Arc::clone(persona));
    let all: Vec<&Recording> = recordings.iter().collect();
    let sampled = sample(&all.iter().collect::<Vec<_>>());
    let site = scene.site();
    for (name, surface) in &site.profile.surface {
        let session_is_theirs = surface.session.as_ref().is_none_or(|session| {
            site.role(&persona.role)
                .is_ok_and(|role| role.session.contains_key(session.get_ref()))
        });
        if surface.write.is_some() || !scope.takes(surface) || !session_is_theirs {
            continue;
        }
        if surface.list.is_some() {
            list(scene, &actor, name, surface, recordings).await;
            continue;
        }
        for recording in &sampled {
            for variant in variants(surface) {
                fetch(scene, &actor, name, surface, variant, recording).await;
            }
        }
    }
}

/// The variants in which a surface is asked.
pub(super) fn variants(surface: &Surface) -> Vec<Variant> {
    let mut variants = vec![Variant::Whole];
    variants.extend(surface.ranges.then_some(Variant::Range));
    variants.extend(surface.head.then_some(Variant::Head));
    variants
}

async fn list(scene: &Scene<'_>, actor: &Actor, name: &str, surface: &Surface, recordings: &[Recording]) {
    let Some(list) = &surface.list else { return };
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
            // what a list of the newest few leaves out is not expected of it
            for number in numbers
                .into_iter()
                .filter(|number| !list.newest_only || shown.contains(number))
            {
                twins.enter(name, Variant::Whole, number, state, walked.last.exchange);
            }
        }
        Err(error) => {
            scene
                .witness
                .not_sent(actor.name(), name, part, error.to_string());
        }
    }
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
    let state = scene.witness.moment().state;
    let question = Question {
        name,
        surface,
        variant,
        id: &recording.id,
        change: None,
    };
    match question.ask(scene, actor, &part).await {
        Ok(asked) => {
            if let (Some(link), true) = (&asked.link, surface.link && actor.name() == recording.owner.name) {
                let mut links = scene.links.lock().unwrap_or_else(PoisonError::into_inner);
                links.insert(recording.number, link.clone());
            }
            if let Some(last) = asked.last() {
                let mut twins = scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
                twins.enter(name, variant, recording.number, state, last.exchange);
            }
        }
        Err(error) => {
            scene
                .witness
                .not_sent(actor.name(), &variant.surface(name), part, error.to_string());
        }
    }
}
