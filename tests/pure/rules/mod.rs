//! The rules of judgement, each on histories that hold, that cannot be judged, and that leak.

mod attempts;
mod claims;
mod closed;
mod content;
mod controls;
mod deleted;
mod lists;
mod looks;
mod meant;
mod nobodies;
mod plainest;
mod properties;
mod relations;
mod renewal;
mod sentences;
mod twins;
mod worst;
mod writes;

use crate::histories::{History, MEDIA_BYTES, NO_ONE_ELSE, Sent};
use bystander::judge::{Finding, Judgement};
use bystander::ledger::{Claim, Entry, Exchange, Facet, Modality, Purpose, Verdict};

pub(crate) const HELD: Option<Verdict> = Some(Verdict::Held);
pub(crate) const INCONCLUSIVE: Option<Verdict> = Some(Verdict::Inconclusive);
pub(crate) const LEAKED: Option<Verdict> = Some(Verdict::Leaked);

/// A scenario with Ada's recording 1 and Ben, asked about.
fn asked(claim: Claim) -> History {
    let mut history = History::begin();
    history
        .scenario("features/a.feature", 1, "A scenario")
        .patients(&["Ada", "Ben"]);
    history.plant("Ada", Modality::Audio);
    history.ask(claim, NO_ONE_ELSE);
    history
}

/// Ada's own way to her media.
fn media_twin() -> Sent {
    Sent::twin("Ada", "media", &[1])
        .saw(1, Facet::Media)
        .media(MEDIA_BYTES)
}

/// Ada's own list.
fn list_twin() -> Sent {
    Sent::twin("Ada", "replays", &[1])
        .saw(1, Facet::Title)
        .listing(&[1], 0, Some(1))
}

/// Ben's probe, with everything around it that it needs to be judged.
fn probed(twin: Sent, probe: impl FnOnce(u64) -> Sent) -> History {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(twin);
    history.send(probe(twin));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    history
}

/// The same history with one exchange changed.
fn with(history: &History, which: impl Fn(&Purpose) -> bool, change: impl Fn(&mut Exchange)) -> History {
    let mut history = history.clone();
    for entry in &mut history.entries {
        if let Entry::Exchange(exchange) = entry
            && which(&exchange.part)
        {
            change(exchange);
        }
    }
    history
}

/// The same history without some entries.
fn without(history: &History, which: impl Fn(&Entry) -> bool) -> History {
    let mut history = history.clone();
    history.entries.retain(|entry| !which(entry));
    history
}

fn is_probe(part: &Purpose) -> bool {
    matches!(part, Purpose::Probe { .. })
}

fn is_twin(part: &Purpose) -> bool {
    matches!(part, Purpose::Twin { .. })
}

fn is_pulse(part: &Purpose) -> bool {
    matches!(part, Purpose::Pulse { .. })
}

fn is_control(part: &Purpose) -> bool {
    matches!(part, Purpose::Control { .. })
}

fn exchange_of(entry: &Entry) -> Option<&Exchange> {
    match entry {
        Entry::Exchange(exchange) => Some(exchange),
        _ => None,
    }
}

/// The one finding of a history that leaks.
fn finding(history: &History) -> Finding {
    let judgement = history.judge();
    assert_eq!(judgement.verdict, LEAKED, "{:#?}", judgement.gaps);
    let [finding] = judgement.findings.as_slice() else {
        unreachable!("one finding was expected: {:#?}", judgement.findings);
    };
    finding.clone()
}

fn reasons(judgement: &Judgement) -> String {
    judgement
        .gaps
        .iter()
        .map(|gap| gap.reason())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The history cannot be judged, and says so.
fn unclear(history: &History, reason: &str) {
    let judgement = history.judge();
    let reasons = reasons(&judgement);
    assert_eq!(judgement.verdict, INCONCLUSIVE, "{:#?}", judgement.findings);
    assert!(reasons.contains(reason), "`{reason}` is not in:\n{reasons}");
}
