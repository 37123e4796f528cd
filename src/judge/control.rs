//! Rule 4, the negative control: what does not exist must be answered as what is somebody else's.

use super::answer;
use super::pending_assertion::{Again, Control, PendingAssertion, Probe};
use crate::ledger::{OutcomeClass, ROUNDS};
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
    let rounds = rounds(asking, probe);
    let steady = |(nothing_again, agains): &(&Control, Vec<&Again>)| {
        let of_it = |again: &&Again| {
            again.replied.is_like(theirs) && again.replied.differs_from(&nothing_again.replied)
        };
        nothing_again.replied.is_like(nothing) && agains.iter().any(of_it)
    };
    if !rounds.iter().all(steady) {
        Difference::Unclear(format!(
            "{about}, but otherwise when both were asked again: the stack answers now one way and now another (what differs from answer to answer can be named in `outcome.volatile`)"
        ))
    } else if rounds.len() < ROUNDS {
        Difference::Unclear(format!(
            "{about}, and both were not asked again {ROUNDS} times with an answer"
        ))
    } else {
        Difference::Told(control)
    }
}

/// What was asked again, with the control of each time; what was left without an answer is none.
fn rounds<'a>(asking: &'a PendingAssertion, probe: &Probe) -> Vec<(&'a Control, Vec<&'a Again>)> {
    let exchange = &probe.exchange;
    let agains = asking.agains.get(&exchange.exchange);
    let mut rounds: BTreeMap<u64, (&Control, Vec<&Again>)> = BTreeMap::new();
    for again in agains.into_iter().flatten() {
        let Some(control) = again.control.and_then(|number| asking.controls.get(&number)) else {
            continue;
        };
        let comparable = [(&again.who, again.state), (&control.who, control.state)]
            .iter()
            .all(|(who, state)| **who == exchange.who && *state == exchange.state);
        let answered =
            answer::unanswered(&again.replied).is_none() && answer::unanswered(&control.replied).is_none();
        if comparable && answered {
            let round = rounds.entry(control.exchange).or_insert((control, Vec::new()));
            round.1.push(again);
        }
    }
    rounds.into_values().collect()
}
