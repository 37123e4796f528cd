//! Findings, each as a sentence with its evidence; one leak to the cost of several owners is one paragraph.

use super::at;
use super::text::{Page, Verbosity, count, number};
use crate::judge::sentence::{self, group};
use crate::judge::{Finding, Judgement, TwinEvidence};
use std::collections::BTreeSet;

pub(super) fn write(page: &mut Page, judgement: &Judgement) {
    let groups = group(&judgement.findings);
    if groups.is_empty() {
        return;
    }
    page.title(if groups.len() == 1 {
        "The leak"
    } else {
        "The leaks"
    });
    paragraphs(page, &groups);
}

/// So many leaks are shown with all their evidence; of the others, what was asked and where (`--verbose` shows all).
const IN_FULL: usize = 3;
/// So many leaks are shown at all, without `--verbose`.
const SHOWN: usize = 10;

/// The paragraphs without a heading. A leak that came out of several scenarios in the same way is told once.
pub(super) fn paragraphs(page: &mut Page, groups: &[Vec<&Finding>]) {
    let verbose = page.style().verbosity == Verbosity::Verbose;
    let mut told: Vec<(&Vec<&Finding>, usize)> = Vec::new();
    for group in groups {
        let Some(worst) = group.first() else { continue };
        let same = |other: &Vec<&Finding>| other.first().is_some_and(|first| first.id == worst.id);
        match told.iter_mut().find(|(other, _)| !verbose && same(other)) {
            Some((_, more)) => *more += 1,
            None => told.push((group, 0)),
        }
    }
    let shown = if verbose { told.len() } else { SHOWN };
    for (index, (group, more)) in told.iter().take(shown).enumerate() {
        let Some(worst) = group.first() else { continue };
        page.blank();
        page.hanging(&format!("{:>3}  ", index + 1), &sentence::in_words(group));
        match page.style().verbosity {
            Verbosity::Quiet => {}
            Verbosity::Normal if index >= IN_FULL => {
                let asked = &worst.evidence;
                page.detail(
                    "request",
                    &format!("{} {} (exchange {})", asked.method, asked.url, asked.exchange),
                );
            }
            _ => evidence(page, group, worst),
        }
        page.detail("scenario", &place(worst));
        if let Some(also) = also_by(group) {
            page.detail("also by", &also);
        }
        match more {
            0 => {}
            1 => page.detail("also", "once more in the same way"),
            more => page.detail("also", &format!("{more} times more in the same way")),
        }
    }
    if !verbose && told.len() > IN_FULL {
        let more = match told.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!("And {}. ", count(more as u64, "more leak")),
        };
        page.blank();
        page.hanging(
            "     ",
            &format!("{more}`--verbose` shows all the evidence; so does `summary.json`."),
        );
    }
}

/// What less plain techniques there are that showed no more.
fn also_by(group: &[&Finding]) -> Option<String> {
    let names: BTreeSet<&str> = group
        .iter()
        .flat_map(|finding| finding.also_by.iter().map(String::as_str))
        .collect();
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => None,
        few @ ([_] | [_, _] | [_, _, _]) => Some(sentence::join(few)),
        [first, second, rest @ ..] => Some(format!("{first}, {second} and {} more techniques", rest.len())),
    }
}

fn evidence(page: &mut Page, group: &[&Finding], worst: &Finding) {
    let evidence = &worst.evidence;
    page.detail(
        "request",
        &format!(
            "{} {} (exchange {})",
            evidence.method, evidence.url, evidence.exchange
        ),
    );
    let hash = match page.style().verbosity {
        Verbosity::Verbose => evidence.sha256.as_str(),
        _ => evidence.sha256.get(..12).unwrap_or(&evidence.sha256),
    };
    let got = answer(evidence.status, &evidence.content_type, evidence.bytes);
    page.detail("response", &format!("{got}, sha256 {hash}"));
    let facets: Vec<String> = worst.facets.iter().map(ToString::to_string).collect();
    if let (Some(place), Some(form)) = (&evidence.place, &evidence.form) {
        let what = if facets.is_empty() {
            "canary".to_owned()
        } else {
            format!("{} canary", sentence::join(&facets))
        };
        let from = evidence
            .offset
            .map_or_else(String::new, |offset| format!(", from byte {}", number(offset)));
        page.detail("found", &format!("{what} in {place}, {form}{from}"));
    }
    if !evidence.head.is_empty() {
        page.detail("head", &evidence.head);
    }
    if let Some(twin) = &evidence.twin {
        page.detail("twin", &other(twin));
    }
    if let Some(control) = &evidence.control {
        page.detail(
            "control",
            &format!("for a recording that does not exist: {}", other(control)),
        );
    }
    page.detail("state", &worst.state);
    let numbers: Vec<String> = worst.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    let recordings: u32 = group
        .iter()
        .map(|finding| finding.recordings)
        .fold(0, u32::saturating_add);
    let whole: u32 = group
        .iter()
        .map(|finding| finding.whole_recordings)
        .fold(0, u32::saturating_add);
    let many = match recordings {
        // what was done need not be about any
        0 => "no recording".to_owned(),
        1 => "1 recording".to_owned(),
        many => format!("{many} recordings"),
    };
    let many = match whole {
        0 => many,
        whole if whole == recordings => format!("{many}, whole"),
        whole => format!("{many}, {whole} of them whole"),
    };
    page.detail("extent", &format!("{}: {many}", worst.extent));
    let rule = worst.rule;
    page.detail(
        "rule",
        &format!("{}, {}; {}", rule.number, rule.name, numbers.join(", ")),
    );
}

fn place(finding: &Finding) -> String {
    match &finding.step {
        Some(step) => format!("{}, “{step}”", at(&finding.file, finding.line)),
        None => format!("{}, in “{}”", at(&finding.file, finding.line), finding.scenario),
    }
}

fn answer(status: u16, content_type: &str, bytes: u64) -> String {
    let sort = if content_type.is_empty() {
        String::new()
    } else {
        format!(" {content_type},")
    };
    match status {
        0 => "no answer".to_owned(),
        status => format!("{status},{sort} {} bytes", number(bytes)),
    }
}

fn other(twin: &TwinEvidence) -> String {
    let got = answer(twin.status, &twin.content_type, twin.bytes);
    format!("{} got {got} (exchange {})", twin.who, twin.exchange)
}
