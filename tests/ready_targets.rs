//! The ready profiles in `fixtures/targets`, each against the real server it was written for, in a secure and in insecure
//! configurations. What is not installed shows as ignored, with the reason in brackets; nothing is installed from here.

#[path = "containers/bench.rs"]
#[expect(dead_code, reason = "only the engine is asked about here")]
mod bench;
#[path = "binary/mod.rs"]
#[expect(dead_code, reason = "nothing is disturbed here")]
mod binary;
#[path = "ready_targets/container.rs"]
mod container;
#[path = "ready_targets/installed.rs"]
mod installed;
#[path = "ready_targets/judged.rs"]
mod judged;
#[path = "ready_targets/table.rs"]
mod table;

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::{Arguments, Trial};

use bench::Bench;
use binary::Trouble;
use table::TABLE;

/// Two servers at once would only wait for each other.
static ONE: Mutex<()> = Mutex::new(());

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = vec![
        trial("every_ready_profile_is_short", judged::profiles_are_short),
        trial(
            "the_container_is_the_same_target",
            container::differs_in_deployment_only,
        ),
    ];
    for row in &TABLE {
        let missing = installed::missing(row.target);
        let name = format!("{}_{}", row.target, row.name);
        let run = trial(&name, move || one_at_a_time(|| judged::row(row)));
        trials.push(ignored(run, missing));
    }
    let no_engine = (!Bench::has_engine()).then(|| "no Docker engine answers".to_owned());
    let contained = trial("orthanc_in_a_container", || {
        one_at_a_time(container::held_and_leaked)
    });
    trials.push(ignored(contained, no_engine));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(name: &str, test: impl FnOnce() -> Result<(), Trouble> + Send + 'static) -> Trial {
    Trial::test(name, move || test().map_err(|error| error.to_string().into()))
}

/// Ignored for this reason, if there is one; the reason shows before the name.
fn ignored(trial: Trial, reason: Option<String>) -> Trial {
    match reason {
        Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
        None => trial,
    }
}

fn one_at_a_time(test: impl FnOnce() -> Result<(), Trouble>) -> Result<(), Trouble> {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    test()
}
