//! The command line.

mod arguments;
mod catalogue;
mod check;
mod clean;
mod init;
mod interrupted;
mod progress;
mod prove;
mod report;
mod run;
mod undo_files;
mod up;

pub use arguments::{Arguments, Command};

use crate::judge::exit;
use crate::spelling::{NameKind, new_name};
use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use std::io::Write;
use std::process::ExitCode;
use tokio::runtime::Runtime;
use tracing_subscriber::EnvFilter;

/// The log's filter unless `BYSTANDER_LOG` is set. The clinic logs refusals and injected failures as warnings, and a run causes
/// both on purpose.
const LOG_FILTER: &str = "warn,bystander_clinic=error";

/// The program: parses the command line, runs the command, and returns the exit code of the process.
///
/// It is neither async nor generic. A caller in another crate would otherwise compile the state machines of all commands again.
#[must_use]
pub fn main() -> ExitCode {
    log_to_stderr();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => with_new_spelling(error).exit(),
    };
    match Runtime::new() {
        Ok(runtime) => ExitCode::from(runtime.block_on(execute(arguments))),
        Err(error) => {
            eprintln!("error: the async runtime cannot start: {error}");
            ExitCode::from(exit::INTERNAL)
        }
    }
}

/// A flag in its old spelling is answered with the new one.
fn with_new_spelling(mut error: clap::Error) -> clap::Error {
    if let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg)
        && let Some(new) = new_name(NameKind::Flag, flag)
    {
        let suggested = ContextValue::String(new.to_owned());
        error.insert(ContextKind::SuggestedArg, suggested);
    }
    error
}

fn log_to_stderr() {
    let filter = EnvFilter::try_from_env("BYSTANDER_LOG").unwrap_or_else(|_| EnvFilter::new(LOG_FILTER));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
}

/// Runs the command, and returns the exit code.
async fn execute(arguments: Arguments) -> u8 {
    // a step or the id of a fault that is broken over two lines cannot be copied; a second handler is refused, and does no harm
    let _ = miette::set_hook(Box::new(|_| {
        Box::new(miette::MietteHandlerOpts::new().wrap_lines(false).build())
    }));
    let result = match arguments.command {
        Command::Run(run) => run::run(&run).await,
        Command::Check(check) => check::check(&check).await,
        Command::Prove(prove) => prove::prove(&prove).await,
        Command::Up(up) => up::up(&up).await,
        Command::Init(arguments) => init::init(&arguments).await,
        Command::Steps => Ok(catalogue::steps()),
        Command::Faults { format } => Ok(catalogue::faults(format)),
        Command::Techniques => Ok(catalogue::techniques()),
        Command::Schema { of } => Ok(catalogue::schema(of)),
        Command::Report(report) => report::report(&report),
        Command::Clean(clean) => clean::clean(&clean).await,
        Command::Clinic(role) => bystander_clinic::serve(role)
            .await
            .map(|()| exit::HELD)
            .map_err(|error| Failure {
                code: exit::STACK,
                report: miette::Report::msg(error.to_string()),
            }),
    };
    match result {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("{}", failure.in_words());
            failure.code
        }
    }
}

/// Writes a result to stdout. Whoever reads it may have gone (`| head`): the exit code says the same.
pub(crate) fn say(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// `println!` that does not mind when nobody reads on.
macro_rules! say_line {
    ($($text:tt)*) => {
        $crate::cli::say(&format!("{}\n", format_args!($($text)*)))
    };
}
pub(crate) use say_line;

/// Why nothing could be done, and the exit code for it.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) code: u8,
    /// What is shown.
    pub(crate) report: miette::Report,
}

impl Failure {
    /// With a caret when it is about a place in a file; else in the way in which the command line's own mistakes are told.
    fn in_words(&self) -> String {
        if self.report.source_code().is_some() {
            return format!("{:?}", self.report);
        }
        let hint = self.report.help().map(|help| format!("\nhint: {help}"));
        format!("error: {}{}", self.report, hint.unwrap_or_default())
    }

    /// Something is wrong with the command line, the profile or the features.
    pub(crate) fn usage(error: impl Into<miette::Report>) -> Self {
        Self {
            code: exit::USAGE,
            report: error.into(),
        }
    }

    /// Something else, with its code.
    pub(crate) fn with(code: u8, error: &impl std::fmt::Display) -> Self {
        Self {
            code,
            report: miette::Report::msg(error.to_string()),
        }
    }
}
