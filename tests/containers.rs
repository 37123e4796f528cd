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
    let tests: [(&str, Test); 11] = [
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
    ];
    let trials = tests.map(|(name, test)| {
        Trial::test(name, move || {
            test(&Bench::new()?).map_err(|error| error.to_string().into())
        })
        .with_ignored_flag(no_engine)
    });
    let without_engine = Trial::test("without_an_engine_it_is_embedded_and_says_why", || {
        process::without_an_engine().map_err(|error| error.to_string().into())
    });
    libtest_mimic::run(&arguments, trials.into_iter().chain([without_engine]).collect()).exit_code()
}
