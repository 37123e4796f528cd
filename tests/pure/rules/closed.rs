//! Rule 7: fail closed.

use super::*;
use crate::histories::{june_2020, sound};
use bystander::judge::exit;
use bystander::ledger::{Change, Delivery, Outcome};

#[test]
fn what_was_not_asked_is_not_held() {
    let more = |history: &History| {
        let mut history = history.clone();
        for entry in &mut history.entries {
            if let Entry::Concluded(concluded) = entry {
                concluded.planned = 3;
            }
        }
        history
    };
    unclear(&more(&sound()), "2 of 3 planned targets were never asked for");
    assert_eq!(more(&june_2020()).judge().verdict, LEAKED);
}

#[test]
fn a_duplicate_does_not_stand_for_another_target() {
    let mut history = sound();
    let at = history
        .entries
        .iter()
        .position(|entry| exchange_of(entry).is_some_and(|e| is_probe(&e.part)))
        .unwrap();
    history.entries.insert(at, history.entries[at].clone());
    for entry in &mut history.entries {
        if let Entry::Concluded(concluded) = entry {
            concluded.planned = 2;
        }
    }
    unclear(&history, "1 of 2 planned targets");
}

#[test]
fn a_ledger_that_stops_early_is_inconclusive_wherever_it_stops() {
    let sound = sound();
    for length in 0..sound.entries.len() {
        let mut cut = sound.clone();
        cut.entries.truncate(length);
        let judgement = cut.judge();
        assert_eq!(judgement.verdict, INCONCLUSIVE, "cut at {length}");
        assert_eq!(exit::code(&judgement, false), exit::INCONCLUSIVE);
        assert!(judgement.tallies.iter().all(|tally| tally.held == 0) || length > 11);
    }
    unclear(
        &without(&sound, |entry| matches!(entry, Entry::Concluded(_))),
        "the step was cut off",
    );
    unclear(
        &without(&sound, |entry| matches!(entry, Entry::Ended(_))),
        "the scenario was cut off",
    );
    unclear(
        &without(&sound, |entry| matches!(entry, Entry::Finished(_))),
        "the run was cut off",
    );
    unclear(
        &without(&sound, |entry| matches!(entry, Entry::Assertion(_))),
        "never began",
    );
}

#[test]
fn scenarios_that_never_began_are_missed() {
    unclear(sound().selected(4, 0), "3 of 4 selected scenarios never began");
}

#[test]
fn a_change_that_did_not_settle_leaves_what_follows_open() {
    let story = |settled: bool| {
        let mut history = History::begin();
        history
            .scenario("features/a.feature", 1, "A scenario")
            .patients(&["Ada", "Ben"]);
        history.plant("Ada", Modality::Audio);
        let change = Change::Flag {
            flag: "a-flag".into(),
            on: true,
        };
        history.change(change, "a-flag on", "a-flag on", settled);
        history.ask(Claim::NoOneElse, NO_ONE_ELSE);
        let twin = history.send(media_twin());
        history.send(Sent::probe("Ben", "media", &[(1, twin)]));
        history.pulse("Ben");
        history.concluded(1).ran().finished();
        history
    };
    assert_eq!(story(true).judge().verdict, HELD);
    unclear(&story(false), "a-flag on (waited 5 s)");
    assert_eq!(story(false).judge().tallies[0].inconclusive, 1);
    let leaked = with(&story(false), is_probe, |e| {
        e.seen = media_twin().exchange.seen;
    });
    assert_eq!(leaked.judge().verdict, LEAKED);
}

#[test]
fn trouble_is_told_and_ranked() {
    let story = |scenario, stack_gone, internal| {
        let mut history = sound();
        history.trouble("the database is gone", scenario, stack_gone, internal);
        history.judge()
    };
    for (judgement, code) in [
        (story(Some(1), false, false), exit::INCONCLUSIVE),
        (story(None, false, false), exit::INCONCLUSIVE),
        (story(None, true, false), exit::STACK),
        (story(Some(1), true, true), exit::INTERNAL),
    ] {
        assert_eq!(judgement.verdict, INCONCLUSIVE);
        assert!(reasons(&judgement).contains("the database is gone"));
        assert_eq!(exit::code(&judgement, true), code);
    }
}

#[test]
fn a_scenario_that_was_stopped_or_asked_nothing_is_inconclusive() {
    let mut history = History::begin();
    history
        .scenario("features/a.feature", 1, "A scenario")
        .ended(Outcome::Stopped, Some("no such step"))
        .finished();
    unclear(&history, "the scenario was stopped: no such step");
    let mut history = History::begin();
    history
        .scenario("features/a.feature", 1, "A scenario")
        .ran()
        .finished();
    unclear(&history, "nothing was probed");
    let mut history = asked(Claim::NoOneElse);
    history.concluded(0).ran().finished();
    unclear(&history, "nothing was probed");
}

#[test]
fn an_answer_to_our_people_that_was_not_scanned_may_have_held_anything() {
    let story = |who: &str, delivery: Delivery| {
        let mut history = sound();
        let at = history
            .entries
            .iter()
            .position(|entry| matches!(entry, Entry::Assertion(_)))
            .unwrap();
        let mut other = History::default();
        other.send(Sent::setup(who, "log in").delivery(delivery));
        let mut entry = other.entries.remove(0);
        if let Entry::Exchange(exchange) = &mut entry {
            (exchange.scenario, exchange.exchange) = (1, 99);
        }
        history.entries.insert(at, entry);
        history
    };
    unclear(
        &story("Ben", Delivery::Unscanned { why: "a bomb".into() }),
        "a bomb",
    );
    unclear(&story("Ben", Delivery::Truncated { why: "half".into() }), "half");
    // No answer holds nothing, and what the harness itself is told is nobody's leak.
    assert_eq!(
        story("Ben", Delivery::TimedOut { after_ms: 9 }).judge().verdict,
        HELD
    );
    assert_eq!(
        story("nobody", Delivery::Truncated { why: "half".into() })
            .judge()
            .verdict,
        HELD
    );
}

#[test]
fn identical_gaps_are_counted() {
    let mut history = asked(Claim::NoOneElse);
    for _ in 0..3 {
        history.send(Sent::probe("Ben", "media", &[(1, 0)]));
    }
    history.pulse("Ben");
    history.concluded(3).ran().finished();
    let gaps = history.judge().gaps;
    assert_eq!((gaps.len(), gaps[0].count), (1, 3));
    assert_eq!(
        (gaps[0].who.as_deref(), gaps[0].surface.as_deref()),
        (Some("Ben"), Some("media"))
    );
}

#[test]
fn what_comes_after_the_end_is_still_looked_at() {
    let mut history = sound();
    history.send(Sent::setup("Ada", "clean up").saw(1, Facet::Title));
    assert_eq!(history.judge().verdict, HELD);
    history.send(Sent::setup("Ben", "clean up").saw(1, Facet::Title));
    assert_eq!(history.judge().verdict, LEAKED);
    let mut history = sound();
    history.send(Sent::probe("Ben", "media", &[(1, 1)]));
    unclear(&history, "belongs to no step under way");
}
