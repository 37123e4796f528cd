//! What could not be judged, by step and reason.

use super::at;
use super::text::{Page, Verbosity, count};
use crate::judge::{Gap, Judgement, NOBODY, WRONG_CREDENTIALS, sentence};

/// Reasons told before the rest is only counted.
const TOLD: usize = 20;

/// Gaps with one reason at one step.
struct Group<'a> {
    gap: &'a Gap,
    surfaces: Vec<String>,
    people: Vec<String>,
    times: u64,
}

pub(super) fn write(page: &mut Page, judgement: &Judgement) {
    if !judgement.gaps.is_empty() {
        page.title("Could not be judged");
        paragraphs(page, &judgement.gaps);
    }
}

/// The reasons without a heading.
pub(super) fn paragraphs<'a>(page: &mut Page, gaps: impl IntoIterator<Item = &'a Gap>) {
    let groups = group(gaps);
    let told = if page.style().verbosity == Verbosity::Verbose {
        groups.len()
    } else {
        TOLD
    };
    let mut place = None;
    for group in groups.iter().take(told) {
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
        page.hanging("    ", &told_as(group));
    }
    if groups.len() > told {
        page.blank();
        page.hanging(
            "  ",
            &format!("and {}", count((groups.len() - told) as u64, "more reason")),
        );
    }
}

fn told_as(group: &Group<'_>) -> String {
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
        WRONG_CREDENTIALS => "somebody with wrong credentials".to_owned(),
        who => who.to_owned(),
    })
}
