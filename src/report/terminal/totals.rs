//! How much was done, with which seed, on which stack.

use super::text::{Page, count, number};
use crate::judge::{Judgement, duration};

pub(super) fn write(page: &mut Page, judgement: &Judgement) {
    let counts = &judgement.counts;
    page.blank();
    let parts = [
        (counts.leaked, "leaked"),
        (counts.inconclusive, "inconclusive"),
        (counts.held, "held"),
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
    let out = match counts.filtered_out {
        0 => String::new(),
        n => format!(" ({} left out by filters)", number(n)),
    };
    page.field("Scenarios", &format!("{}{parts}{out}", number(counts.scenarios)));
    page.field(
        "Asked",
        &format!(
            "{} at {}, with {}, {} and {}",
            count(counts.probes, "probe"),
            count(counts.targets, "target"),
            count(counts.twins, "twin"),
            count(counts.controls, "control"),
            count(counts.pulses, "pulse"),
        ),
    );
    page.field(
        "In all",
        &format!(
            "{} by {} with {}, for {}",
            count(counts.exchanges, "exchange"),
            if counts.personas == 1 {
                "1 person".to_owned()
            } else {
                format!("{} people", number(counts.personas))
            },
            count(counts.recordings, "recording"),
            count(counts.assertions, "assertion"),
        ),
    );
    if let Some(line) = super::coverage::line(judgement) {
        page.field("Techniques", &line);
    }
    if let Some(stack) = &judgement.stack {
        let ready = duration(stack.ready_ms);
        page.field(
            "Stack",
            &format!("{}, {}, up in {ready}: {}", stack.target, stack.kind, stack.why),
        );
    }
    if let Some(run) = &judgement.run {
        let took = judgement
            .finished
            .as_ref()
            .map_or_else(String::new, |end| format!(", {}", duration(end.at_ms)));
        page.field(
            "Run",
            &format!("{}, {}{took}, bystander {}", run.run, run.started, run.version),
        );
        page.field("Seed", &run.seed.to_string());
    }
}
