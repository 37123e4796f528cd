//! What is excepted.

use super::*;
use bystander::judge::{Excepted, exit};
use bystander::ledger::{Exception, Extent, LeftOut, SharedAttribute, Temperament};
use bystander::report::{junit, summary, terminal};

fn exception() -> Exception {
    Exception {
        surface: "media".into(),
        who: "anyone holding the address".into(),
        to: Vec::new(),
        technique: None,
        extent: None,
        reason: "the address is its own key".into(),
    }
}

/// Ben gets Ada's media, which an exception may be about.
fn leaking(exception: &Exception, probe: impl Fn(Sent) -> Sent) -> History {
    let mut history = History::begin();
    history.add(Entry::Exception(exception.clone()));
    history.add(Entry::Relation(SharedAttribute {
        name: "same-practice".into(),
        reads: "is of the same practice".into(),
    }));
    history
        .scenario("features/a.feature", 1, "A scenario")
        .of("Ada", "patient", "same-practice", "a1")
        .of("Ben", "patient", "same-practice", "a1");
    history.plant("Ada", Modality::Audio);
    history.ask(Claim::NoOneElse, NO_ONE_ELSE);
    let twin = history.send(media_twin());
    history.send(probe(
        Sent::probe("Ben", "media", &[(1, twin)])
            .by("leaked-link", Temperament::Curious)
            .saw(1, Facet::Media)
            .media(MEDIA_BYTES),
    ));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    history
}

fn seen(history: &History) -> Vec<u64> {
    let exceptions: Vec<Excepted> = history.judge().exceptions;
    exceptions.iter().map(|exception| exception.seen).collect()
}

#[test]
fn a_leak_that_is_meant_makes_nothing_worse_and_is_told() {
    let history = leaking(&exception(), |sent| sent);
    let judgement = history.judge();
    assert_eq!(judgement.verdict, HELD, "{:#?}", judgement.findings);
    assert_eq!((judgement.findings.len(), exit::code(&judgement, false)), (0, 0));
    let cell = &judgement.tallies[0];
    assert_eq!((cell.held, cell.excepted, cell.leaked), (0, 1, 0));
    assert_eq!(seen(&history), [1]);
    let text = terminal::render(&judgement, terminal::Style::default());
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let told = "`media`: anyone holding the address; seen once. the address is its own key";
    assert!(text.starts_with(
        "HELD: nobody got what belongs to somebody else, in 1 scenario, except accepted exceptions."
    ));
    assert!(
        flat.contains("Accepted exceptions") && flat.contains(told),
        "{text}"
    );
    let xml = junit::render(&judgement).unwrap();
    assert!(
        xml.contains("meant-to-be-so") && xml.contains("<system-out>"),
        "{xml}"
    );
    let value: serde_json::Value = serde_json::from_str(&summary::render(&judgement).unwrap()).unwrap();
    assert_eq!(value["exceptions"][0]["seen"], 1);
}

#[test]
fn an_exception_applies_where_it_says() {
    let narrowed = |change: fn(&mut Exception)| {
        let mut exception = exception();
        change(&mut exception);
        leaking(&exception, |sent| sent)
    };
    for fitting in [
        |e: &mut Exception| e.surface = "*".into(),
        |e: &mut Exception| e.to = vec!["anyone".into()],
        |e: &mut Exception| e.to = vec!["nobody".into(), "patient".into()],
        |e: &mut Exception| e.to = vec!["same-practice".into()],
        |e: &mut Exception| e.technique = Some("leaked-link".into()),
        |e: &mut Exception| e.extent = Some(Extent::Full),
    ] {
        let history = narrowed(fitting);
        assert_eq!((history.judge().verdict, seen(&history)), (HELD, vec![1]));
    }
    for other in [
        |e: &mut Exception| e.surface = "med".into(),
        |e: &mut Exception| e.surface = "thumbnail".into(),
        |e: &mut Exception| e.to = vec!["nobody".into(), "wrong-credentials".into()],
        |e: &mut Exception| e.to = vec!["clinician".into(), "same-household".into()],
        |e: &mut Exception| e.technique = Some("bola".into()),
        |e: &mut Exception| e.extent = Some(Extent::Excerpt),
    ] {
        let history = narrowed(other);
        assert_eq!((history.judge().verdict, seen(&history)), (LEAKED, vec![0]));
    }
}

#[test]
fn variants_of_a_surface_are_the_surface() {
    for variant in ["media-range", "media-head"] {
        let history = leaking(&exception(), |mut sent| {
            sent.exchange.surface = Some(variant.into());
            sent
        });
        assert!(history.judge().findings.is_empty(), "{variant}");
    }
    let another = leaking(&exception(), |mut sent| {
        sent.exchange.surface = Some("media-list".into());
        sent
    });
    assert_eq!(another.judge().verdict, LEAKED);
}

#[test]
fn what_is_not_meant_in_the_same_answer_still_counts() {
    let up_to = Exception {
        extent: Some(Extent::Metadata),
        ..exception()
    };
    let history = leaking(&up_to, |sent| sent.saw(1, Facet::Title));
    assert_eq!((history.judge().verdict, seen(&history)), (LEAKED, vec![1]));
    let title_only = leaking(&up_to, |mut sent| {
        sent.exchange.seen.clear();
        sent.saw(1, Facet::Title)
    });
    assert_eq!(title_only.judge().verdict, HELD);
    let stranger = leaking(&exception(), Sent::saw_stranger);
    assert_eq!(
        stranger.judge().verdict,
        LEAKED,
        "what nobody planted is never meant"
    );
}

#[test]
fn that_everybody_may_read_everywhere_lets_nobody_write() {
    let written = |surface: &str| {
        let anywhere = Exception {
            surface: surface.into(),
            ..exception()
        };
        let mut history = leaking(&anywhere, |mut sent| {
            sent.exchange.seen.clear();
            sent
        });
        let back = history
            .entries
            .iter()
            .position(|entry| exchange_of(entry).is_some_and(|e| is_pulse(&e.part)));
        let probe = history
            .entries
            .iter()
            .filter_map(exchange_of)
            .find(|e| is_probe(&e.part));
        let probe = probe.unwrap().exchange;
        let mut look = History::default();
        look.send(Sent::read_back("Ada", 1, probe, true).saw(1, Facet::Title));
        if let Entry::Exchange(exchange) = &mut look.entries[0] {
            (exchange.scenario, exchange.assertion, exchange.exchange) = (1, Some(1), 99);
        }
        history.entries.insert(back.unwrap(), look.entries.remove(0));
        history.judge().verdict
    };
    assert_eq!(written("*"), LEAKED);
    assert_eq!(written("media"), HELD, "unless it is named");
}

#[test]
fn an_exception_turns_nothing_unclear_into_a_pass() {
    let owner_denied = with(
        &leaking(&exception(), |mut sent| {
            sent.exchange.seen.clear();
            sent.denied()
        }),
        is_twin,
        |e| e.seen.clear(),
    );
    unclear(&owner_denied, "did not get it");
    let text = terminal::render(&owner_denied.judge(), terminal::Style::default());
    assert!(text.contains("never seen"), "{text}");
}

#[test]
fn what_was_left_out_is_told_and_makes_nothing_unclear() {
    let mut history = crate::histories::sound();
    for surface in ["media", "replays"] {
        history.add(Entry::LeftOut(LeftOut {
            scenario: 1,
            who: "wrong-credentials".into(),
            surface: surface.into(),
            technique: "invalid-credentials".into(),
            why: "the budget of 200 requests with wrong credentials is used up".into(),
        }));
    }
    let judgement = history.judge();
    assert_eq!(judgement.verdict, HELD);
    assert_eq!((judgement.left_out.len(), judgement.left_out[0].count), (1, 2));
    let text = terminal::render(&judgement, terminal::Style::default());
    assert!(
        text.contains("The visitor with wrong credentials was left out 2 times: the budget of 200"),
        "{text}"
    );
    assert!(junit::render(&judgement).unwrap().contains("left-out"));
}
