//! Which probes notice that we interfere with them, as people read it.

use super::text::{Page, Style, Verbosity, count, number, width};
use crate::ledger::Verdict;
use crate::prove::{Probe, SabotageReport};

/// The whole report, ending with a line feed.
#[must_use]
pub fn render(sight: &SabotageReport, style: Style) -> String {
    let mut page = Page::new(style);
    let verdict = match (sight.noticed, sight.blind.len()) {
        (0, _) => Verdict::Leaked,
        (_, 0) => Verdict::Held,
        _ => Verdict::Inconclusive,
    };
    page.headline(Some(verdict), &headline(sight));
    if style.verbosity != Verbosity::Quiet {
        rows(&mut page, sight);
    }
    list(
        &mut page,
        "Blind: a leak was injected, and the probe did not notice",
        &sight.blind,
    );
    list(
        &mut page,
        "Not exercised: no owner got a response there, so there was nothing to inject",
        &sight.untouched,
    );
    page.finish()
}

fn headline(sight: &SabotageReport) -> String {
    if sight.noticed == 0 {
        return "VACUOUS: no probe noticed an injected leak. With this profile a leak would not be seen; \
                `bystander check` says what it leaves untested."
            .to_owned();
    }
    let of = format!(
        "{} of {} noticed the injected leak",
        number(sight.noticed as u64),
        count(sight.probes as u64, "probe")
    );
    let untouched = match sight.untouched.len() {
        0 => String::new(),
        few => format!(", {few} not exercised"),
    };
    match sight.blind.len() {
        0 => format!("SEES: {of}{untouched}; none is blind."),
        blind => format!("PARTLY BLIND: {of}{untouched}, {blind} noticed nothing."),
    }
}

fn rows(page: &mut Page, sight: &SabotageReport) {
    page.title("Injections detected, by technique and surface (detected/tried)");
    page.blank();
    let name = |technique: &str, surface: &str| format!("{technique} at {surface}");
    let wide = sight
        .rows
        .iter()
        .map(|row| width(&name(&row.technique, &row.surface)))
        .max()
        .unwrap_or(0);
    for row in &sight.rows {
        let by: Vec<&str> = row.by.iter().map(|how| how.word()).collect();
        let name = name(&row.technique, &row.surface);
        page.hanging(
            &format!(
                "  {name:wide$}  {:>7}  ",
                format!("{}/{}", row.noticed, row.probes)
            ),
            &by.join(", "),
        );
    }
}

fn list(page: &mut Page, title: &str, probes: &[Probe]) {
    if probes.is_empty() {
        return;
    }
    page.title(title);
    page.blank();
    for probe in probes {
        let how: Vec<&str> = probe.interfered.iter().map(|how| how.word()).collect();
        let how = if how.is_empty() {
            String::new()
        } else {
            format!(" ({})", how.join(", "))
        };
        page.hanging(
            "  ",
            &format!(
                "{} at {}{how}, in {}: {}",
                probe.technique, probe.surface, probe.file, probe.scenario
            ),
        );
    }
}
