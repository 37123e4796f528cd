//! Taking in recordings and exchanges: looking at every answer, whatever it was for, and handing it to the step that asked.

use super::asking::{self, Asking, Leaked};
use super::book::Place;
use super::judgement::Upshot;
use super::scene::{Scene, Standing};
use super::{Judge, answer, content};
use crate::ledger::{Delivery, Exchange, Part, Plant};
use crate::probe::technique::LOOK;
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
            let leaked = self.look(&exchange, last);
            let asking = self
                .asking(&exchange)
                .filter(|_| matches!(exchange.part, Part::Probe { .. }));
            match asking {
                Some(asking) => asking.take(&exchange, &BTreeSet::new(), &leaked),
                None => self.beside(&exchange, &leaked),
            }
        }
    }

    fn asking(&mut self, exchange: &Exchange) -> Option<&mut Asking> {
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
        let leaked = self.look(exchange, false);
        let operates = self.operates(exchange);
        let scene = self.scenes.entry(exchange.scenario).or_default();
        let claimed = match &exchange.part {
            Part::Twin { recordings } => recordings.as_slice(),
            Part::ReadBack { recording, .. } => std::slice::from_ref(recording),
            _ => &[],
        };
        let rightful: BTreeSet<u32> = claimed
            .iter()
            .copied()
            .filter(|recording| operates || scene.may_see(&exchange.who, *recording))
            .collect();
        if matches!(
            exchange.part,
            Part::Probe { .. } | Part::Again { .. } | Part::Attempt { .. }
        ) {
            scene.tried = scene.tried.max(exchange.exchange);
        }
        if let (Part::Attempt { .. }, false) = (&exchange.part, scene.ended) {
            scene.attempts.insert(exchange.exchange, exchange.clone());
        }
        if exchange.part == (Part::Pulse { alive: true }) {
            let last = scene.alive.entry(exchange.who.clone()).or_default();
            *last = exchange.exchange.max(*last);
        }
        if matches!(exchange.part, Part::Twin { .. }) && !scene.ended {
            scene.twins.keep(exchange, rightful.clone());
        }
        if let (Some(theirs), false) = (look_at_ones_own(scene, exchange), scene.ended) {
            scene.twins.keep(exchange, theirs);
        }
        match self.asking(exchange) {
            Some(asking) => {
                asking.take(exchange, &rightful, &leaked);
                if !matches!(exchange.part, Part::Probe { .. }) {
                    self.beside(exchange, &leaked);
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
        let asked_for_it = matches!(exchange.part, Part::Twin { .. } | Part::Setup { .. });
        asked_for_it && self.operators.contains(&exchange.who) && !is_somebody()
    }

    /// Looks for what came out, and writes it down.
    fn look(&mut self, exchange: &Exchange, last: bool) -> Leaked {
        let mut leaked = Leaked::default();
        if matches!(exchange.part, Part::Operator { .. }) || self.operates(exchange) {
            return leaked;
        }
        let scene = self.scenes.entry(exchange.scenario).or_default();
        let standing = Standing {
            scene,
            recordings: &self.recordings,
            no_one: scene.no_one(exchange),
        };
        let sightings = content::look(exchange, &standing, &self.lists, last || scene.ended);
        for leak in &sightings.leaks {
            if self.book.leak(scene, &self.recordings, exchange, leak).is_some() {
                leaked.recordings.extend(leak.recording);
                leaked.strangers = leaked.strangers.max(u64::from(leak.recording.is_none()));
            } else {
                leaked.meant.extend(leak.recording);
            }
        }
        if !sightings.unknown.is_empty() {
            scene.early.push(content::only(exchange, &sightings.unknown));
        }
        leaked
    }

    /// An exchange that belongs to no step under way.
    fn stray(&mut self, exchange: &Exchange, leaked: &Leaked) {
        self.beside(exchange, leaked);
        match &exchange.part {
            Part::Probe { .. } => self.book.gap(Place {
                assertion: exchange.assertion,
                ..place_of(
                    exchange,
                    "a probe that belongs to no step under way was not judged",
                )
            }),
            Part::ReadBack {
                recording,
                changed: true,
                ..
            } => {
                let scene = self.scenes.entry(exchange.scenario).or_default();
                let leak = content::Leak::changed(*recording);
                self.book
                    .leak(scene, &self.recordings, &asking::by_somebody(exchange), &leak);
            }
            _ => {}
        }
    }

    /// Counts what came out where no target was reached for.
    fn beside(&mut self, exchange: &Exchange, leaked: &Leaked) {
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
                Upshot::Leaked,
            );
        }
    }

    /// An answer to one of our people that was not scanned to its end may have held anything, whatever it was for.
    fn unscanned(&mut self, exchange: &Exchange) {
        let judged_elsewhere = matches!(
            exchange.part,
            Part::Probe { .. } | Part::Again { .. } | Part::Control { .. } | Part::ReadBack { .. }
        );
        let cut = matches!(
            exchange.replied.delivery,
            Delivery::Truncated { .. } | Delivery::Unscanned { .. }
        );
        let ours = self
            .scenes
            .get(&exchange.scenario)
            .is_some_and(|scene| scene.people.contains_key(&exchange.who));
        if cut
            && ours
            && !judged_elsewhere
            && let Some(why) = answer::unanswered(&exchange.replied)
        {
            self.book.gap(Place {
                assertion: exchange.assertion,
                ..place_of(exchange, &why)
            });
        }
    }
}

fn place_of(exchange: &Exchange, why: &str) -> Place {
    Place {
        scenario: Some(exchange.scenario),
        assertion: None,
        line: exchange.line,
        surface: exchange.surface.clone(),
        who: Some(exchange.who.clone()),
        why: why.to_owned(),
    }
}

/// What is to be shown to somebody in a list in which they look for what is others': their own, and what else of it they have a right to.
fn look_at_ones_own(scene: &Scene, exchange: &Exchange) -> Option<BTreeSet<u32>> {
    let Part::Probe { technique, .. } = &exchange.part else {
        return None;
    };
    let list = exchange.list.as_ref().filter(|_| technique == LOOK.name)?;
    let own = scene.own.get(&exchange.who).into_iter().flatten();
    let shown = list.recordings.iter().chain(own).copied();
    let theirs: BTreeSet<u32> = shown.filter(|one| scene.may_see(&exchange.who, *one)).collect();
    (!theirs.is_empty()).then_some(theirs)
}
