//! Links whose time runs out: good at once, and good for nobody when it is over, their owner included.

use super::ProbeError;
use super::bystander::Bystander;
use super::context::ProbeContext;
use super::plan::{PlannedProbe, Scope};
use super::probe_request::{Actor, ProbeRequest, Variant};
use super::twins::Authorised;
use crate::cast::Persona;
use crate::ledger::{Claim, Entry, LeftOut, Purpose};
use crate::plant::planting::Recording;
use crate::profile::{HumanDuration, Surface};
use crate::technique::EXPIRED_LINK;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;
use tokio::time::Instant;

/// Clocks differ, and many count whole seconds.
const MARGIN: Duration = Duration::from_millis(1500);
/// What lasts longer is not waited for.
const LONGEST: Duration = Duration::from_secs(60);

/// A link whose time runs.
pub(super) struct ExpiringLink<'a> {
    name: &'a str,
    surface: &'a Surface,
    holder: Arc<Persona>,
    recording: u32,
    /// Why there is none, if so.
    link: Result<String, String>,
    over: Instant,
}

/// Has somebody with the right to it ask for a new link at each surface whose links run out, and open it: the twins. One link
/// a surface, so that what is waited for later is waited for once.
pub(super) async fn hand_out<'a>(
    scene: &'a ProbeContext<'_>,
    entitled: &Authorised,
    scope: &Scope,
) -> Vec<ExpiringLink<'a>> {
    let mut running = Vec::new();
    if scope.claim != Claim::NoOneElse || !scope.askers.is_empty() {
        return running;
    }
    for (name, surface) in &scene.site().profile.surface {
        let Some(HumanDuration(lasts)) = surface.expires.filter(|_| surface.link && scope.takes(surface))
        else {
            continue;
        };
        let Some((persona, recording)) = entitled.first_at(scene, (name, surface)) else {
            continue;
        };
        if lasts > LONGEST {
            scene.client.write(&Entry::LeftOut(LeftOut {
                scenario: scene.client.scenario,
                who: persona.name.clone(),
                surface: name.clone(),
                technique: EXPIRED_LINK.name.to_owned(),
                why: format!(
                    "its links last {} s, and no more than {} s are waited for",
                    lasts.as_secs(),
                    LONGEST.as_secs()
                ),
            }));
            continue;
        }
        let link = open(scene, name, surface, persona, recording).await;
        running.push(ExpiringLink {
            name,
            surface,
            holder: Arc::clone(persona),
            recording: recording.number,
            link: link.map_err(|error| error.to_string()),
            over: Instant::now() + lasts + MARGIN,
        });
    }
    running
}

async fn open(
    scene: &ProbeContext<'_>,
    name: &str,
    surface: &Surface,
    persona: &Arc<Persona>,
    recording: &Recording,
) -> Result<String, ProbeError> {
    let actor = Actor::Persona(Arc::clone(persona));
    let part = Purpose::Twin {
        recordings: vec![recording.number],
    };
    let question = ProbeRequest::for_recording(name, surface, Variant::Whole, recording);
    let asked = question.send(scene, &actor, &part).await?;
    if let Some(last) = asked.last() {
        scene.enter_twin(&persona.name, (name, Variant::Whole), recording.number, last);
    }
    asked
        .link
        .ok_or_else(|| ProbeError::Nothing(format!("{} was given no link to wait for", persona.name)))
}

/// Waits until the time of all links is over, and has their holders, somebody else and nobody open them.
pub(super) async fn wait_and_open(
    scene: &ProbeContext<'_>,
    scope: &Scope,
    running: Vec<ExpiringLink<'_>>,
    others: &[Arc<Persona>],
    count: &AtomicU32,
) {
    let Some(over) = running.iter().map(|link| link.over).max() else {
        return;
    };
    tokio::time::sleep_until(over).await;
    for link in &running {
        let somebody_else = others.iter().find(|one| one.name != link.holder.name);
        let askers = [Some(&link.holder), somebody_else, None];
        let mut askers: Vec<Actor> = askers
            .into_iter()
            .map(|asker| asker.map_or(Actor::Nobody, |persona| Actor::Persona(Arc::clone(persona))))
            .collect();
        // without somebody else, nobody would be asked twice
        askers.dedup_by(|one, other| one.name() == other.name());
        for actor in askers {
            let bystander = Bystander {
                scene,
                scope,
                actor,
                count,
            };
            bystander.open_expired(link).await;
        }
    }
}

impl Bystander<'_> {
    async fn open_expired(&self, running: &ExpiringLink<'_>) {
        let planned = PlannedProbe {
            who: self.actor.name().to_owned(),
            technique: EXPIRED_LINK,
            surface: running.name.to_owned(),
            variant: Variant::Whole,
            recording: Some(running.recording),
        };
        let part = self.part(&planned, &[running.recording], None);
        let Some(recording) = self.scene.recording(running.recording) else {
            return;
        };
        let question = ProbeRequest::for_recording(running.name, running.surface, Variant::Whole, recording);
        let opened = match &running.link {
            Ok(link) => question
                .open(self.scene, &self.actor, link, &part)
                .await
                .map(drop)
                .map_err(|error| error.to_string()),
            Err(why) => Err(why.clone()),
        };
        if let Err(why) = opened {
            let witness = self.scene.client;
            witness.not_sent(self.actor.name(), running.name, part, why);
        }
        if let Actor::Persona(persona) = &self.actor {
            self.check_session(persona).await;
        }
    }
}
