//! Ledgers built by hand: a run as it might have gone, one entry at a time.

mod sent;
mod told;

pub(crate) use sent::Sent;
pub(crate) use told::{NO_ONE_ELSE, acted, june_2020, kill_switch, sound, unclear};

use bystander::judge::{Judge, Judgement};
use bystander::ledger::{
    Assertion, Attempted, Change, Claim, Concluded, Entry, Finished, Grant, Modality, Outcome, Persona,
    Plant, Purpose, Run, Scenario, ScenarioEnded, Stack, Transition, Trouble,
};

/// The size of every planted media file.
pub(crate) const MEDIA_BYTES: u64 = 48_000;

/// A ledger that is being written.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    pub(crate) entries: Vec<Entry>,
    scenario: u32,
    assertion: u32,
    recording: u32,
    exchange: u64,
    state: u32,
    line: u32,
    at_ms: u64,
    described: Vec<String>,
    classes: Vec<String>,
}

impl History {
    pub(crate) fn begin() -> Self {
        let mut history = Self::default();
        history.add(Entry::Run(Run {
            run: "quiet-heron".into(),
            version: "0.1.0".into(),
            seed: 2020,
            started: "2026-06-09T09:00:00Z".into(),
            selected: 0,
            filtered_out: 0,
            sabotage: None,
        }));
        history.add(Entry::Stack(Stack {
            kind: "embedded".into(),
            why: "no Docker engine answered".into(),
            target: "clinic".into(),
            addresses: vec![("api".into(), "http://127.0.0.1:40001".into())],
            ready_ms: 412,
        }));
        history
    }

    pub(crate) fn add(&mut self, entry: Entry) -> &mut Self {
        self.entries.push(entry);
        self
    }

    fn now(&mut self) -> u64 {
        self.at_ms += 50;
        self.at_ms
    }

    pub(crate) fn selected(&mut self, selected: u32, filtered_out: u32) -> &mut Self {
        for entry in &mut self.entries {
            if let Entry::Run(run) = entry {
                (run.selected, run.filtered_out) = (selected, filtered_out);
            }
        }
        self
    }

    pub(crate) fn scenario(&mut self, file: &str, line: u32, name: &str) -> &mut Self {
        self.scenario += 1;
        (self.state, self.line) = (0, line);
        self.described.clear();
        self.classes.clear();
        let (scenario, at_ms) = (self.scenario, self.now());
        self.add(Entry::Scenario(Scenario {
            scenario,
            feature: "Switching".into(),
            name: name.into(),
            file: file.into(),
            line,
            tags: Vec::new(),
            at_ms,
        }))
    }

    pub(crate) fn person(&mut self, name: &str, role: &str) -> &mut Self {
        let scenario = self.scenario;
        self.add(Entry::Persona(Persona {
            scenario,
            name: name.into(),
            full_name: format!("{name} Example"),
            role: role.into(),
            traits: std::collections::BTreeMap::new(),
        }))
    }

    /// Somebody with what they go by in a relation.
    pub(crate) fn of(&mut self, name: &str, role: &str, relation: &str, by: &str) -> &mut Self {
        self.person(name, role);
        if let Some(Entry::Persona(persona)) = self.entries.last_mut() {
            persona.traits.insert(relation.into(), by.into());
        }
        self
    }

    pub(crate) fn patients(&mut self, names: &[&str]) -> &mut Self {
        for name in names {
            self.person(name, "patient");
        }
        self
    }

    pub(crate) fn plant(&mut self, owner: &str, modality: Modality) -> u32 {
        self.recording += 1;
        let (scenario, recording, state, at_ms) = (self.scenario, self.recording, self.state, self.now());
        self.add(Entry::Plant(Plant {
            scenario,
            recording,
            owner: owner.into(),
            modality,
            media_bytes: MEDIA_BYTES,
            marks: Vec::new(),
            state,
            at_ms,
        }));
        recording
    }

    pub(crate) fn grant(&mut self, recording: u32, to: &str, why: &str, revoked: bool) -> &mut Self {
        let scenario = self.scenario;
        self.add(Entry::Grant(Grant {
            scenario,
            recording,
            to: to.into(),
            why: why.into(),
            revoked,
        }))
    }

    pub(crate) fn change(
        &mut self,
        change: Change,
        described: &str,
        class: &str,
        settled: bool,
    ) -> &mut Self {
        self.state += 1;
        self.line += 1;
        self.described.push(described.into());
        self.classes.push(class.into());
        let transition = Transition {
            scenario: self.scenario,
            state: self.state,
            change,
            description: self.described.join(", "),
            class: self.classes.join(" · "),
            settled,
            waited_ms: 5_000,
            line: self.line,
            at_ms: self.now(),
        };
        self.add(Entry::Transition(transition))
    }

    pub(crate) fn flag(&mut self, flag: &str, on: bool) -> &mut Self {
        let word = format!("{flag} {}", if on { "on" } else { "off" });
        let change = Change::Flag {
            flag: flag.into(),
            on,
        };
        self.change(change, &word, &word, true)
    }

    pub(crate) fn switch(&mut self, who: &str, from: Modality, to: Modality) -> &mut Self {
        let change = Change::Modality {
            who: who.into(),
            from,
            to,
        };
        self.change(
            change,
            &format!("{who} {from} → {to}"),
            &format!("{from} → {to}"),
            true,
        )
    }

    pub(crate) fn wait(&mut self, ms: u64) -> &mut Self {
        self.at_ms += ms;
        self
    }

    pub(crate) fn ask(&mut self, claim: Claim, text: &str) -> u32 {
        self.assertion += 1;
        self.line += 1;
        let assertion = Assertion {
            scenario: self.scenario,
            assertion: self.assertion,
            state: self.state,
            claim,
            text: text.into(),
            line: self.line,
            at_ms: self.now(),
        };
        self.add(Entry::Assertion(assertion));
        self.assertion
    }

    /// Sends it in the scenario, the state and the assertion under way.
    pub(crate) fn send(&mut self, sent: Sent) -> u64 {
        self.exchange += 1;
        let mut exchange = sent.exchange;
        exchange.exchange = self.exchange;
        exchange.scenario = self.scenario;
        exchange.state = self.state;
        exchange.assertion = (self.assertion > 0 && sent.asserts).then_some(self.assertion);
        exchange.line = self.line;
        exchange.at_ms = self.now();
        self.add(Entry::Exchange(Box::new(exchange)));
        self.exchange
    }

    /// What came of the attempt in this exchange, as its owner saw it.
    pub(crate) fn attempted(
        &mut self,
        exchange: u64,
        happened: Option<bool>,
        by_the_owner: bool,
    ) -> &mut Self {
        let known = self.entries.iter().find_map(|entry| match entry {
            Entry::Exchange(known) if known.exchange == exchange => Some(known.clone()),
            _ => None,
        });
        if let Some(known) = known
            && let (Purpose::Attempt { owner, .. }, Some(surface)) = (&known.part, &known.surface)
        {
            self.add(Entry::Attempted(Attempted {
                scenario: known.scenario,
                state: known.state,
                line: known.line,
                who: known.who.clone(),
                owner: owner.clone(),
                surface: surface.clone(),
                recording: None,
                gives_a_right: surface.starts_with("grant."),
                elsewhere: false,
                exchange: Some(exchange),
                happened,
                by_the_owner,
                trouble: None,
            }));
        }
        self
    }

    pub(crate) fn pulse(&mut self, who: &str) -> u64 {
        self.send(Sent::pulse(who, true))
    }

    pub(crate) fn concluded(&mut self, planned: u32) -> &mut Self {
        self.relying_on(planned, &[])
    }

    /// The same with exchanges of before that it relies on.
    pub(crate) fn relying_on(&mut self, planned: u32, standing: &[u64]) -> &mut Self {
        let (scenario, assertion) = (self.scenario, self.assertion);
        self.add(Entry::Concluded(Concluded {
            scenario,
            assertion,
            planned,
            reused_exchanges: standing.to_vec(),
        }))
    }

    pub(crate) fn trouble(
        &mut self,
        what: &str,
        scenario: Option<u32>,
        stack_gone: bool,
        internal: bool,
    ) -> &mut Self {
        let line = self.line;
        self.add(Entry::Trouble(Trouble {
            scenario,
            line,
            what: what.into(),
            stack_gone,
            internal,
        }))
    }

    pub(crate) fn ended(&mut self, outcome: Outcome, reason: Option<&str>) -> &mut Self {
        let ended = ScenarioEnded {
            scenario: self.scenario,
            outcome,
            reason: reason.map(str::to_owned),
            line: if outcome == Outcome::Ran { 0 } else { self.line },
            at_ms: self.now(),
        };
        self.add(Entry::Ended(ended))
    }

    pub(crate) fn ran(&mut self) -> &mut Self {
        self.ended(Outcome::Ran, None)
    }

    pub(crate) fn finished(&mut self) -> &mut Self {
        let at_ms = self.now();
        self.add(Entry::Finished(Finished {
            verdict: None,
            exit: 0,
            at_ms,
        }))
    }

    pub(crate) fn judge(&self) -> Judgement {
        bystander::judge::judge(self.entries.iter().cloned())
    }

    /// Fed entry by entry, as a run does it; not finished.
    pub(crate) fn judging(&self) -> Judge {
        let mut judge = Judge::default();
        for entry in &self.entries {
            judge.observe(entry);
        }
        judge
    }
}
