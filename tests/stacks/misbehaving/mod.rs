//! A stack that misbehaves, or goes away, or a run that is stopped: it is never said that the recordings held, it never hangs,
//! and nothing is left behind. Where no Docker engine answers, what needs one shows as ignored.

mod beside;
mod gone;
mod modes;
mod stopped;

use bystander::judge::Judgement;
use bystander::ledger::Verdict;
use bystander::profile::HumanDuration;
use libtest_mimic::Trial;
use tokio::runtime::Runtime;

use crate::binary::{Trouble, ensure};
use crate::engine::Bench;
use crate::proxy;
use crate::trials::{ignored, trial, trial_alone};
use crate::trying::{Tried, Trying};
use modes::{MODES, Mode};

/// A test.
type Test = fn() -> Result<(), Trouble>;

pub(crate) fn trials() -> Vec<Trial> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    // cucumber sets a hook for the whole process while it runs, and several run here; what panics is told all the same
    std::panic::set_hook(Box::new(|_| {}));
    let mut trials = vec![trial(
        module_path!(),
        "without_misbehaviour_it_holds",
        holds_behind_the_proxy,
    )];
    for mode in &MODES {
        trials.push(trial(module_path!(), mode.name, || misbehaves(mode)));
    }
    let embedded: [(&str, Test); 3] = [
        ("ctrl_c_in_the_middle_embedded", || stopped::by("INT", "embedded")),
        ("sigterm_in_the_middle_embedded", || {
            stopped::by("TERM", "embedded")
        }),
        ("sigkill_in_the_middle_embedded", stopped::killed_embedded),
    ];
    trials.extend(embedded.map(|(name, test)| trial(module_path!(), name, test)));
    trials
}

pub(crate) fn trials_in_containers() -> Vec<Trial> {
    let contained: [(&str, Test); 10] = [
        ("ctrl_c_in_the_middle_in_containers", || {
            stopped::by("INT", "containers")
        }),
        ("sigterm_in_the_middle_in_containers", || {
            stopped::by("TERM", "containers")
        }),
        ("sigterm_while_containers_start", stopped::while_starting),
        ("sigkill_in_containers_and_clean", stopped::killed_in_containers),
        ("the_database_stops_in_the_middle", gone::database),
        ("further_clinics_come_and_go", beside::come_and_go),
        (
            "a_further_clinic_that_cannot_be_raised_is_done_without",
            beside::done_without,
        ),
        (
            "whoever_is_stopped_looks_at_their_own_clinic",
            beside::looks_at_their_own,
        ),
        ("sigterm_while_further_clinics_stand", || beside::stopped("TERM")),
        ("sigkill_while_further_clinics_stand_and_clean", || {
            beside::stopped("KILL")
        }),
    ];
    contained
        .map(|(name, test)| ignored(trial_alone(module_path!(), name, test), Bench::no_engine()))
        .into()
}

/// What the other tests stand on: the proxy alone spoils nothing.
fn holds_behind_the_proxy() -> Result<(), Trouble> {
    let trying = Trying {
        scenarios: "",
        patience: std::time::Duration::from_secs(10),
        shape: |_| {},
    };
    let tried = Runtime::new()?.block_on(trying.against(Box::new(|_, _, _| proxy::Turn::Pass)))?;
    ensure(tried.code == 0 && tried.judgement.gaps.is_empty(), || {
        told(&tried)
    })
}

fn misbehaves(mode: &'static Mode) -> Result<(), Trouble> {
    let trying = Trying {
        scenarios: "",
        patience: mode.patience,
        // a stack that asks to wait for ever is not what is tried here
        shape: |profile| profile.limits.retry_after = HumanDuration(std::time::Duration::from_millis(300)),
    };
    let tried = Runtime::new()?.block_on(trying.against((mode.meddle)()))?;
    ensure(tried.meddled > 0, || "it did not come to that".to_owned())?;
    ensure(tried.code == mode.code, || {
        format!(
            "exit code {} instead of {}\n{}",
            tried.code,
            mode.code,
            told(&tried)
        )
    })?;
    let scenarios = &tried.judgement.scenarios;
    let held = scenarios
        .iter()
        .filter(|scenario| scenario.verdict == Some(Verdict::Held));
    let most = if mode.spoils_all { 0 } else { scenarios.len() - 1 };
    ensure(held.count() <= most, || told(&tried))?;
    for reason in mode.reasons {
        let told_so = tried.judgement.gaps.iter().any(|gap| gap.why.contains(reason));
        ensure(told_so, || format!("nowhere: {reason}\n{}", told(&tried)))?;
    }
    if mode.code == 1 {
        leaked_as_it_should(&tried.judgement)?;
    }
    Ok(())
}

/// Whoever got it has no right to it, and it is said where it stood.
fn leaked_as_it_should(judgement: &Judgement) -> Result<(), Trouble> {
    for finding in &judgement.findings {
        let told = finding.owner != finding.bystander && finding.evidence.form.is_some();
        ensure(told, || format!("{finding:#?}"))?;
    }
    ensure(!judgement.findings.is_empty(), || "no finding".to_owned())
}

fn told(tried: &Tried) -> String {
    let text =
        bystander::report::terminal::render(&tried.judgement, bystander::report::terminal::Style::default());
    format!("after {} ms\n{text}", tried.took.as_millis())
}
