//! Somebody going through their part of the plan: what a technique sends.

use super::ProbeError;
use super::context::ProbeContext;
use super::links::Addresses;
use super::listen_barrier::BarrierTicket;
use super::pager::{Pages, fetch_pages};
use super::plan::{PlannedProbe, Scope, sample};
use super::probe_request::{Actor, ProbeRequest, ProbeResponse, Variant};
use super::rewritten;
use crate::cast::Persona;
use crate::http::Exchanged;
use crate::ledger::{
    CanarySighting, Claim, Facet, OutcomeClass, ProbeTarget, Purpose, REPEATS, ResponseFacts,
};
use crate::plant::planting::Recording;
use crate::profile::{List, Surface};
use crate::technique;
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU32, Ordering};

/// At most so many recordings that a list offers are opened.
const MOST_OPENED: usize = 3;

/// Somebody going through their part of the plan.
pub(super) struct Bystander<'a> {
    pub(super) scene: &'a ProbeContext<'a>,
    pub(super) scope: &'a Scope,
    pub(super) actor: Actor,
    pub(super) count: &'a AtomicU32,
}

/// What a recording that does not exist was answered with.
#[derive(Debug, Clone)]
struct MissingAnswer {
    exchange: u64,
    replied: ResponseFacts,
    /// The other answers that were shown to differ from it by more than luck.
    proven: Vec<ResponseFacts>,
}

/// By surface and variant: each asker has their own.
type Controls = BTreeMap<(String, Variant), Option<MissingAnswer>>;

/// The recordings that the asker's own list must not hold, and that they must hear nothing of.
pub(super) fn hidden(scene: &ProbeContext<'_>, scope: &Scope, actor: &Actor) -> Vec<u32> {
    let no_one = scope.is_for_nobody();
    let hidden = scene
        .recordings
        .iter()
        .filter(|one| scope.covers(one.number) && (no_one || !one.may_be_seen_by(actor.name())));
    hidden.map(|one| one.number).collect()
}

impl Bystander<'_> {
    /// Tries everything planned, one after the other.
    pub(super) async fn try_each(&self, planned: &[PlannedProbe]) {
        let mut controls = Controls::new();
        for one in planned {
            self.try_one(one, None, &mut controls).await;
        }
    }

    /// Listens where that is planned, together with others.
    pub(super) async fn try_listening(&self, planned: &PlannedProbe, ticket: Option<BarrierTicket<'_, '_>>) {
        self.try_one(planned, ticket, &mut Controls::new()).await;
    }

    async fn try_one(
        &self,
        one: &PlannedProbe,
        ticket: Option<BarrierTicket<'_, '_>>,
        controls: &mut Controls,
    ) {
        let Some(surface) = self.scene.site().profile.surface.get(&one.surface) else {
            return;
        };
        if !self.can_afford(one, surface) {
            return;
        }
        let result = match one.recording.and_then(|number| self.scene.recording(number)) {
            None if surface.is_listened_to() => self.listen(one, surface, ticket).await,
            None => self.list_own(one, surface).await,
            Some(recording) if surface.list.is_some() => self.list_rewritten(one, surface, recording).await,
            Some(recording) => self.fetch(one, surface, recording, controls).await,
        };
        if let Err(ProbeError::Unfit(why)) = result {
            self.leave_out(one, why.to_owned());
        } else if let Err(error) = result {
            let targets = one.recording.map_or_else(|| self.hidden(), |number| vec![number]);
            let part = self.part(one, &targets, None);
            self.scene.client.not_sent(
                self.actor.name(),
                &one.variant.surface(&one.surface),
                part,
                error.to_string(),
            );
        }
    }

    pub(super) async fn check_session(&self, persona: &Persona) {
        if let Err(error) = persona.check_session(self.scene.site(), self.scene.client).await {
            let part = Purpose::Pulse { alive: false };
            self.scene
                .client
                .not_sent(&persona.name, "whoami", part, error.to_string());
        }
    }

    /// Whether the run has requests with wrong credentials left, where that is what this takes.
    fn can_afford(&self, planned: &PlannedProbe, surface: &Surface) -> bool {
        if !matches!(self.actor, Actor::Wrong(_)) && !planned.technique.forges() {
            return true;
        }
        let most = self.scene.site().profile.limits.wrong_credentials;
        let requests = u32::try_from(surface.steps.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let numbers = &self.scene.client.session.numbers;
        let affordable = numbers.wrong_credentials(requests, most);
        if !affordable {
            let why = format!("the budget of {most} requests with wrong credentials is used up");
            self.leave_out(planned, why);
        }
        affordable
    }

    fn leave_out(&self, planned: &PlannedProbe, why: String) {
        rewritten::leave_out(self.scene, planned, why);
    }

    pub(super) fn hidden(&self) -> Vec<u32> {
        hidden(self.scene, self.scope, &self.actor)
    }

    pub(super) fn part(&self, planned: &PlannedProbe, recordings: &[u32], control: Option<u64>) -> Purpose {
        let state = self.scene.client.moment().state;
        let twins = self.scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
        let targets: Vec<ProbeTarget> = recordings
            .iter()
            .map(|recording| {
                let key = (planned.surface.as_str(), planned.variant, *recording, state);
                let deleted = self.scene.recording(*recording).is_some_and(|one| one.deleted);
                let twin = if self.scope.claim == Claim::NoOne || deleted {
                    twins.earlier(key.0, key.1, key.2, key.3)
                } else {
                    twins.now(key.0, key.1, key.2, key.3)
                };
                ProbeTarget {
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
            Actor::Old(_) => technique::SESSION_AFTER_LOGOUT,
            _ => planned.technique,
        };
        Purpose::Probe {
            technique: technique.name.to_owned(),
            temperament: technique.temperament,
            targets,
            control,
            intermediate: false,
            without_credentials: false,
        }
    }

    async fn list_own(&self, planned: &PlannedProbe, surface: &Surface) -> Result<(), ProbeError> {
        let Some(list) = &surface.list else { return Ok(()) };
        let mut hidden = self.hidden();
        let is_shown = |number: &u32| {
            let recording = self.scene.recording(*number);
            recording.is_some_and(|one| one.is_shown_at(surface))
        };
        hidden.retain(is_shown);
        if list.newest_only && self.scope.claim != Claim::NotYet {
            // what the owner's own list leaves out is not to be looked for in another's
            let state = self.scene.client.moment().state;
            let twins = self.scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
            hidden.retain(|number| {
                let found = (planned.surface.as_str(), planned.variant);
                twins.now(found.0, found.1, *number, state).is_some()
                    || twins.earlier(found.0, found.1, *number, state).is_some()
            });
        }
        let part = self.part(planned, &hidden, None);
        let walked = fetch_pages(self.scene, &self.actor, &planned.surface, surface, list, &part).await?;
        if matches!(self.actor, Actor::Wrong(_)) {
            // it was served, so there is something to tell already; what it took is counted all the same
            let more = walked.requests.saturating_sub(1);
            let numbers = &self.scene.client.session.numbers;
            numbers.wrong_credentials(more, u32::MAX);
            return Ok(());
        }
        let is_twin = self.scope.claim == Claim::NoOneElse && planned.technique == technique::LIST_OWN;
        if is_twin && !self.scene.client.is_interfered_with() {
            self.enter_ones_own(planned, &walked);
        }
        let others = walked.offered.iter().filter_map(|id| {
            let number = self.scene.client.session.recording_of(id)?;
            let recording = self.scene.recording(number)?;
            let no_one = self.scope.is_for_nobody() && self.scope.covers(number);
            (no_one || !recording.may_be_seen_by(self.actor.name())).then_some(recording)
        });
        // of many recordings only some have a twin; the others are opened where there is nothing better
        let reached = sample(&self.scene.recordings.iter().collect::<Vec<_>>());
        let (with_twin, without): (Vec<&Recording>, Vec<&Recording>) =
            others.partition(|one| reached.iter().any(|it| it.number == one.number));
        let opened = if with_twin.is_empty() { without } else { with_twin };
        for recording in opened.into_iter().take(MOST_OPENED) {
            self.open_offered(planned, list, recording).await?;
        }
        Ok(())
    }

    /// What somebody was shown of their own in a list is the twin of what others look for there after them.
    fn enter_ones_own(&self, planned: &PlannedProbe, walked: &Pages) {
        let Some(listing) = &walked.listing else { return };
        let state = self.scene.client.moment().state;
        let who = self.actor.name();
        let own = self
            .scene
            .recordings
            .iter()
            .filter(|one| listing.recordings.contains(&one.number) && one.may_be_seen_by(who));
        let mut twins = self.scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
        for one in own {
            let at = (planned.surface.as_str(), Variant::Whole);
            let found = (walked.last.exchange, true);
            // rather its owner's than anybody else's
            if one.owner.name == who || twins.now(at.0, at.1, one.number, state).is_none() {
                twins.enter(at.0, at.1, one.number, state, found);
            }
            twins.got(who, at, one.number, state, found);
        }
    }

    async fn open_offered(
        &self,
        planned: &PlannedProbe,
        list: &List,
        recording: &Recording,
    ) -> Result<(), ProbeError> {
        let surfaces = &self.scene.site().profile.surface;
        // whoever has gone behind the app to list it opens it there too: no ordinary user does
        let is_behind = surfaces
            .get(&planned.surface)
            .is_some_and(|surface| surface.twin.is_some());
        let technique = if is_behind {
            planned.technique
        } else {
            technique::OPEN_LISTED_ITEM
        };
        for name in &list.opens {
            let Some(surface) = surfaces.get(name.as_str()) else {
                continue;
            };
            let opening = PlannedProbe {
                surface: name.to_string(),
                technique,
                recording: Some(recording.number),
                ..planned.clone()
            };
            let part = self.part(&opening, &[recording.number], None);
            let question = ProbeRequest::for_recording(name.as_str(), surface, Variant::Whole, recording);
            question.send(self.scene, &self.actor, &part).await?;
        }
        Ok(())
    }

    async fn fetch(
        &self,
        planned: &PlannedProbe,
        surface: &Surface,
        recording: &Recording,
        controls: &mut Controls,
    ) -> Result<(), ProbeError> {
        if let Some(write) = &surface.write {
            return self.change(planned, surface, write, recording).await;
        }
        let who = self.actor.name();
        let question = ProbeRequest {
            own: self.scene.recordings.iter().find(|one| one.owner.name == who),
            ..ProbeRequest::for_recording(&planned.surface, surface, planned.variant, recording)
        };
        question.fits(self.scene, &self.actor).await?;
        match self.addresses(planned, &question).await? {
            Addresses::None => {}
            Addresses::LeftOut(why) => {
                self.leave_out(planned, why);
                return Ok(());
            }
            Addresses::These(links) => {
                for link in links {
                    let part = self.part(planned, &[recording.number], None);
                    question.open(self.scene, &self.actor, &link, &part).await?;
                }
                return Ok(());
            }
        }
        let nothing = self.nothing(planned, &question, controls).await?;
        let control = nothing.as_ref().map(|nothing| nothing.exchange);
        let part = self.part(planned, &[recording.number], control);
        let asked = question.send(self.scene, &self.actor, &part).await?;
        match nothing {
            Some(nothing) => self.repeat(planned, &question, nothing, &asked).await,
            None => Ok(()),
        }
    }

    async fn nothing<'c>(
        &self,
        planned: &PlannedProbe,
        question: &ProbeRequest<'_>,
        controls: &'c mut Controls,
    ) -> Result<Option<&'c mut MissingAnswer>, ProbeError> {
        // what everybody is refused needs no comparison with what does not exist; nor does what is refused for its
        // credentials, of which there are not many to spend
        let worthless = matches!(self.actor, Actor::Wrong(_)) || planned.technique.forges();
        if self.scope.claim == Claim::NoOne || worthless {
            return Ok(None);
        }
        let key = (planned.surface.clone(), planned.variant);
        if !controls.contains_key(&key) {
            let control = self.control(planned, question, &[]).await?;
            controls.insert(key.clone(), control.map(|(control, _)| control));
        }
        Ok(controls.get_mut(&key).and_then(Option::as_mut))
    }

    /// An answer that differs from its control's may differ by luck. So both requests are sent again, in an order that the stack cannot
    /// know, until luck is ruled out ([`REPEATS`]) or an answer varies. Another probe of the same control that is answered alike needs no
    /// repeats of its own.
    async fn repeat(
        &self,
        planned: &PlannedProbe,
        question: &ProbeRequest<'_>,
        nothing: &mut MissingAnswer,
        asked: &ProbeResponse,
    ) -> Result<(), ProbeError> {
        let number = Some(question.recording.number);
        // an id alone may be no more than the requester's own words, sent back
        let shows = |seen: &CanarySighting| {
            seen.recording == number && seen.facet.is_some_and(|facet| facet != Facet::Id)
        };
        let differing = asked.exchanges.iter().filter(|one| {
            // a response that shows the recording itself needs no comparison
            is_answered(one)
                && !one.seen.iter().any(shows)
                && self.replied(one).differs_from(&nothing.replied)
        });
        let (probes, replies): (Vec<u64>, Vec<ResponseFacts>) =
            differing.map(|one| (one.exchange, self.replied(one))).unzip();
        let is_known = |reply: &ResponseFacts| nothing.proven.iter().any(|known| known.is_like(reply));
        if replies.iter().all(is_known) {
            return Ok(());
        }
        let mut order = repeat_order(&format!(
            "{} {} {}",
            self.actor.name(),
            planned.surface,
            question.recording.id
        ));
        let mut spare = REPEATS;
        let mut round = 0;
        while let Some(is_control) = order.pop() {
            let answered = if is_control {
                let Some((control, answered)) = self.control(planned, question, &probes).await? else {
                    return Ok(());
                };
                if answered && !control.replied.is_like(&nothing.replied) {
                    return Ok(());
                }
                answered
            } else {
                round += 1;
                let part = Purpose::Again {
                    technique: planned.technique.name.to_owned(),
                    temperament: planned.technique.temperament,
                    probes: probes.clone(),
                    round,
                };
                let again = question.send(self.scene, &self.actor, &part).await?;
                let answered = again.exchanges.iter().all(is_answered);
                let is_like = |one: &Exchanged| replies.iter().any(|reply| self.replied(one).is_like(reply));
                if answered && !again.exchanges.iter().any(is_like) {
                    return Ok(());
                }
                answered
            };
            if !answered && spare > 0 {
                spare -= 1;
                order.insert(0, is_control);
            }
        }
        nothing.proven.extend(replies);
        Ok(())
    }

    fn replied(&self, carried: &Exchanged) -> ResponseFacts {
        self.scene.client.replied(&carried.reply, carried.class)
    }

    async fn control(
        &self,
        planned: &PlannedProbe,
        question: &ProbeRequest<'_>,
        repeats: &[u64],
    ) -> Result<Option<(MissingAnswer, bool)>, ProbeError> {
        let site = self.scene.site();
        let Some(recording) = &site.profile.recording else {
            return Ok(None);
        };
        if !question.surface.mentions("recording.id") {
            // with another id it would be the very same request
            return Ok(None);
        }
        let missing = site
            .templates
            .fill(recording.missing.as_str(), &site.stack)
            .map_err(crate::http::StackClientError::from)?;
        let part = Purpose::Control {
            technique: planned.technique.name.to_owned(),
            repeats: repeats.to_vec(),
        };
        let question = ProbeRequest {
            missing: Some(&missing),
            ..*question
        };
        let asked = question.send(self.scene, &self.actor, &part).await?;
        Ok(asked.last().map(|last| {
            let control = MissingAnswer {
                exchange: last.exchange,
                replied: self.replied(last),
                proven: Vec::new(),
            };
            (control, is_answered(last))
        }))
    }
}

fn is_answered(exchanged: &Exchanged) -> bool {
    exchanged.reply.is_whole() && !matches!(exchanged.class, OutcomeClass::Broken | OutcomeClass::Throttled)
}

/// [`REPEATS`] probes (false) and as many controls (true), in an order that follows from `what` alone.
fn repeat_order(what: &str) -> Vec<bool> {
    let seed = Sha256::digest(what.as_bytes());
    let mut order: Vec<bool> = [true, false].repeat(REPEATS);
    order.shuffle(&mut ChaCha8Rng::from_seed(seed.into()));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_come_in_another_order_for_each_request_and_as_often_as_their_controls() {
        let orders: std::collections::BTreeSet<Vec<bool>> = (0..50)
            .map(|id| repeat_order(&format!("Ben item {id}")))
            .collect();
        assert!(orders.len() > 45);
        for order in orders {
            assert_eq!(order.len(), 2 * REPEATS);
            assert_eq!(order.iter().filter(|is_control| **is_control).count(), REPEATS);
        }
    }
}
