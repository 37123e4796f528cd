//! What was deleted: nobody has a right to it any more; that whoever deleted it gets it again is told where nobody should.

use super::*;
use bystander::ledger::{Change, Temperament};

const GONE: &str = "Then no one can list or fetch Ada's deleted recording";

/// Ada's recording was to be had, also by Dr Evans, and she deleted it; `claim` is about it.
fn deleted(claim: Claim) -> (History, u64) {
    let mut history = History::begin();
    history
        .scenario("features/a.feature", 1, "A scenario")
        .patients(&["Ada", "Ben"])
        .person("Dr Evans", "clinician");
    let recording = history.plant("Ada", Modality::Audio);
    history.grant(recording, "Dr Evans", "treating clinician", false);
    let twin = history.send(media_twin().outside());
    let change = Change::Deleted {
        who: "Ada".into(),
        recording,
    };
    history.change(change, "Ada's recording deleted", "recording deleted", true);
    history.ask(claim, GONE);
    (history, twin)
}

/// Everybody in `who` asks for it and is refused, but what `probe` makes of it.
fn tried(claim: Claim, who: &[&str], probe: impl Fn(Sent) -> Sent) -> History {
    let (mut history, twin) = deleted(claim);
    for name in who {
        history.send(probe(Sent::probe(name, "media", &[(1, twin)])));
        history.pulse(name);
    }
    let planned = u32::try_from(who.len()).unwrap();
    history.concluded(planned).ran().finished();
    history
}

fn shown(sent: Sent) -> Sent {
    sent.saw(1, Facet::Media)
        .media(MEDIA_BYTES)
        .status(200, bystander::ledger::OutcomeClass::Served)
}

#[test]
fn what_is_refused_to_everybody_is_gone() {
    let everybody = ["Ada", "Ben", "Dr Evans"];
    assert_eq!(tried(Claim::Gone, &everybody, |sent| sent).judge().verdict, HELD);
    let others = ["Ben", "Dr Evans"];
    assert_eq!(
        tried(Claim::NoOneElse, &others, |sent| sent).judge().verdict,
        HELD
    );
}

#[test]
fn whoever_had_a_right_to_it_has_none_any_more() {
    for claim in [Claim::Gone, Claim::NoOneElse] {
        let found = finding(&tried(claim, &["Dr Evans"], shown));
        assert_eq!(
            (found.bystander.as_str(), found.owner.as_str()),
            ("Dr Evans", "Ada")
        );
    }
}

#[test]
fn that_its_patient_gets_it_again_is_told_where_nobody_should() {
    let found = finding(&tried(Claim::Gone, &["Ada"], shown));
    assert_eq!((found.bystander.as_str(), found.owner.as_str()), ("Ada", "Ada"));
    assert!(
        found.sentence.contains("when nobody should get it"),
        "{}",
        found.sentence
    );
    let (mut history, twin) = deleted(Claim::NoOneElse);
    history.send(Sent::probe("Ben", "media", &[(1, twin)]));
    history.pulse("Ben");
    history.send(Sent::setup("Ada", "look at one's own replays").saw(1, Facet::Title));
    history.concluded(1).ran().finished();
    assert_eq!(history.judge().verdict, HELD);
}

#[test]
fn it_must_have_been_to_be_had_before() {
    let (mut history, _) = deleted(Claim::Gone);
    let twin = history.send(media_twin());
    history.send(Sent::probe("Ben", "media", &[(1, twin)]));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    unclear(&history, "its twin is not from an earlier world state");
    let (mut history, _) = deleted(Claim::Gone);
    history.send(Sent::probe("Ben", "media", &[(1, 0)]));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    unclear(&history, "nobody with a right to it made the same request");
}

#[test]
fn what_was_not_deleted_stays_its_patients() {
    let (mut history, twin) = deleted(Claim::Gone);
    let other = history.plant("Ben", Modality::Audio);
    let own = Sent::probe("Ben", "replays", &[(1, twin)])
        .by("list-own", Temperament::Ordinary)
        .saw(other, Facet::Title)
        .listing(&[other], 0, Some(1))
        .status(200, bystander::ledger::OutcomeClass::Served);
    history.send(own);
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    let judgement = history.judge();
    assert!(judgement.findings.is_empty(), "{:#?}", judgement.findings);
}
