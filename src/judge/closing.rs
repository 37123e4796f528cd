//! Ends: of a step, of a scenario, of what was hoped for.

use super::Judge;
use super::conclude::Conclusion;
use super::results::GapPlace;
use crate::ledger::{Concluded, Outcome, ScenarioEnded, Trouble};

impl Judge {
    /// Takes in what a step relies on that was asked before it.
    pub(super) fn use_earlier_twins(&mut self, concluded: &Concluded) {
        let Some(scene) = self.scenes.get_mut(&concluded.scenario) else {
            return;
        };
        let Some(asking) = scene.asking.get_mut(&concluded.assertion) else {
            return;
        };
        for number in &concluded.reused_exchanges {
            match scene.twins.get(*number).filter(|_| *number > scene.tried) {
                Some(twin) => asking.rely_on_twin(twin),
                None => self.book.gap(GapPlace {
                    scenario: Some(concluded.scenario),
                    assertion: Some(concluded.assertion),
                    why: "it relies on an exchange that is missing, or was made before others had tried"
                        .to_owned(),
                    ..GapPlace::default()
                }),
            }
        }
    }

    pub(super) fn conclude(&mut self, scenario: u32, assertion: u32, planned: Option<u32>) {
        let scene = self.scenes.entry(scenario).or_default();
        let Some(asking) = scene.asking.remove(&assertion) else {
            if self.book.assertion(assertion).is_none() {
                self.book.gap(GapPlace {
                    scenario: Some(scenario),
                    why: "a step concluded that never began".to_owned(),
                    ..GapPlace::default()
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
    pub(super) fn close(&mut self, scenario: u32) {
        self.settle_early(scenario, true);
        let open: Vec<u32> = self
            .scenes
            .get(&scenario)
            .map_or_else(Vec::new, |scene| scene.asking.keys().copied().collect());
        for assertion in open {
            self.conclude(scenario, assertion, None);
        }
        self.never_looked_at(scenario);
        let scene = self.scenes.entry(scenario).or_default();
        self.book.fill_twins(scenario, scene);
        scene.end_scenario();
    }

    pub(super) fn ended(&mut self, ended: &ScenarioEnded) {
        self.close(ended.scenario);
        self.book.ended(ended);
        let place = |why: String| GapPlace {
            scenario: Some(ended.scenario),
            line: ended.line,
            why,
            ..GapPlace::default()
        };
        match ended.outcome {
            // a step that was judged and did not hold stops its scenario: that is told as what it is
            Outcome::Stopped if self.book.has_judged(ended.scenario, ended.line) => {}
            Outcome::Stopped => {
                let why = ended.reason.as_deref().unwrap_or("no reason was given");
                // what stopped it has mostly been told as trouble already
                if !self.book.has_gap(ended.scenario, ended.line, why) {
                    self.book.gap(place(format!("the scenario was stopped: {why}")));
                }
            }
            Outcome::Ran if !self.book.has_asked(ended.scenario) => {
                self.book.gap(place("nothing was probed".to_owned()))
            }
            Outcome::Ran | Outcome::NotApplicable => {}
        }
    }

    pub(super) fn trouble(&mut self, trouble: &Trouble) {
        self.stack_gone |= trouble.stack_gone;
        self.internal |= trouble.internal;
        self.book.gap(GapPlace {
            scenario: trouble.scenario,
            line: trouble.line,
            why: trouble.what.clone(),
            ..GapPlace::default()
        });
    }
}
