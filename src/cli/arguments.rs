//! Commands and flags. Every flag also works from the environment.

use crate::deploy::Mode;
use crate::probe::Sabotage;
use clap::{Args, Parser, Subcommand, ValueEnum};
use cucumber::gherkin::tagexpr::TagOperation;
use regex::Regex;
use std::path::PathBuf;
use std::time::Duration;

/// Shows, before a telehealth release, that no one can list or fetch another patient's consultation recordings.
#[derive(Debug, Parser)]
#[command(name = "bystander", version, about, arg_required_else_help = true)]
#[command(
    after_help = "Exit codes: 0 held, 1 leaked, 2 usage, 3 inconclusive, 4 nothing ran, 5 the stack did not come up or went away, \
6 a report could not be written, 70 a bug in Bystander. The worst wins; a leak is never outranked."
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring the stack up, run the scenarios, and say whether the recordings held
    Run(RunArguments),
    /// Try each part of a target profile on its stack, and say what works and what stays untested
    Check(CheckArguments),
    /// Show that the scenarios would notice: run them on a clinic with each known fault, and on the sound one
    Prove(ProveArguments),
    /// Bring the stack up, say where it is, and take it down on Ctrl-C
    Up(UpArguments),
    /// Write a first target profile: from an OpenAPI document, from HAR recordings, or from questions
    Init(InitArguments),
    /// List the sentences that a scenario can be written with
    Steps,
    /// List the faults that the reference clinic can be started with
    Faults {
        /// In which form
        #[arg(long, value_enum, default_value_t)]
        format: ListFormat,
    },
    /// List what bystanders try
    Techniques,
    /// Print the JSON Schema of a file that Bystander reads
    Schema {
        /// Of which file
        #[arg(value_enum)]
        of: SchemaOf,
    },
    /// Make the reports of a run again from its ledger
    Report(ReportArguments),
    /// Remove what an earlier, killed run left behind: its containers, or what it planted in a stack that stays
    Clean(CleanArguments),
    /// One role of the reference clinic, as its containers run it
    #[command(hide = true, subcommand)]
    Clinic(bystander_clinic::ServerRole),
}

/// The form of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For reading in a terminal.
    #[default]
    Text,
    /// The page `fixtures/clinic/FAULTS.md`.
    Markdown,
}

/// A file that has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// A target profile (convert it from TOML to JSON, or let the editor do that).
    Profile,
    /// `power.json`, as `bystander prove` writes it.
    Power,
    /// `sabotage.json`, as `bystander prove --sabotage` writes it.
    Sabotage,
}

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// `bystander run`.
#[derive(Debug, Args)]
pub struct RunArguments {
    /// A `.feature` file or a directory of them, instead of the built-in features
    #[arg(long, value_name = "PATH", env = "BYSTANDER_FEATURES")]
    pub features: Option<PathBuf>,
    /// Only scenarios whose tags match, such as `@links and not @containers`
    #[arg(long, short = 't', value_name = "EXPRESSION", env = "BYSTANDER_TAGS")]
    pub tags: Option<TagOperation>,
    /// Only scenarios whose title matches this regular expression
    #[arg(long, short = 'n', value_name = "REGEX", env = "BYSTANDER_NAME")]
    pub name: Option<Regex>,
    /// The target profile of the stack; with none, the stack is the reference clinic
    #[arg(long, short = 'p', value_name = "FILE", env = "BYSTANDER_PROFILE")]
    pub profile: Option<PathBuf>,
    /// Where the clinic runs
    #[arg(long, value_enum, default_value_t, env = "BYSTANDER_DEPLOY")]
    pub deploy: Mode,
    /// Never make the base image here: use it, pull it, or do without containers
    #[arg(long, env = "BYSTANDER_NO_BOOTSTRAP")]
    pub no_bootstrap: bool,
    /// Start the clinic with one of its faults (`bystander faults` lists them)
    #[arg(
        long,
        value_name = "ID",
        env = "BYSTANDER_FAULT",
        value_delimiter = ',',
        conflicts_with = "profile"
    )]
    pub fault: Vec<String>,
    /// Features, each by the name of its file, whose scenarios go first (`bystander prove` begins with those that a fault is most
    /// likely to show in)
    #[arg(long, value_name = "NAME", value_delimiter = ',', hide = true)]
    pub first: Vec<String>,
    /// Inject leaks into our own probes, to see whether they notice (`bystander prove --sabotage` does that in every way)
    #[arg(long, value_enum, value_name = "WAY", hide = true)]
    pub sabotage: Option<Sabotage>,
    /// Leave the containers up, and say how to reach and how to remove them
    #[arg(long, env = "BYSTANDER_KEEP")]
    pub keep: bool,
    /// Seed for the synthetic people; by default a new one for each run
    #[arg(long, value_name = "NUMBER", env = "BYSTANDER_SEED")]
    pub seed: Option<u64>,
    /// Start no new scenario after the first that does not hold
    #[arg(long, env = "BYSTANDER_FAIL_FAST")]
    pub fail_fast: bool,
    /// Try every technique at every surface as every persona, for every recording. By default, rewriting techniques are spread over the
    /// scenarios, one persona per relationship
    #[arg(long, env = "BYSTANDER_THOROUGH")]
    pub thorough: bool,
    /// Run plain techniques as every persona, not one per group of equivalent personas
    #[arg(long, env = "BYSTANDER_ALL_PERSONAS")]
    pub all_personas: bool,
    /// Print what would be sent, as far as the scenarios say it, and send nothing; with `-v`, each try by itself
    #[arg(long)]
    pub plan: bool,
    /// Number of scenarios that run at the same time
    #[arg(long, value_name = "NUMBER", default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=64), env = "BYSTANDER_JOBS")]
    pub jobs: u16,
    /// Maximum number of clinics in containers: one shared, the rest so that scenarios that change flags can run in parallel
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=16), env = "BYSTANDER_MAX_STACKS", conflicts_with = "profile")]
    pub max_stacks: u16,
    /// Response timeout
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time, env = "BYSTANDER_TIMEOUT")]
    pub timeout: Duration,
    /// Length of a planted audio recording, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = crate::plant::media::AUDIO_BYTES, value_parser = audio_bytes, env = "BYSTANDER_AUDIO_BYTES")]
    pub audio_bytes: usize,
    /// Length of a planted video recording, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = crate::plant::media::VIDEO_BYTES, value_parser = video_bytes, env = "BYSTANDER_VIDEO_BYTES")]
    pub video_bytes: usize,
    /// Where the ledger and the reports go
    #[arg(
        long,
        value_name = "DIR",
        default_value = "bystander-out",
        env = "BYSTANDER_OUT"
    )]
    pub out: PathBuf,
    /// A further copy of the JUnit report
    #[arg(long, value_name = "FILE", env = "BYSTANDER_JUNIT")]
    pub junit: Option<PathBuf>,
    /// When to colour
    #[arg(long, value_enum, default_value_t, env = "BYSTANDER_COLOR")]
    pub color: Color,
    /// Print only the verdict, the findings and what could not be judged
    #[arg(long, short, conflicts_with = "verbose", env = "BYSTANDER_QUIET")]
    pub quiet: bool,
    /// Print every surface in every state, every scenario, and each reason why something could not be judged
    #[arg(long, short, env = "BYSTANDER_VERBOSE")]
    pub verbose: bool,
}

/// `bystander prove`.
#[derive(Debug, Args)]
pub struct ProveArguments {
    /// Only these faults (`bystander faults` lists them)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub fault: Vec<String>,
    /// Only faults of these classes
    #[arg(long, value_name = "CLASS", value_delimiter = ',')]
    pub class: Vec<String>,
    /// Inject leaks on our own side instead of starting faults of the clinic, and report which probes notice; for any stack
    #[arg(long, conflicts_with_all = ["fault", "class", "runs", "jobs"])]
    pub sabotage: bool,
    /// The target profile of the stack that is probed; with none, the reference clinic
    #[arg(long, short = 'p', value_name = "FILE", requires = "sabotage")]
    pub profile: Option<PathBuf>,
    /// A `.feature` file or a directory of them, instead of the built-in features
    #[arg(long, value_name = "PATH", env = "BYSTANDER_FEATURES")]
    pub features: Option<PathBuf>,
    /// Number of runs of the sound clinic, each with its own seed
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub runs: u32,
    /// Where the clinic runs: embedded where a fault shows there and in containers where not, or all of them in containers
    #[arg(long, value_enum, default_value_t, env = "BYSTANDER_DEPLOY")]
    pub deploy: Mode,
    /// Seed of the first trial; each further trial uses the next number
    #[arg(long, value_name = "NUMBER", env = "BYSTANDER_SEED")]
    pub seed: Option<u64>,
    /// Number of embedded clinics that run at the same time; by default one per processor
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub jobs: Option<u16>,
    /// Run every trial to completion. By default a trial stops when everything predicted for its fault was found
    #[arg(long)]
    pub no_early_stop: bool,
    /// How long one trial may take
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = time)]
    pub limit: Duration,
    /// Where `power.json` goes, and what each trial leaves, in `prove/`
    #[arg(
        long,
        value_name = "DIR",
        default_value = "bystander-out",
        env = "BYSTANDER_OUT"
    )]
    pub out: PathBuf,
    /// When to colour
    #[arg(long, value_enum, default_value_t, env = "BYSTANDER_COLOR")]
    pub color: Color,
    /// Print only the verdict and the problems
    #[arg(long, short, env = "BYSTANDER_QUIET")]
    pub quiet: bool,
}

/// `bystander check`.
#[derive(Debug, Args)]
pub struct CheckArguments {
    /// The target profile of the stack; with none, the stack is the reference clinic
    #[arg(long, short = 'p', value_name = "FILE", env = "BYSTANDER_PROFILE")]
    pub profile: Option<PathBuf>,
    /// Print the requests of the profile, and send none
    #[arg(long)]
    pub dry_run: bool,
    /// Where the clinic runs
    #[arg(long, value_enum, default_value = "embedded", env = "BYSTANDER_DEPLOY")]
    pub deploy: Mode,
    /// Response timeout
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time, env = "BYSTANDER_TIMEOUT")]
    pub timeout: Duration,
    /// Directory of the ledger. If something is left in a stack that was up already, `undo.ndjson` is there too, and
    /// `bystander clean --ledger DIR/ledger.ndjson` puts the stack back
    #[arg(
        long,
        value_name = "DIR",
        default_value = "bystander-check",
        env = "BYSTANDER_CHECK_OUT"
    )]
    pub out: PathBuf,
    /// When to colour
    #[arg(long, value_enum, default_value_t, env = "BYSTANDER_COLOR")]
    pub color: Color,
}

/// `bystander up`.
#[derive(Debug, Args)]
pub struct UpArguments {
    /// The target profile of the stack; with none, the stack is the reference clinic
    #[arg(long, short = 'p', value_name = "FILE", env = "BYSTANDER_PROFILE")]
    pub profile: Option<PathBuf>,
    /// Where the clinic runs
    #[arg(long, value_enum, default_value_t, env = "BYSTANDER_DEPLOY")]
    pub deploy: Mode,
    /// Never make the base image here: use it, pull it, or do without containers
    #[arg(long, env = "BYSTANDER_NO_BOOTSTRAP")]
    pub no_bootstrap: bool,
    /// Start the clinic with one of its faults (`bystander faults` lists them)
    #[arg(
        long,
        value_name = "ID",
        env = "BYSTANDER_FAULT",
        value_delimiter = ',',
        conflicts_with = "profile"
    )]
    pub fault: Vec<String>,
    /// Leave the stack up and return; say how to remove it
    #[arg(long, env = "BYSTANDER_KEEP")]
    pub keep: bool,
    /// Response timeout
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time, env = "BYSTANDER_TIMEOUT")]
    pub timeout: Duration,
}

/// `bystander init`.
#[derive(Debug, Args)]
pub struct InitArguments {
    /// An OpenAPI 3 document in JSON: a file, or an address on this machine or in a private network
    #[arg(
        long,
        value_name = "FILE|URL",
        env = "BYSTANDER_OPENAPI",
        conflicts_with = "har"
    )]
    pub openapi: Option<String>,
    /// A recording of somebody using the stack (HAR 1.2); a second one, of somebody else, shows which ids are whose
    #[arg(long, value_name = "FILE", env = "BYSTANDER_HAR", value_delimiter = ',')]
    pub har: Vec<PathBuf>,
    /// A host that may be asked for the document although it is neither this machine nor private
    #[arg(
        long,
        value_name = "HOST",
        env = "BYSTANDER_ALLOW_HOST",
        value_delimiter = ','
    )]
    pub allow_host: Vec<String>,
    /// Where the profile goes
    #[arg(
        long,
        value_name = "FILE",
        default_value = "bystander.toml",
        env = "BYSTANDER_INIT_OUT"
    )]
    pub out: PathBuf,
    /// Overwrite a file that is there
    #[arg(long)]
    pub force: bool,
}

/// `bystander report`.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// The ledger of a run
    #[arg(value_name = "LEDGER", default_value = "bystander-out/ledger.ndjson")]
    pub ledger: PathBuf,
    /// Write `summary.json` and `junit.xml` into this directory too
    #[arg(long, value_name = "DIR", env = "BYSTANDER_OUT")]
    pub out: Option<PathBuf>,
    /// When to colour
    #[arg(long, value_enum, default_value_t, env = "BYSTANDER_COLOR")]
    pub color: Color,
    /// Print only the verdict, the findings and what could not be judged
    #[arg(long, short, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Everything
    #[arg(long, short)]
    pub verbose: bool,
}

/// `bystander clean`.
#[derive(Debug, Args)]
pub struct CleanArguments {
    /// Only this run's, even while it is alive; without it, those of every run whose process has ended
    #[arg(value_name = "RUN")]
    pub run: Option<String>,
    /// Remove the clinic's images as well (they are made again when they are needed)
    #[arg(long)]
    pub images: bool,
    /// Put a stack that was up already back as it was before the run of this ledger: features and changes, recordings, people, by
    /// the `undo.ndjson` that a run which was cut off leaves beside it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["run", "images"])]
    pub ledger: Option<PathBuf>,
    /// The target profile to put it back by, instead of the run's own
    #[arg(long, short = 'p', value_name = "FILE", requires = "ledger")]
    pub profile: Option<PathBuf>,
    /// Response timeout
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = time, env = "BYSTANDER_TIMEOUT")]
    pub timeout: Duration,
}

fn time(text: &str) -> Result<Duration, String> {
    crate::profile::HumanDuration::parse(text)
        .map(|within| within.0)
        .filter(|time| !time.is_zero())
        .ok_or_else(|| "expected a length of time such as `500ms`, `10s` or `2m`".to_owned())
}

fn audio_bytes(text: &str) -> Result<usize, String> {
    at_least(text, crate::plant::media::MIN_AUDIO_BYTES)
}

fn video_bytes(text: &str) -> Result<usize, String> {
    at_least(text, crate::plant::media::MIN_VIDEO_BYTES)
}

/// The longest media that are planted: they are held in memory.
const MOST_MEDIA_BYTES: usize = 64 << 20;

fn at_least(text: &str, least: usize) -> Result<usize, String> {
    let bytes: usize = text
        .parse()
        .map_err(|_| "expected a number of bytes".to_owned())?;
    if (least..=MOST_MEDIA_BYTES).contains(&bytes) {
        Ok(bytes)
    } else {
        Err(format!("expected between {least} and {MOST_MEDIA_BYTES} bytes"))
    }
}
