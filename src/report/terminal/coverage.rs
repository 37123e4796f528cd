//! Which techniques that write a request anew were tried where.

use super::text::{Page, Verbosity, number};
use crate::judge::{Judgement, TechniqueCoverage, sentence};
use std::collections::BTreeMap;

/// One line of the totals.
pub(super) fn line(judgement: &Judgement) -> Option<String> {
    if judgement.coverage.iter().all(is_left) {
        return None;
    }
    let count = |of: fn(&TechniqueCoverage) -> bool| {
        number(judgement.coverage.iter().filter(|one| of(one)).count() as u64)
    };
    let line = format!(
        "{} of {} technique/surface pairs tried, {} not applicable",
        count(|one| one.probed > 0),
        count(|_| true),
        count(|one| one.not_applicable.is_some()),
    );
    Some(match count(is_left).as_str() {
        "0" => line,
        left => format!("{line}, {left} left to `--thorough`"),
    })
}

fn is_left(one: &TechniqueCoverage) -> bool {
    one.probed == 0 && one.not_applicable.is_none()
}

/// Every technique with its surfaces, for those who ask for more.
pub(super) fn write(page: &mut Page, judgement: &Judgement) {
    if page.style().verbosity != Verbosity::Verbose || judgement.coverage.is_empty() {
        return;
    }
    page.title("Techniques that rewrite requests");
    let mut by_technique: BTreeMap<&str, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for one in &judgement.coverage {
        let what = match (&one.not_applicable, one.probed) {
            (Some(why), _) => format!("not applicable, {why}"),
            (None, 0) => "left to `--thorough`".to_owned(),
            (None, _) => "tried".to_owned(),
        };
        let surfaces = by_technique.entry(&one.technique).or_default();
        surfaces
            .entry(what)
            .or_default()
            .push(format!("`{}`", one.surface));
    }
    for (technique, told) in by_technique {
        page.hanging("  ", technique);
        for (what, surfaces) in told {
            page.hanging("    ", &format!("{}: {what}", sentence::join(&surfaces)));
        }
    }
}
