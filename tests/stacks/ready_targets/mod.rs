//! The ready profiles in `fixtures/targets`, each against the real server it was written for, in a secure and in insecure
//! configurations. What is not installed shows as ignored, with the reason in brackets; nothing is installed from here.

mod container;
mod installed;
mod judged;
mod table;

use std::sync::{Mutex, PoisonError};

use libtest_mimic::Trial;

use crate::binary::Trouble;
use crate::engine::Bench;
use crate::trials::{ignored, trial, trial_alone};
use table::TABLE;

/// Two servers at once would only wait for each other.
static ONE: Mutex<()> = Mutex::new(());

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        trial(
            module_path!(),
            "every_ready_profile_is_short",
            judged::profiles_are_short,
        ),
        trial(
            module_path!(),
            "the_container_is_the_same_target",
            container::differs_in_deployment_only,
        ),
    ];
    for row in &TABLE {
        let missing = installed::missing(row.target);
        let name = format!("{}_{}", row.target, row.name);
        let run = trial(module_path!(), &name, move || one_at_a_time(|| judged::row(row)));
        trials.push(ignored(run, missing));
    }
    trials
}

pub(crate) fn trials_in_containers() -> Vec<Trial> {
    let held_and_leaked = trial_alone(
        module_path!(),
        "orthanc_in_a_container",
        container::held_and_leaked,
    );
    vec![ignored(held_and_leaked, Bench::no_engine())]
}

fn one_at_a_time(test: impl FnOnce() -> Result<(), Trouble>) -> Result<(), Trouble> {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    test()
}
