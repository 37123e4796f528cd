//! From the ledger to verdicts and findings: pure functions, entry by entry, without the network or the clock.
//!
//! Each rule of judgement has a file: `content` (1, content decides; 2, strangers count too), `held` (3, no vacuous pass; 7,
//! fail closed), `control` (4, the negative control), `conclude` (6, reading back; 8, the worst wins). Rule 5, no echo, is
//! kept by whoever looks for canaries: an echo never reaches the ledger as seen.
//!
//! Only facts are kept, not exchanges, and most of a scenario's facts go when it ends.

mod answer;
mod asking;
mod book;
mod conclude;
mod content;
mod control;
pub mod exit;
mod finding;
mod found;
mod held;
mod judgement;
mod moment;
mod recordings;
mod scene;
pub mod sentence;
mod standards;
mod techniques;
mod twins;

pub(crate) use answer::duration;
pub use finding::{Evidence, Finding, Kind, Rule, STRANGER, TwinEvidence};
pub use judgement::{AssertionVerdict, Counts, Gap, Judgement, ScenarioVerdict, Tally};

use crate::ledger::{
    Delivery, Ended, Entry, Exchange, Finished, Outcome, Part, Plant, Run, Stack, Trouble, Verdict,
};
use asking::{Asking, Leaked};
use book::{Book, Place};
use conclude::Conclusion;
use recordings::Recordings;
use scene::{Scene, Standing};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Who asks without credentials.
pub const NOBODY: &str = "nobody";

/// Judges a whole ledger.
pub fn judge(entries: impl IntoIterator<Item = Entry>) -> Judgement {
    let mut judge = Judge::default();
    for entry in entries {
        judge.observe(&entry);
    }
    judge.finish()
}

/// Judges a ledger entry by entry: one for a whole run, or one fed with a single scenario's entries to decide its steps.
#[derive(Debug, Default)]
pub struct Judge {
    run: Option<Run>,
    stack: Option<Stack>,
    finished: Option<Finished>,
    stack_gone: bool,
    internal: bool,
    recordings: Recordings,
    /// Surfaces that have answered with a list.
    lists: HashSet<String>,
    scenes: BTreeMap<u32, Scene>,
    book: Book,
}

impl Judge {
    /// Takes in the next entry.
    pub fn observe(&mut self, entry: &Entry) {
        match entry {
            Entry::Run(run) => self.run = Some(run.clone()),
            Entry::Stack(stack) => self.stack = Some(stack.clone()),
            Entry::Scenario(scenario) => {
                self.scenes.entry(scenario.scenario).or_default();
                self.book.scenario(scenario);
            }
            Entry::Persona(persona) => {
                self.book.counts.personas += 1;
                let scene = self.scenes.entry(persona.scenario).or_default();
                scene.people.insert(persona.name.clone(), persona.role.clone());
            }
            Entry::Plant(plant) => self.plant(plant),
            Entry::Grant(grant) => self.scenes.entry(grant.scenario).or_default().grant(grant),
            Entry::Transition(transition) => {
                self.scenes
                    .entry(transition.scenario)
                    .or_default()
                    .moments
                    .begin(transition);
            }
            Entry::Assertion(assertion) => {
                self.book.counts.assertions += 1;
                self.book.asks(assertion);
                let scene = self.scenes.entry(assertion.scenario).or_default();
                scene
                    .asking
                    .entry(assertion.assertion)
                    .or_insert_with(|| Asking::begin(assertion));
            }
            Entry::Exchange(exchange) => self.exchange(exchange),
            Entry::Concluded(concluded) => {
                self.settle_early(concluded.scenario, true);
                self.conclude(concluded.scenario, concluded.assertion, Some(concluded.planned));
            }
            Entry::Trouble(trouble) => self.trouble(trouble),
            Entry::Ended(ended) => self.ended(ended),
            Entry::Finished(finished) => self.finished = Some(finished.clone()),
        }
    }

    /// Says that the run has ended by itself, for whoever wants the verdict before writing the ledger's last line.
    pub fn complete(&mut self, at_ms: u64) {
        self.finished.get_or_insert(Finished {
            verdict: None,
            exit: exit::HELD,
            at_ms,
        });
    }

    /// The verdict of a `Then` step that has concluded.
    #[must_use]
    pub fn assertion(&self, number: u32) -> Option<AssertionVerdict> {
        self.book.assertion(number)
    }

    /// The verdict of a scenario, as far as it has come: also of what came out before any `Then` step.
    #[must_use]
    pub fn scenario(&self, number: u32) -> Option<ScenarioVerdict> {
        self.book.verdict(number)
    }

    /// Judges what is left, and hands everything over.
    #[must_use]
    pub fn finish(mut self) -> Judgement {
        let open: Vec<u32> = self
            .scenes
            .iter()
            .filter(|(_, scene)| !scene.ended)
            .map(|(number, _)| *number)
            .collect();
        for scenario in open {
            self.close(scenario);
            self.book.gap(Place {
                scenario: Some(scenario),
                why: "the scenario was cut off before its end".to_owned(),
                ..Place::default()
            });
        }
        self.missing();
        let scenarios: Vec<ScenarioVerdict> = {
            let numbers = self.book.scenarios.keys().copied();
            numbers.filter_map(|number| self.book.verdict(number)).collect()
        };
        let whole = self
            .book
            .gaps
            .iter()
            .any(|gap| gap.scenario.is_none())
            .then_some(Verdict::Inconclusive);
        // The worst wins.
        let verdict = scenarios
            .iter()
            .filter_map(|scenario| scenario.verdict)
            .max()
            .max(whole);
        let mut counts = self.book.counts;
        counts.scenarios = scenarios.len() as u64;
        counts.filtered_out = self.run.as_ref().map_or(0, |run| u64::from(run.filtered_out));
        for scenario in &scenarios {
            match scenario.verdict {
                Some(Verdict::Held) => counts.held += 1,
                Some(Verdict::Inconclusive) => counts.inconclusive += 1,
                Some(Verdict::Leaked) => counts.leaked += 1,
                None => counts.not_applicable += 1,
            }
        }
        Judgement {
            verdict,
            run: self.run,
            stack: self.stack,
            finished: self.finished,
            stack_gone: self.stack_gone,
            internal: self.internal,
            scenarios,
            findings: self.book.findings(),
            gaps: self.book.gaps,
            tallies: self.book.tallies.into_values().collect(),
            counts,
        }
    }

    /// What the whole run lacks.
    fn missing(&mut self) {
        if self.finished.is_none() {
            self.whole("the run was cut off before its end".to_owned());
        }
        let selected = self.run.as_ref().map_or(0, |run| run.selected as usize);
        let missing = selected.saturating_sub(self.book.scenarios.len());
        if missing > 0 {
            self.whole(format!("{missing} of {selected} selected scenarios never began"));
        }
    }

    fn whole(&mut self, why: String) {
        self.book.gap(Place {
            why,
            ..Place::default()
        });
    }

    fn plant(&mut self, plant: &Plant) {
        self.book.counts.recordings += 1;
        let scene = self.scenes.entry(plant.scenario).or_default();
        let role = scene.people.get(&plant.owner).cloned().unwrap_or_default();
        scene.own(&plant.owner, plant.recording);
        self.recordings.plant(plant, &role);
        self.settle_early(plant.scenario, false);
    }

    /// Judges what was seen before the ledger told whose it is. `last` says that it will not tell any more.
    fn settle_early(&mut self, scenario: u32, last: bool) {
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

    fn exchange(&mut self, exchange: &Exchange) {
        self.book.counts.count(exchange);
        if let (Some(surface), Some(_)) = (&exchange.surface, &exchange.list) {
            self.lists.insert(surface.clone());
        }
        let leaked = self.look(exchange, false);
        let scene = self.scenes.entry(exchange.scenario).or_default();
        let claimed = match &exchange.part {
            Part::Twin { recordings } => recordings.as_slice(),
            Part::ReadBack { recording, .. } => std::slice::from_ref(recording),
            _ => &[],
        };
        let rightful: BTreeSet<u32> = claimed
            .iter()
            .copied()
            .filter(|recording| scene.may_see(&exchange.who, *recording))
            .collect();
        if matches!(exchange.part, Part::Twin { .. }) && !scene.ended {
            scene.twins.keep(exchange, rightful.clone());
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

    /// Looks for what came out, and writes it down.
    fn look(&mut self, exchange: &Exchange, last: bool) -> Leaked {
        let mut leaked = Leaked::default();
        let scene = self.scenes.entry(exchange.scenario).or_default();
        let standing = Standing {
            scene,
            recordings: &self.recordings,
            no_one: scene.no_one(exchange),
        };
        let sightings = content::look(exchange, &standing, &self.lists, last || scene.ended);
        for leak in &sightings.leaks {
            self.book.leak(scene, &self.recordings, exchange, leak);
            leaked.recordings.extend(leak.recording);
            leaked.strangers = leaked.strangers.max(u64::from(leak.recording.is_none()));
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
                Verdict::Leaked,
            );
        }
    }

    /// An answer to one of our people that was not scanned to its end may have held anything, whatever it was for.
    fn unscanned(&mut self, exchange: &Exchange) {
        let judged_elsewhere = matches!(
            exchange.part,
            Part::Probe { .. } | Part::Control { .. } | Part::ReadBack { .. }
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

    fn conclude(&mut self, scenario: u32, assertion: u32, planned: Option<u32>) {
        let scene = self.scenes.entry(scenario).or_default();
        let Some(asking) = scene.asking.remove(&assertion) else {
            if self.book.assertion(assertion).is_none() {
                self.book.gap(Place {
                    scenario: Some(scenario),
                    why: "a step concluded that never began".to_owned(),
                    ..Place::default()
                });
            }
            return;
        };
        let conclusion = Conclusion {
            book: &mut self.book,
            scene,
            recordings: &self.recordings,
            scenario,
            assertion,
            asking: &asking,
            nothing_holds: false,
        };
        conclusion.judge(planned);
    }

    /// Judges what a scenario has left open, and drops what is no longer needed.
    fn close(&mut self, scenario: u32) {
        self.settle_early(scenario, true);
        let open: Vec<u32> = self
            .scenes
            .get(&scenario)
            .map_or_else(Vec::new, |scene| scene.asking.keys().copied().collect());
        for assertion in open {
            self.conclude(scenario, assertion, None);
        }
        let scene = self.scenes.entry(scenario).or_default();
        self.book.fill_twins(scenario, scene);
        scene.end();
    }

    fn ended(&mut self, ended: &Ended) {
        self.close(ended.scenario);
        self.book.ended(ended);
        let place = |why: String| Place {
            scenario: Some(ended.scenario),
            line: ended.line,
            why,
            ..Place::default()
        };
        match ended.outcome {
            Outcome::Stopped => {
                let why = ended.reason.as_deref().unwrap_or("no reason was given");
                self.book.gap(place(format!("the scenario was stopped: {why}")));
            }
            Outcome::Ran if !self.book.has_asked(ended.scenario) => {
                self.book.gap(place("nothing was probed".to_owned()))
            }
            Outcome::Ran | Outcome::NotApplicable => {}
        }
    }

    fn trouble(&mut self, trouble: &Trouble) {
        self.stack_gone |= trouble.stack_gone;
        self.internal |= trouble.internal;
        self.book.gap(Place {
            scenario: trouble.scenario,
            line: trouble.line,
            why: trouble.what.clone(),
            ..Place::default()
        });
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
