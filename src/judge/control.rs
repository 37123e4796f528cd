//! Rule 4, the negative control: what does not exist must be answered as what is somebody else's.

use super::answer;
use super::pending_assertion::{Again, Control, PendingAssertion, Probe};
use crate::ledger::{OutcomeClass, REPEATS, ResponseFacts};
use std::collections::BTreeMap;

/// What the two answers, set against each other, tell.
pub(super) enum Difference<'a> {
    /// Nothing.
    None,
    /// That the recording exists: they differed each time in the same way.
    Told(&'a Control),
    /// They differed, and that cannot be told from a stack that answers now one way and now another.
    Unclear(String),
}

/// Whether a control that was answered differently tells the bystander that the recording exists.
pub(super) fn difference<'a>(asking: &'a PendingAssertion, probe: &Probe) -> Difference<'a> {
    let Some(control) = probe.control.and_then(|number| asking.controls.get(&number)) else {
        return Difference::None;
    };
    let exchange = &probe.exchange;
    let (theirs, nothing) = (&exchange.response, &control.replied);
    let comparable = answer::unanswered(theirs).is_none()
        && answer::unanswered(nothing).is_none()
        && control.who == exchange.who
        && control.state == exchange.state;
    if !comparable || !theirs.differs_from(nothing) {
        return Difference::None;
    }
    // A session that died between the two explains the difference, unless it was seen alive afterwards.
    let one_signed_out =
        (theirs.class == OutcomeClass::NoSession) != (nothing.class == OutcomeClass::NoSession);
    let last = exchange.exchange.max(control.exchange);
    if one_signed_out && !super::is_nobody(&exchange.who) && !asking.alive_after(&exchange.who, last) {
        return Difference::None;
    }
    let about = "it was answered differently from what does not exist";
    // probes of one control that were answered alike share their repeats: one of them was repeated for all
    let alike = asking
        .probes
        .values()
        .filter(|other| other.control == probe.control && other.exchange.response.is_like(theirs));
    let repeats: Vec<Repeats<'_>> = alike.map(|other| Repeats::of(asking, other)).collect();
    if repeats.iter().any(|repeats| repeats.vary(theirs, nothing)) {
        return Difference::Unclear(format!(
            "{about}, but the answers varied when both requests were repeated (name what varies in `outcome.volatile`)"
        ));
    }
    if repeats.iter().any(Repeats::suffice) {
        return Difference::Told(control);
    }
    Difference::Unclear(format!(
        "{about}, but both requests were not repeated {REPEATS} times with an answer, so luck may explain it"
    ))
}

/// The same request and its control, each sent several times more; a repeat without an answer is left out.
struct Repeats<'a> {
    controls: Vec<&'a Control>,
    /// By round: a request with several exchanges is one repeat.
    rounds: BTreeMap<u32, Vec<&'a Again>>,
}

impl<'a> Repeats<'a> {
    fn of(asking: &'a PendingAssertion, probe: &Probe) -> Self {
        let exchange = &probe.exchange;
        let by_the_same = |who: &str, state: u32| who == exchange.who && state == exchange.state;
        let answered = |response| answer::unanswered(response).is_none();
        let controls = asking
            .controls_again
            .get(&exchange.exchange)
            .into_iter()
            .flatten();
        let controls = controls.filter(|one| by_the_same(&one.who, one.state) && answered(&one.replied));
        let mut rounds: BTreeMap<u32, Vec<&Again>> = BTreeMap::new();
        let agains = asking.agains.get(&exchange.exchange).into_iter().flatten();
        for again in agains.filter(|one| by_the_same(&one.who, one.state) && answered(&one.replied)) {
            rounds.entry(again.round).or_default().push(again);
        }
        Self {
            controls: controls.collect(),
            rounds,
        }
    }

    /// Whether an answer differed from the first one to the same request.
    fn vary(&self, theirs: &ResponseFacts, nothing: &ResponseFacts) -> bool {
        let control_varies = self
            .controls
            .iter()
            .any(|control| !control.replied.is_like(nothing));
        let is_theirs = |again: &&Again| again.replied.is_like(theirs) && again.replied.differs_from(nothing);
        control_varies || self.rounds.values().any(|round| !round.iter().any(is_theirs))
    }

    /// Whether there are enough of both to rule luck out.
    fn suffice(&self) -> bool {
        self.controls.len() >= REPEATS && self.rounds.len() >= REPEATS
    }
}
