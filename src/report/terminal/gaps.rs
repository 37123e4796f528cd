//! What could not be judged: by reason, or by step and reason for those who ask for more.

use super::at;
use super::text::{Page, Verbosity, count, number};
use crate::judge::{Gap, Judgement, NOBODY, WRONG_CREDENTIALS, sentence};
use std::collections::BTreeSet;

/// So many reasons are listed, the most frequent first; the rest is counted.
const LISTED: usize = 10;

/// Gaps with one reason at one step.
struct Group<'a> {
    gap: &'a Gap,
    surfaces: Vec<String>,
    people: Vec<String>,
    times: u64,
}

pub(super) fn write(page: &mut Page, judgement: &Judgement) {
    if judgement.gaps.is_empty() {
        return;
    }
    page.title("Could not be judged");
    if page.style().verbosity == Verbosity::Verbose {
        paragraphs(page, &judgement.gaps);
    } else {
        by_reason(page, &judgement.gaps);
    }
}

/// A reason with all that it prevented.
struct Reason<'a> {
    why: &'a str,
    first: &'a Gap,
    surfaces: Vec<String>,
    people: Vec<String>,
    steps: BTreeSet<(&'a str, u32)>,
    times: u64,
}

/// One paragraph for each reason, the most frequent first: how often, where, and the first step that met it.
fn by_reason(page: &mut Page, gaps: &[Gap]) {
    let mut reasons: Vec<Reason<'_>> = Vec::new();
    for gap in gaps {
        let index = reasons
            .iter()
            .position(|known| known.why == gap.why)
            .unwrap_or_else(|| {
                reasons.push(Reason {
                    why: &gap.why,
                    first: gap,
                    surfaces: Vec::new(),
                    people: Vec::new(),
                    steps: BTreeSet::new(),
                    times: 0,
                });
                reasons.len() - 1
            });
        let Some(reason) = reasons.get_mut(index) else {
            continue;
        };
        add(
            &mut reason.surfaces,
            gap.surface.as_ref().map(|surface| format!("`{surface}`")),
        );
        add(&mut reason.people, person(gap));
        reason.steps.insert((&gap.file, gap.line));
        reason.times += gap.count;
    }
    // stable: among equals the first that came up
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.times));
    page.blank();
    for reason in reasons.iter().take(LISTED) {
        page.hanging(&format!("  {:>5}×  ", number(reason.times)), reason.why);
        page.hanging("          ", &scope(reason));
    }
    if reasons.len() > LISTED {
        page.blank();
        let more = count((reasons.len() - LISTED) as u64, "more reason");
        page.hanging("  ", &format!("and {more} (`--verbose` shows all)"));
    }
}

/// "`item` and `media`, as Ben and Chloe; first at features/fetching.feature:4, and at 2 more steps".
fn scope(reason: &Reason<'_>) -> String {
    let some = |names: &[String], noun: &str| match names {
        names if names.len() > 4 => count(names.len() as u64, noun),
        names => sentence::join(names),
    };
    let mut parts = Vec::new();
    if !reason.surfaces.is_empty() {
        parts.push(some(&reason.surfaces, "surface"));
    }
    if !reason.people.is_empty() {
        parts.push(format!("as {}", some(&reason.people, "persona")));
    }
    let place = at(&reason.first.file, reason.first.line);
    let more = match reason.steps.len() {
        0 | 1 => String::new(),
        steps => format!(" and {}", count((steps - 1) as u64, "more step")),
    };
    parts.push(format!("{place}{more}"));
    parts.join(" · ")
}

/// The reasons of each step, without a heading.
pub(super) fn paragraphs<'a>(page: &mut Page, gaps: impl IntoIterator<Item = &'a Gap>) {
    let groups = group(gaps);
    let mut place = None;
    for group in &groups {
        let here = (&group.gap.file, group.gap.line, group.gap.scenario);
        if place != Some(here) {
            place = Some(here);
            page.blank();
            let name = if group.gap.name.is_empty() {
                String::new()
            } else {
                format!("  {}", group.gap.name)
            };
            page.hanging("  ", &format!("{}{name}", at(&group.gap.file, group.gap.line)));
        }
        page.hanging("    ", &reason_in_words(group));
    }
}

fn reason_in_words(group: &Group<'_>) -> String {
    let who = sentence::join(&group.people);
    let surfaces = sentence::join(&group.surfaces);
    let place = match (who.as_str(), surfaces.as_str()) {
        ("", "") => String::new(),
        (who, "") => format!("{who}: "),
        ("", surfaces) => format!("{surfaces}: "),
        (who, surfaces) => format!("{who} at {surfaces}: "),
    };
    let times = if group.times > 1 {
        format!(" ({} times)", group.times)
    } else {
        String::new()
    };
    format!("{place}{}{times}", group.gap.why)
}

fn group<'a>(gaps: impl IntoIterator<Item = &'a Gap>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for gap in gaps {
        let same = |group: &&mut Group<'a>| {
            (group.gap.scenario, group.gap.line, &group.gap.why) == (gap.scenario, gap.line, &gap.why)
        };
        let surface = gap.surface.as_ref().map(|surface| format!("`{surface}`"));
        match groups.iter_mut().find(same) {
            Some(group) => {
                add(&mut group.surfaces, surface);
                add(&mut group.people, person(gap));
                group.times += gap.count;
            }
            None => groups.push(Group {
                gap,
                surfaces: surface.into_iter().collect(),
                people: person(gap).into_iter().collect(),
                times: gap.count,
            }),
        }
    }
    // Stable: the reasons of one step stay in the order in which they came up; the whole run comes first.
    groups.sort_by_key(|group| (group.gap.scenario, group.gap.line));
    groups
}

fn add(words: &mut Vec<String>, word: Option<String>) {
    if let Some(word) = word.filter(|word| !words.contains(word)) {
        words.push(word);
    }
}

fn person(gap: &Gap) -> Option<String> {
    let who = gap.who.as_deref()?;
    Some(match who {
        NOBODY => "somebody not signed in".to_owned(),
        WRONG_CREDENTIALS => "a visitor with wrong credentials".to_owned(),
        who => who.to_owned(),
    })
}
