//! Rule 6: writes are judged by the owner reading back.

use super::*;
use bystander::judge::FindingKind;
use bystander::ledger::{Extent, OutcomeClass, Temperament};

fn written(probe: fn(Sent) -> Sent, read_back: fn(Sent) -> Sent, changed: bool) -> History {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(Sent::twin("Ada", "item", &[1]).served());
    let sent = Sent::probe("Ben", "item", &[(1, twin)]).by("bola-write", Temperament::Hostile);
    let number = history.send(probe(sent));
    history.send(read_back(
        Sent::read_back("Ada", 1, number, changed).saw(1, Facet::Title),
    ));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    history
}

#[test]
fn nothing_changed_holds_whatever_the_answer() {
    assert_eq!(written(|p| p, |r| r, false).judge().verdict, HELD);
    assert_eq!(written(|p| p.served(), |r| r, false).judge().verdict, HELD);
}

#[test]
fn a_write_that_its_owner_was_not_seen_to_make_proves_nothing() {
    let without_twin = without(
        &written(|p| p, |r| r, false),
        |entry| matches!(entry, Entry::Exchange(exchange) if matches!(exchange.part, Purpose::Twin { .. })),
    );
    unclear(
        &without_twin,
        "its twin, the same request by somebody with a right, is missing",
    );
    let refused = with(
        &written(|p| p, |r| r, false),
        |part| matches!(part, Purpose::Twin { .. }),
        |e| (e.response.status, e.response.class) = (403, OutcomeClass::Denied),
    );
    unclear(
        &refused,
        "Ada, who has a right to it, did not get it: 403, denied",
    );
}

#[test]
fn a_change_is_a_leak_even_when_it_was_refused() {
    let finding = finding(&written(|p| p, |r| r, true));
    assert_eq!(
        (finding.kind, finding.extent, finding.rule.number),
        (FindingKind::Changed, Extent::Metadata, 6)
    );
    assert_eq!(
        (finding.owner.as_str(), finding.bystander.as_str()),
        ("Ada", "Ben")
    );
    assert!(
        finding.sentence.contains("could change Ada's audio recording"),
        "{}",
        finding.sentence
    );
}

#[test]
fn reading_back_in_vain_is_inconclusive() {
    unclear(
        &written(|p| p, |r| r.status(500, OutcomeClass::Broken), false),
        "reading it back failed",
    );
    let blind = with(
        &written(|p| p, |r| r, false),
        |part| matches!(part, Purpose::ReadBack { .. }),
        |e| e.seen.clear(),
    );
    unclear(&blind, "the owner did not get the recording");
    let by_another = with(
        &written(|p| p, |r| r, false),
        |part| matches!(part, Purpose::ReadBack { .. }),
        |e| {
            e.who = "Ben".into();
            e.seen.clear();
        },
    );
    unclear(&by_another, "reading it back failed");
    let unread = without(&written(|p| p, |r| r, false), |entry| {
        exchange_of(entry).is_some_and(|e| matches!(e.part, Purpose::ReadBack { .. }))
    });
    unclear(&unread, "did not get it: 200, served");
}

#[test]
fn a_change_that_no_probe_explains_is_still_a_leak() {
    let mut history = written(|p| p, |r| r, true);
    history = without(&history, |entry| {
        exchange_of(entry).is_some_and(|e| is_probe(&e.part))
    });
    assert_eq!(finding(&history).kind, FindingKind::Changed);
    let late = with(
        &history,
        |part| matches!(part, Purpose::ReadBack { .. }),
        |e| e.assertion = None,
    );
    assert_eq!(finding(&late).kind, FindingKind::Changed);
}
