//! JUnit XML for pipelines: one test case a scenario, one suite a feature's file.
//!
//! A leak is a failure; what could not be judged is an error; what does not apply is skipped. What the whole run lacks is an
//! error of a test case of its own, so that no pipeline shows green where the exit code is not 0.

use super::terminal::{Style, exception_in_words, excerpt, headline, left_out_in_words, undeclared};
use crate::judge::{Judgement, ScenarioVerdict, sentence};
use crate::ledger::Verdict;
use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// The report as XML.
///
/// # Errors
/// When it cannot be put into XML.
pub fn render(judgement: &Judgement) -> Result<String, SerializeError> {
    let mut report = Report::new("bystander");
    if let Some(finished) = &judgement.finished {
        report.set_time(Duration::from_millis(finished.at_ms));
    }
    let mut suites: Vec<(&str, TestSuite)> = Vec::new();
    for scenario in &judgement.scenarios {
        let case = test_case(judgement, scenario);
        match suites.iter_mut().find(|(file, _)| *file == scenario.file) {
            Some((_, suite)) => {
                suite.add_test_case(case);
            }
            None => {
                let mut suite = TestSuite::new(allowed(&scenario.file));
                suite.add_test_case(case);
                suites.push((&scenario.file, suite));
            }
        }
    }
    report.add_test_suites(whole_run(judgement));
    report.add_test_suites(suites.into_iter().map(|(_, suite)| suite));
    report.to_string()
}

fn test_case(judgement: &Judgement, scenario: &ScenarioVerdict) -> TestCase {
    let text = excerpt(judgement, Some(scenario.scenario), Style::default());
    let status = match scenario.verdict {
        Some(Verdict::Held) => TestCaseStatus::success(),
        Some(Verdict::Leaked) => {
            let groups = sentence::group(&judgement.findings);
            let of_it = groups.iter().find(|group| {
                group
                    .first()
                    .is_some_and(|finding| finding.scenario_number == scenario.scenario)
            });
            let sentence = of_it.map_or_else(
                || "something leaked".to_owned(),
                |group| sentence::in_words(group),
            );
            failed(NonSuccessKind::Failure, "leaked", &sentence, &text)
        }
        Some(Verdict::Inconclusive) => {
            let gap = judgement
                .gaps
                .iter()
                .find(|gap| gap.scenario == Some(scenario.scenario));
            let why = gap.map_or_else(|| "nothing was probed".to_owned(), |gap| gap.reason());
            failed(NonSuccessKind::Error, "inconclusive", &why, &text)
        }
        None => {
            let mut skipped = TestCaseStatus::skipped();
            skipped.set_message(allowed(
                scenario
                    .reason
                    .as_deref()
                    .unwrap_or("it does not apply to this stack"),
            ));
            skipped
        }
    };
    let mut case = TestCase::new(allowed(&scenario.name), status);
    case.set_classname(allowed(&scenario.feature));
    case.set_assertions(scenario.assertions.len());
    if let Some(elapsed) = scenario.elapsed_ms {
        case.set_time(Duration::from_millis(elapsed));
    }
    case.extra.insert("file".into(), allowed(&scenario.file).into());
    case.extra.insert("line".into(), scenario.line.to_string().into());
    case
}

/// What can be said of the run as a whole, and its properties.
fn whole_run(judgement: &Judgement) -> Option<TestSuite> {
    let mut suite = TestSuite::new("the run");
    if let Some(run) = &judgement.run {
        suite.add_property(("seed", run.seed.to_string().as_str()));
        suite.add_property(("run", allowed(&run.run).as_str()));
        suite.add_property(("filtered-out", run.filtered_out.to_string().as_str()));
    }
    if let Some(stack) = &judgement.stack {
        suite.add_property((
            "stack",
            allowed(&format!("{}, {}: {}", stack.target, stack.kind, stack.why)).as_str(),
        ));
    }
    let exceptions: Vec<String> = judgement.exceptions.iter().map(exception_in_words).collect();
    for exception in &exceptions {
        suite.add_property(("meant-to-be-so", allowed(exception).as_str()));
    }
    let left_out: Vec<String> = judgement.left_out.iter().map(left_out_in_words).collect();
    for one in &left_out {
        suite.add_property(("left-out", allowed(one).as_str()));
    }
    let undeclared: Vec<String> = undeclared(judgement).collect();
    for one in &undeclared {
        suite.add_property(("undeclared-way-out", allowed(one).as_str()));
    }
    let text = excerpt(judgement, None, Style::default());
    let status = match judgement.verdict {
        None => failed(NonSuccessKind::Error, "nothing-ran", &headline(judgement), ""),
        Some(_) if !text.is_empty() => {
            let gap = judgement.gaps.iter().find(|gap| gap.scenario.is_none());
            let why = gap.map_or_else(String::new, |gap| gap.reason());
            failed(NonSuccessKind::Error, "inconclusive", &why, &text)
        }
        Some(_) => TestCaseStatus::success(),
    };
    let mut case = TestCase::new("the run began, went through and ended", status);
    case.set_classname("bystander");
    let beside: Vec<String> = [
        ("Accepted exceptions", exceptions),
        ("Left out", left_out),
        ("Ways out that the profile does not declare", undeclared),
    ]
    .into_iter()
    .filter(|(_, told)| !told.is_empty())
    .map(|(title, told)| format!("{title}\n{}", told.join("\n")))
    .collect();
    if !beside.is_empty() {
        case.set_system_out(allowed(&beside.join("\n\n")));
    }
    suite.add_test_case(case);
    Some(suite)
}

fn failed(kind: NonSuccessKind, sort: &str, message: &str, text: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(sort).set_message(allowed(message));
    if !text.is_empty() {
        status.set_description(allowed(text));
    }
    status
}

/// The text without what XML 1.0 does not allow, not even escaped (production `Char`).
fn allowed(text: &str) -> String {
    text.chars()
        .filter(
            |c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..),
        )
        .collect()
}
