//! How much was done, with which seed, on which stack.

use super::text::{Page, Verbosity, count, number};
use crate::judge::{Judgement, duration};

pub(super) fn write(page: &mut Page, judgement: &Judgement) {
    let counts = &judgement.counts;
    page.blank();
    let mut line = vec![scenarios(judgement)];
    if counts.probes > 0 {
        line.push(count(counts.probes, "probe"));
    }
    if let Some(end) = &judgement.finished {
        line.push(duration(end.at_ms));
    }
    page.hanging("", &line.join(" · "));
    if page.style().verbosity == Verbosity::Verbose {
        details(page, judgement);
    }
    if let Some(line) = super::coverage::line(judgement) {
        page.hanging("", &format!("Rewriting techniques: {line}"));
    }
    let mut line = Vec::new();
    if let Some(stack) = &judgement.stack {
        line.push(format!("{}, {}: {}", stack.target, stack.kind, stack.why));
    }
    if let Some(run) = &judgement.run {
        line.push(format!("seed {}", run.seed));
        line.push(format!("run {}", run.run));
        line.push(format!("bystander {}", run.version));
    }
    if !line.is_empty() {
        page.hanging("", &line.join(" · "));
    }
}

/// "120 scenarios: 93 held, 16 leaked, 11 not applicable".
fn scenarios(judgement: &Judgement) -> String {
    let counts = &judgement.counts;
    let parts = [
        (counts.held, "held"),
        (counts.inconclusive, "inconclusive"),
        (counts.leaked, "leaked"),
        (counts.not_applicable, "not applicable"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{} {word}", number(*n)))
        .collect();
    let parts = if parts.is_empty() {
        String::new()
    } else {
        format!(": {}", parts.join(", "))
    };
    let filtered = match counts.filtered_out {
        0 => String::new(),
        n => format!(" ({} left out by filters)", number(n)),
    };
    format!("{}{parts}{filtered}", count(counts.scenarios, "scenario"))
}

/// The numbers behind the verdict.
fn details(page: &mut Page, judgement: &Judgement) {
    let counts = &judgement.counts;
    page.field(
        "Requests",
        &format!(
            "{} at {}, with {}, {} and {}",
            count(counts.probes, "probe"),
            count(counts.targets, "target"),
            count(counts.twins, "twin"),
            count(counts.controls, "control"),
            count(counts.pulses, "session check"),
        ),
    );
    page.field(
        "In all",
        &format!(
            "{} by {} with {}, for {}",
            count(counts.exchanges, "exchange"),
            count(counts.personas, "persona"),
            count(counts.recordings, "recording"),
            count(counts.assertions, "claim"),
        ),
    );
    if let Some(stack) = &judgement.stack {
        page.field("Stack", &format!("up in {}", duration(stack.ready_ms)));
    }
    if let Some(run) = &judgement.run {
        page.field("Started", &run.started);
    }
}
