//! A leak is told by its plainest technique: what a rewritten request got as well is counted with it, and is no leak of its own.

use super::Finding;
use super::finding_draft::FindingDraft;
use super::techniques;
use crate::technique::RequestShape;
use std::collections::HashMap;

/// Who got whose through what, and when; whether it was changed.
type LeakKey<'a> = (u32, u32, &'a str, &'a str, &'a str, bool);

fn story(found: &FindingDraft) -> LeakKey<'_> {
    let told = &found.finding;
    let changed = told.kind.is_a_change();
    (
        told.scenario_number,
        found.state,
        &told.bystander,
        &told.owner,
        &told.surface,
        changed,
    )
}

fn is_plain(found: &FindingDraft) -> bool {
    techniques::plainness(&found.finding.technique) == RequestShape::Plain
}

/// For each finding the one that tells it: itself, or one by a plain technique that showed at least as much.
pub(super) fn tellers(found: &[FindingDraft]) -> Vec<usize> {
    let itself: Vec<usize> = (0..found.len()).collect();
    if found.iter().all(is_plain) {
        return itself;
    }
    let mut plain: HashMap<LeakKey<'_>, usize> = HashMap::new();
    for (index, one) in found.iter().enumerate().filter(|(_, one)| is_plain(one)) {
        let known = plain.entry(story(one)).or_insert(index);
        if found
            .get(*known)
            .is_some_and(|known| one.finding.extent > known.finding.extent)
        {
            *known = index;
        }
    }
    let teller = |index: usize| {
        let one = found.get(index).filter(|one| !is_plain(one))?;
        let plainer = *plain.get(&story(one))?;
        let as_much = found.get(plainer)?.finding.extent >= one.finding.extent;
        as_much.then_some(plainer)
    };
    itself
        .into_iter()
        .map(|index| teller(index).unwrap_or(index))
        .collect()
}

/// The findings that are told, each with the techniques that showed no more than it did.
pub(super) fn fold(found: Vec<FindingDraft>) -> Vec<Finding> {
    let tellers = tellers(&found);
    let mut also_by: HashMap<usize, Vec<String>> = HashMap::new();
    for (index, teller) in tellers.iter().enumerate() {
        if let (true, Some(one)) = (index != *teller, found.get(index)) {
            let names = also_by.entry(*teller).or_default();
            names.push(one.finding.technique.clone());
        }
    }
    let told = found.into_iter().zip(tellers).enumerate();
    told.filter(|(index, (_, teller))| index == teller)
        .map(|(index, (found, _))| Finding {
            also_by: also_by.remove(&index).unwrap_or_default(),
            ..found.finding
        })
        .collect()
}
