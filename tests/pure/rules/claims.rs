//! What a step claims decides who has a right, and what counts.

use super::*;
use crate::histories::kill_switch;
use bystander::judge::FindingKind;
use bystander::ledger::{Extent, OutcomeClass};

#[test]
fn where_nobody_should_get_in_everybody_is_refused() {
    assert_eq!(kill_switch().judge().verdict, HELD);
}

#[test]
fn where_nobody_should_get_in_the_owner_leaks_too() {
    let by_ada = |part: &Purpose| is_probe(part);
    let history = with(&kill_switch(), by_ada, |e| {
        if e.who == "Ada" {
            let got = media_twin().exchange;
            (e.seen, e.response) = (got.seen, got.response);
        }
    });
    let finding = finding(&history);
    assert_eq!(
        (finding.owner.as_str(), finding.bystander.as_str()),
        ("Ada", "Ada")
    );
    assert_eq!(finding.extent, Extent::Full);
    assert!(
        finding
            .sentence
            .contains("could still fetch the whole of their own video recording")
    );
    assert!(
        finding.sentence.ends_with("when nobody should get it."),
        "{}",
        finding.sentence
    );
}

#[test]
fn where_nobody_should_get_in_only_a_refusal_holds() {
    let answered = |status, class| {
        with(&kill_switch(), is_probe, |e| {
            (e.response.status, e.response.class) = (status, class)
        })
    };
    assert_eq!(answered(401, OutcomeClass::NoSession).judge().verdict, HELD);
    unclear(
        &answered(200, OutcomeClass::Served),
        "the response was not a refusal (200, served)",
    );
    unclear(
        &answered(302, OutcomeClass::Other),
        "the response was not a refusal",
    );
}

#[test]
fn where_nobody_should_get_in_the_twin_is_from_before() {
    unclear(
        &with(&kill_switch(), is_twin, |e| e.state = 1),
        "not from an earlier world state",
    );
    unclear(
        &without(&kill_switch(), |entry| {
            exchange_of(entry).is_some_and(|e| is_twin(&e.part))
        }),
        "is missing",
    );
}

fn off(list: impl Fn(Sent) -> Sent) -> History {
    let mut history = History::begin();
    history
        .scenario("features/a.feature", 1, "A scenario")
        .patients(&["Ada"]);
    history.plant("Ada", Modality::Audio);
    let twin = history.send(list_twin().outside());
    history
        .flag("consultation-replays", false)
        .ask(Claim::NoOne, "Then no one can list any recording");
    history.send(list(Sent::probe("Ada", "replays", &[(1, twin)]).looking()));
    history.pulse("Ada");
    history.concluded(1).ran().finished();
    history
}

#[test]
fn a_list_holds_nothing_where_nobody_should_get_in() {
    assert_eq!(off(|list| list.listing(&[], 0, Some(0))).judge().verdict, HELD);
    assert_eq!(
        finding(&off(|list| list.listing(&[1], 0, None))).kind,
        FindingKind::Listed
    );
    assert_eq!(
        finding(&off(|list| list.listing(&[], 1, None))).kind,
        FindingKind::Stranger
    );
    assert_eq!(
        finding(&off(|list| list.listing(&[], 0, Some(1)))).kind,
        FindingKind::Total
    );
    unclear(
        &off(|list| list.listing(&[], 0, None).unreadable("no items")),
        "could not be read through",
    );
}

#[test]
fn an_owner_may_know_that_their_own_exists() {
    let mut history = History::begin();
    history
        .scenario("features/a.feature", 1, "A scenario")
        .patients(&["Ada"]);
    history.plant("Ada", Modality::Audio);
    let twin = history.send(media_twin().outside());
    history
        .flag("consultation-replays", false)
        .ask(Claim::NoOne, "Then no one can fetch any recording");
    let control = history.send(Sent::control("Ada", "media"));
    history.send(
        Sent::probe("Ada", "media", &[(1, twin)])
            .status(403, OutcomeClass::Denied)
            .with_control(control),
    );
    history.pulse("Ada");
    history.concluded(1).ran().finished();
    assert_eq!(history.judge().verdict, HELD);
}

fn reached(twins: Vec<Sent>) -> History {
    let mut history = asked(Claim::Reachable);
    for twin in twins {
        history.send(twin);
    }
    history.concluded(1).ran().finished();
    history
}

#[test]
fn what_is_ones_own_is_reached_or_the_step_is_inconclusive() {
    let scenario = |twin: Sent| reached(vec![twin]).judge().scenarios[0].verdict;
    assert_eq!(scenario(media_twin()), HELD);
    assert_eq!(scenario(list_twin()), HELD);
    let refused = Sent::twin("Ada", "media", &[1]).status(403, OutcomeClass::Denied);
    unclear(
        &reached(vec![refused.clone()]),
        "`media`, Ada: did not get their own recording: 403, denied",
    );
    unclear(
        &reached(vec![Sent::twin("Ada", "media", &[1]).saw(1, Facet::Id)]),
        "200, served",
    );
    unclear(&reached(vec![]), "1 of 1 planned targets were never asked for");
    // A second attempt may turn inconclusive into a verdict.
    let again = reached(vec![refused, media_twin()]).judge();
    assert_eq!(again.scenarios[0].verdict, HELD);
}

#[test]
fn who_reaches_what_they_have_no_right_to_leaks() {
    let history = reached(vec![Sent::twin("Ben", "media", &[1]).saw(1, Facet::Media)]);
    let judgement = history.judge();
    assert_eq!(judgement.verdict, LEAKED);
    assert!(judgement.tallies.iter().all(|tally| tally.held == 0));
}
