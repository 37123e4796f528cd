//! Ways out that links led to and that the profile does not declare.

use super::text::{Page, count};
use crate::judge::{DiscoveredEndpoint, Judgement};

pub(super) fn write(page: &mut Page, judgement: &Judgement) {
    let undeclared: Vec<String> = undeclared(judgement).collect();
    if undeclared.is_empty() {
        return;
    }
    page.title("Ways out that the profile does not declare, found by following links");
    page.blank();
    for one in &undeclared {
        page.hanging("  ", one);
    }
    page.blank();
    page.hanging(
        "  ",
        "Everybody else tried to open these addresses, and no more than that: declared as a `[surface.…]`, each is tried with every \
         technique; listed under `[discovery].known`, it is accepted as it is.",
    );
}

/// "`GET /v1/replays/{id}/summary`: 12 probes held".
pub(crate) fn undeclared(judgement: &Judgement) -> impl Iterator<Item = String> + '_ {
    let new = |way: &&DiscoveredEndpoint| way.declared.is_none();
    judgement.discovered.iter().filter(new).map(|way| {
        let known = if way.known { ", known" } else { "" };
        format!("`{}`{known}: {}", way.form, probe_results(judgement, &way.form))
    })
}

/// What came of it when others asked for it.
fn probe_results(judgement: &Judgement, form: &str) -> String {
    let of_form = judgement.tallies.iter().filter(|tally| tally.surface == form);
    let (mut held, mut inconclusive, mut leaked, mut meant) = (0, 0, 0, 0);
    for tally in of_form {
        held += tally.held;
        inconclusive += tally.inconclusive;
        leaked += tally.leaked;
        meant += tally.excepted;
    }
    let told: Vec<String> = [
        (leaked, "leaked"),
        (inconclusive, "inconclusive"),
        (meant, "excepted"),
        (held, "held"),
    ]
    .into_iter()
    .filter(|(probes, _)| *probes > 0)
    .map(|(probes, what)| format!("{} {what}", count(probes, "probe")))
    .collect();
    if told.is_empty() {
        "nobody else was there to try it".to_owned()
    } else {
        told.join(", ")
    }
}
