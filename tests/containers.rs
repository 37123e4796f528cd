//! The clinic in real containers: it comes up, only on loopback, and never leaves anything behind.
//!
//! Where no Docker engine answers, every test shows as ignored. They run one after the other: each wants all processors.

#[path = "containers/bench.rs"]
mod bench;
#[path = "containers/cleaning.rs"]
mod cleaning;
#[path = "containers/coming_up.rs"]
mod coming_up;
#[path = "containers/failing.rs"]
mod failing;
#[path = "containers/gateway.rs"]
mod gateway;
#[path = "containers/process.rs"]
mod process;
#[path = "containers/target.rs"]
mod target;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use bench::{Bench, Outcome};

/// A test.
type Test = fn(&Bench) -> Outcome;

fn main() -> ExitCode {
    if let Some(code) = process::asked_for() {
        return code;
    }
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(1);
    let no_engine = !Bench::has_engine();
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
    let no_compose = no_engine || !target::has_compose();
    let tests = tests.into_iter().map(|(name, test)| (name, test, no_engine));
    let composed = composed.into_iter().map(|(name, test)| (name, test, no_compose));
    let trials = tests.chain(composed).map(|(name, test, ignored)| {
        Trial::test(name, move || {
            test(&Bench::new()?).map_err(|error| error.to_string().into())
        })
        .with_ignored_flag(ignored)
    });
    let without_engine = Trial::test("without_an_engine_it_is_embedded_and_says_why", || {
        process::without_an_engine().map_err(|error| error.to_string().into())
    });
    libtest_mimic::run(&arguments, trials.chain([without_engine]).collect()).exit_code()
}
