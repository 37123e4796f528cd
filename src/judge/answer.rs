//! Words about answers: why one proves nothing, and what somebody got.

use crate::ledger::{Delivery, OutcomeClass, ResponseFacts};

/// Why an answer did not arrive whole, if so.
pub(super) fn undelivered(delivery: &Delivery) -> Option<String> {
    match delivery {
        Delivery::Whole => None,
        Delivery::Truncated { why } => Some(format!("it ended before it should have ({why})")),
        Delivery::TimedOut { after_ms } => Some(format!("nothing came within {}", duration(*after_ms))),
        Delivery::Unreachable { why } => Some(format!("no connection ({why})")),
        Delivery::Unscanned { why } => Some(format!("it could not be scanned to the end ({why})")),
        Delivery::NotSent { why } => Some(format!("it could not be asked ({why})")),
    }
}

/// Why the stack's answer is no answer to the question, if so.
pub(super) fn unanswered(replied: &ResponseFacts) -> Option<String> {
    match &replied.delivery {
        Delivery::Whole => {}
        Delivery::NotSent { why } => return Some(format!("it could not be asked: {why}")),
        Delivery::Unreachable { why } => return Some(format!("no answer came: no connection ({why})")),
        delivery => {
            let why = undelivered(delivery).unwrap_or_default();
            return Some(format!("the answer did not arrive whole: {why}"));
        }
    }
    match (replied.class, replied.status) {
        (OutcomeClass::Throttled, status) | (_, status @ 429) => {
            Some(format!("the stack asked to wait ({status})"))
        }
        (OutcomeClass::Broken, 0) => Some("the stack failed".to_owned()),
        (OutcomeClass::Broken, status) | (_, status @ 500..=599) => {
            Some(format!("the stack failed ({status})"))
        }
        _ => None,
    }
}

/// "403, denied".
pub(super) fn outcome(status: u16, class: OutcomeClass) -> String {
    let word = match class {
        OutcomeClass::Served => "served",
        OutcomeClass::Denied => "denied",
        OutcomeClass::NoSession => "not signed in",
        OutcomeClass::Throttled => "asked to wait",
        OutcomeClass::Broken => "failed",
        OutcomeClass::Other => "neither served nor denied",
    };
    match status {
        0 => "no answer".to_owned(),
        status => format!("{status}, {word}"),
    }
}

/// A length of time for people: "0.3 s", "12 s", "3 min".
pub(crate) fn duration(ms: u64) -> String {
    match ms {
        1_000..10_000 if ms % 1_000 < 100 => format!("{} s", ms / 1_000),
        0..10_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        10_000..120_000 => format!("{} s", ms / 1_000),
        _ => format!("{} min", ms / 60_000),
    }
}
