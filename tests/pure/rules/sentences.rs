//! Findings as sentences.

use super::*;
use bystander::ledger::{Change, Temperament};

fn read_aloud(name: &str, sentences: &[String]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, sentences.join("\n")));
}

fn told(technique: &str, how: Temperament, change: impl Fn(Sent) -> Sent) -> String {
    let history = probed(media_twin(), |twin| {
        change(Sent::probe("Ben", "media", &[(1, twin)]).by(technique, how))
    });
    finding(&history).sentence
}

#[test]
fn each_technique_is_told_in_its_words() {
    let whole = |technique, how| {
        told(technique, how, |sent| {
            sent.saw(1, Facet::Media).media(MEDIA_BYTES)
        })
    };
    let sentences = [
        whole("list-own", Temperament::Ordinary),
        whole("bola", Temperament::Curious),
        whole("signed-link-tampering", Temperament::Hostile),
        whole("stale-link", Temperament::Ordinary),
        whole("guess", Temperament::Curious),
        whole("race", Temperament::Hostile),
        told("range-request", Temperament::Curious, |sent| {
            sent.saw(1, Facet::Excerpt).media(100)
        }),
        told("list-own", Temperament::Ordinary, |sent| {
            sent.saw(1, Facet::Thumbnail)
        }),
        told("list-own", Temperament::Ordinary, |sent| {
            sent.saw(1, Facet::Transcript)
        }),
        told("bola", Temperament::Curious, |sent| {
            sent.saw(1, Facet::Metadata).saw(1, Facet::Title)
        }),
        told("bola", Temperament::Curious, |sent| sent.saw(1, Facet::Id)),
        told("bola", Temperament::Curious, Sent::saw_stranger),
    ];
    read_aloud("sentences_by_technique", &sentences);
}

#[test]
fn each_moment_is_told_in_its_words() {
    let after = |ms: u64, changes: &dyn Fn(&mut History)| {
        let mut history = History::begin();
        history
            .scenario("features/a.feature", 1, "A scenario")
            .patients(&["Ada", "Ben"]);
        history.plant("Ada", Modality::Audio);
        changes(&mut history);
        history.wait(ms).ask(Claim::NoOneElse, NO_ONE_ELSE);
        history.send(
            Sent::probe("Ben", "replays", &[])
                .looking()
                .listing(&[1], 0, None),
        );
        history.concluded(0).ran().finished();
        finding(&history).sentence
    };
    let session = |what: &str| Change::Session {
        who: "Ben".into(),
        what: what.into(),
    };
    let action = || Change::Action {
        who: "Ada".into(),
        action: "share".into(),
    };
    let sentences = [
        after(0, &|_| ()),
        after(0, &|history| _ = history.flag("a-flag", true)),
        after(3_000, &|history| _ = history.flag("a-flag", false)),
        after(400, &|history| {
            history
                .flag("a", true)
                .flag("b", true)
                .switch("Ada", Modality::Audio, Modality::Video);
        }),
        after(45_000, &|history| {
            history
                .flag("a", true)
                .flag("a", false)
                .switch("Ben", Modality::Video, Modality::Audio);
        }),
        after(300_000, &|history| {
            _ = history.change(session("signed out"), "Ben signed out", "signed out", true)
        }),
        after(500, &|history| {
            _ = history.change(action(), "Ada share", "share", true)
        }),
    ];
    read_aloud("sentences_by_moment", &sentences);
}

#[test]
fn the_id_of_a_finding_has_no_names_in_it() {
    let story = |owner: &str, bystander: &str, role: &str| {
        let mut history = History::begin();
        history
            .scenario("features/a.feature", 1, "A scenario")
            .patients(&[owner])
            .person(bystander, role);
        history.plant(owner, Modality::Audio);
        history.ask(Claim::NoOneElse, NO_ONE_ELSE);
        history.send(Sent::probe(bystander, "media", &[]).saw(1, Facet::Title));
        history.concluded(0).ran().finished();
        finding(&history).id
    };
    assert_eq!(story("Ada", "Ben", "patient"), story("Zoe", "Yan", "patient"));
    assert_ne!(story("Ada", "Ben", "patient"), story("Ada", "Ben", "clinician"));
}
