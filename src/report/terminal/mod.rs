//! The report that people read first: the verdict, what came out where, each finding, and what could not be judged.

mod coverage;
mod discovered;
mod findings;
mod gaps;
mod matrix;
mod meant;
mod power;
mod sight;
mod text;
mod totals;

pub(crate) use discovered::undeclared;
pub(crate) use meant::{exception_in_words, left_out_in_words};
pub use power::render as power;
pub use sight::render as sight;
pub use text::Style;
pub use text::Verbosity;

use crate::judge::sentence::group;
use crate::judge::{Judgement, ScenarioVerdict};
use crate::ledger::Verdict;
use std::path::PathBuf;
use text::{Page, count};

/// The whole report, ending with a line feed.
#[must_use]
pub fn render(judgement: &Judgement, style: Style) -> String {
    let mut page = Page::new(style);
    page.headline(judgement.verdict, &headline(judgement));
    if style.verbosity != Verbosity::Quiet {
        matrix::write(&mut page, judgement);
    }
    findings::write(&mut page, judgement);
    gaps::write(&mut page, judgement);
    discovered::write(&mut page, judgement);
    meant::write(&mut page, judgement);
    if style.verbosity != Verbosity::Quiet {
        not_applicable(&mut page, judgement);
        scenarios(&mut page, judgement);
        coverage::write(&mut page, judgement);
        totals::write(&mut page, judgement);
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

/// Where the reports are, one a line.
#[must_use]
pub fn written(paths: &[PathBuf], style: Style) -> String {
    let mut page = Page::new(style);
    for (index, path) in paths.iter().enumerate() {
        page.field(
            if index == 0 { "Reports" } else { "" },
            &path.display().to_string(),
        );
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
                ", except what is meant to be so"
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

fn not_applicable(page: &mut Page, judgement: &Judgement) {
    let apart: Vec<&ScenarioVerdict> = judgement
        .scenarios
        .iter()
        .filter(|scenario| scenario.verdict.is_none())
        .collect();
    if apart.is_empty() {
        return;
    }
    page.title("Did not apply");
    for scenario in apart {
        page.hanging(
            "  ",
            &format!("{}  {}", at(&scenario.file, scenario.line), scenario.name),
        );
        page.hanging(
            "    ",
            scenario.reason.as_deref().unwrap_or("no reason was given"),
        );
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
