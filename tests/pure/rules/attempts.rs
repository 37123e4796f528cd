//! Rule 6 where nothing is written to a recording: what somebody did in another's place is judged by the other looking whether it happened.

use super::*;
use bystander::judge::FindingKind;
use bystander::ledger::{Extent, OutcomeClass, Temperament};

const SWITCH: &str = "action.switch";

/// Ben tries to switch Ada's consultation before she does, in a scenario that holds.
fn tried(attempt: fn(Sent) -> Sent, happened: Option<bool>, by_the_owner: bool) -> History {
    tried_at(SWITCH, attempt, happened, by_the_owner)
}

fn tried_at(surface: &str, attempt: fn(Sent) -> Sent, happened: Option<bool>, by_the_owner: bool) -> History {
    let mut history = History::begin();
    history
        .scenario("features/a.feature", 1, "A scenario")
        .patients(&["Ada", "Ben"]);
    let recording = history.plant("Ada", Modality::Audio);
    let number = history.send(attempt(Sent::attempt("Ben", "Ada", surface)));
    history.send(Sent::pulse("Ben", true).outside());
    history.attempted(number, happened, by_the_owner);
    history.ask(Claim::NoOneElse, NO_ONE_ELSE);
    let twin = history.send(media_twin());
    history.send(Sent::probe("Ben", "media", &[(recording, twin)]));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    history
}

fn is_attempt(part: &Purpose) -> bool {
    matches!(part, Purpose::Attempt { .. })
}

#[test]
fn what_has_not_happened_holds_whatever_the_answer() {
    for answer in [|sent: Sent| sent, |sent: Sent| sent.served()] {
        let judgement = tried(answer, Some(false), true).judge();
        assert_eq!(judgement.verdict, HELD, "{:#?}", judgement.gaps);
        let tally = judgement.tallies.iter().find(|tally| tally.surface == SWITCH);
        assert_eq!(tally.map(|tally| tally.held), Some(1));
    }
}

#[test]
fn what_has_happened_is_found_even_when_it_was_refused() {
    let finding = finding(&tried(|sent| sent, Some(true), false));
    assert_eq!(
        (
            finding.kind,
            finding.extent,
            finding.rule.number,
            finding.temperament
        ),
        (FindingKind::Acted, Extent::Metadata, 6, Temperament::Hostile)
    );
    assert_eq!(
        (finding.owner.as_str(), finding.bystander.as_str()),
        ("Ada", "Ben")
    );
    assert_eq!(
        finding.sentence,
        "Ben, asking in another's place, could do `switch` for Ada before anything had changed."
    );
}

#[test]
fn its_owner_must_have_done_the_same() {
    unclear(
        &tried(|sent| sent, Some(false), false),
        "Ada, who may do it, was not seen to do it",
    );
}

#[test]
fn nothing_is_shown_by_what_nobody_looked_at() {
    unclear(
        &tried(|sent| sent, None, true),
        "Ada did not look whether it had happened",
    );
    let cut_off = without(&tried(|sent| sent, Some(false), true), |entry| {
        matches!(entry, Entry::Attempted(_))
    });
    unclear(
        &cut_off,
        "nobody has looked whether what was tried here has happened",
    );
}

#[test]
fn a_refusal_needs_a_live_session_and_an_answer() {
    let dead = with(
        &tried(|sent| sent, Some(false), true),
        |part| matches!(part, Purpose::Pulse { .. }),
        |exchange| {
            exchange.part = Purpose::Pulse {
                alive: exchange.assertion.is_some(),
            }
        },
    );
    unclear(&dead, "the session was not confirmed valid afterwards");
    unclear(
        &tried(
            |sent| sent.status(401, OutcomeClass::NoSession),
            Some(false),
            true,
        ),
        "the answer says that nobody was signed in",
    );
    unclear(
        &tried(|sent| sent.status(503, OutcomeClass::Broken), Some(false), true),
        "the stack failed (503)",
    );
}

/// To another tenant a session is none: to be told so there is a refusal like any other.
#[test]
fn at_the_owners_address_whoever_tries_need_not_be_known() {
    let mut history = tried(
        |sent| sent.status(401, OutcomeClass::NoSession),
        Some(false),
        true,
    );
    for entry in &mut history.entries {
        if let Entry::Attempted(attempted) = entry {
            attempted.elsewhere = true;
        }
    }
    let judgement = history.judge();
    assert_eq!(judgement.verdict, HELD, "{:#?}", judgement.gaps);
}

#[test]
fn a_request_that_is_lost_makes_nothing_better() {
    let lost = |happened| {
        without(&tried(|sent| sent, happened, true), |entry| {
            exchange_of(entry).is_some_and(|exchange| is_attempt(&exchange.part))
        })
    };
    unclear(&lost(Some(false)), "the request by which it was tried is missing");
    assert_eq!(finding(&lost(Some(true))).kind, FindingKind::Acted);
}

/// Who has given a right to themselves does nothing unusual when they use it; but they did before.
#[test]
fn what_comes_out_afterwards_is_told_as_what_it_came_of() {
    let techniques = |surface: &str| {
        let tried = tried_at(surface, |sent| sent, Some(true), true);
        let shown = with(&tried, is_probe, |exchange| {
            exchange.seen = Sent::setup("Ben", "").saw(1, Facet::Title).exchange.seen;
        });
        let findings = shown.judge().findings;
        let mut told: Vec<(String, Temperament)> = findings
            .into_iter()
            .map(|finding| (finding.technique, finding.temperament))
            .collect();
        told.sort();
        told
    };
    let acting = ("bola-action".to_owned(), Temperament::Hostile);
    assert_eq!(techniques("grant.share"), [acting.clone(), acting.clone()]);
    // nobody has a right to more because a consultation was switched
    let curious = ("bola".to_owned(), Temperament::Curious);
    assert_eq!(techniques(SWITCH), [curious, acting]);
}

#[test]
fn an_exception_for_everything_lets_nobody_act_for_another() {
    let history = tried(|sent| sent, Some(true), true);
    for (surface, verdict) in [("*", LEAKED), (SWITCH, HELD)] {
        let mut meant = history.clone();
        meant.entries.insert(
            1,
            Entry::Exception(bystander::ledger::Exception {
                surface: surface.into(),
                who: "anyone".into(),
                to: Vec::new(),
                technique: None,
                extent: None,
                reason: "a call centre does this for its callers".into(),
            }),
        );
        assert_eq!(meant.judge().verdict, verdict, "{surface}");
    }
}
