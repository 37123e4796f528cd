//! From the ledger to verdicts and findings: pure functions, entry by entry, without the network or the clock.
//!
//! Each rule of judgement has a file: `content` (1, content decides; 2, strangers count too), `held` (3, no vacuous pass; 7,
//! fail closed), `control` (4, the negative control), `conclude` (6, reading back; 8, the worst wins). Rule 5, no echo, is
//! kept by whoever looks for canaries: an echo never reaches the ledger as seen.
//!
//! Only facts are kept, not exchanges, and most of a scenario's facts go when it ends.

mod answer;
mod attempts;
mod closing;
mod conclude;
mod content;
mod control;
mod coverage;
mod exceptions;
pub mod exit;
mod finding;
mod finding_draft;
mod folding;
mod held;
mod judgement;
mod observing;
mod pending_assertion;
mod recordings;
mod results;
mod scenario_facts;
pub mod sentence;
mod standards;
mod techniques;
mod transition_history;
mod twins;
mod untried;

pub(crate) use answer::duration;
pub use coverage::TechniqueCoverage;
pub use finding::{Evidence, Finding, FindingKind, Rule, STRANGER, SharedRelation, TwinEvidence};
pub use judgement::{
    AssertionVerdict, Counts, DiscoveredEndpoint, Excepted, Gap, Judgement, LeftOut, ScenarioVerdict, Tally,
};
pub(crate) use transition_history::AT_REST;

use crate::ledger::{Discovered, Entry, Finished, Run, Stack, Trouble, Verdict};
use pending_assertion::PendingAssertion;
use recordings::Recordings;
use results::{GapPlace, Results};
use scenario_facts::{PersonaFacts, ScenarioFacts};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Who asks without credentials.
pub const NOBODY: &str = "nobody";
/// Who asks with credentials that nobody ever held.
pub const WRONG_CREDENTIALS: &str = "wrong-credentials";

/// Whether who asks is nobody in particular: without rights, and without a session that could die.
pub(crate) fn is_nobody(who: &str) -> bool {
    who == NOBODY || who == WRONG_CREDENTIALS
}

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
    /// Roles without a person that show what is to be had where none of the people has a right.
    operators: BTreeSet<String>,
    /// Surfaces that show recordings in lists: as the profile says, or as was seen.
    lists: HashSet<String>,
    /// Forms of addresses that were found by following links.
    discovered: BTreeSet<DiscoveredEndpoint>,
    scenes: BTreeMap<u32, ScenarioFacts>,
    coverage: coverage::Coverage,
    book: Results,
}

impl Judge {
    /// Takes in the next entry.
    pub fn observe(&mut self, entry: &Entry) {
        match entry {
            Entry::Run(run) => self.run = Some(run.clone()),
            Entry::Exception(exception) => self.book.exceptions.declare(exception),
            Entry::Relation(relation) => self.book.relate(relation),
            Entry::Operator(operator) => {
                self.operators.insert(operator.role.clone());
            }
            Entry::Lists(lists) => self.lists.extend(lists.surfaces.iter().cloned()),
            Entry::LeftOut(left_out) => {
                if !self.coverage.left_out(left_out) {
                    self.book.left_out.add(left_out);
                }
            }
            Entry::Coverable(coverable) => self.coverage.expect(coverable),
            Entry::Stack(stack) => self.stack = Some(stack.clone()),
            Entry::Scenario(scenario) => {
                self.scenes.entry(scenario.scenario).or_default();
                self.book.scenario(scenario);
            }
            Entry::Persona(persona) => {
                self.book.counts.personas += 1;
                let scene = self.scenes.entry(persona.scenario).or_default();
                scene
                    .people
                    .insert(persona.name.clone(), PersonaFacts::of(persona));
            }
            Entry::Plant(plant) => self.plant(plant),
            Entry::Stored(stored) => self.recordings.stored(stored.recording, stored.media_bytes),
            Entry::Grant(grant) => self.scenes.entry(grant.scenario).or_default().grant(grant),
            Entry::Transition(transition) => {
                self.scenes
                    .entry(transition.scenario)
                    .or_default()
                    .record_transition(transition);
            }
            Entry::Assertion(assertion) => {
                self.book.counts.assertions += 1;
                self.book.asks(assertion);
                let scene = self.scenes.entry(assertion.scenario).or_default();
                scene
                    .asking
                    .entry(assertion.assertion)
                    .or_insert_with(|| PendingAssertion::new(assertion));
            }
            Entry::Exchange(exchange) => {
                self.coverage.probe(exchange);
                self.exchange(exchange);
            }
            Entry::Concluded(concluded) => {
                self.settle_early(concluded.scenario, true);
                self.use_earlier_twins(concluded);
                self.conclude(concluded.scenario, concluded.assertion, Some(concluded.planned));
            }
            Entry::Attempted(attempted) => self.attempted(attempted),
            Entry::Discovered(discovered) => self.discovered(discovered),
            // what was done to a probe is no business of whoever judges it
            Entry::Sabotaged(_) => {}
            // a check asks without anybody who judges
            Entry::Check(_) => {}
            Entry::Trouble(trouble) => self.trouble(trouble),
            Entry::Ended(ended) => self.ended(ended),
            Entry::Finished(finished) => self.finished = Some(finished.clone()),
        }
    }

    /// A new surface is no leak; where the profile wants to hear of each, the run is not done until somebody has looked at it.
    fn discovered(&mut self, discovered: &Discovered) {
        self.discovered.insert(DiscoveredEndpoint {
            form: discovered.form.clone(),
            declared: discovered.declared.clone(),
            known: discovered.known,
        });
        if discovered.new_is_a_failure && discovered.declared.is_none() && !discovered.known {
            self.trouble(&Trouble {
                scenario: Some(discovered.scenario),
                line: discovered.line,
                what: format!(
                    "`{}` shows recordings, and the profile neither declares it nor lists it under `[discovery].known`",
                    discovered.form
                ),
                stack_gone: false,
                internal: false,
            });
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

    /// What has been found so far; what is told as one may be told anew when more is known.
    #[must_use]
    pub fn so_far(&self) -> Vec<Finding> {
        self.book.found_so_far()
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
            self.book.gap(GapPlace {
                scenario: Some(scenario),
                why: "the scenario was cut off before its end".to_owned(),
                ..GapPlace::default()
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
        // Rule 8: nothing probed is not a pass.
        let verdict = verdict.filter(|verdict| *verdict != Verdict::Held || counts.probes > 0);
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
            exceptions: self.book.exceptions.into_report(),
            left_out: self.book.left_out.into_report(),
            coverage: self.coverage.into_report(),
            gaps: self.book.gaps,
            tallies: self.book.tallies.into_values().collect(),
            discovered: self.discovered.into_iter().collect(),
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
        self.book.gap(GapPlace {
            why,
            ..GapPlace::default()
        });
    }
}
