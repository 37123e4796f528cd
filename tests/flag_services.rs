//! The ready snippets for flag services, `fixtures/targets/flags/`, each as it is committed: against a stand-in that is as strict as the
//! service itself, with a small recording app that hears of a flag only after a while.

#[path = "flag_services/app.rs"]
mod app;
#[path = "binary/mod.rs"]
#[expect(dead_code, reason = "nothing is disturbed here")]
mod binary;
#[path = "flag_services/driving.rs"]
mod driving;
#[path = "flag_services/flagd.rs"]
mod flagd;
#[path = "flag_services/held.rs"]
mod held;
#[path = "flag_services/launchdarkly.rs"]
mod launchdarkly;
#[path = "flag_services/leaking.rs"]
mod leaking;
#[path = "targets_rows/plain.rs"]
#[expect(dead_code, reason = "the app has a way to one item of its own")]
mod plain;
#[path = "flag_services/refused.rs"]
mod refused;
#[path = "serving/mod.rs"]
mod serving;
#[path = "targets_rows/shelf.rs"]
#[expect(dead_code, reason = "the app keeps less than others")]
mod shelf;
#[path = "flag_services/standing.rs"]
mod standing;
#[path = "flag_services/unleash.rs"]
mod unleash;
#[path = "flag_services/unsettled.rs"]
mod unsettled;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

use binary::Trouble;

/// The tests, each under its own name.
macro_rules! trials {
    ($($room:ident: $($name:ident),+;)+) => {
        vec![$($(trial(concat!(stringify!($room), "::", stringify!($name)), $room::$name)),+),+]
    };
}

fn main() -> ExitCode {
    let trials = trials! {
        held: by_unleash, by_launchdarkly, by_a_flagd_file, by_a_flagd_file_with_ofrep, with_a_flag_that_was_disabled;
        leaking: by_unleash, by_launchdarkly, by_a_flagd_file, by_a_flagd_file_with_ofrep;
        refused: without_a_token_of_unleash, with_a_backend_token_of_unleash, with_an_sdk_key_of_launchdarkly,
            with_a_reader_of_launchdarkly, without_the_flag_in_the_flagd_file, without_the_flagd_file, without_a_token_for_ofrep;
        unsettled: by_unleash, by_launchdarkly, by_a_flagd_file, by_a_flagd_file_with_ofrep;
    };
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn trial(name: &str, test: fn() -> Result<(), Trouble>) -> Trial {
    Trial::test(name, move || test().map_err(|error| error.to_string().into()))
}
