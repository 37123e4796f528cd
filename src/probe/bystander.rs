//! Somebody going through their part of the plan: what a technique sends.

use super::ProbeError;
use super::ask::{Actor, Question, Variant};
use super::plan::{Planned, Scope};
use super::scene::Scene;
use super::technique;
use super::walk::walk;
use crate::cast::Persona;
use crate::ledger::{Claim, Part, Target};
use crate::plant::planting::Recording;
use crate::plant::scan::Hint;
use crate::profile::{Surface, Vars, Write};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError};

/// At most so many recordings that a list offers are opened.
const MOST_OPENED: usize = 3;

/// Somebody going through their part of the plan.
pub(super) struct Bystander<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) scope: &'a Scope,
    pub(super) actor: Actor,
    pub(super) count: &'a AtomicU32,
}

impl Bystander<'_> {
    /// Tries everything planned, and feels their pulse afterwards.
    pub(super) async fn go_through(self, planned: Vec<Planned>) {
        let mut controls: BTreeMap<(String, Variant), Option<u64>> = BTreeMap::new();
        for one in &planned {
            let Some(surface) = self.scene.site().profile.surface.get(&one.surface) else {
                continue;
            };
            let result = match one.recording.and_then(|number| self.scene.recording(number)) {
                None => self.look(one, surface).await,
                Some(recording) => self.reach(one, surface, recording, &mut controls).await,
            };
            if let Err(error) = result {
                let targets = one.recording.map_or_else(|| self.hidden(), |number| vec![number]);
                let part = self.part(one, &targets, None);
                self.scene.witness.not_sent(
                    self.actor.name(),
                    &one.variant.surface(&one.surface),
                    part,
                    error.to_string(),
                );
            }
        }
        if let Actor::Persona(persona) = &self.actor {
            self.pulse(persona).await;
        }
    }

    async fn pulse(&self, persona: &Persona) {
        if let Err(error) = persona.pulse(self.scene.site(), self.scene.witness).await {
            let part = Part::Pulse { alive: false };
            self.scene
                .witness
                .not_sent(&persona.name, "whoami", part, error.to_string());
        }
    }

    /// The recordings that the asker's own list must not hold.
    fn hidden(&self) -> Vec<u32> {
        let no_one = self.scope.claim == Claim::NoOne;
        let hidden = self.scene.recordings.iter().filter(|one| {
            self.scope.covers(one.number) && (no_one || !one.may_be_seen_by(self.actor.name()))
        });
        hidden.map(|one| one.number).collect()
    }

    fn part(&self, planned: &Planned, recordings: &[u32], control: Option<u64>) -> Part {
        let state = self.scene.witness.moment().state;
        let twins = self.scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
        let targets: Vec<Target> = recordings
            .iter()
            .map(|recording| {
                let key = (planned.surface.as_str(), planned.variant, *recording, state);
                let twin = match self.scope.claim {
                    Claim::NoOne => twins.earlier(key.0, key.1, key.2, key.3),
                    _ => twins.now(key.0, key.1, key.2, key.3),
                };
                Target {
                    recording: *recording,
                    twin,
                }
            })
            .collect();
        self.count.fetch_add(
            u32::try_from(targets.len()).unwrap_or(u32::MAX),
            Ordering::Relaxed,
        );
        let technique = match self.actor {
            Actor::Old(_) => technique::OLD_SESSION,
            _ => planned.technique,
        };
        Part::Probe {
            technique: technique.name.to_owned(),
            temperament: technique.temperament,
            targets,
            control,
        }
    }

    async fn look(&self, planned: &Planned, surface: &Surface) -> Result<(), ProbeError> {
        let Some(list) = &surface.list else { return Ok(()) };
        let mut hidden = self.hidden();
        if list.newest_only {
            // what the owner's own list leaves out is not to be looked for in another's
            let state = self.scene.witness.moment().state;
            let twins = self.scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
            hidden.retain(|number| {
                let found = (planned.surface.as_str(), planned.variant);
                twins.now(found.0, found.1, *number, state).is_some()
                    || twins.earlier(found.0, found.1, *number, state).is_some()
            });
        }
        let part = self.part(planned, &hidden, None);
        let walked = walk(self.scene, &self.actor, &planned.surface, surface, list, &part).await?;
        let no_one = self.scope.claim == Claim::NoOne;
        let others = walked.offered.iter().filter(|id| {
            let known = self
                .scene
                .witness
                .station
                .recording_of(id)
                .and_then(|number| self.scene.recording(number));
            no_one || !known.is_some_and(|one| one.may_be_seen_by(self.actor.name()))
        });
        for id in others.take(MOST_OPENED) {
            self.open_offered(planned, list, id).await?;
        }
        Ok(())
    }

    async fn open_offered(
        &self,
        planned: &Planned,
        list: &crate::profile::List,
        id: &str,
    ) -> Result<(), ProbeError> {
        let Some(number) = self.scene.witness.station.recording_of(id) else {
            return Ok(());
        };
        for name in &list.opens {
            let Some(surface) = self.scene.site().profile.surface.get(name.get_ref()) else {
                continue;
            };
            let opening = Planned {
                surface: name.get_ref().clone(),
                technique: technique::OPEN_WHAT_IS_LISTED,
                recording: Some(number),
                ..planned.clone()
            };
            let part = self.part(&opening, &[number], None);
            let question = Question {
                name: name.get_ref(),
                surface,
                variant: Variant::Whole,
                id,
                change: None,
                kept: &[],
            };
            question.ask(self.scene, &self.actor, &part).await?;
        }
        Ok(())
    }

    async fn reach(
        &self,
        planned: &Planned,
        surface: &Surface,
        recording: &Recording,
        controls: &mut BTreeMap<(String, Variant), Option<u64>>,
    ) -> Result<(), ProbeError> {
        let question = Question {
            name: &planned.surface,
            surface,
            variant: planned.variant,
            id: &recording.id,
            change: None,
            kept: &[],
        };
        if let Some(write) = &surface.write {
            return self.change(planned, surface, write, recording).await;
        }
        let links = self.links(planned, &question, recording).await?;
        if !links.is_empty() {
            for link in links {
                let part = self.part(planned, &[recording.number], None);
                question.open(self.scene, &self.actor, &link, &part).await?;
            }
            return Ok(());
        }
        let key = (planned.surface.clone(), planned.variant);
        let control = match controls.get(&key) {
            Some(control) => *control,
            // what everybody is refused needs no comparison with what does not exist
            None if self.scope.claim == Claim::NoOne => None,
            None => {
                let control = self.control(planned, &question).await?;
                controls.insert(key, control);
                control
            }
        };
        let part = self.part(planned, &[recording.number], control);
        question.ask(self.scene, &self.actor, &part).await?;
        Ok(())
    }

    /// Tries to change somebody else's recording; its owner reads back whether that worked.
    async fn change(
        &self,
        planned: &Planned,
        surface: &Surface,
        write: &Write,
        recording: &Recording,
    ) -> Result<(), ProbeError> {
        let change = format!("changed by somebody else {}", uuid::Uuid::new_v4().simple());
        let change = Some(change.as_str());
        let canary = Vars::default().with("canary", recording.canary.as_value());
        let unchanged = self
            .scene
            .site()
            .templates
            .fill(write.unchanged.get_ref(), &canary)
            .map_err(crate::wire::SiteError::from)?;
        let before = self
            .scene
            .witness
            .station
            .scanner
            .scan(unchanged.as_bytes(), Hint::default());
        let kept: Vec<String> = before
            .sightings
            .iter()
            .map(|one| one.fingerprint.to_string())
            .collect();
        let (name, variant, id) = (planned.surface.as_str(), Variant::Whole, recording.id.as_str());
        let part = self.part(planned, &[recording.number], None);
        let _writing = self.scene.writing.lock().await;
        let asked = Question {
            name,
            surface,
            variant,
            id,
            change,
            kept: &kept,
        }
        .ask(self.scene, &self.actor, &part)
        .await?;
        let Some(probe) = asked.last().map(|last| last.exchange) else {
            return Ok(());
        };
        let part = Part::ReadBack {
            recording: recording.number,
            probe,
            changed: false,
        };
        let owner = Actor::Persona(Arc::clone(&recording.owner));
        let read_name = write.read_back.get_ref().as_str();
        let Some(read_surface) = self.scene.site().profile.surface.get(read_name) else {
            return Ok(());
        };
        let read_back = Question {
            name: read_name,
            surface: read_surface,
            variant,
            id,
            change,
            kept: &kept,
        };
        let there = match read_back.ask(self.scene, &owner, &part).await {
            Ok(read) => read.last().is_some_and(|last| {
                kept.iter()
                    .all(|kept| last.seen.iter().any(|seen| seen.fingerprint == *kept))
            }),
            Err(error) => {
                self.scene
                    .witness
                    .not_sent(owner.name(), read_name, part, error.to_string());
                true
            }
        };
        if !there {
            // put back as it was, so that nobody else is blamed for it
            let part = Part::Setup {
                what: format!("put {}'s recording back as it was", recording.owner.name),
            };
            let change = Some(unchanged.as_str());
            Question {
                name,
                surface,
                variant,
                id,
                change,
                kept: &[],
            }
            .ask(self.scene, &owner, &part)
            .await?;
        }
        Ok(())
    }

    /// The handed-out addresses that a technique uses, when it uses any: the oldest, which was there before the world changed,
    /// and the newest.
    async fn links(
        &self,
        planned: &Planned,
        question: &Question<'_>,
        recording: &Recording,
    ) -> Result<Vec<String>, ProbeError> {
        let name = planned.technique.name;
        if name == technique::KEEP_USING_A_LINK.name || name == technique::USE_ANOTHERS_LINK.name {
            let links = self.handed_out(recording);
            if links.is_empty() {
                let owner = &recording.owner.name;
                return Err(ProbeError::Nothing(format!(
                    "no link to {owner}'s recording was handed out before"
                )));
            }
            return Ok(links);
        }
        if name != technique::SWAP_ID_IN_OWN_LINK.name {
            return Ok(Vec::new());
        }
        let nothing = |why: &str| ProbeError::Nothing(format!("{} {why}", self.actor.name()));
        let (id, link) = self
            .own_link(question)
            .await?
            .ok_or_else(|| nothing("has no link of their own to alter"))?;
        if link.contains(&id) {
            Ok(vec![link.replace(&id, &recording.id)])
        } else {
            Err(nothing(
                "has a link without the recording's id in it: there is nothing to swap",
            ))
        }
    }

    fn handed_out(&self, recording: &Recording) -> Vec<String> {
        let links = self.scene.links.lock().unwrap_or_else(PoisonError::into_inner);
        let all = links.get(&recording.number).map_or(&[][..], Vec::as_slice);
        let mut ends: Vec<String> = all.first().into_iter().chain(all.last()).cloned().collect();
        ends.dedup();
        ends
    }

    /// A link to a recording of the asker's own, with the id in it: one that was handed out, or else a new one.
    async fn own_link(&self, question: &Question<'_>) -> Result<Option<(String, String)>, ProbeError> {
        let own = self
            .scene
            .recordings
            .iter()
            .filter(|one| one.owner.name == self.actor.name());
        if let Some(found) = own
            .clone()
            .find_map(|one| self.handed_out(one).pop().map(|link| (one.id.clone(), link)))
        {
            return Ok(Some(found));
        }
        let Some(recording) = own.clone().next() else {
            return Ok(None);
        };
        let part = Part::Setup {
            what: "ask for a link of one's own".to_owned(),
        };
        let asked = Question {
            id: &recording.id,
            ..*question
        }
        .ask(self.scene, &self.actor, &part)
        .await?;
        Ok(asked.link.map(|link| {
            let mut links = self.scene.links.lock().unwrap_or_else(PoisonError::into_inner);
            links.entry(recording.number).or_default().push(link.clone());
            (recording.id.clone(), link)
        }))
    }

    async fn control(&self, planned: &Planned, question: &Question<'_>) -> Result<Option<u64>, ProbeError> {
        let site = self.scene.site();
        let Some(recording) = &site.profile.recording else {
            return Ok(None);
        };
        let vars = Vars::default().with("uuid", uuid::Uuid::new_v4().to_string());
        let missing = site
            .templates
            .fill(recording.missing.get_ref(), &vars)
            .map_err(crate::wire::SiteError::from)?;
        let part = Part::Control {
            technique: planned.technique.name.to_owned(),
        };
        let asked = Question {
            id: &missing,
            ..*question
        }
        .ask(self.scene, &self.actor, &part)
        .await?;
        Ok(asked.last().map(|last| last.exchange))
    }
}
