//! What stays of a run when its scenarios are over: findings, gaps, tallies, verdicts.

use super::content::Leak;
use super::exceptions::{Exceptions, LeakCase};
use super::finding_draft::{self, FindingDraft, FindingKey, LeakContext};
use super::folding;
use super::judgement::{AssertionVerdict, Counts, Gap, RecordingOutcome, ScenarioVerdict, Tally};
use super::recordings::Recordings;
use super::scenario_facts::ScenarioFacts;
use super::sentence;
use super::untried::UntriedActions;
use crate::ledger::{Assertion, Exchange, Outcome, Scenario, ScenarioEnded, SharedAttribute, Verdict};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The technique that is no more than looking at one's own.
const LIST_OWN: &str = "list-own";

#[derive(Debug, Default)]
pub(super) struct Results {
    pub(super) counts: Counts,
    /// What is excepted.
    pub(super) exceptions: Exceptions,
    /// How relations read, by name.
    relations: BTreeMap<String, String>,
    /// What was not tried.
    pub(super) left_out: UntriedActions,
    found: Vec<FindingDraft>,
    by_key: HashMap<FindingKey, usize>,
    /// Findings whose twin's answer is still to be filled in.
    without_twin: BTreeSet<usize>,
    pub(super) gaps: Vec<Gap>,
    by_place: HashMap<GapPlace, usize>,
    pub(super) tallies: BTreeMap<(String, String), Tally>,
    pub(super) scenarios: BTreeMap<u32, ScenarioResult>,
    assertions: BTreeMap<u32, AssertionResult>,
}

/// Where and why something could not be judged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct GapPlace {
    pub(super) scenario: Option<u32>,
    pub(super) assertion: Option<u32>,
    pub(super) line: u32,
    pub(super) surface: Option<String>,
    pub(super) who: Option<String>,
    pub(super) why: String,
}

/// A scenario, as far as its verdict goes.
#[derive(Debug, Default)]
pub(super) struct ScenarioResult {
    scenario: Option<Scenario>,
    ended: Option<ScenarioEnded>,
    leaked: bool,
    unclear: bool,
    assertions: Vec<u32>,
}

/// An assertion, as far as its verdict goes.
#[derive(Debug)]
struct AssertionResult {
    assertion: Assertion,
    concluded: bool,
    held: u64,
    inconclusive: u64,
    leaked: u64,
    excepted: u64,
    findings: BTreeSet<usize>,
    gaps: BTreeSet<usize>,
}

impl Results {
    pub(super) fn scenario(&mut self, scenario: &Scenario) {
        self.scenarios
            .entry(scenario.scenario)
            .or_default()
            .scenario
            .get_or_insert_with(|| scenario.clone());
    }

    pub(super) fn ended(&mut self, ended: &ScenarioEnded) {
        self.scenarios
            .entry(ended.scenario)
            .or_default()
            .ended
            .get_or_insert_with(|| ended.clone());
    }

    pub(super) fn asks(&mut self, assertion: &Assertion) {
        let act = self.scenarios.entry(assertion.scenario).or_default();
        if !act.assertions.contains(&assertion.assertion) {
            act.assertions.push(assertion.assertion);
        }
        self.assertions
            .entry(assertion.assertion)
            .or_insert_with(|| AssertionResult {
                assertion: assertion.clone(),
                concluded: false,
                held: 0,
                inconclusive: 0,
                leaked: 0,
                excepted: 0,
                findings: BTreeSet::new(),
                gaps: BTreeSet::new(),
            });
    }

    pub(super) fn concluded(&mut self, assertion: u32) {
        if let Some(question) = self.assertions.get_mut(&assertion) {
            question.concluded = true;
        }
    }

    /// Counts one judged target, or one thing that leaked beside the targets.
    pub(super) fn count(
        &mut self,
        assertion: Option<u32>,
        surface: &str,
        state_class: &str,
        upshot: RecordingOutcome,
    ) {
        let key = (surface.to_owned(), state_class.to_owned());
        let tally = self.tallies.entry(key).or_insert_with(|| Tally {
            surface: surface.to_owned(),
            state_class: state_class.to_owned(),
            held: 0,
            inconclusive: 0,
            leaked: 0,
            excepted: 0,
        });
        match upshot {
            RecordingOutcome::Held => tally.held += 1,
            RecordingOutcome::Inconclusive => tally.inconclusive += 1,
            RecordingOutcome::Leaked => tally.leaked += 1,
            RecordingOutcome::Meant => tally.excepted += 1,
        }
        if let Some(question) = assertion.and_then(|number| self.assertions.get_mut(&number)) {
            match upshot {
                RecordingOutcome::Held => question.held += 1,
                RecordingOutcome::Inconclusive => question.inconclusive += 1,
                RecordingOutcome::Leaked => question.leaked += 1,
                RecordingOutcome::Meant => question.excepted += 1,
            }
        }
    }

    pub(super) fn relate(&mut self, relation: &SharedAttribute) {
        self.relations
            .insert(relation.name.clone(), relation.reads.clone());
    }

    /// Writes a leak down, as a finding of its own or with the one it belongs to; none when it is excepted.
    pub(super) fn leak(
        &mut self,
        scene: &ScenarioFacts,
        recordings: &Recordings,
        exchange: &Exchange,
        leak: &Leak,
    ) -> Option<&mut FindingDraft> {
        let setting = LeakContext {
            scene,
            recordings,
            relations: &self.relations,
            scenario: "",
            feature: "",
            file: "",
            step: None,
            claim: None,
        };
        let relations = setting.shared_relations(exchange, leak);
        let case = LeakCase {
            exchange: exchange.exchange,
            surface: exchange.surface.as_deref().unwrap_or_default(),
            technique: &finding_draft::technique(exchange).0,
            who: &exchange.who,
            role: scene.people.get(&exchange.who).map_or("", |person| &person.role),
            relations: &relations,
            leak,
        };
        if self.exceptions.covers(&case) {
            return None;
        }
        let act = self.scenarios.entry(exchange.scenario).or_default();
        act.leaked = true;
        let question = exchange.assertion.and_then(|number| self.assertions.get(&number));
        let scenario = act.scenario.as_ref();
        let setting = LeakContext {
            scenario: scenario.map_or("", |scenario| &scenario.name),
            feature: scenario.map_or("", |scenario| &scenario.feature),
            file: scenario.map_or("", |scenario| &scenario.file),
            step: question.map(|question| question.assertion.text.as_str()),
            claim: question.map(|question| question.assertion.claim),
            ..setting
        };
        let (key, made) = finding_draft::make(&setting, exchange, leak);
        let index = match self.by_key.get(&key) {
            Some(index) => {
                if let Some(known) = self.found.get_mut(*index) {
                    known.merge(made);
                }
                *index
            }
            None => {
                self.found.push(made);
                let index = self.found.len() - 1;
                self.by_key.insert(key, index);
                index
            }
        };
        self.without_twin.insert(index);
        if let Some(question) = exchange
            .assertion
            .and_then(|number| self.assertions.get_mut(&number))
        {
            question.findings.insert(index);
        }
        self.found.get_mut(index)
    }

    /// Fills in what the twins got, when an assertion or a scenario is over.
    pub(super) fn fill_twins(&mut self, scenario: u32, scene: &ScenarioFacts) {
        let found = &mut self.found;
        self.without_twin.retain(|index| {
            let Some(found) = found.get_mut(*index) else {
                return false;
            };
            if found.finding.scenario_number != scenario {
                return true;
            }
            if let Some(twin) = found.twin_in(&scene.twins) {
                found.fill_twin(twin);
            }
            false
        });
    }

    /// Writes down that something could not be judged.
    pub(super) fn gap(&mut self, place: GapPlace) {
        if let Some(scenario) = place.scenario {
            self.scenarios.entry(scenario).or_default().unclear = true;
        }
        let (assertion, index) = (place.assertion, self.gap_index(place));
        if let Some(gap) = self.gaps.get_mut(index) {
            gap.count += 1;
        }
        if let Some(question) = assertion.and_then(|number| self.assertions.get_mut(&number)) {
            question.gaps.insert(index);
        }
    }

    fn gap_index(&mut self, place: GapPlace) -> usize {
        if let Some(index) = self.by_place.get(&place) {
            return *index;
        }
        let act = place.scenario.and_then(|number| self.scenarios.get(&number));
        let scenario = act.and_then(|act| act.scenario.as_ref());
        self.gaps.push(Gap {
            scenario: place.scenario,
            name: scenario.map_or_else(String::new, |scenario| scenario.name.clone()),
            file: scenario.map_or_else(String::new, |scenario| scenario.file.clone()),
            line: match place.line {
                0 => scenario.map_or(0, |scenario| scenario.line),
                line => line,
            },
            surface: place.surface.clone(),
            who: place.who.clone(),
            why: place.why.clone(),
            count: 0,
        });
        let index = self.gaps.len() - 1;
        self.by_place.insert(place, index);
        index
    }

    /// The verdict of an assertion that has concluded, or that never will.
    pub(super) fn assertion(&self, number: u32) -> Option<AssertionVerdict> {
        let question = self
            .assertions
            .get(&number)
            .filter(|question| question.concluded)?;
        let AssertionResult {
            assertion,
            held,
            inconclusive,
            leaked,
            excepted: meant,
            findings,
            gaps,
            ..
        } = question;
        let verdict = if *leaked > 0 || !findings.is_empty() {
            Verdict::Leaked
        } else if *inconclusive > 0 || !gaps.is_empty() || (*held == 0 && *meant == 0) {
            Verdict::Inconclusive
        } else {
            Verdict::Held
        };
        let tellers = folding::tellers(&self.found);
        let told: BTreeSet<usize> = findings
            .iter()
            .filter_map(|index| tellers.get(*index).copied())
            .collect();
        let found = told.iter().filter_map(|index| self.found.get(*index));
        let stories = sentence::group(found.map(|found| &found.finding));
        let reasons = gaps.iter().filter_map(|index| self.gaps.get(*index));
        Some(AssertionVerdict {
            assertion: number,
            scenario: assertion.scenario,
            text: assertion.text.clone(),
            line: assertion.line,
            claim: assertion.claim,
            verdict,
            held: *held,
            inconclusive: *inconclusive,
            leaked: *leaked,
            excepted: *meant,
            sentences: stories.iter().map(|story| sentence::in_words(story)).collect(),
            reasons: reasons.map(Gap::reason).collect(),
        })
    }

    /// The verdict of a scenario, as far as it has come.
    pub(super) fn verdict(&self, number: u32) -> Option<ScenarioVerdict> {
        let act = self.scenarios.get(&number)?;
        let assertions: Vec<AssertionVerdict> = act
            .assertions
            .iter()
            .filter_map(|assertion| self.assertion(*assertion))
            .collect();
        let outcome = act.ended.as_ref().map(|ended| ended.outcome);
        let worst = assertions.iter().map(|assertion| assertion.verdict).max();
        let verdict = if act.leaked {
            Some(Verdict::Leaked)
        } else if act.unclear {
            worst.max(Some(Verdict::Inconclusive))
        } else if outcome == Some(Outcome::NotApplicable) {
            worst
        } else {
            // Nothing probed is not a pass.
            worst.or(Some(Verdict::Inconclusive))
        };
        let scenario = act.scenario.as_ref();
        let text =
            |of: fn(&Scenario) -> &String| scenario.map_or_else(String::new, |scenario| of(scenario).clone());
        Some(ScenarioVerdict {
            scenario: number,
            feature: text(|scenario| &scenario.feature),
            name: text(|scenario| &scenario.name),
            file: text(|scenario| &scenario.file),
            line: scenario.map_or(0, |scenario| scenario.line),
            tags: scenario.map_or_else(Vec::new, |scenario| scenario.tags.clone()),
            verdict,
            outcome,
            reason: act.ended.as_ref().and_then(|ended| ended.reason.clone()),
            elapsed_ms: act
                .ended
                .as_ref()
                .zip(scenario)
                .map(|(ended, scenario)| ended.at_ms.saturating_sub(scenario.at_ms)),
            assertions,
        })
    }

    /// Whether a scenario has begun to ask anything.
    pub(super) fn has_asked(&self, scenario: u32) -> bool {
        self.scenarios
            .get(&scenario)
            .is_some_and(|act| !act.assertions.is_empty())
    }

    /// Whether the `Then` step at this line was judged, and did not hold.
    pub(super) fn has_judged(&self, scenario: u32, line: u32) -> bool {
        self.verdict(scenario).is_some_and(|said| {
            said.assertions
                .iter()
                .any(|one| one.line == line && one.verdict != Verdict::Held)
        })
    }

    /// Whether this reason has been given for this step, perhaps with something before it.
    pub(super) fn has_gap(&self, scenario: u32, line: u32, why: &str) -> bool {
        self.gaps
            .iter()
            .any(|gap| gap.scenario == Some(scenario) && gap.line == line && gap.why.ends_with(why))
    }

    /// The findings: what befalls those who do nothing unusual first, what takes skill last; then the worst first.
    pub(super) fn found_so_far(&self) -> Vec<super::Finding> {
        folding::fold(self.found.clone())
    }

    pub(super) fn findings(&mut self) -> Vec<super::Finding> {
        let mut findings = folding::fold(std::mem::take(&mut self.found));
        findings.sort_by(|a, b| {
            let place = |finding: &super::Finding| (finding.scenario_number, finding.line);
            (a.temperament, a.technique != LIST_OWN)
                .cmp(&(b.temperament, b.technique != LIST_OWN))
                .then_with(|| b.extent.cmp(&a.extent))
                .then_with(|| place(a).cmp(&place(b)))
                .then_with(|| {
                    (&a.bystander, &a.surface, &a.technique).cmp(&(&b.bystander, &b.surface, &b.technique))
                })
                .then_with(|| (&a.state, &a.owner).cmp(&(&b.state, &b.owner)))
        });
        findings
    }
}

impl Gap {
    /// "`media`, Ben: the answer did not arrive whole …"
    #[must_use]
    pub fn reason(&self) -> String {
        let surface = self.surface.as_ref().map(|surface| format!("`{surface}`"));
        let place: Vec<String> = surface.into_iter().chain(self.who.clone()).collect();
        match place.as_slice() {
            [] => self.why.clone(),
            place => format!("{}: {}", place.join(", "), self.why),
        }
    }
}
