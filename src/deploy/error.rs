//! What can go wrong between the command and a healthy stack, and how to mend it.

use std::path::PathBuf;
use std::time::Duration;

use bystander_clinic::ClinicError;

use super::external::ExternalStackError;
use super::tail::OutputTail;

/// Why a stack did not come up, or could not be taken down.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// There is nothing to start containers with.
    #[error(
        "no Docker engine answers at `{address}`: {said}\n\
         hint: start one, name one in `DOCKER_HOST`, or use `--deploy embedded`"
    )]
    NoEngine {
        /// Where one was looked for.
        address: String,
        /// What came instead of an answer.
        said: String,
    },

    /// The image that all others stand on is missing, and there was no way to come by it.
    #[error("the base image `{image}` is missing: {tried}\nhint: {mend}")]
    NoBase {
        /// Its name.
        image: &'static str,
        /// What was tried, and why it did not do.
        tried: String,
        /// What would help.
        mend: String,
    },

    /// A program that makes the base image failed.
    #[error(
        "`{command}` failed ({how}) and said last:{output}\n\
         hint: run it by hand to see why, or bring `{image}` with `docker load`"
    )]
    Tool {
        /// What was run.
        command: String,
        /// Its exit code, or that it took too long.
        how: String,
        /// The end of what it said.
        output: OutputTail,
        /// The image that was to be made.
        image: &'static str,
    },

    /// An image could not be built.
    #[error(
        "the image of the {part} could not be built: {said}; its build said last:{output}\n\
         hint: containers have to reach the distribution's mirror while images are built; `--deploy embedded` does without"
    )]
    Image {
        /// The part of the stack that it is for.
        part: &'static str,
        /// What the engine said.
        said: String,
        /// The end of the build's output.
        output: OutputTail,
    },

    /// The engine refused something.
    #[error("the engine failed at {doing}: {said}")]
    Engine {
        /// What it was asked to do.
        doing: String,
        /// What it said.
        said: String,
    },

    /// The engine has no room for another network.
    #[error(
        "the engine has no room for another network: {said}\nhint: `bystander clean` removes what earlier runs left"
    )]
    NoRoom {
        /// What it said.
        said: String,
    },

    /// A container was made, or not even that, but did not start.
    #[error("the {} did not start: {said}; it said last:{log}{}", title(.part), hint_in(&OutputTail::of(.said)).max(hint_in(.log)))]
    Start {
        /// The part of the stack.
        part: &'static str,
        /// What the engine said.
        said: String,
        /// The end of its log.
        log: OutputTail,
    },

    /// A part ended when it was waited for.
    #[error(
        "the {} ended with exit code {code} after {}, while waiting for {}; it said last:{}{}",
        title(.waited.part), seconds(.waited.after), .waited.what, .waited.log, hint_in(&.waited.log)
    )]
    Ended {
        /// Its exit code.
        code: i64,
        /// How it was waited for.
        waited: Box<FailedWait>,
    },

    /// A part runs, but does not become healthy.
    #[error(
        "the {} was not ready after {}: waited for {}, last answer: {answer}; it said last:{}{}",
        title(.waited.part), seconds(.waited.after), .waited.what, .waited.log, hint_in(&.waited.log)
    )]
    NotReady {
        /// What came last.
        answer: String,
        /// How it was waited for.
        waited: Box<FailedWait>,
    },

    /// The stack has no part of this name, or none that can be handled apart.
    #[error("the stack has no part `{part}` that can be handled by itself, expected one of: {known}")]
    NoPart {
        /// What was asked for.
        part: String,
        /// What there is.
        known: String,
    },

    /// A run is named by what can stand in a container's name.
    #[error(
        "`{run}` cannot name a run: expected 1 to 24 letters, digits and hyphens, first a letter or a digit"
    )]
    RunName {
        /// What was given.
        run: String,
    },

    /// The roles' executable is not a file.
    #[error("the executable `{path}` cannot be used for the clinic's roles: {said}")]
    Executable {
        /// Where it should be.
        path: PathBuf,
        /// What the system said.
        said: String,
    },

    /// Something of a run is still there after it was removed again and again.
    #[error(
        "not everything of the stack could be removed: {said}\nhint: run `bystander clean` again when the engine is well"
    )]
    Left {
        /// What is there, and why.
        said: String,
    },

    /// A file of ours could not be written or read.
    #[error("`{path}` cannot be used: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },

    /// The clinic in this process did not start.
    #[error("the embedded clinic did not start: {0}")]
    Embedded(#[from] ClinicError),

    /// A stack that is not the clinic.
    #[error(transparent)]
    Target(#[from] ExternalStackError),
}

/// How a part was waited for, in vain.
#[derive(Debug)]
pub struct FailedWait {
    /// The part of the stack.
    pub part: &'static str,
    /// What was waited for.
    pub what: String,
    /// How long.
    pub after: Duration,
    /// The end of its log.
    pub log: OutputTail,
}

/// What a part is called in a sentence, after "the".
pub(super) fn title(part: &str) -> String {
    match part {
        "flags" => "flags service (`flags`)".to_owned(),
        "objects" => "object store (`objects`)".to_owned(),
        api if api.starts_with("api") => format!("replica `{api}`"),
        other => other.to_owned(),
    }
}

/// `1.2 s`.
fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// What an executable that does not fit the container says, and what to do about it: `\nhint: …`, or nothing.
fn hint_in(log: &OutputTail) -> &'static str {
    if log.mentions("GLIBC_") && log.mentions("not found") {
        "\nhint: this `bystander` was built on a system with a newer C library than the containers have (glibc 2.41); \
         build it on an older one, or use `--deploy embedded`"
    } else if log.mentions("exec format error") {
        "\nhint: this `bystander` was built for another processor or system than the engine's; \
         build it for Linux on the engine's, or use `--deploy embedded`"
    } else {
        ""
    }
}
