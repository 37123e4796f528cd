//! What bystander and owner have in common.

use super::*;
use bystander::ledger::SharedAttribute;

fn practices(owner: &str, bystander: &str) -> History {
    let mut history = History::begin();
    history.add(Entry::Relation(SharedAttribute {
        name: "same-practice".into(),
        reads: "is of the same practice".into(),
    }));
    history
        .scenario("features/a.feature", 1, "A scenario")
        .of("Ada", "patient", "same-practice", owner)
        .of("Ben", "patient", "same-practice", bystander);
    history.plant("Ada", Modality::Audio);
    history.ask(Claim::NoOneElse, NO_ONE_ELSE);
    history.send(
        Sent::probe("Ben", "replays", &[])
            .looking()
            .listing(&[1], 0, None),
    );
    history.concluded(0).ran().finished();
    history
}

#[test]
fn it_is_said_after_the_name() {
    let finding = finding(&practices("a1", "a1"));
    assert_eq!(
        finding.sentence,
        "Ben, who is of the same practice as Ada, doing nothing unusual, was shown Ada's audio recording in `replays` before anything had changed."
    );
    assert_eq!(finding.in_common[0].relation, "same-practice");
}

#[test]
fn it_is_not_said_of_those_who_have_nothing_in_common() {
    let apart = finding(&practices("a1", "b2"));
    assert!(
        apart
            .sentence
            .starts_with("Ben, doing nothing unusual, was shown")
    );
    assert!(apart.in_common.is_empty());
    assert_ne!(
        apart.id,
        finding(&practices("a1", "a1")).id,
        "it points to another mistake"
    );
    assert_eq!(apart.id, finding(&practices("c3", "d4")).id);
}
