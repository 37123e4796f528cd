//! Judging an assertion when its step has asked all it planned, or was cut off before.

use super::content::Leak;
use super::control::Difference;
use super::finding::TwinEvidence;
use super::finding_draft::FindingDraft;
use super::judgement::RecordingOutcome;
use super::pending_assertion::{Control, PendingAssertion, Probe, ReadBack};
use super::recordings::Recordings;
use super::results::{GapPlace, Results};
use super::scenario_facts::ScenarioFacts;
use super::{control, held};
use crate::ledger::{Exchange, ProbeTarget};
use std::collections::HashSet;

/// One assertion and everything that it is judged by.
pub(super) struct Conclusion<'a> {
    pub(super) book: &'a mut Results,
    pub(super) scene: &'a ScenarioFacts,
    pub(super) recordings: &'a Recordings,
    pub(super) scenario: u32,
    pub(super) assertion: u32,
    pub(super) asking: &'a PendingAssertion,
    /// Nothing here can count as held, for a reason that is told once.
    pub(super) nothing_holds: bool,
}

impl Conclusion<'_> {
    /// Judges every target. `planned` is how many there should be; none when the step was cut off.
    pub(super) fn judge(mut self, planned: Option<u32>) {
        self.nothing_holds = planned.is_none();
        if planned.is_none() {
            self.gap(
                None,
                None,
                "the step was cut off before it had asked everything".to_owned(),
            );
        }
        for why in self.scene.moments.unsettled() {
            self.nothing_holds = true;
            self.gap(None, None, why);
        }
        let mut judged = 0;
        for probe in self.asking.probes.values() {
            judged += self.probe(probe);
        }
        judged += self.judge_reachable();
        self.strays();
        let missing = u64::from(planned.unwrap_or(0)).saturating_sub(judged);
        if missing > 0 {
            let why = format!(
                "{missing} of {} planned targets were never asked for",
                planned.unwrap_or(0)
            );
            self.gap(None, None, why);
        } else if judged == 0 && planned.is_some() {
            self.gap(None, None, "nothing was probed".to_owned());
        }
        self.book.concluded(self.assertion);
        self.book.fill_twins(self.scenario, self.scene);
    }

    /// Judges the targets of one probe, and says how many there were.
    fn probe(&mut self, probe: &Probe) -> u64 {
        let page = self.asking.is_page(probe);
        let proof = held::probe(self.asking, probe, page);
        for _ in 0..probe.other_leaks {
            self.count(&probe.exchange, RecordingOutcome::Leaked);
        }
        let mut seen = HashSet::new();
        let targets: Vec<&ProbeTarget> = probe
            .targets
            .iter()
            .filter(|target| seen.insert(target.recording))
            .collect();
        if page || targets.is_empty() {
            if let Err(why) = proof {
                self.gap_at(&probe.exchange, why);
            }
            return 0;
        }
        for target in &targets {
            let upshot = self.target(probe, target, &proof);
            self.count(&probe.exchange, upshot);
        }
        targets.len() as u64
    }

    fn target(
        &mut self,
        probe: &Probe,
        target: &ProbeTarget,
        proof: &Result<(), String>,
    ) -> RecordingOutcome {
        if self.changed(probe, target.recording) {
            let found = self.leak(&probe.exchange, &Leak::changed(target.recording));
            return if found.is_some() {
                RecordingOutcome::Leaked
            } else {
                RecordingOutcome::Meant
            };
        }
        if probe.leaked.contains(&target.recording) {
            return RecordingOutcome::Leaked;
        }
        if probe.excepted.contains(&target.recording) {
            return RecordingOutcome::Meant;
        }
        // That their own recording exists is no news to its owner, even where nobody should get it.
        let theirs = self.scene.may_see(&probe.exchange.who, target.recording);
        let difference = if theirs {
            Difference::None
        } else {
            control::difference(self.asking, probe)
        };
        let proof = match difference {
            Difference::Told(control) => return self.exists(probe, target.recording, control),
            Difference::Unclear(why) => Err(why),
            Difference::None => proof
                .clone()
                .and_then(|()| held::target(self.scene, self.asking, probe, target)),
        };
        match proof {
            Ok(()) if self.nothing_holds => RecordingOutcome::Inconclusive,
            Ok(()) => RecordingOutcome::Held,
            Err(why) => {
                self.gap_at(&probe.exchange, why);
                RecordingOutcome::Inconclusive
            }
        }
    }

    /// The answer tells that the recording exists.
    fn exists(&mut self, probe: &Probe, recording: u32, control: &Control) -> RecordingOutcome {
        let Some(found) = self.leak(&probe.exchange, &Leak::existence(recording)) else {
            return RecordingOutcome::Meant;
        };
        if found.finding.evidence.exchange == probe.exchange.exchange {
            found.finding.evidence.control = Some(TwinEvidence {
                exchange: control.exchange,
                who: control.who.clone(),
                status: control.replied.status,
                content_type: control.replied.content_type.clone(),
                bytes: control.replied.bytes,
            });
        }
        RecordingOutcome::Leaked
    }

    fn changed(&self, probe: &Probe, recording: u32) -> bool {
        let read_backs = self.asking.read_backs.get(&probe.exchange.exchange);
        read_backs
            .into_iter()
            .flatten()
            .any(|back: &ReadBack| back.recording == recording && back.changed)
    }

    /// Changes that an owner found, though the ledger has no probe that reached for them.
    fn strays(&mut self) {
        for (number, read_backs) in &self.asking.read_backs {
            let probe = self.asking.probes.get(number);
            for back in read_backs.iter().filter(|back| back.changed) {
                let aimed = probe.is_some_and(|probe| {
                    probe
                        .targets
                        .iter()
                        .any(|target| target.recording == back.recording)
                });
                if !aimed {
                    let exchange = probe.map_or(&back.exchange, |probe| &probe.exchange);
                    if self.leak(exchange, &Leak::changed(back.recording)).is_some() {
                        self.count(exchange, RecordingOutcome::Leaked);
                    }
                }
            }
        }
    }

    /// Judges what people with a right asked for where the step claims that they get it.
    fn judge_reachable(&mut self) -> u64 {
        for ((who, surface, recording), reached) in &self.asking.reached {
            let upshot = if reached.got && !self.nothing_holds {
                RecordingOutcome::Held
            } else {
                RecordingOutcome::Inconclusive
            };
            if !reached.got {
                let owner = self
                    .recordings
                    .get(*recording)
                    .map_or("somebody", |known| &*known.owner);
                let whose = if owner == who {
                    "their own".to_owned()
                } else {
                    format!("{owner}'s")
                };
                self.book.gap(GapPlace {
                    line: reached.line,
                    surface: Some(surface.clone()),
                    who: Some(who.clone()),
                    ..self.place(format!("did not get {whose} recording: {}", reached.outcome))
                });
            }
            let class = self.scene.moments.class(reached.state);
            self.book.count(Some(self.assertion), surface, &class, upshot);
        }
        self.asking.reached.len() as u64
    }

    fn leak(&mut self, exchange: &Exchange, leak: &Leak) -> Option<&mut FindingDraft> {
        self.book.leak(self.scene, self.recordings, exchange, leak)
    }

    fn count(&mut self, exchange: &Exchange, upshot: RecordingOutcome) {
        let surface = exchange.surface.as_deref().unwrap_or("elsewhere");
        let class = self.scene.moments.class(exchange.state);
        self.book.count(Some(self.assertion), surface, &class, upshot);
    }

    fn gap_at(&mut self, exchange: &Exchange, why: String) {
        self.gap(exchange.surface.clone(), Some(exchange.who.clone()), why);
    }

    fn gap(&mut self, surface: Option<String>, who: Option<String>, why: String) {
        let place = GapPlace {
            surface,
            who,
            ..self.place(why)
        };
        self.book.gap(place);
    }

    fn place(&self, why: String) -> GapPlace {
        GapPlace {
            scenario: Some(self.scenario),
            assertion: Some(self.assertion),
            line: self.asking.line,
            surface: None,
            who: None,
            why,
        }
    }
}
