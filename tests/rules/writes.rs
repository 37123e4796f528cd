//! Rule 6: writes are judged by the owner reading back.

use super::*;
use bystander::judge::Kind;
use bystander::ledger::{Class, Extent, Temperament};

fn written(probe: fn(Sent) -> Sent, read_back: fn(Sent) -> Sent, changed: bool) -> History {
    let mut history = asked(Claim::NoOneElse);
    let sent = Sent::probe("Ben", "item", &[(1, 0)]).by("change-anothers", Temperament::Hostile);
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
fn a_change_is_a_leak_even_when_it_was_refused() {
    let finding = finding(&written(|p| p, |r| r, true));
    assert_eq!(
        (finding.kind, finding.extent, finding.rule.number),
        (Kind::Changed, Extent::Metadata, 6)
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
        &written(|p| p, |r| r.status(500, Class::Broken), false),
        "reading it back failed",
    );
    let blind = with(
        &written(|p| p, |r| r, false),
        |part| matches!(part, Part::ReadBack { .. }),
        |e| e.seen.clear(),
    );
    unclear(&blind, "the owner did not get the recording");
    let by_another = with(
        &written(|p| p, |r| r, false),
        |part| matches!(part, Part::ReadBack { .. }),
        |e| {
            e.who = "Ben".into();
            e.seen.clear();
        },
    );
    unclear(&by_another, "reading it back failed");
    let unread = without(&written(|p| p, |r| r, false), |entry| {
        exchange_of(entry).is_some_and(|e| matches!(e.part, Part::ReadBack { .. }))
    });
    unclear(&unread, "nobody with a right to it made the same request");
}

#[test]
fn a_change_that_no_probe_explains_is_still_a_leak() {
    let mut history = written(|p| p, |r| r, true);
    history = without(&history, |entry| {
        exchange_of(entry).is_some_and(|e| is_probe(&e.part))
    });
    assert_eq!(finding(&history).kind, Kind::Changed);
    let late = with(
        &history,
        |part| matches!(part, Part::ReadBack { .. }),
        |e| e.assertion = None,
    );
    assert_eq!(finding(&late).kind, Kind::Changed);
}
