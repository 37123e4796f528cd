//! Taking in recordings and exchanges: looking at every answer, whatever it was for, and handing it to the step that asked.

use super::judgement::RecordingOutcome;
use super::pending_assertion::{self, Leaked, PendingAssertion};
use super::results::GapPlace;
use super::scenario_facts::{ScenarioFacts, SenderRights};
use super::{Judge, answer, content};
use crate::ledger::{Delivery, Exchange, Plant, Purpose};
use crate::technique::LIST_OWN;
use std::collections::BTreeSet;

impl Judge {
    pub(super) fn plant(&mut self, plant: &Plant) {
        self.book.counts.recordings += 1;
        let scene = self.scenes.entry(plant.scenario).or_default();
        let owner = scene.people.get(&plant.owner).cloned().unwrap_or_default();
        scene.own(&plant.owner, plant.recording);
        self.recordings.plant(plant, &owner);
        self.settle_early(plant.scenario, false);
    }

    /// Judges what was seen before the ledger told whose it is. `last` says that it will not tell any more.
    pub(super) fn settle_early(&mut self, scenario: u32, last: bool) {
        let Some(scene) = self.scenes.get_mut(&scenario) else {
            return;
        };
        for exchange in std::mem::take(&mut scene.early) {
            let leaked = self.scan(&exchange, last);
            let asking = self
                .asking(&exchange)
                .filter(|_| matches!(exchange.part, Purpose::Probe { .. }));
            match asking {
                Some(asking) => asking.add_exchange(&exchange, &BTreeSet::new(), &leaked),
                None => self.record_other_leaks(&exchange, &leaked),
            }
        }
    }

    fn asking(&mut self, exchange: &Exchange) -> Option<&mut PendingAssertion> {
        self.scenes
            .get_mut(&exchange.scenario)?
            .asking
            .get_mut(&exchange.assertion?)
    }

    pub(super) fn exchange(&mut self, exchange: &Exchange) {
        self.book.counts.count(exchange);
        if let (Some(surface), Some(_)) = (&exchange.surface, &exchange.list) {
            self.lists.insert(surface.clone());
        }
        let leaked = self.scan(exchange, false);
        let operates = self.operates(exchange);
        let scene = self.scenes.entry(exchange.scenario).or_default();
        let claimed = match &exchange.part {
            Purpose::Twin { recordings } => recordings.as_slice(),
            Purpose::ReadBack { recording, .. } => std::slice::from_ref(recording),
            _ => &[],
        };
        let rightful: BTreeSet<u32> = claimed
            .iter()
            .copied()
            .filter(|recording| operates || scene.may_see(&exchange.who, *recording))
            .collect();
        if matches!(
            exchange.part,
            Purpose::Probe { .. } | Purpose::Again { .. } | Purpose::Attempt { .. }
        ) {
            scene.tried = scene.tried.max(exchange.exchange);
        }
        if let (Purpose::Attempt { .. }, false) = (&exchange.part, scene.ended) {
            scene.attempts.insert(exchange.exchange, exchange.clone());
        }
        if exchange.part == (Purpose::Pulse { alive: true }) {
            let last = scene.alive.entry(exchange.who.clone()).or_default();
            *last = exchange.exchange.max(*last);
        }
        if matches!(exchange.part, Purpose::Twin { .. }) && !scene.ended {
            scene.twins.record(exchange, rightful.clone());
        }
        if let (Some(theirs), false) = (look_at_ones_own(scene, exchange), scene.ended) {
            scene.twins.record(exchange, theirs);
        }
        match self.asking(exchange) {
            Some(asking) => {
                asking.add_exchange(exchange, &rightful, &leaked);
                if !matches!(exchange.part, Purpose::Probe { .. }) {
                    self.record_other_leaks(exchange, &leaked);
                }
            }
            None => self.stray(exchange, &leaked),
        }
        self.unscanned(exchange);
    }

    /// Whether whoever runs the stack has asked, by a role that is nobody of the scenario, in the place of somebody with a right.
    fn operates(&self, exchange: &Exchange) -> bool {
        let is_somebody = || {
            let scene = self.scenes.get(&exchange.scenario);
            super::is_nobody(&exchange.who)
                || scene.is_some_and(|scene| scene.people.contains_key(&exchange.who))
        };
        let asked_for_it = matches!(exchange.part, Purpose::Twin { .. } | Purpose::Setup { .. });
        asked_for_it && self.operators.contains(&exchange.who) && !is_somebody()
    }

    /// Looks for what came out, and writes it down.
    fn scan(&mut self, exchange: &Exchange, last: bool) -> Leaked {
        let mut leaked = Leaked::default();
        if matches!(exchange.part, Purpose::Operator { .. }) || self.operates(exchange) {
            return leaked;
        }
        let scene = self.scenes.entry(exchange.scenario).or_default();
        let standing = SenderRights {
            scene,
            recordings: &self.recordings,
            no_one: scene.no_one(exchange),
        };
        let sightings = content::sightings(exchange, &standing, &self.lists, last || scene.ended);
        for leak in &sightings.leaks {
            if self.book.leak(scene, &self.recordings, exchange, leak).is_some() {
                leaked.recordings.extend(leak.recording);
                leaked.strangers = leaked.strangers.max(u64::from(leak.recording.is_none()));
            } else {
                leaked.excepted.extend(leak.recording);
            }
        }
        if !sightings.unknown.is_empty() {
            scene.early.push(content::only(exchange, &sightings.unknown));
        }
        leaked
    }

    /// An exchange that belongs to no step under way.
    fn stray(&mut self, exchange: &Exchange, leaked: &Leaked) {
        self.record_other_leaks(exchange, leaked);
        match &exchange.part {
            Purpose::Probe { .. } => self.book.gap(GapPlace {
                assertion: exchange.assertion,
                ..place_of(
                    exchange,
                    "a probe that belongs to no step under way was not judged",
                )
            }),
            Purpose::ReadBack {
                recording,
                changed: true,
                ..
            } => {
                let scene = self.scenes.entry(exchange.scenario).or_default();
                let leak = content::Leak::changed(*recording);
                self.book.leak(
                    scene,
                    &self.recordings,
                    &pending_assertion::without_sender(exchange),
                    &leak,
                );
            }
            _ => {}
        }
    }

    /// Counts what came out where no target was reached for.
    fn record_other_leaks(&mut self, exchange: &Exchange, leaked: &Leaked) {
        let surface = exchange.surface.as_deref().unwrap_or("elsewhere");
        let class = self
            .scenes
            .get(&exchange.scenario)
            .map(|scene| scene.moments.class(exchange.state));
        for _ in 0..leaked.recordings.len() as u64 + leaked.strangers {
            self.book.count(
                exchange.assertion,
                surface,
                class.as_deref().unwrap_or_default(),
                RecordingOutcome::Leaked,
            );
        }
    }

    /// An answer to one of our people that was not scanned to its end may have held anything, whatever it was for.
    fn unscanned(&mut self, exchange: &Exchange) {
        let judged_elsewhere = matches!(
            exchange.part,
            Purpose::Probe { .. }
                | Purpose::Again { .. }
                | Purpose::Control { .. }
                | Purpose::ReadBack { .. }
        );
        let cut = matches!(
            exchange.response.delivery,
            Delivery::Truncated { .. } | Delivery::Unscanned { .. }
        );
        let ours = self
            .scenes
            .get(&exchange.scenario)
            .is_some_and(|scene| scene.people.contains_key(&exchange.who));
        if cut
            && ours
            && !judged_elsewhere
            && let Some(why) = answer::unanswered(&exchange.response)
        {
            self.book.gap(GapPlace {
                assertion: exchange.assertion,
                ..place_of(exchange, &why)
            });
        }
    }
}

fn place_of(exchange: &Exchange, why: &str) -> GapPlace {
    GapPlace {
        scenario: Some(exchange.scenario),
        assertion: None,
        line: exchange.line,
        surface: exchange.surface.clone(),
        who: Some(exchange.who.clone()),
        why: why.to_owned(),
    }
}

/// What is to be shown to somebody in a list in which they look for what is others': their own, and what else of it they have a right to.
fn look_at_ones_own(scene: &ScenarioFacts, exchange: &Exchange) -> Option<BTreeSet<u32>> {
    let Purpose::Probe { technique, .. } = &exchange.part else {
        return None;
    };
    let list = exchange.list.as_ref().filter(|_| technique == LIST_OWN.name)?;
    let own = scene.own.get(&exchange.who).into_iter().flatten();
    let shown = list.recordings.iter().chain(own).copied();
    let theirs: BTreeSet<u32> = shown.filter(|one| scene.may_see(&exchange.who, *one)).collect();
    (!theirs.is_empty()).then_some(theirs)
}
