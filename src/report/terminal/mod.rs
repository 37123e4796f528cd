//! The report that people read first: the verdict, the findings, what could not be judged, then one line for each surface.

mod coverage;
mod discovered;
mod exceptions;
mod findings;
mod gaps;
mod matrix;
mod power;
mod sabotage;
mod surfaces;
mod text;
mod totals;

pub(crate) use discovered::undeclared;
pub(crate) use exceptions::{exception_in_words, left_out_in_words};
pub use power::render as power;
pub use sabotage::render as sight;
pub use text::Style;
pub use text::Verbosity;

use crate::judge::sentence::group;
use crate::judge::{Judgement, ScenarioVerdict};
use crate::ledger::Verdict;
use std::path::PathBuf;
use text::{Page, count};

/// Lines that a report takes at most, with the line that introduces the stack and the line that names the files, when all held.
const MOST_LINES: usize = 60;
/// Lines of the table of surfaces that are always shown, however much stands around it.
const LEAST_SURFACE_LINES: usize = 12;

/// The whole report, ending with a line feed.
#[must_use]
pub fn render(judgement: &Judgement, style: Style) -> String {
    let mut page = Page::new(style);
    page.headline(judgement.verdict, &headline(judgement));
    findings::write(&mut page, judgement);
    gaps::write(&mut page, judgement);
    discovered::write(&mut page, judgement);
    exceptions::write(&mut page, judgement);
    match style.verbosity {
        Verbosity::Quiet => {}
        Verbosity::Normal => {
            not_applicable_by_reason(&mut page, judgement);
            let mut end = Page::new(style);
            totals::write(&mut end, judgement);
            let end = end.finish();
            let around = page.lines() + end.lines().count() + 2;
            surfaces::write(
                &mut page,
                judgement,
                MOST_LINES.saturating_sub(around).max(LEAST_SURFACE_LINES),
            );
            page.append(&end);
        }
        Verbosity::Verbose => {
            not_applicable_by_name(&mut page, judgement);
            matrix::write(&mut page, judgement);
            scenarios(&mut page, judgement);
            coverage::write(&mut page, judgement);
            totals::write(&mut page, judgement);
        }
    }
    page.finish()
}

/// What one scenario showed, or the run as a whole when none is named: the same text as in the whole report.
#[must_use]
pub fn excerpt(judgement: &Judgement, scenario: Option<u32>, style: Style) -> String {
    let mut page = Page::new(style);
    let leaks = judgement
        .findings
        .iter()
        .filter(|finding| Some(finding.scenario_number) == scenario);
    findings::paragraphs(&mut page, &group(leaks));
    gaps::paragraphs(
        &mut page,
        judgement.gaps.iter().filter(|gap| gap.scenario == scenario),
    );
    page.finish()
}

/// Where the reports are: one line for each directory.
#[must_use]
pub fn written(paths: &[PathBuf], style: Style) -> String {
    let mut page = Page::new(style);
    let mut by_directory: Vec<(String, Vec<String>)> = Vec::new();
    for path in paths {
        let directory = match path.parent().map(|parent| parent.display().to_string()) {
            Some(parent) if !parent.is_empty() => format!("{}/", parent.trim_end_matches('/')),
            _ => "./".to_owned(),
        };
        let name = path
            .file_name()
            .unwrap_or(path.as_os_str())
            .to_string_lossy()
            .into_owned();
        match by_directory.iter_mut().find(|(known, _)| *known == directory) {
            Some((_, names)) => names.push(name),
            None => by_directory.push((directory, vec![name])),
        }
    }
    for (directory, names) in by_directory {
        page.hanging("", &format!("{directory}: {}", names.join(", ")));
    }
    page.finish()
}

/// The verdict in one sentence.
#[must_use]
pub fn headline(judgement: &Judgement) -> String {
    let counts = &judgement.counts;
    let judged = counts.held + counts.inconclusive + counts.leaked;
    match judgement.verdict {
        None if judged > 0 => {
            "NOTHING WAS PROBED: no scenario asked whether somebody gets what belongs to somebody else."
                .to_owned()
        }
        None if counts.not_applicable > 0 => {
            format!(
                "NOTHING RAN: none of {} applies to this stack.",
                count(counts.not_applicable, "scenario")
            )
        }
        None => "NOTHING RAN: no scenario was selected.".to_owned(),
        Some(Verdict::Leaked) => format!(
            "LEAKED: somebody got what belongs to somebody else, in {} of {}.",
            counts.leaked,
            count(judged, "scenario")
        ),
        Some(Verdict::Inconclusive) if judged == 0 => "INCONCLUSIVE: nothing could be judged.".to_owned(),
        Some(Verdict::Inconclusive) if counts.inconclusive == 0 => format!(
            "INCONCLUSIVE: nothing leaked in {}, but the run as a whole cannot be judged.",
            count(judged, "scenario")
        ),
        Some(Verdict::Inconclusive) => format!(
            "INCONCLUSIVE: nothing leaked, but {} of {} could not be judged.",
            counts.inconclusive,
            count(judged, "scenario")
        ),
        Some(Verdict::Held) => {
            let beside = if judgement.exceptions.iter().any(|one| one.seen > 0) {
                ", except accepted exceptions"
            } else {
                ""
            };
            format!(
                "HELD: nobody got what belongs to somebody else, in {}{beside}.",
                count(judged, "scenario")
            )
        }
    }
}

/// The scenarios that did not apply to this stack.
fn not_applicable(judgement: &Judgement) -> Vec<&ScenarioVerdict> {
    let scenarios = judgement.scenarios.iter();
    scenarios.filter(|scenario| scenario.verdict.is_none()).collect()
}

fn reason(scenario: &ScenarioVerdict) -> &str {
    scenario.reason.as_deref().unwrap_or("no reason was given")
}

/// Each reason with the number of scenarios, the most frequent first.
fn not_applicable_by_reason(page: &mut Page, judgement: &Judgement) {
    let scenarios = not_applicable(judgement);
    if scenarios.is_empty() {
        return;
    }
    let mut reasons: Vec<(&str, u64)> = Vec::new();
    for scenario in &scenarios {
        match reasons.iter_mut().find(|(known, _)| *known == reason(scenario)) {
            Some((_, scenarios)) => *scenarios += 1,
            None => reasons.push((reason(scenario), 1)),
        }
    }
    reasons.sort_by_key(|(_, scenarios)| std::cmp::Reverse(*scenarios));
    page.title(&format!(
        "Not applicable: {}",
        count(scenarios.len() as u64, "scenario")
    ));
    for (reason, scenarios) in reasons {
        page.hanging(&format!("  {scenarios:>5}  "), reason);
    }
}

fn not_applicable_by_name(page: &mut Page, judgement: &Judgement) {
    let scenarios = not_applicable(judgement);
    if scenarios.is_empty() {
        return;
    }
    page.title("Not applicable");
    for scenario in scenarios {
        page.hanging(
            "  ",
            &format!("{}  {}", at(&scenario.file, scenario.line), scenario.name),
        );
        page.hanging("    ", reason(scenario));
    }
}

/// Every scenario with its verdict, for those who ask for more.
fn scenarios(page: &mut Page, judgement: &Judgement) {
    if page.style().verbosity != Verbosity::Verbose || judgement.scenarios.is_empty() {
        return;
    }
    page.title("Scenarios");
    for scenario in &judgement.scenarios {
        let verdict = scenario.verdict.map_or("not applicable", Verdict::word);
        page.hanging(
            "  ",
            &format!(
                "{verdict:14}  {}  {}",
                at(&scenario.file, scenario.line),
                scenario.name
            ),
        );
    }
}

/// "`features/switching.feature:9`", as editors and terminals understand it.
pub(crate) fn at(file: &str, line: u32) -> String {
    match (file, line) {
        ("", 0) => "the run".to_owned(),
        (file, 0) => file.to_owned(),
        ("", line) => format!("line {line}"),
        (file, line) => format!("{file}:{line}"),
    }
}
