//! Rule 2: strangers count too.

use super::*;
use bystander::judge::{FindingKind, STRANGER};
use bystander::ledger::{Extent, Lists, OutcomeClass};

fn shown(change: impl Fn(Sent) -> Sent) -> History {
    probed(list_twin(), |twin| {
        change(
            Sent::probe("Ben", "replays", &[(1, twin)])
                .looking()
                .listing(&[], 0, Some(0)),
        )
    })
}

#[test]
fn an_empty_list_holds() {
    assert_eq!(shown(|list| list).judge().verdict, HELD);
}

#[test]
fn anothers_recording_in_a_list_is_a_leak_even_without_a_canary() {
    let finding = finding(&shown(|list| list.listing(&[1], 0, None)));
    assert_eq!(
        (finding.kind, finding.extent, finding.rule.number),
        (FindingKind::Listed, Extent::Listed, 2)
    );
    assert_eq!(finding.cwe, [639, 200, 359]);
}

#[test]
fn an_item_that_nobody_here_planted_is_a_leak() {
    let finding = finding(&shown(|list| list.listing(&[], 50, Some(50))));
    assert_eq!(
        (finding.kind, finding.owner.as_str(), finding.recordings),
        (FindingKind::Stranger, STRANGER, 50)
    );
}

#[test]
fn a_total_that_counts_others_tells_that_they_exist() {
    let finding = finding(&shown(|list| list.listing(&[], 0, Some(1))));
    assert_eq!(
        (finding.kind, finding.extent),
        (FindingKind::Total, Extent::Existence)
    );
}

#[test]
fn a_total_of_ones_own_that_are_not_all_shown_is_fine() {
    let mut history = asked(Claim::NoOneElse);
    history.plant("Ben", Modality::Audio);
    history.plant("Ben", Modality::Audio);
    let twin = history.send(list_twin());
    history.send(
        Sent::probe("Ben", "replays", &[(1, twin)])
            .looking()
            .listing(&[3], 0, Some(2)),
    );
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    assert_eq!(history.judge().verdict, HELD);
}

#[test]
fn an_owners_own_list_is_looked_through_too() {
    let mut history = asked(Claim::NoOneElse);
    history.plant("Ben", Modality::Audio);
    history.send(list_twin().listing(&[1, 2], 0, None));
    history.concluded(0).ran().finished();
    let finding = finding(&history);
    assert_eq!(
        (finding.owner.as_str(), finding.bystander.as_str()),
        ("Ben", "Ada")
    );
}

#[test]
fn a_list_that_cannot_be_read_through_is_inconclusive() {
    unclear(
        &shown(|list| list.unreadable("the items matched nothing")),
        "the items matched nothing",
    );
    // But a total that counts others has been told, whatever came after it.
    let told = shown(|list| list.listing(&[], 0, Some(9)).unreadable("page 2 failed"));
    assert_eq!(told.judge().verdict, LEAKED);
    let served = probed(list_twin(), |twin| {
        Sent::probe("Ben", "replays", &[(1, twin)]).looking()
    });
    unclear(&served, "could not be read as a list");
}

#[test]
fn a_list_that_is_refused_as_a_whole_holds() {
    let refused = shown(|list| list.unreadable("no items").status(403, OutcomeClass::Denied));
    assert_eq!(refused.judge().verdict, HELD);
}

#[test]
fn earlier_pages_of_a_walk_are_not_judged_by_themselves() {
    let walk = |first: fn(Sent) -> Sent| {
        let mut history = asked(Claim::NoOneElse);
        let twin = history.send(list_twin());
        let page = Sent::probe("Ben", "replays", &[(1, twin)]).looking();
        history.send(first(page.clone()));
        history.send(page.listing(&[], 0, None));
        history.pulse("Ben");
        history.concluded(1).ran().finished();
        history
    };
    let judgement = walk(|page| page).judge();
    assert_eq!(judgement.verdict, HELD);
    assert_eq!(judgement.tallies[0].held, 1);
    unclear(
        &walk(|page| page.status(500, OutcomeClass::Broken)),
        "the stack failed (500)",
    );
    assert_eq!(walk(|page| page.saw(1, Facet::Title)).judge().verdict, LEAKED);
}

#[test]
fn what_stands_on_a_page_is_an_item_also_before_the_walk_has_come_to_its_end() {
    let cut_off = |declared: bool| {
        let mut history = asked(Claim::NoOneElse);
        if declared {
            let surfaces = vec!["search".to_owned()];
            history.add(Entry::Lists(Lists { surfaces }));
        }
        let page = Sent::probe("Ben", "search", &[(1, 0)]).looking();
        history.send(page.saw(1, Facet::Title));
        finding(&history).extent
    };
    assert_eq!(cut_off(true), Extent::Listed);
    assert_eq!(
        cut_off(false),
        Extent::Metadata,
        "an answer of which nobody says that it is a list"
    );
}
