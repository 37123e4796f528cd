//! The command line through the built binary: what a user types, what they read, the exit code, and what is left behind.

#[path = "../binary/mod.rs"]
#[expect(dead_code, reason = "no run is disturbed by its name here")]
mod binary;
mod clean_after_a_crash;
mod discovery;
mod init;
mod mistakes;
mod prove;
mod secrets;
#[path = "../serving/mod.rs"]
mod serving;
mod text;
mod told;

use binary::{Ended, Trouble, run};

/// Runs on the embedded clinic with a fixed seed, and these arguments beside.
fn embedded(arguments: &[&str]) -> Result<Ended, Trouble> {
    let always = ["run", "--deploy", "embedded", "--seed", "7"];
    run(&[&always, arguments].concat(), &[])
}
