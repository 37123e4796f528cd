//! What can go wrong with a stack that the profile says how to bring up.

use std::time::Duration;

use crate::deploy::tail::OutputTail;
use crate::http::guard::GuardError;
use crate::profile::TemplateError;

/// Why a stack that is not the clinic did not come up, or could not be taken down.
#[derive(Debug, thiserror::Error)]
pub enum ExternalStackError {
    /// There is more than one way.
    #[error("the profile brings its stack up in several ways, by {ways}\nhint: keep one of them")]
    Several {
        /// The tables.
        ways: String,
    },

    /// A string of the profile cannot be filled in.
    #[error("`{place}` of the profile: {source}")]
    Fill {
        /// Where it stands.
        place: String,
        /// Why.
        source: TemplateError,
    },

    /// Something in the profile cannot be used.
    #[error("`{place}` of the profile cannot be used: {why}")]
    Part {
        /// Where it stands.
        place: String,
        /// Why, and how to mend it.
        why: String,
    },

    /// It may not be spoken to.
    #[error(transparent)]
    NotAllowed(#[from] GuardError),

    /// Nobody listens.
    #[error(
        "nobody answers at `{address}`, which the profile names as `[base] {base}`: {said}\n\
         hint: start the stack, or let `[deploy]` bring it up; if it needs a while, give `[deploy] ready = [{{ request = \"GET /\", until = \"status == 200\", within = \"60s\" }}]`"
    )]
    Silent {
        /// The address's name.
        base: String,
        /// The address.
        address: String,
        /// What came instead of a connection.
        said: String,
    },

    /// A command could not be run at all.
    #[error("`{command}` cannot be run: {said}\nhint: `{place}` runs in `{directory}`")]
    NotRun {
        /// Where it stands.
        place: &'static str,
        /// What was to be run, as the profile has it.
        command: String,
        /// Where.
        directory: String,
        /// What the system said.
        said: String,
    },

    /// A command failed.
    #[error(
        "`{command}` failed ({how}) and said last:{output}\nhint: `{place}` has to end with success, or to go on for as long as the stack is up"
    )]
    Failed {
        /// Where it stands.
        place: &'static str,
        /// What was run, as the profile has it.
        command: String,
        /// Its exit code, or that it took too long.
        how: String,
        /// The end of what it said.
        output: OutputTail,
    },

    /// A command goes on or has ended well, but the stack is not there.
    #[error("`{command}` was run, but after {:.0} s {ails}; it said last:{output}", .after.as_secs_f64())]
    NotThere {
        /// What was run, as the profile has it.
        command: String,
        /// How long it was waited for.
        after: Duration,
        /// What is missing, and a hint.
        ails: String,
        /// The end of what it said.
        output: OutputTail,
    },

    /// An image could not be built.
    #[error("the image of the container `{part}` could not be built: {said}; its build said last:{output}")]
    Image {
        /// The container that it is for.
        part: String,
        /// What the engine said.
        said: String,
        /// The end of the build's output.
        output: OutputTail,
    },

    /// A container was made, or not even that, but did not start.
    #[error("the {part} did not start: {said}; it said last:{log}")]
    Start {
        /// The container.
        part: String,
        /// What the engine said.
        said: String,
        /// The end of its log.
        log: OutputTail,
    },

    /// A container ended.
    #[error("the {part} has ended with exit code {code}; it said last:{log}")]
    Ended {
        /// The container.
        part: String,
        /// Its exit code.
        code: i64,
        /// The end of its log.
        log: OutputTail,
    },

    /// A container runs, but is not up.
    #[error(
        "the {part} was not up after {:.1} s: {answer}; it said last:{log}\nhint: `within` gives it longer", .after.as_secs_f64()
    )]
    NotReady {
        /// The container.
        part: String,
        /// How long it was waited for.
        after: Duration,
        /// What came last.
        answer: String,
        /// The end of its log.
        log: OutputTail,
    },

    /// There is no client for Compose files.
    #[error(
        "a Compose file needs `docker compose`, and it does not work: {said}\n\
         hint: install Compose v2 as a plugin of Docker's client (`docker-compose-plugin` from Docker, `docker-compose` from Debian 13, `docker-compose-v2` from Ubuntu){found}"
    )]
    NoCompose {
        /// What came instead of its version.
        said: String,
        /// What there is instead.
        found: String,
    },

    /// The Compose client refused the file, or failed.
    #[error("`docker compose {doing}` failed for `{file}`; it said last:{output}")]
    Compose {
        /// What was asked of it.
        doing: &'static str,
        /// The file.
        file: String,
        /// The end of what it said.
        output: OutputTail,
    },

    /// The Compose client goes on for too long.
    #[error(
        "`docker compose up` was not done with `{file}` after {} s\nhint: `[deploy.compose] within` gives it longer", .after.as_secs()
    )]
    ComposeLate {
        /// The file.
        file: String,
        /// How long it was waited for.
        after: Duration,
    },

    /// A service can be reached from elsewhere.
    #[error(
        "the service `{service}` of `{file}` can be reached from outside of this machine ({how})\n\
         hint: a stack under test may be an insecure one: publish it on loopback, as in `ports: [\"127.0.0.1::{port}\"]`"
    )]
    Exposed {
        /// The service.
        service: String,
        /// The file.
        file: String,
        /// How.
        how: String,
        /// The port in it.
        port: String,
    },

    /// A port that the profile names is not published.
    #[error(
        "`deploy.compose.port.{name}` is `{wanted}`, which `{file}` does not publish\n\
         hint: it publishes {found}; write `ports: [\"127.0.0.1::PORT\"]` at the service, or name another"
    )]
    NoPort {
        /// The address's name.
        name: String,
        /// What the profile names.
        wanted: String,
        /// The file.
        file: String,
        /// What there is.
        found: String,
    },

    /// A stack does not end.
    #[error(
        "`{command}` has started processes that do not end, not even when they are killed (process group {group})"
    )]
    Left {
        /// What was run, as the profile has it.
        command: String,
        /// The group of its processes.
        group: u32,
    },
}

impl ExternalStackError {
    /// The same with what others said put through `mask`: a stack may print the secrets that it was given.
    pub(super) fn masked(mut self, mask: &dyn Fn(&str) -> String) -> Self {
        match &mut self {
            Self::Failed { output, .. } | Self::NotThere { output, .. } | Self::Compose { output, .. } => {
                *output = std::mem::take(output).masked(mask);
            }
            Self::Image { said, output, .. } => {
                *said = mask(said);
                *output = std::mem::take(output).masked(mask);
            }
            Self::Start { said, log, .. } => {
                *said = mask(said);
                *log = std::mem::take(log).masked(mask);
            }
            Self::Ended { log, .. } => *log = std::mem::take(log).masked(mask),
            Self::NotReady { answer, log, .. } => {
                *answer = mask(answer);
                *log = std::mem::take(log).masked(mask);
            }
            Self::Part { why, .. } => *why = mask(why),
            _ => {}
        }
        self
    }
}
