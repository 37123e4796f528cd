//! A session that ends in the middle and is renewed.

use super::*;
use bystander::ledger::OutcomeClass;

/// Ben's session has ended; it is renewed, and he asks again.
fn renewed(last: impl Fn(Sent) -> Sent) -> History {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    let sent = Sent::probe("Ben", "media", &[(1, twin)]);
    history.send(sent.clone().on_the_way().status(401, OutcomeClass::NoSession));
    history.send(Sent::setup("Ben", "sign Ben in"));
    history.send(last(sent));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    history
}

#[test]
fn what_the_second_answer_proves_the_first_does_not_take_away() {
    let judgement = renewed(|sent| sent).judge();
    assert_eq!(judgement.verdict, HELD, "{:#?}", judgement.gaps);
    assert_eq!(judgement.tallies[0].held, 1, "one target, judged once");
    assert_eq!(renewed(|sent| sent.saw(1, Facet::Title)).judge().verdict, LEAKED);
}

#[test]
fn a_session_that_stays_dead_proves_nothing() {
    unclear(
        &renewed(|sent| sent.status(401, OutcomeClass::NoSession)),
        "nobody was signed in",
    );
    let never_asked_again = without(&renewed(|sent| sent), |entry| {
        exchange_of(entry).is_some_and(|e| {
            matches!(
                &e.part,
                Purpose::Probe {
                    intermediate: false,
                    ..
                }
            )
        })
    });
    unclear(&never_asked_again, "never asked for");
}

#[test]
fn what_comes_out_on_the_way_is_a_leak() {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    let sent = Sent::probe("Ben", "media", &[(1, twin)]);
    let redirect = sent.clone().on_the_way().status(302, OutcomeClass::Other);
    history.send(redirect.saw(1, Facet::FileName));
    history.send(sent);
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    assert_eq!(finding(&history).extent, bystander::ledger::Extent::Metadata);
}

#[test]
fn a_renewed_session_does_not_vouch_for_the_one_before() {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    let sent = Sent::probe("Ben", "media", &[(1, twin)]);
    history.send(sent.clone());
    history.send(sent.clone().on_the_way().status(401, OutcomeClass::NoSession));
    history.send(sent);
    history.pulse("Ben");
    history.concluded(2).ran().finished();
    unclear(&history, "not confirmed valid afterwards");
    // felt in between, it vouches for what came before
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    let sent = Sent::probe("Ben", "media", &[(1, twin)]);
    history.send(sent.clone());
    history.pulse("Ben");
    history.send(sent.clone().on_the_way().status(401, OutcomeClass::NoSession));
    history.send(sent);
    history.pulse("Ben");
    history.concluded(2).ran().finished();
    assert_eq!(history.judge().verdict, HELD);
}
