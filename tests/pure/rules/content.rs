//! Rule 1: content decides, status codes never do.

use super::*;
use bystander::judge::{FindingKind, STRANGER};
use bystander::ledger::{Extent, OutcomeClass};

#[test]
fn a_refusal_without_content_holds() {
    assert_eq!(
        probed(media_twin(), |twin| Sent::probe("Ben", "media", &[(1, twin)]))
            .judge()
            .verdict,
        HELD
    );
}

#[test]
fn even_a_served_answer_holds_when_nothing_of_it_is_anybodys() {
    let history = probed(media_twin(), |twin| {
        Sent::probe("Ben", "media", &[(1, twin)]).served()
    });
    assert_eq!(history.judge().verdict, HELD);
}

#[test]
fn content_in_a_refusal_is_a_leak() {
    let history = probed(media_twin(), |twin| {
        Sent::probe("Ben", "media", &[(1, twin)]).saw(1, Facet::FileName)
    });
    let finding = finding(&history);
    assert_eq!(
        (finding.kind, finding.extent),
        (FindingKind::Seen, Extent::Metadata)
    );
    assert_eq!(
        (finding.owner.as_str(), finding.bystander.as_str()),
        ("Ada", "Ben")
    );
    assert!(
        finding.cwe.contains(&209) && finding.cwe.contains(&1230),
        "{:?}",
        finding.cwe
    );
}

#[test]
fn each_facet_has_its_extent() {
    let extent = |sent: fn(Sent) -> Sent| {
        finding(&probed(media_twin(), |twin| {
            sent(Sent::probe("Ben", "media", &[(1, twin)]))
        }))
        .extent
    };
    assert_eq!(extent(|sent| sent.saw(1, Facet::Id)), Extent::Existence);
    assert_eq!(extent(|sent| sent.saw(1, Facet::Title)), Extent::Metadata);
    assert_eq!(extent(|sent| sent.saw(1, Facet::Metadata)), Extent::Metadata);
    assert_eq!(extent(|sent| sent.saw(1, Facet::Thumbnail)), Extent::Excerpt);
    assert_eq!(extent(|sent| sent.saw(1, Facet::Transcript)), Extent::Full);
    assert_eq!(
        extent(|sent| sent.saw(1, Facet::Media).media(8_192)),
        Extent::Excerpt
    );
    assert_eq!(
        extent(|sent| sent.saw(1, Facet::Media).media(MEDIA_BYTES)),
        Extent::Full
    );
    assert_eq!(
        extent(|sent| sent.saw(1, Facet::Id).saw(1, Facet::Thumbnail)),
        Extent::Excerpt
    );
}

#[test]
fn a_list_that_shows_more_than_titles_gives_metadata_away() {
    let shown = |facet| {
        finding(&probed(list_twin(), move |twin| {
            Sent::probe("Ben", "replays", &[(1, twin)])
                .looking()
                .listing(&[1], 0, None)
                .saw(1, Facet::Title)
                .saw(1, facet)
        }))
        .extent
    };
    assert_eq!(shown(Facet::Id), Extent::Listed);
    assert_eq!(shown(Facet::Metadata), Extent::Metadata);
}

#[test]
fn an_id_on_an_earlier_page_of_a_list_was_listed() {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(list_twin());
    history.send(
        Sent::probe("Ben", "replays", &[(1, twin)])
            .looking()
            .saw(1, Facet::Id),
    );
    history.concluded(1).ran().finished();
    assert_eq!(finding(&history).extent, Extent::Listed);
}

#[test]
fn a_leak_needs_no_probe_and_no_step() {
    for sent in [
        Sent::setup("Ben", "switch to video").saw(1, Facet::Title),
        Sent::pulse("Ben", true).saw(1, Facet::Title),
        Sent::control("Ben", "media").saw(1, Facet::Title).outside(),
        Sent::twin("Ben", "item", &[]).saw(1, Facet::Title).outside(),
    ] {
        let mut history = asked(Claim::NoOneElse);
        let twin = history.send(media_twin());
        history.send(Sent::probe("Ben", "media", &[(1, twin)]));
        history.pulse("Ben");
        history.concluded(1);
        history.send(sent);
        history.ran().finished();
        let finding = finding(&history);
        assert_eq!(finding.bystander, "Ben");
        assert!(
            finding.sentence.contains("Ada's audio recording"),
            "{}",
            finding.sentence
        );
    }
}

#[test]
fn whoever_runs_the_stack_may_be_shown_what_it_keeps() {
    let with = |sent: Sent| {
        let mut history = probed(media_twin(), |twin| Sent::probe("Ben", "media", &[(1, twin)]));
        history.send(sent);
        history.judge()
    };
    let doing = "delete a recording of Ada";
    let operators = with(Sent::operator("admin", doing).saw(1, Facet::Title));
    assert_eq!(operators.verdict, HELD, "{:?}", operators.findings);
    assert_eq!(with(Sent::operator("admin", doing).saw_stranger()).verdict, HELD);
    // a step without anybody's credentials is nobody's, whatever the profile wants it for
    assert_eq!(
        with(Sent::setup("nobody", doing).saw(1, Facet::Title)).verdict,
        LEAKED
    );
    assert_eq!(
        with(Sent::setup("Ben", doing).saw(1, Facet::Title)).verdict,
        LEAKED
    );
}

#[test]
fn owners_and_grantees_may_see_until_the_grant_ends() {
    let story = |revoked: &[&str]| {
        let mut history = asked(Claim::NoOneElse);
        history.person("Dr Evans", "clinician");
        history.grant(1, "Dr Evans", "treating clinician", false);
        for why in revoked {
            history.grant(1, "Dr Evans", why, true);
        }
        let twin = history.send(media_twin());
        history.send(Sent::twin("Dr Evans", "media", &[1]).saw(1, Facet::Media));
        history.send(Sent::probe("Ben", "media", &[(1, twin)]));
        history.pulse("Ben");
        history.concluded(1).ran().finished();
        history
    };
    assert_eq!(story(&[]).judge().verdict, HELD);
    assert_eq!(
        finding(&story(&["treating clinician"])).bystander_role,
        "clinician"
    );
    assert_eq!(finding(&story(&["consent withdrawn"])).owner, "Ada");
}

#[test]
fn ending_one_of_two_grants_leaves_the_other() {
    let mut history = asked(Claim::NoOneElse);
    history
        .person("Dr Evans", "clinician")
        .grant(1, "Dr Evans", "treating clinician", false);
    history
        .grant(1, "Dr Evans", "shared", false)
        .grant(1, "Dr Evans", "shared", true);
    let twin = history.send(Sent::twin("Dr Evans", "media", &[1]).saw(1, Facet::Media));
    history.send(Sent::probe("Ben", "media", &[(1, twin)]));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    assert_eq!(history.judge().verdict, HELD);
}

#[test]
fn a_canary_of_nobody_here_is_a_strangers() {
    let history = probed(media_twin(), |twin| {
        Sent::probe("Ben", "media", &[(1, twin)]).saw_stranger()
    });
    let finding = finding(&history);
    assert_eq!(
        (finding.kind, finding.owner.as_str()),
        (FindingKind::Stranger, STRANGER)
    );
}

#[test]
fn ada_of_another_scenario_is_somebody_else() {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    history.send(Sent::probe("Ben", "media", &[(1, twin)]));
    history.pulse("Ben");
    history.concluded(1).ran();
    history
        .scenario("features/b.feature", 1, "Another scenario")
        .patients(&["Ada"]);
    history.plant("Ada", Modality::Video);
    history.send(Sent::setup("Ada", "log in").saw(1, Facet::Title));
    history.ran().finished();
    let finding = finding(&history);
    assert_eq!(
        (finding.owner.as_str(), finding.scenario_number),
        ("Ada (of another scenario)", 2)
    );
}

#[test]
fn what_is_seen_before_it_is_known_whose_it_is_waits() {
    let story = |who: &str| {
        let mut history = History::begin();
        history
            .scenario("features/a.feature", 1, "A scenario")
            .patients(&["Ada", "Ben"]);
        history.send(Sent::setup(who, "finalise").saw(1, Facet::Title));
        history.plant("Ada", Modality::Audio);
        history.ask(Claim::NoOneElse, NO_ONE_ELSE);
        let twin = history.send(media_twin());
        history.send(Sent::probe("Ben", "media", &[(1, twin)]));
        history.pulse("Ben");
        history.concluded(1).ran().finished();
        history
    };
    assert_eq!(story("Ada").judge().verdict, HELD);
    assert_eq!(finding(&story("Ben")).owner, "Ada");
    // Its owner is never told: somebody else's.
    let never = without(&story("Ada"), |entry| matches!(entry, Entry::Plant(_)));
    assert_eq!(never.judge().verdict, LEAKED);
}

#[test]
fn a_leak_in_a_failure_outranks_the_failure() {
    let history = probed(media_twin(), |twin| {
        Sent::probe("Ben", "media", &[(1, twin)])
            .saw(1, Facet::Title)
            .status(500, OutcomeClass::Broken)
    });
    assert_eq!(history.judge().verdict, LEAKED);
}

#[test]
fn one_way_in_one_state_is_one_finding_at_its_worst() {
    let mut history = asked(Claim::NoOneElse);
    history.plant("Ada", Modality::Audio);
    let twin = history.send(media_twin());
    let small = history.send(
        Sent::probe("Ben", "media", &[(1, twin)])
            .saw(1, Facet::Media)
            .media(10),
    );
    let whole = history.send(
        Sent::probe("Ben", "media", &[(1, twin)])
            .saw(1, Facet::Media)
            .media(MEDIA_BYTES),
    );
    history.send(
        Sent::probe("Ben", "media", &[(2, twin)])
            .saw(2, Facet::Media)
            .media(MEDIA_BYTES),
    );
    history.concluded(3).ran().finished();
    let finding = finding(&history);
    assert!(small < whole);
    assert_eq!((finding.extent, finding.evidence.exchange), (Extent::Full, whole));
    assert_eq!((finding.recordings, finding.whole_recordings), (2, 2));
    assert_eq!(finding.evidence.twin.map(|twin| twin.who), Some("Ada".to_owned()));
}
