//! A leak is told by its plainest technique; what a rewritten request got as well is counted with it.

use super::*;
use bystander::ledger::Temperament;

/// Ben's probes at Ada's media, each with what he saw.
fn tried(probes: &[(&str, Facet, u64)]) -> Judgement {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    for (technique, facet, bytes) in probes {
        let how = Temperament::Hostile;
        let probe = Sent::probe("Ben", "media", &[(1, twin)]).by(technique, how);
        history.send(probe.saw(1, *facet).media(*bytes));
    }
    history.pulse("Ben");
    let planned = u32::try_from(probes.len()).unwrap_or(u32::MAX);
    history.concluded(planned).ran().finished();
    history.judge()
}

fn told(judgement: &Judgement) -> Vec<(&str, Vec<&str>)> {
    let told = judgement.findings.iter().map(|finding| {
        let also = finding.also_by.iter().map(String::as_str).collect();
        (finding.technique.as_str(), also)
    });
    told.collect()
}

#[test]
fn what_a_plain_request_gets_is_told_once() {
    let judgement = tried(&[
        ("path-trailing-slash", Facet::Media, MEDIA_BYTES),
        ("bola", Facet::Media, MEDIA_BYTES),
        ("identity-header-spoofing", Facet::Media, MEDIA_BYTES),
    ]);
    assert_eq!(judgement.verdict, LEAKED);
    assert_eq!(
        told(&judgement),
        [("bola", vec!["path-trailing-slash", "identity-header-spoofing"])]
    );
    let [step] = judgement.scenarios[0].assertions.as_slice() else {
        unreachable!("one step was expected");
    };
    assert_eq!(step.leaked, 3, "each of them is counted");
    assert_eq!(step.sentences.len(), 1, "{:?}", step.sentences);
}

#[test]
fn what_only_a_rewritten_request_gets_keeps_its_own_sentence() {
    let judgement = tried(&[("path-trailing-slash", Facet::Media, MEDIA_BYTES)]);
    assert_eq!(told(&judgement), [("path-trailing-slash", vec![])]);
    let sentence = &judgement.findings[0].sentence;
    assert!(
        sentence.starts_with("Ben, writing the address with a slash at its end, could fetch the whole"),
        "{sentence}"
    );
}

#[test]
fn what_gets_more_than_the_plain_request_is_told_beside_it() {
    let judgement = tried(&[
        ("bola", Facet::Title, 10),
        ("path-trailing-slash", Facet::Media, MEDIA_BYTES),
    ]);
    let mut told = told(&judgement);
    told.sort();
    assert_eq!(told, [("bola", vec![]), ("path-trailing-slash", vec![])]);
}

#[test]
fn two_ways_of_rewriting_may_be_two_mistakes() {
    let judgement = tried(&[
        ("identity-header-spoofing", Facet::Media, MEDIA_BYTES),
        ("path-trailing-slash", Facet::Media, MEDIA_BYTES),
    ]);
    assert_eq!(judgement.findings.len(), 2);
}
