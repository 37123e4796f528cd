//! Stacks of every sort: small servers that need one thing of a profile each, flag services, the real servers of the ready
//! profiles, stacks that misbehave, and the clinic in containers; and what FFmpeg makes of the recordings that are planted there.
//!
//! Where something is not installed the tests that need it show as ignored, with the reason before the name.

#[path = "../binary/mod.rs"]
#[expect(dead_code, reason = "nothing is read from its directory here")]
mod binary;
mod containers;
#[path = "../engine/mod.rs"]
mod engine;
mod flag_services;
mod listed;
mod media_files;
mod misbehaving;
#[path = "../behind_a_proxy/proxy.rs"]
mod proxy;
mod ready_targets;
#[path = "../serving/mod.rs"]
mod serving;
mod small_server;
mod targets_rows;
#[path = "../trials/mod.rs"]
mod trials;
#[path = "../behind_a_proxy/trying.rs"]
mod trying;

use std::process::ExitCode;

use libtest_mimic::Arguments;

fn main() -> ExitCode {
    if let Some(code) = containers::process::asked_for().or_else(small_server::asked_for) {
        return code;
    }
    let trials = [
        misbehaving::trials(),
        ready_targets::trials(),
        targets_rows::trials(),
        flag_services::trials(),
        small_server::trials(),
        media_files::trials(),
        // these run alone: last, so that nothing waits for them
        containers::trials(),
        ready_targets::trials_in_containers(),
        misbehaving::trials_in_containers(),
    ];
    libtest_mimic::run(&Arguments::from_args(), trials.into_iter().flatten().collect()).exit_code()
}
