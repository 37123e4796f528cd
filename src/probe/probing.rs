//! Asking: an assertion takes its twins, goes through its plan, and feels everybody's pulse.

use super::ProbeError;
use super::ask::Actor;
use super::bystander::Bystander;
use super::plan::{Asker, Planned, Scope, plan};
use super::scene::Scene;
use super::twins::{self, Entitled};
use super::walk::walk;
use crate::cast::{NOBODY, Persona};
use crate::ledger::{Assertion, Claim, Concluded, Entry, Part};
use crate::plant::planting::Recording;
use reqwest::header::HeaderMap;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError};

/// Who asks, beside the people of the scenario.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// Credentials of a session that was signed out: only they ask.
    pub old_session: Option<HeaderMap>,
}

/// Takes the twins of everything planted so far, so that a later state in which nobody may see anything has something to be
/// compared with.
pub async fn baseline(scene: &Scene<'_>) {
    let scope = Scope::all(Claim::NoOneElse);
    twins::take(scene, &twins::owners(scene, &scope), &scope).await;
}

/// Has the owner of a recording ask for a link to it, open it, and keep it.
///
/// # Errors
/// When the profile has no such surface.
pub async fn hand_out_link(scene: &Scene<'_>, owner: &str) -> Result<(), ProbeError> {
    let mut scope = Scope::all(Claim::NoOneElse);
    scope.links_only = true;
    if !scene.site().profile.surface.values().any(|surface| surface.link) {
        return Err(ProbeError::Surface("with `link = true`".to_owned()));
    }
    let mut owners = twins::owners(scene, &scope);
    owners.retain(|name, _| name == owner);
    twins::take(scene, &owners, &scope).await;
    let links = scene.links.lock().unwrap_or_else(PoisonError::into_inner);
    let theirs = scene.recordings.iter().filter(|one| one.owner.name == owner);
    if theirs.clone().any(|one| links.contains_key(&one.number)) {
        Ok(())
    } else {
        Err(ProbeError::Nothing(format!(
            "{owner} was given no link: the stack did not hand one out"
        )))
    }
}

/// Has somebody page through their own lists, as people do between two changes: caches fill, cursors are handed out.
///
/// # Errors
/// When a list cannot be asked for.
pub async fn look(scene: &Scene<'_>, persona: &Arc<Persona>) -> Result<(), ProbeError> {
    let actor = Actor::Persona(Arc::clone(persona));
    let site = scene.site();
    for (name, surface) in &site.profile.surface {
        let theirs = surface.session.as_ref().is_none_or(|session| {
            site.role(&persona.role)
                .is_ok_and(|role| role.session.contains_key(session.get_ref()))
        });
        if let (Some(list), true) = (&surface.list, theirs) {
            let part = Part::Setup {
                what: "look at one's own replays".to_owned(),
            };
            walk(scene, &actor, name, surface, list, &part).await?;
        }
    }
    Ok(())
}

/// Asks everything that an assertion is about, and hands back its number.
///
/// # Errors
/// When there is nothing to ask for.
pub async fn assert(scene: &Scene<'_>, scope: &Scope, with: &With, text: &str) -> Result<u32, ProbeError> {
    if !scene.recordings.iter().any(|one| scope.covers(one.number)) {
        let what = "nothing has been recorded yet in this scenario: there is nothing to list or fetch";
        return Err(ProbeError::Nothing(what.to_owned()));
    }
    let witness = scene.witness;
    let number = witness.station.numbers.assertion();
    let moment = witness.moment();
    witness.write(&Entry::Assertion(Assertion {
        scenario: witness.scenario,
        assertion: number,
        state: moment.state,
        claim: scope.claim,
        text: text.to_owned(),
        line: moment.line,
        at_ms: witness.station.ledger.now_ms(),
    }));
    witness.move_to(|moment| moment.assertion = Some(number));
    let planned = match scope.claim {
        Claim::Reachable => twins::take(scene, &entitled(scene, scope), scope).await,
        claim => {
            if claim == Claim::NoOneElse {
                twins::take(scene, &twins::owners(scene, scope), scope).await;
            }
            probe(scene, scope, with).await
        }
    };
    witness.move_to(|moment| moment.assertion = None);
    witness.write(&Entry::Concluded(Concluded {
        scenario: witness.scenario,
        assertion: number,
        planned,
    }));
    Ok(number)
}

/// Those whom a claim of reachability names, with what they have a right to; when it names nobody, all owners.
fn entitled(scene: &Scene<'_>, scope: &Scope) -> Entitled {
    if scope.askers.is_empty() {
        return twins::owners(scene, scope);
    }
    let mut entitled = Entitled::new();
    for persona in scope.askers.iter().filter_map(|name| scene.cast.find(name)) {
        let theirs: Vec<Recording> = scene
            .recordings
            .iter()
            .filter(|one| scope.covers(one.number))
            .cloned()
            .collect();
        entitled.insert(persona.name.clone(), (Arc::clone(persona), theirs));
    }
    entitled
}

async fn probe(scene: &Scene<'_>, scope: &Scope, with: &With) -> u32 {
    let mut people = Vec::new();
    for persona in scene.cast.everyone() {
        if persona.is_signed_in().await {
            people.push(Asker {
                name: persona.name.clone(),
                role: persona.role.clone(),
            });
        }
    }
    let profile = &scene.site().profile;
    let planned = plan(profile, &people, scene.recordings, scope);
    let writes = |one: &Planned| {
        profile
            .surface
            .get(&one.surface)
            .is_some_and(|surface| surface.write.is_some())
    };
    let (writing, reading): (Vec<Planned>, Vec<Planned>) = planned.into_iter().partition(writes);
    let mut count = go_through(scene, scope, with, reading).await;
    if scope.claim == Claim::NoOneElse {
        // a stack that broke meanwhile refuses everybody: what the owners got before, they must get again
        twins::take(scene, &twins::owners(scene, scope), scope).await;
    }
    if !writing.is_empty() {
        twins::take_writes(scene, &twins::owners(scene, scope), scope).await;
        count += go_through(scene, scope, with, writing).await;
    }
    count
}

/// Has everybody go through their part of a plan, side by side; hands back how many targets that were.
async fn go_through(scene: &Scene<'_>, scope: &Scope, with: &With, planned: Vec<Planned>) -> u32 {
    let mut by_asker: BTreeMap<String, Vec<Planned>> = BTreeMap::new();
    for one in planned {
        by_asker.entry(one.who.clone()).or_default().push(one);
    }
    let count = AtomicU32::new(0);
    let asking = by_asker.into_iter().map(|(name, planned)| {
        let actor = match (&with.old_session, scene.cast.find(&name)) {
            (Some(headers), _) if name == NOBODY => Actor::Old(headers.clone()),
            (_, Some(persona)) => Actor::Persona(Arc::clone(persona)),
            _ => Actor::Nobody,
        };
        Bystander {
            scene,
            scope,
            actor,
            count: &count,
        }
        .go_through(planned)
    });
    futures::future::join_all(asking).await;
    count.load(Ordering::Relaxed)
}
