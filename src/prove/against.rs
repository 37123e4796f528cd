//! What was found, set against what the catalogue says of a fault. Nothing here decides whether something leaked.

use super::ledger_follower::TriedProbe;
use crate::judge::{AT_REST, Finding};
use bystander_clinic::faults::{Fault, NOBODY};
use std::collections::BTreeSet;

/// From the mildest to the worst.
const EXTENTS: [&str; 5] = ["existence", "listed", "metadata", "excerpt", "full"];
/// From the mildest to the worst.
const TEMPERAMENTS: [&str; 3] = ["ordinary", "curious", "hostile"];
/// Ways of asking at a surface that are shown as surfaces of their own.
const VARIANTS: [&str; 3] = ["-head", "-range", "-web"];

/// In what the findings differ from what the catalogue says, in words; nothing where they agree. Of a part of the scenarios only
/// (`whole` is false) it is not expected that they show everything. A role to which something may come out must have got something if
/// somebody of it tried what brought it out for another, in the same world state.
pub(super) fn differences(
    fault: &Fault,
    findings: &[Finding],
    tried: &TriedProbe,
    whole: bool,
) -> Vec<String> {
    let mut told = Vec::new();
    let surfaces = findings.iter().map(|finding| plain(&finding.surface));
    compare(
        &mut told,
        "through",
        surfaces,
        fault.surfaces.iter().map(|name| plain(name)),
        whole,
    );
    let bystanders: BTreeSet<&str> = findings.iter().map(role_of_bystander).collect();
    let is_expected = |role: &&str| {
        bystanders.contains(role)
            || findings
                .iter()
                .any(|finding| tried.is_same_finding(finding, role))
    };
    let expected = fault.bystanders.iter().copied().filter(is_expected);
    compare(&mut told, "to", bystanders.iter().copied(), expected, whole);
    // of what was not planted in the scenario, or was only counted, the owner is not known
    let owners = findings.iter().map(|finding| finding.owner_role.as_str());
    let known = owners.filter(|role| !role.is_empty());
    compare(&mut told, "of", known, std::iter::once("patient"), false);
    if !fault.at_rest && findings.iter().any(|finding| finding.state_class == AT_REST) {
        told.push("it shows at rest, before anything was changed".to_owned());
    }
    let temperament = fault.temperament.to_string();
    let mildest = findings
        .iter()
        .map(|finding| finding.temperament.to_string())
        .min_by_key(|word| rank(&TEMPERAMENTS, word));
    if let Some(mildest) = mildest.filter(|mildest| *mildest != temperament) {
        told.push(format!(
            "somebody {mildest} comes upon it, not somebody {temperament}"
        ));
    }
    let extent = fault.extent.to_string();
    let worst = findings
        .iter()
        .map(|finding| finding.extent.to_string())
        .max_by_key(|word| rank(&EXTENTS, word));
    if let Some(worst) = worst {
        let (got, said) = (rank(&EXTENTS, &worst), rank(&EXTENTS, &extent));
        if got > said || (whole && got < said) {
            told.push(format!("its extent is {worst}, not {extent}"));
        }
    }
    told
}

/// Says what is missing, and what is there besides.
fn compare<'a>(
    told: &mut Vec<String>,
    preposition: &str,
    found: impl Iterator<Item = &'a str>,
    wanted: impl Iterator<Item = &'a str>,
    whole: bool,
) {
    let (found, wanted): (BTreeSet<&str>, BTreeSet<&str>) = (found.collect(), wanted.collect());
    if whole {
        for missing in wanted.difference(&found) {
            told.push(format!("nothing came out {preposition} `{missing}`"));
        }
    }
    for besides in found.difference(&wanted) {
        told.push(format!("something came out {preposition} `{besides}` too"));
    }
}

/// The role of whoever got it; [`NOBODY`] for both kinds of visitors.
pub(super) fn role_of_bystander(finding: &Finding) -> &str {
    if crate::judge::is_nobody(&finding.bystander) {
        NOBODY
    } else {
        &finding.bystander_role
    }
}

/// The surface without the way of asking there.
pub(super) fn plain(surface: &str) -> &str {
    let stem = VARIANTS.iter().find_map(|variant| surface.strip_suffix(variant));
    stem.unwrap_or(surface)
}

/// The place in the order; past the end for a word that is none of them.
pub(super) fn rank(order: &[&str], word: &str) -> usize {
    order.iter().position(|one| *one == word).unwrap_or(order.len())
}
