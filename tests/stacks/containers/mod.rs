//! The clinic in real containers: it comes up, only on loopback, and never leaves anything behind.
//!
//! Where no Docker engine answers, every test shows as ignored. They run one after the other: each wants all processors.

mod cleaning;
mod coming_up;
mod failing;
mod gateway;
pub(crate) mod process;
mod target;

use libtest_mimic::Trial;

use crate::engine::{Bench, Outcome};
use crate::trials::{ignored, trial, trial_alone};

/// A test.
type Test = fn(&Bench) -> Outcome;

pub(crate) fn trials() -> Vec<Trial> {
    let tests: [(&str, Test); 14] = [
        (
            "comes_up_healthy_on_loopback_only",
            coming_up::healthy_on_loopback_only,
        ),
        (
            "the_gateway_changes_nothing_and_keeps_nothing_private",
            gateway::changes_nothing_and_keeps_nothing_private,
        ),
        ("a_stopped_part_is_seen", coming_up::a_stopped_part_is_seen),
        (
            "a_role_that_ends_shows_its_log",
            failing::a_role_that_ends_shows_its_log,
        ),
        (
            "a_file_that_cannot_run_is_named",
            failing::a_file_that_cannot_run_is_named,
        ),
        (
            "a_file_that_is_no_program_is_named",
            failing::a_file_that_is_no_program_is_named,
        ),
        ("cancelling_leaves_nothing", failing::cancelling_leaves_nothing),
        (
            "forgetting_to_take_it_down_leaves_nothing",
            cleaning::forgetting_leaves_nothing,
        ),
        (
            "what_a_killed_run_left_is_removed_and_a_live_run_is_not",
            cleaning::killed_and_live,
        ),
        ("what_is_to_be_kept_outlives_its_process", cleaning::kept),
        (
            "a_copied_executable_works_as_well",
            coming_up::a_copied_executable_works,
        ),
        (
            "a_profiles_containers_find_each_other",
            target::containers_from_a_dockerfile,
        ),
        (
            "a_profiles_containers_that_fail_say_why",
            target::containers_that_fail,
        ),
        ("up_takes_the_stack_down_again", target::up_takes_it_down_again),
    ];
    let composed: [(&str, Test); 3] = [
        (
            "the_clinic_from_its_compose_file_holds",
            target::the_clinic_from_its_compose_file,
        ),
        (
            "what_a_killed_run_left_of_a_compose_project_is_removed",
            target::a_killed_compose_run_is_removed,
        ),
        (
            "a_service_that_others_could_reach_is_refused",
            target::an_exposed_service_is_refused,
        ),
    ];
    let no_compose = Bench::no_engine()
        .or_else(|| (!target::has_compose()).then(|| "no Compose v2 is installed".to_owned()));
    let tests = tests.map(|(name, test)| (name, test, Bench::no_engine()));
    let composed = composed.map(|(name, test)| (name, test, no_compose.clone()));
    let mut trials = vec![trial(
        module_path!(),
        "without_an_engine_it_is_embedded_and_says_why",
        process::without_an_engine,
    )];
    for (name, test, missing) in tests.into_iter().chain(composed) {
        let alone = trial_alone(module_path!(), name, move || test(&Bench::new()?));
        trials.push(ignored(alone, missing));
    }
    trials
}
