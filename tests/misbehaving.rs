//! A stack that misbehaves, or goes away, or a run that is stopped: it is never said that the recordings held, it never hangs,
//! and nothing is left behind. Where no Docker engine answers, what needs one shows as ignored.

#[path = "containers/bench.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod bench;
#[path = "misbehaving/beside.rs"]
mod beside;
#[path = "binary/mod.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod binary;
#[path = "misbehaving/gone.rs"]
mod gone;
#[path = "misbehaving/modes.rs"]
mod modes;
#[path = "misbehaving/proxy.rs"]
mod proxy;
#[path = "misbehaving/stopped.rs"]
mod stopped;
#[path = "misbehaving/trying.rs"]
mod trying;

use std::process::ExitCode;
use std::sync::{PoisonError, RwLock};

use bystander::judge::Judgement;
use bystander::ledger::Verdict;
use bystander::profile::HumanDuration;
use libtest_mimic::{Arguments, Trial};
use tokio::runtime::Runtime;

use bench::Bench;
use binary::{Trouble, ensure};
use modes::{MODES, Mode};
use trying::{Tried, Trying};

/// A test.
type Test = fn() -> Result<(), Trouble>;

/// Stacks in containers want all processors: nothing else runs beside one, so that no part of it is late for that.
static PROCESSORS: RwLock<()> = RwLock::new(());

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let no_engine = !Bench::has_engine();
    let _ = rustls::crypto::ring::default_provider().install_default();
    // cucumber sets a hook for the whole process while it runs, and several run here; what panics is told all the same
    std::panic::set_hook(Box::new(|_| {}));
    let mut trials = vec![trial("without_misbehaviour_it_holds", || {
        beside_others(holds_behind_the_proxy)
    })];
    for mode in &MODES {
        trials.push(trial(mode.name, || beside_others(|| misbehaves(mode))));
    }
    let embedded: [(&str, Test); 3] = [
        ("ctrl_c_in_the_middle_embedded", || stopped::by("INT", "embedded")),
        ("sigterm_in_the_middle_embedded", || {
            stopped::by("TERM", "embedded")
        }),
        ("sigkill_in_the_middle_embedded", stopped::killed_embedded),
    ];
    trials.extend(embedded.map(|(name, test)| trial(name, move || beside_others(test))));
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
    trials.extend(contained.map(|(name, test)| {
        let one_at_a_time = move || {
            let _alone = PROCESSORS.write().unwrap_or_else(PoisonError::into_inner);
            test()
        };
        trial(name, one_at_a_time).with_ignored_flag(no_engine)
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn beside_others(test: impl FnOnce() -> Result<(), Trouble>) -> Result<(), Trouble> {
    let _beside = PROCESSORS.read().unwrap_or_else(PoisonError::into_inner);
    test()
}

fn trial(name: &str, test: impl FnOnce() -> Result<(), Trouble> + Send + 'static) -> Trial {
    Trial::test(name, move || test().map_err(|error| error.to_string().into()))
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
