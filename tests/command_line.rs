//! The command line through the built binary: what a user types, what they read, and the exit code.

#[path = "binary/mod.rs"]
#[expect(dead_code, reason = "nothing is disturbed here")]
mod binary;
#[path = "command_line/mistakes.rs"]
mod mistakes;
#[path = "command_line/secrets.rs"]
mod secrets;
#[path = "command_line/text.rs"]
mod text;
#[path = "command_line/told.rs"]
mod told;

use binary::{Ended, Trouble, run};

/// Runs on the embedded clinic with a fixed seed, and these arguments beside.
fn embedded(arguments: &[&str]) -> Result<Ended, Trouble> {
    let always = ["run", "--deploy", "embedded", "--seed", "7"];
    run(&[&always, arguments].concat(), &[])
}
