//! An assertion under way: what its step has asked so far. Judged when the step has concluded, since the proof that a
//! session was alive comes after the probes.

use super::answer;
use super::twins::{self, Twin};
use crate::ledger::{Assertion, Claim, Exchange, OutcomeClass, ProbeTarget, Purpose, ResponseFacts};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

#[derive(Debug)]
pub(super) struct PendingAssertion {
    pub(super) claim: Claim,
    pub(super) state: u32,
    pub(super) line: u32,
    /// Probes by number, with the recordings that each of them gave away.
    pub(super) probes: BTreeMap<u64, Probe>,
    pub(super) controls: HashMap<u64, Control>,
    /// By the probe that was sent once more.
    pub(super) agains: HashMap<u64, Vec<Again>>,
    /// By the probe because of which a control was sent once more.
    pub(super) controls_again: HashMap<u64, Vec<Control>>,
    /// By name: the exchanges that showed the session alive in this state.
    pulses: HashMap<String, BTreeSet<u64>>,
    /// By name: the exchanges that showed that a session had ended, after which it was renewed.
    ends: HashMap<String, BTreeSet<u64>>,
    /// By the probe that wrote.
    pub(super) read_backs: HashMap<u64, Vec<ReadBack>>,
    /// What somebody with a right asked for, by who, where and which recording.
    pub(super) reached: BTreeMap<(String, String, u32), ReachedRecording>,
}

/// A probe, without what was seen in it.
#[derive(Debug)]
pub(super) struct Probe {
    pub(super) exchange: Exchange,
    pub(super) technique: String,
    pub(super) targets: Vec<ProbeTarget>,
    pub(super) control: Option<u64>,
    /// Without the asker's credentials.
    pub(super) without_credentials: bool,
    /// Its answer only led to the next request.
    pub(super) intermediate: bool,
    pub(super) leaked: BTreeSet<u32>,
    /// What came out and is meant to.
    pub(super) excepted: BTreeSet<u32>,
    /// Leaks beside the targets: of other recordings, or of strangers'.
    pub(super) other_leaks: u64,
}

/// The same request for a recording that does not exist.
#[derive(Debug)]
pub(super) struct Control {
    pub(super) exchange: u64,
    pub(super) who: String,
    pub(super) state: u32,
    pub(super) replied: ResponseFacts,
}

/// A probe that was sent once more.
#[derive(Debug)]
pub(super) struct Again {
    pub(super) who: String,
    pub(super) state: u32,
    pub(super) round: u32,
    pub(super) replied: ResponseFacts,
}

/// The owner looking for a change.
#[derive(Debug)]
pub(super) struct ReadBack {
    pub(super) recording: u32,
    pub(super) changed: bool,
    /// Why it proves nothing, if so.
    pub(super) useless: Option<String>,
    /// The owner's look, as if by somebody unnamed: for a change that no probe of the ledger explains.
    pub(super) exchange: Exchange,
}

/// Whether somebody with a right got a recording, in any of the attempts.
#[derive(Debug)]
pub(super) struct ReachedRecording {
    pub(super) line: u32,
    pub(super) state: u32,
    pub(super) got: bool,
    pub(super) outcome: String,
}

impl PendingAssertion {
    pub(super) fn new(assertion: &Assertion) -> Self {
        Self {
            claim: assertion.claim,
            state: assertion.state,
            line: assertion.line,
            probes: BTreeMap::new(),
            controls: HashMap::new(),
            agains: HashMap::new(),
            controls_again: HashMap::new(),
            pulses: HashMap::new(),
            ends: HashMap::new(),
            read_backs: HashMap::new(),
            reached: BTreeMap::new(),
        }
    }

    /// Takes in one exchange of the assertion. `leaked` are the recordings that came out in it.
    pub(super) fn add_exchange(&mut self, exchange: &Exchange, rightful: &BTreeSet<u32>, leaked: &Leaked) {
        self.record_session_end(exchange);
        match &exchange.part {
            Purpose::Probe {
                technique,
                targets,
                control,
                intermediate: onward,
                without_credentials: bare,
                ..
            } => {
                let probe = self.probes.entry(exchange.exchange).or_insert_with(|| Probe {
                    exchange: Exchange {
                        seen: Vec::new(),
                        ..exchange.clone()
                    },
                    technique: technique.clone(),
                    targets: targets.clone(),
                    control: *control,
                    without_credentials: *bare,
                    intermediate: *onward,
                    leaked: BTreeSet::new(),
                    excepted: BTreeSet::new(),
                    other_leaks: 0,
                });
                let of_targets: HashSet<u32> = probe.targets.iter().map(|target| target.recording).collect();
                let others = leaked
                    .recordings
                    .iter()
                    .filter(|recording| !of_targets.contains(recording));
                probe.other_leaks = probe.other_leaks.max(others.count() as u64 + leaked.strangers);
                probe.leaked.extend(&leaked.recordings);
                probe.excepted.extend(&leaked.excepted);
            }
            Purpose::Again { probes, round, .. } => {
                for probe in probes {
                    self.agains.entry(*probe).or_default().push(Again {
                        who: exchange.who.clone(),
                        state: exchange.state,
                        round: *round,
                        replied: exchange.response.clone(),
                    });
                }
            }
            Purpose::Control { repeats, .. } => {
                let control = || Control {
                    exchange: exchange.exchange,
                    who: exchange.who.clone(),
                    state: exchange.state,
                    replied: exchange.response.clone(),
                };
                for probe in repeats {
                    self.controls_again.entry(*probe).or_default().push(control());
                }
                self.controls.entry(exchange.exchange).or_insert_with(control);
            }
            Purpose::Pulse { alive: true } if exchange.state == self.state => {
                let pulses = self.pulses.entry(exchange.who.clone()).or_default();
                pulses.insert(exchange.exchange);
            }
            Purpose::ReadBack {
                recording,
                probe,
                changed,
            } => {
                let useless = answer::unanswered(&exchange.response).or_else(|| {
                    let seen = rightful.contains(recording) && twins::got(exchange).contains(recording);
                    (!seen).then(|| "the owner did not get the recording".to_owned())
                });
                self.read_backs.entry(*probe).or_default().push(ReadBack {
                    recording: *recording,
                    changed: *changed,
                    useless,
                    exchange: without_sender(exchange),
                });
            }
            Purpose::Twin { recordings } if self.claim == Claim::Reachable => {
                self.record_reached(exchange, recordings, rightful)
            }
            Purpose::Setup { .. }
            | Purpose::Operator { .. }
            | Purpose::Twin { .. }
            | Purpose::Attempt { .. }
            | Purpose::Pulse { .. } => {}
        }
    }

    /// Takes what somebody got before the step as if they had asked again.
    pub(super) fn rely_on_twin(&mut self, twin: &Twin) {
        if self.claim != Claim::Reachable {
            return;
        }
        let surface = twin.surface.clone().unwrap_or_default();
        for recording in &twin.rightful {
            let key = (twin.who.clone(), surface.clone(), *recording);
            let reached = self.reached.entry(key).or_insert_with(|| ReachedRecording {
                line: self.line,
                state: twin.state,
                got: false,
                outcome: String::new(),
            });
            if twin.unanswered.is_none()
                && !twin.contradicted
                && twin.state == self.state
                && twin.got.contains(recording)
            {
                reached.got = true;
            } else {
                reached.outcome = answer::outcome(twin.status, twin.class);
            }
        }
    }

    fn record_reached(&mut self, exchange: &Exchange, recordings: &[u32], rightful: &BTreeSet<u32>) {
        let surface = exchange.surface.clone().unwrap_or_default();
        let got = twins::got(exchange);
        for recording in recordings {
            let key = (exchange.who.clone(), surface.clone(), *recording);
            let reached = self.reached.entry(key).or_insert_with(|| ReachedRecording {
                line: exchange.line,
                state: exchange.state,
                got: false,
                outcome: String::new(),
            });
            if answer::unanswered(&exchange.response).is_none()
                && exchange.state == self.state
                && rightful.contains(recording)
                && got.contains(recording)
            {
                reached.got = true;
            } else {
                let outcome = answer::outcome(exchange.response.status, exchange.response.class);
                reached.outcome = answer::undelivered(&exchange.response.delivery).unwrap_or(outcome);
            }
        }
    }

    /// A session that had ended, and was renewed for the next request.
    fn record_session_end(&mut self, exchange: &Exchange) {
        let renewed = matches!(
            exchange.part,
            Purpose::Setup { .. }
                | Purpose::Probe {
                    intermediate: true,
                    ..
                }
        );
        if renewed && exchange.response.class == OutcomeClass::NoSession {
            let ends = self.ends.entry(exchange.who.clone()).or_default();
            ends.insert(exchange.exchange);
        }
    }

    /// Whether `who`'s session was seen alive after this exchange, and had not ended and been renewed in between: that another
    /// session lives says nothing about the one that asked.
    pub(super) fn alive_after(&self, who: &str, exchange: u64) -> bool {
        let next = exchange.saturating_add(1);
        let pulse = self
            .pulses
            .get(who)
            .and_then(|pulses| pulses.range(next..).next());
        let end = self.ends.get(who).and_then(|ends| ends.range(next..).next());
        pulse.is_some_and(|pulse| end.is_none_or(|end| pulse < end))
    }

    /// Whether a probe is an earlier page of a walk through a list whose last page is another probe, or led to another one.
    pub(super) fn is_page(&self, probe: &Probe) -> bool {
        probe.intermediate
            || probe.exchange.list.is_none()
                && self
                    .probes
                    .range(probe.exchange.exchange.saturating_add(1)..)
                    .any(|(_, later)| {
                        later.exchange.list.is_some()
                            && later.exchange.who == probe.exchange.who
                            && later.exchange.surface == probe.exchange.surface
                            && later.exchange.state == probe.exchange.state
                            && later.technique == probe.technique
                    })
    }
}

/// What one exchange gave away, as far as an assertion counts it.
#[derive(Debug, Default)]
pub(super) struct Leaked {
    pub(super) recordings: BTreeSet<u32>,
    /// Recordings that came out as they are meant to.
    pub(super) excepted: BTreeSet<u32>,
    pub(super) strangers: u64,
}

/// An owner's look as evidence of a change, without a name for who made it.
pub(super) fn without_sender(exchange: &Exchange) -> Exchange {
    Exchange {
        seen: Vec::new(),
        who: "Somebody".to_owned(),
        ..exchange.clone()
    }
}
