//! The binary: reads the command line, and ends with the exit code that says what was found.

use bystander::cli::{self, Arguments};
use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    ExitCode::from(cli::main(arguments).await)
}
