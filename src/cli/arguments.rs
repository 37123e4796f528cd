//! Commands and flags. Every flag also works from the environment.

use crate::deploy::Mode;
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
    /// List the sentences that a scenario can be written with
    Steps,
    /// List the faults that the reference clinic can be started with
    Faults,
    /// List what bystanders try
    Techniques,
    /// Make the reports of a run again from its ledger
    Report(ReportArguments),
    /// Remove the containers and networks that an earlier, killed run left behind
    Clean(CleanArguments),
    /// One role of the reference clinic, as its containers run it
    #[command(hide = true, subcommand)]
    Clinic(bystander_clinic::Role),
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
    /// Where the clinic runs
    #[arg(long, value_enum, default_value_t, env = "BYSTANDER_DEPLOY")]
    pub deploy: Mode,
    /// Never make the base image here: use it, pull it, or do without containers
    #[arg(long, env = "BYSTANDER_NO_BOOTSTRAP")]
    pub no_bootstrap: bool,
    /// Start the clinic with one of its faults (`bystander faults` lists them)
    #[arg(long, value_name = "ID", env = "BYSTANDER_FAULT", value_delimiter = ',')]
    pub fault: Vec<String>,
    /// Leave the containers up, and say how to reach and how to remove them
    #[arg(long, env = "BYSTANDER_KEEP")]
    pub keep: bool,
    /// The seed from which people are made up; a new one each time when absent
    #[arg(long, value_name = "NUMBER", env = "BYSTANDER_SEED")]
    pub seed: Option<u64>,
    /// Start no new scenario after the first that does not hold
    #[arg(long, env = "BYSTANDER_FAIL_FAST")]
    pub fail_fast: bool,
    /// How many scenarios run side by side
    #[arg(long, value_name = "NUMBER", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64), env = "BYSTANDER_SIDE_BY_SIDE")]
    pub side_by_side: u16,
    /// How long an answer is waited for
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
    /// Only the verdict and the findings
    #[arg(long, short, conflicts_with = "verbose", env = "BYSTANDER_QUIET")]
    pub quiet: bool,
    /// Everything: every scenario, and why each thing could not be judged
    #[arg(long, short, env = "BYSTANDER_VERBOSE")]
    pub verbose: bool,
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
    /// Only the verdict and the findings
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
}

fn time(text: &str) -> Result<Duration, String> {
    crate::profile::Within::parse(text)
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
