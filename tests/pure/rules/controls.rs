//! Rule 4: the negative control.

use super::*;
use crate::histories::sound;
use bystander::judge::FindingKind;
use bystander::ledger::{Delivery, Extent, OutcomeClass, REPEATS};

/// How an answer is.
type Answer = fn(Sent) -> Sent;

/// Ben's probe and its control, and both as they were asked again.
fn again(control: Answer, probe: Answer, rounds: &[[Answer; 2]]) -> History {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    let first = history.send(control(Sent::control("Ben", "media")));
    let sent = Sent::probe("Ben", "media", &[(1, twin)]).with_control(first);
    let probed = history.send(probe(sent));
    for (round, [control, probe]) in (1..).zip(rounds) {
        history.send(control(Sent::control_again("Ben", "media", &[probed])));
        history.send(probe(Sent::again("Ben", "media", probed, round)));
    }
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    history
}

fn with_control(control: Answer, probe: Answer) -> History {
    again(control, probe, &[[control, probe]; REPEATS])
}

fn asks_again(entry: &Entry) -> bool {
    exchange_of(entry).is_some_and(|e| matches!(e.part, Purpose::Again { .. }))
}

#[test]
fn what_is_not_there_and_what_is_not_yours_alike_holds() {
    assert_eq!(with_control(|c| c, |p| p).judge().verdict, HELD);
}

#[test]
fn a_difference_tells_that_it_exists() {
    for probe in [
        |p: Sent| p.status(403, OutcomeClass::Denied),
        |p: Sent| p.likeness("another"),
        |p: Sent| p.status(403, OutcomeClass::Denied).likeness("404"),
        |p: Sent| p.status(302, OutcomeClass::Other),
        |p: Sent| p.served(),
    ] {
        let finding = finding(&with_control(|c| c, probe));
        assert_eq!(
            (finding.kind, finding.extent, finding.rule.number),
            (FindingKind::Existence, Extent::Existence, 4)
        );
        assert_eq!(finding.evidence.control.map(|control| control.status), Some(404));
    }
}

#[test]
fn a_stack_that_answers_now_one_way_and_now_another_is_not_accused() {
    let forbidden: Answer = |p| p.status(403, OutcomeClass::Denied);
    let missing: Answer = |p| p;
    for odd in [
        [missing, missing],
        [forbidden, missing],
        [forbidden, forbidden],
        [|c: Sent| c.likeness("a"), |p: Sent| p.likeness("b")],
    ] {
        for at in 0..REPEATS {
            let mut rounds = [[missing, forbidden]; REPEATS];
            rounds[at] = odd;
            unclear(&again(missing, forbidden, &rounds), "varied");
        }
    }
    let broken: Answer = |c| c.status(503, OutcomeClass::Broken);
    let mut one_broken = [[missing, forbidden]; REPEATS];
    one_broken[2] = [broken, forbidden];
    let too_few: [&[[Answer; 2]]; 3] = [&[], &[[missing, forbidden]; REPEATS - 1], &one_broken];
    for rounds in too_few {
        unclear(&again(missing, forbidden, rounds), "not repeated 12 times");
    }
    let by_another = with(
        &with_control(missing, forbidden),
        |part| matches!(part, Purpose::Again { .. }),
        |e| e.who = "Ada".into(),
    );
    unclear(&by_another, "not repeated 12 times");
    let lost = without(&with_control(missing, forbidden), asks_again);
    unclear(&lost, "not repeated 12 times");
}

/// Ben tries two recordings with one control. The first was repeated often enough for both.
#[test]
fn another_probe_of_the_same_control_needs_no_repeats_of_its_own() {
    let judged = |second: Answer| {
        let mut history = asked(Claim::NoOneElse);
        let other = history.plant("Ada", Modality::Video);
        let twins = [
            history.send(media_twin()),
            history.send(
                Sent::twin("Ada", "media", &[other])
                    .saw(other, Facet::Media)
                    .media(MEDIA_BYTES),
            ),
        ];
        let first = history.send(Sent::control("Ben", "media"));
        let forbidden = |sent: Sent| sent.with_control(first).status(403, OutcomeClass::Denied);
        let probed = history.send(forbidden(Sent::probe("Ben", "media", &[(1, twins[0])])));
        for round in 1..=12 {
            history.send(Sent::control_again("Ben", "media", &[probed]));
            let again = Sent::again("Ben", "media", probed, round);
            history.send(again.status(403, OutcomeClass::Denied));
        }
        history.send(second(forbidden(Sent::probe(
            "Ben",
            "media",
            &[(other, twins[1])],
        ))));
        history.pulse("Ben");
        history.concluded(2).ran().finished();
        history.judge()
    };
    let alike = judged(|sent| sent);
    assert_eq!(alike.verdict, LEAKED);
    assert!(alike.gaps.is_empty(), "{:?}", alike.gaps);
    let otherwise = reasons(&judged(|sent| sent.likeness("a third form")));
    assert!(otherwise.contains("not repeated 12 times"), "{otherwise}");
}

#[test]
fn what_comes_out_when_it_is_asked_again_is_a_leak_too() {
    let forbidden: Answer = |p| p.status(403, OutcomeClass::Denied);
    let told = again(|c| c, forbidden, &[[|c| c, |p| p.served().saw(1, Facet::Title)]]);
    let finding = finding(&told);
    assert_eq!(
        (finding.extent, finding.technique.as_str()),
        (Extent::Metadata, "bola")
    );
}

#[test]
fn served_with_nothing_in_it_is_the_same_when_what_is_not_there_is_served_too() {
    assert_eq!(
        with_control(|c| c.served().likeness("a"), |p| p.served().likeness("b"))
            .judge()
            .verdict,
        HELD
    );
}

#[test]
fn content_is_worse_than_a_difference() {
    let finding = finding(&with_control(|c| c, |p| p.served().saw(1, Facet::Title)));
    assert_eq!(finding.extent, Extent::Metadata);
}

#[test]
fn a_control_that_cannot_be_compared_is_inconclusive() {
    unclear(
        &with_control(|c| c.status(500, OutcomeClass::Broken), |p| p),
        "the stack failed (500)",
    );
    unclear(
        &with_control(|c| c.delivery(Delivery::TimedOut { after_ms: 1 }), |p| p),
        "nothing came",
    );
    unclear(
        &without(&sound(), |entry| {
            exchange_of(entry).is_some_and(|e| is_control(&e.part))
        }),
        "is missing",
    );
    unclear(
        &with(&sound(), is_control, |e| e.who = "Ada".into()),
        "by somebody else",
    );
}

#[test]
fn a_session_that_died_in_between_is_no_difference() {
    let died = with_control(|c| c, |p| p.status(401, OutcomeClass::NoSession));
    assert_eq!(died.judge().verdict, LEAKED, "it was seen alive afterwards");
    unclear(
        &without(&died, |entry| {
            exchange_of(entry).is_some_and(|e| is_pulse(&e.part))
        }),
        "not confirmed valid afterwards",
    );
}
