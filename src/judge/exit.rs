//! The exit code of a run, decided here and nowhere else. The worst wins, in the order of the constants.

use super::Judgement;
use crate::ledger::Verdict;

/// Somebody got what belongs to somebody else.
pub const LEAKED: u8 = 1;
/// A bug in Bystander.
pub const INTERNAL: u8 = 70;
/// The stack did not come up, or went away and did not come back.
pub const STACK: u8 = 5;
/// At least one assertion could not be judged.
pub const INCONCLUSIVE: u8 = 3;
/// A report that was asked for could not be written.
pub const REPORT: u8 = 6;
/// No scenario or no probe was selected.
pub const NOTHING_RAN: u8 = 4;
/// The command line or the profile is wrong; also clap's own number.
pub const USAGE: u8 = 2;
/// Everything selected was judged, and held.
pub const HELD: u8 = 0;

/// The exit code of a judged run. `report_failed` says that a report that was asked for could not be written.
/// ([`USAGE`] is decided before anything runs, so it never meets a judgement.)
#[must_use]
pub fn code(judgement: &Judgement, report_failed: bool) -> u8 {
    match judgement.verdict {
        Some(Verdict::Leaked) => LEAKED,
        _ if judgement.internal => INTERNAL,
        _ if judgement.stack_gone => STACK,
        Some(Verdict::Inconclusive) => INCONCLUSIVE,
        _ if report_failed => REPORT,
        None => NOTHING_RAN,
        Some(Verdict::Held) => HELD,
    }
}
