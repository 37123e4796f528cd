//! Detection power, as people read it: the verdict, a line for each trial, and what went wrong.

use super::text::{Page, Style, Verbosity, count, width};
use crate::ledger::Verdict;
use crate::prove::{DetectionPower, Trial, TrialOutcome};

/// The whole report, ending with a line feed.
#[must_use]
pub fn render(power: &DetectionPower, style: Style) -> String {
    let mut page = Page::new(style);
    page.headline(Some(verdict(power)), &headline(power));
    if style.verbosity != Verbosity::Quiet {
        faults(&mut page, power);
        sound(&mut page, power);
    }
    problems(&mut page, power);
    page.finish()
}

fn verdict(power: &DetectionPower) -> Verdict {
    let counts = &power.counts;
    if power.proven {
        Verdict::Held
    } else if counts.missed + counts.mistaken + counts.false_alarms > 0 {
        Verdict::Leaked
    } else {
        Verdict::Inconclusive
    }
}

/// The verdict in one sentence.
fn headline(power: &DetectionPower) -> String {
    let counts = &power.counts;
    let all = power.faults.len();
    let caught = format!("{} of {} caught", counts.caught, count(all as u64, "fault"));
    let alarms = match (counts.false_alarms, power.sound.len()) {
        (_, 0) => "the sound clinic was not tried".to_owned(),
        (0, runs) => format!(
            "no false alarm in {} on the sound clinic",
            count(runs as u64, "run")
        ),
        (accused, runs) => format!(
            "{} in {} on the sound clinic",
            count(accused as u64, "false alarm"),
            count(runs as u64, "run")
        ),
    };
    let unclear = match counts.unclear {
        0 => String::new(),
        unclear => format!("; {} could not be judged", count(unclear as u64, "trial")),
    };
    let word = if power.proven { "PROVEN" } else { "NOT PROVEN" };
    format!("{word}: {caught}, {alarms}{unclear}.")
}

fn faults(page: &mut Page, power: &DetectionPower) {
    if power.faults.is_empty() {
        return;
    }
    page.title("Faults: outcome, time to the first finding, who found it where, and the state that it needs");
    page.blank();
    let ids = power.faults.iter().filter_map(|trial| trial.fault.as_deref());
    let wide = ids.map(width).max().unwrap_or(0);
    for trial in &power.faults {
        let id = trial.fault.as_deref().unwrap_or_default();
        let fared = painted(page, trial.outcome);
        page.hanging(&format!("  {fared}  {id:wide$}  "), &found(trial));
    }
}

/// "1.2 s, ordinary patient in `replays`, audio-video-switch on · audio → video (4 scenarios)".
fn found(trial: &Trial) -> String {
    let Some(first) = &trial.first else {
        return trial
            .why
            .clone()
            .unwrap_or_else(|| "nothing was found".to_owned());
    };
    let needs = trial.needs.as_deref().unwrap_or("at rest");
    format!(
        "{}, {} {} in `{}`, {needs} ({})",
        seconds(trial.first_ms.unwrap_or_default()),
        first.temperament,
        first.bystander,
        first.surface,
        count(trial.scenarios as u64, "scenario"),
    )
}

fn sound(page: &mut Page, power: &DetectionPower) {
    if power.sound.is_empty() {
        return;
    }
    page.title("The sound clinic");
    page.blank();
    for trial in &power.sound {
        let fared = painted(page, trial.outcome);
        let told = format!(
            "{}, seed {}, {} in {}",
            trial.deployment,
            trial.seed,
            count(trial.probes, "probe"),
            seconds(trial.elapsed_ms)
        );
        page.hanging(&format!("  {fared}  "), &told);
    }
}

/// Whatever did not go as it should, and why.
fn problems(page: &mut Page, power: &DetectionPower) {
    let wrong: Vec<&Trial> = power
        .faults
        .iter()
        .chain(&power.sound)
        .filter(|trial| !matches!(trial.outcome, TrialOutcome::Caught | TrialOutcome::Held))
        .collect();
    if wrong.is_empty() {
        return;
    }
    page.title("Problems");
    for trial in wrong {
        page.blank();
        let name = trial.fault.as_deref().unwrap_or("the sound clinic");
        page.hanging(
            "  ",
            &format!(
                "{name} ({}, seed {}): {}",
                trial.deployment, trial.seed, trial.outcome
            ),
        );
        for different in &trial.different {
            page.hanging("    ", different);
        }
        if let Some(why) = &trial.why {
            page.hanging("    ", why);
        }
        if let (TrialOutcome::FalseAlarm, Some(first)) = (trial.outcome, &trial.first) {
            page.hanging(
                "    ",
                &format!(
                    "`{}` by {}, {}:{}",
                    first.surface, first.technique, first.file, first.line
                ),
            );
        }
    }
}

fn painted(page: &Page, fared: TrialOutcome) -> String {
    let word = format!("{fared:8}");
    match fared {
        TrialOutcome::Caught | TrialOutcome::Held => word,
        TrialOutcome::Missed | TrialOutcome::Mistaken | TrialOutcome::FalseAlarm => page.bad(&word),
        TrialOutcome::Unclear => page.unclear(&word),
    }
}

/// "1.2 s".
fn seconds(ms: u64) -> String {
    let tenths = ms.saturating_add(50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}
