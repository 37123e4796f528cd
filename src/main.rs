//! The binary: for now, only the clinic's roles, which containers run.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What is asked for.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
enum Command {
    /// Runs one role of the clinic.
    #[command(hide = true, subcommand)]
    Clinic(bystander_clinic::Role),
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Clinic(role) = Arguments::parse().command;
    match bystander_clinic::serve(role).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
