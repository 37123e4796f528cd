//! Rule 4, the negative control: what does not exist must be answered as what is somebody else's.

use super::answer;
use super::asking::{Asking, Control, Probe};
use crate::ledger::Class;

/// The control that was answered differently, which tells the bystander that the recording exists.
pub(super) fn difference<'a>(asking: &'a Asking, probe: &Probe) -> Option<&'a Control> {
    let control = asking.controls.get(&probe.control?)?;
    let exchange = &probe.exchange;
    let (theirs, nothing) = (&exchange.replied, &control.replied);
    let comparable = answer::unanswered(theirs).is_none()
        && answer::unanswered(nothing).is_none()
        && control.who == exchange.who
        && control.state == exchange.state;
    if !comparable {
        return None;
    }
    // A session that died between the two explains the difference, unless it was seen alive afterwards.
    let one_signed_out = (theirs.class == Class::NoSession) != (nothing.class == Class::NoSession);
    let last = exchange.exchange.max(control.exchange);
    if one_signed_out && exchange.who != super::NOBODY && !asking.alive_after(&exchange.who, last) {
        return None;
    }
    let differs = match theirs.class {
        Class::Served => matches!(nothing.class, Class::Denied | Class::NoSession),
        _ => theirs.status != nothing.status || theirs.likeness != nothing.likeness,
    };
    differs.then_some(control)
}
