//! The binary: reads the command line, and ends with the exit code that says what was found.

use bystander::cli::{self, Arguments};
use clap::Parser;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// A run makes and drops many small things on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is told of besides what a command prints. That the clinic refuses, or is told to fail, is what a run is for.
const TOLD: &str = "warn,bystander_clinic=error";

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("BYSTANDER_LOG").unwrap_or_else(|_| EnvFilter::new(TOLD));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    ExitCode::from(cli::main(arguments).await)
}
