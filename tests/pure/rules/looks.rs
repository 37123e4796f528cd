//! People who look at their lists at the same time are each other's twins: what somebody was shown of their own shows that it was to be
//! had there.

use super::*;
use bystander::ledger::OutcomeClass;

/// Ada and Ben each have a recording, and look at their lists.
fn both_look(ada: impl FnOnce(&mut Exchange), ben: impl FnOnce(&mut Exchange)) -> History {
    let mut history = asked(Claim::NoOneElse);
    let his = history.plant("Ben", Modality::Audio);
    let mut hers = Sent::probe("Ada", "replays", &[(his, 0)])
        .looking()
        .saw(1, Facet::Title)
        .listing(&[1], 0, Some(1));
    let mut theirs = Sent::probe("Ben", "replays", &[(1, 0)])
        .looking()
        .saw(his, Facet::Title)
        .listing(&[his], 0, Some(1));
    ada(&mut hers.exchange);
    ben(&mut theirs.exchange);
    history.send(hers);
    history.send(theirs);
    history.pulse("Ada");
    history.pulse("Ben");
    history.concluded(2).ran().finished();
    history
}

fn shows_nothing(exchange: &mut Exchange) {
    exchange.seen.clear();
    if let Some(list) = &mut exchange.list {
        list.recordings.clear();
    }
}

#[test]
fn each_shows_that_the_others_was_to_be_had() {
    let judgement = both_look(|_| {}, |_| {}).judge();
    assert_eq!(judgement.verdict, HELD, "{:#?}", judgement.gaps);
    assert_eq!(judgement.tallies[0].held, 2);
}

#[test]
fn a_list_that_does_not_show_ones_own_shows_nothing_to_others_either() {
    unclear(
        &both_look(shows_nothing, |_| {}),
        "Ada, who has a right to it, did not get it: 200",
    );
    unclear(
        &both_look(|e| e.surface = Some("search".into()), |_| {}),
        "nobody with a right to it made the same request",
    );
    let refused = |e: &mut Exchange| {
        shows_nothing(e);
        (e.response.status, e.response.class) = (403, OutcomeClass::Denied);
    };
    unclear(
        &both_look(|_| {}, refused),
        "Ben, who has a right to it, did not get it: 403, denied",
    );
}

#[test]
fn what_a_list_shows_later_does_not_stand_for_what_it_did_not_show_when_everybody_looked() {
    let mut history = asked(Claim::NoOneElse);
    let his = history.plant("Ben", Modality::Audio);
    for (who, of) in [("Ada", his), ("Ben", 1)] {
        let look = Sent::probe(who, "replays", &[(of, 0)]).looking();
        history.send(look.listing(&[], 0, Some(0)));
    }
    history.pulse("Ada");
    history.pulse("Ben");
    for (who, own) in [("Ada", 1), ("Ben", his)] {
        let closing = Sent::twin(who, "replays", &[own]);
        history.send(closing.saw(own, Facet::Title).listing(&[own], 0, Some(1)));
    }
    history.concluded(2).ran().finished();
    unclear(&history, "who has a right to it, did not get it: 200");
}

#[test]
fn a_look_that_shows_anothers_is_a_leak_and_its_twin_is_the_owners() {
    let history = both_look(
        |_| {},
        |ben| {
            if let Some(list) = &mut ben.list {
                list.recordings.push(1);
            }
        },
    );
    let finding = finding(&history);
    let twin = finding.evidence.twin.unwrap();
    assert_eq!((finding.bystander.as_str(), twin.who.as_str()), ("Ben", "Ada"));
}

#[test]
fn a_look_is_no_twin_where_nobody_may_see_anything_and_by_no_other_technique() {
    let mut history = asked(Claim::NoOne);
    let page = Sent::probe("Ada", "replays", &[(1, 0)]).looking();
    history.send(page.clone().listing(&[], 0, Some(0)));
    history.pulse("Ada");
    history.concluded(1).ran().finished();
    unclear(&history, "nobody with a right to it made the same request");
    let swapped = |e: &mut Exchange| {
        if let Purpose::Probe { technique, .. } = &mut e.part {
            *technique = "reload".into();
        }
    };
    unclear(
        &both_look(swapped, |_| {}),
        "nobody with a right to it made the same request",
    );
}

#[test]
fn that_a_look_showed_it_does_not_stand_for_who_did_not_get_it_afterwards() {
    let mut history = asked(Claim::NoOneElse);
    let his = history.plant("Ben", Modality::Audio);
    let before = history.send(list_twin());
    let page = Sent::probe("Ben", "replays", &[(1, before)]).looking();
    history.send(page.saw(his, Facet::Title).listing(&[his], 0, Some(1)));
    let look = Sent::probe("Ada", "replays", &[(his, 0)]).looking();
    history.send(look.saw(1, Facet::Title).listing(&[1], 0, Some(1)));
    history.pulse("Ada");
    history.pulse("Ben");
    history.send(Sent::twin("Ada", "replays", &[1]).listing(&[], 0, Some(0)));
    history.concluded(2).ran().finished();
    unclear(&history, "got it before and did not get it afterwards");
}
