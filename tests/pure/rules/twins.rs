//! Rule 3: no vacuous pass.

use super::*;
use crate::histories::sound;
use bystander::ledger::{Delivery, Operator, OutcomeClass, Temperament};

#[test]
fn a_probe_with_all_its_proof_holds() {
    let judgement = sound().judge();
    assert_eq!(judgement.verdict, HELD);
    assert!(judgement.gaps.is_empty() && judgement.findings.is_empty());
}

#[test]
fn a_probe_without_a_twin_that_got_it_is_inconclusive() {
    let sound = sound();
    unclear(
        &without(&sound, |entry| {
            exchange_of(entry).is_some_and(|e| is_twin(&e.part))
        }),
        "is missing",
    );
    let refused = |e: &mut Exchange| {
        (e.response.status, e.response.class, e.seen) = (404, OutcomeClass::Denied, Vec::new())
    };
    unclear(
        &with(&sound, is_twin, refused),
        "Ada, who has a right to it, did not get it: 404, denied",
    );
    unclear(
        &with(&sound, is_twin, |e| e.seen.clear()),
        "did not get it: 200, served",
    );
    // The id is in the request: it is not content.
    unclear(
        &with(&sound, is_twin, |e| e.seen[0].facet = Some(Facet::Id)),
        "did not get it",
    );
    let cut = |e: &mut Exchange| e.response.delivery = Delivery::Truncated { why: "half".into() };
    unclear(
        &with(&sound, is_twin, cut),
        "did not get it: the answer did not arrive whole",
    );
    unclear(&with(&sound, is_twin, |e| e.state = 1), "in another world state");
    unclear(
        &with(&sound, is_twin, |e| e.surface = Some("item".into())),
        "at another surface",
    );
    let nothing = |e: &mut Exchange| {
        if let Purpose::Probe { targets, .. } = &mut e.part {
            targets[0].twin = None;
        }
    };
    unclear(
        &with(&sound, is_probe, nothing),
        "nobody with a right to it made the same request",
    );
}

/// Ben is refused, and then Ada asks again.
fn asked_again(again: Sent) -> History {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    history.send(Sent::probe("Ben", "media", &[(1, twin)]));
    history.pulse("Ben");
    history.send(again);
    history.concluded(1).ran().finished();
    history
}

/// Ben is refused what is Ada's, and then Chloe asks for what is hers, at the same surface.
fn another_asked_afterwards(change: impl FnOnce(&mut Exchange)) -> History {
    let mut history = History::begin();
    history
        .scenario("features/a.feature", 1, "A scenario")
        .patients(&["Ada", "Ben", "Chloe"]);
    history.plant("Ada", Modality::Video);
    let hers = history.plant("Chloe", Modality::Video);
    history.ask(
        Claim::NoOneElse,
        "Then no one can list or fetch anybody else's recordings",
    );
    let twin = history.send(media_twin());
    history.send(Sent::probe("Ben", "media", &[(1, twin)]));
    history.pulse("Ben");
    let mut again = media_twin();
    again.exchange.who = "Chloe".into();
    again.exchange.part = Purpose::Twin {
        recordings: vec![hers],
    };
    for seen in &mut again.exchange.seen {
        seen.recording = Some(hers);
    }
    change(&mut again.exchange);
    history.send(again);
    history.concluded(1).ran().finished();
    history
}

#[test]
fn that_somebody_got_theirs_afterwards_shows_that_the_stack_still_serves() {
    assert_eq!(another_asked_afterwards(|_| {}).judge().verdict, HELD);
    let refused = another_asked_afterwards(|e| {
        (e.response.status, e.response.class) = (404, OutcomeClass::Denied);
        e.seen.clear();
    });
    unclear(
        &refused,
        "afterwards Chloe could no longer get their own recording there: 404, denied",
    );
    let elsewhere = another_asked_afterwards(|e| e.surface = Some("thumbnail".into()));
    assert_eq!(elsewhere.judge().verdict, HELD, "nobody asked there");
}

/// Ada gets her own; Ben tries, before or after that; then it is claimed that everyone gets their own, without asking again.
fn standing(ben_first: bool, change: impl FnOnce(&mut Exchange)) -> History {
    let mut history = asked(Claim::NoOneElse);
    let mut twin = media_twin();
    change(&mut twin.exchange);
    let (twin, asked_before) = match ben_first {
        true => {
            let before = history.send(media_twin());
            history.send(Sent::probe("Ben", "media", &[(1, before)]));
            (history.send(twin), 1)
        }
        false => {
            let twin = history.send(twin);
            history.send(Sent::probe("Ben", "media", &[(1, twin)]));
            (twin, 1)
        }
    };
    history.pulse("Ben");
    history.concluded(asked_before);
    history.ask(
        Claim::Reachable,
        "And everyone can still list and fetch their own",
    );
    history.relying_on(1, &[twin]).ran().finished();
    history
}

#[test]
fn what_somebody_got_after_others_had_tried_need_not_be_asked_for_again() {
    assert_eq!(standing(true, |_| {}).judge().verdict, HELD);
    unclear(&standing(false, |_| {}), "was made before others had tried");
    let refused = standing(true, |e| {
        (e.response.status, e.response.class) = (404, OutcomeClass::Denied);
        e.seen.clear();
    });
    unclear(&refused, "did not get their own recording: 404, denied");
    let somebody_s = standing(true, |e| e.who = "Ben".into());
    assert_ne!(somebody_s.judge().verdict, HELD, "who has no right to it");
}

#[test]
fn what_somebody_got_in_another_world_state_tells_nothing_of_this_one() {
    let mut history = asked(Claim::Reachable);
    let twin = history.send(media_twin());
    history.concluded(1);
    history.flag("audio-video-switch", true);
    history.ask(
        Claim::Reachable,
        "And everyone can still list and fetch their own",
    );
    history.relying_on(1, &[twin]).ran().finished();
    unclear(&history, "did not get their own recording");
}

#[test]
fn what_a_step_relies_on_must_be_there() {
    let mut history = asked(Claim::Reachable);
    history.relying_on(1, &[99]).ran().finished();
    unclear(&history, "relies on an exchange that is missing");
}

#[test]
fn an_owner_who_gets_it_before_and_not_afterwards_proves_nothing() {
    assert_eq!(asked_again(media_twin()).judge().verdict, HELD);
    let mut refused = media_twin();
    refused.exchange.response.status = 404;
    refused.exchange.response.class = OutcomeClass::Denied;
    refused.exchange.seen.clear();
    unclear(
        &asked_again(refused),
        "Ada, who has a right to it, got it before and did not get it afterwards: 404, denied",
    );
    let mut silent = media_twin();
    silent.exchange.response.delivery = Delivery::TimedOut { after_ms: 10 };
    unclear(
        &asked_again(silent),
        "got it before and did not get it afterwards",
    );
}

#[test]
fn a_twin_of_another_recording_proves_nothing() {
    let mut history = asked(Claim::NoOneElse);
    history.plant("Ada", Modality::Audio);
    let other = history.send(
        Sent::twin("Ada", "media", &[2])
            .saw(2, Facet::Media)
            .media(MEDIA_BYTES),
    );
    history.send(Sent::probe("Ben", "media", &[(1, other)]));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    unclear(&history, "who had no right to it");
}

#[test]
fn a_twin_of_another_scenario_proves_nothing() {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    history.send(Sent::probe("Ben", "media", &[(1, twin)]));
    history.pulse("Ben");
    history.concluded(1).ran();
    history
        .scenario("features/b.feature", 1, "Another scenario")
        .patients(&["Ada", "Ben"]);
    let recording = history.plant("Ada", Modality::Audio);
    history.ask(Claim::NoOneElse, NO_ONE_ELSE);
    history.send(Sent::probe("Ben", "media", &[(recording, twin)]));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    unclear(&history, "is missing");
}

#[test]
fn two_stories_about_one_twin_prove_nothing() {
    let mut history = sound();
    let twin = history
        .entries
        .iter()
        .filter_map(exchange_of)
        .find(|e| is_twin(&e.part))
        .cloned()
        .unwrap();
    let at = history
        .entries
        .iter()
        .position(|entry| exchange_of(entry).is_some_and(|e| is_probe(&e.part)))
        .unwrap();
    history
        .entries
        .insert(at, Entry::Exchange(Box::new(twin.clone())));
    assert_eq!(history.judge().verdict, HELD, "the same story twice is one story");
    let other = Exchange {
        who: "Ben".into(),
        seen: Vec::new(),
        ..twin
    };
    history.entries.insert(at, Entry::Exchange(Box::new(other)));
    unclear(&history, "two contradicting entries");
}

#[test]
fn a_probe_by_a_session_that_may_have_died_is_inconclusive() {
    let sound = sound();
    let why = "the session was not confirmed valid afterwards";
    unclear(
        &without(&sound, |entry| {
            exchange_of(entry).is_some_and(|e| is_pulse(&e.part))
        }),
        why,
    );
    unclear(
        &with(&sound, is_pulse, |e| e.part = Purpose::Pulse { alive: false }),
        why,
    );
    unclear(&with(&sound, is_pulse, |e| e.who = "Ada".into()), why);
    unclear(&with(&sound, is_pulse, |e| e.exchange = 0), why);
    unclear(&with(&sound, is_pulse, |e| e.state = 1), why);
}

#[test]
fn who_does_without_a_session_needs_none() {
    for (who, technique) in [("nobody", "anonymous"), ("Ben", "session-after-logout")] {
        let mut history = asked(Claim::NoOneElse);
        let twin = history.send(media_twin());
        let probe = Sent::probe(who, "media", &[(1, twin)]).by(technique, Temperament::Curious);
        history.send(probe.status(401, OutcomeClass::NoSession));
        history.concluded(1).ran().finished();
        assert_eq!(history.judge().verdict, HELD, "{technique}");
    }
}

#[test]
fn a_probe_that_was_not_answered_is_inconclusive() {
    let sound = sound();
    for (status, class) in [
        (500, OutcomeClass::Broken),
        (429, OutcomeClass::Throttled),
        (502, OutcomeClass::Other),
        (0, OutcomeClass::Broken),
    ] {
        let failed = with(&sound, is_probe, |e| {
            (e.response.status, e.response.class) = (status, class)
        });
        assert_eq!(failed.judge().verdict, INCONCLUSIVE, "{status} {class:?}");
    }
    let not_whole = "the answer did not arrive whole: ";
    for (delivery, why) in [
        (Delivery::Truncated { why: "half".into() }, not_whole),
        (Delivery::TimedOut { after_ms: 5_000 }, not_whole),
        (Delivery::Unscanned { why: "a bomb".into() }, not_whole),
        (
            Delivery::Unreachable { why: "reset".into() },
            "no answer came: no connection (reset)",
        ),
        (
            Delivery::NotSent {
                why: "no link was to be had".into(),
            },
            "it could not be asked: no link was to be had",
        ),
    ] {
        unclear(
            &with(&sound, is_probe, |e| e.response.delivery = delivery.clone()),
            why,
        );
    }
}

#[test]
fn a_probe_in_another_state_than_the_steps_is_inconclusive() {
    let moved = with(&sound(), |part| !is_pulse(part), |e| e.state = 1);
    unclear(&moved, "another state than the step is about");
}

#[test]
fn a_probe_of_ones_own_shows_nothing() {
    unclear(
        &with(&sound(), is_probe, |e| e.who = "Ada".into()),
        "by somebody else",
    );
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    history.send(Sent::probe("Ada", "media", &[(1, twin)]));
    history.pulse("Ada");
    history.concluded(1).ran().finished();
    unclear(&history, "is authorised for this recording");
}

#[test]
fn the_name_of_a_file_in_a_header_is_not_the_file() {
    let named = |e: &mut Exchange| {
        e.seen[0].facet = Some(Facet::FileName);
        e.seen[0].place = "header content-disposition".to_owned();
    };
    unclear(&with(&sound(), is_twin, named), "did not get it");
    // Unless headers are all that was asked for.
    let head = |e: &mut Exchange| {
        named(e);
        e.request.method = "HEAD".to_owned();
    };
    assert_eq!(with(&sound(), is_twin, head).judge().verdict, HELD);
}

#[test]
fn an_answer_to_somebody_who_is_not_signed_in_refuses_nobody() {
    let history = probed(media_twin(), |twin| {
        let mut probe = Sent::probe("Ben", "media", &[(1, twin)]);
        (probe.exchange.response.status, probe.exchange.response.class) = (401, OutcomeClass::NoSession);
        probe
    });
    unclear(&history, "says that nobody was signed in");
}

#[test]
fn a_list_that_sends_elsewhere_is_not_a_list_that_holds_nothing() {
    let elsewhere = |status, class| {
        probed(list_twin(), |twin| {
            let mut probe = Sent::probe("Ben", "replays", &[(1, twin)]);
            (probe.exchange.response.status, probe.exchange.response.class) = (status, class);
            probe.exchange.seen.clear();
            probe.exchange.list = None;
            probe
        })
    };
    unclear(
        &elsewhere(302, OutcomeClass::Other),
        "could not be read as a list",
    );
    assert_eq!(elsewhere(403, OutcomeClass::Denied).judge().verdict, HELD);
}

#[test]
fn a_run_that_probed_nothing_has_not_passed() {
    let mut history = asked(Claim::Reachable);
    history.send(media_twin());
    history.concluded(1).ran().finished();
    assert_eq!(history.judge().verdict, None);
}

#[test]
fn scenarios_that_do_not_apply_stand_in_for_none_that_never_began() {
    let mut history = sound();
    history.selected(2, 0);
    unclear(&history, "1 of 2 selected scenarios never began");
}

/// Where nobody has a right, a role without a person shows what is to be had.
fn shown_by(who: &str, declared: &str) -> History {
    let mut history = asked(Claim::NoOneElse);
    history.add(Entry::Operator(Operator {
        role: declared.into(),
    }));
    let mut twin = media_twin();
    twin.exchange.who = who.into();
    let twin = history.send(twin);
    history.send(Sent::probe("Ben", "media", &[(1, twin)]));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    history
}

#[test]
fn a_role_of_the_profile_shows_what_is_to_be_had_where_nobody_has_a_right() {
    assert_eq!(shown_by("recorder", "recorder").judge().verdict, HELD);
    assert_eq!(
        shown_by("recorder", "admin").judge().verdict,
        Some(Verdict::Leaked),
        "a role that the profile does not name for it is somebody without a right"
    );
    assert_eq!(
        shown_by("Ben", "Ben").judge().verdict,
        Some(Verdict::Leaked),
        "somebody of the scenario is no role without a person"
    );
}
