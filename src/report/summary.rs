//! `summary.json`: the whole judgement for other programs.
//!
//! Its form is [`SCHEMA`] (JSON Schema, draft 2020-12), which documents each field. `schema` is raised when a field goes or
//! changes its meaning; new fields may come at any time. A program that only gates a release reads `verdict` or `exit`.

use crate::judge::{
    AssertionVerdict, Counts, DiscoveredEndpoint, Excepted, Finding, Gap, Judgement, LeftOut,
    ScenarioVerdict, Tally, TechniqueCoverage, exit,
};
use crate::ledger::Verdict;
use serde::Serialize;

/// The JSON Schema of the summary.
pub const SCHEMA: &str = include_str!("summary.schema.json");

/// Version of the summary's form.
pub const VERSION: u32 = 1;

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary<'a> {
    /// Version of this form.
    pub schema: u32,
    /// `held`, `inconclusive`, `leaked` or `nothing-ran`.
    pub verdict: &'static str,
    /// The exit code that belongs to it, failures to write reports apart.
    pub exit: u8,
    /// The verdict in one sentence.
    pub headline: String,
    /// The run; null when the ledger has no beginning.
    pub run: Option<Run<'a>>,
    /// The stack; null when it did not come up.
    pub stack: Option<Stack<'a>>,
    /// How much was done.
    pub counts: Counts,
    /// The leaks, the worst first.
    pub findings: &'a [Finding],
    /// What is excepted, and how often it was.
    pub exceptions: &'a [Excepted],
    /// What was not tried, for a reason that makes nothing inconclusive.
    pub left_out: &'a [LeftOut],
    /// Techniques that write a request anew, by surface: tried, or not and why.
    pub coverage: &'a [TechniqueCoverage],
    /// Forms of addresses that show recordings, found by following links.
    pub discovered: &'a [DiscoveredEndpoint],
    /// What could not be judged, and why.
    pub gaps: &'a [Gap],
    /// Surfaces by class of world state.
    pub matrix: &'a [Tally],
    /// Scenarios in the order of the run.
    pub scenarios: Vec<Scenario<'a>>,
}

/// How the run was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run<'a> {
    /// Short random name.
    pub id: &'a str,
    /// Version of Bystander.
    pub version: &'a str,
    /// Makes the same people again.
    pub seed: u64,
    /// RFC 3339, UTC.
    pub started: &'a str,
    /// Whether it ended by itself.
    pub finished: bool,
    /// Milliseconds, when it ended by itself.
    pub elapsed_ms: Option<u64>,
}

/// What was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stack<'a> {
    /// Name of the target profile.
    pub target: &'a str,
    /// `containers`, `embedded` or `given`.
    pub kind: &'a str,
    /// Why this kind.
    pub why: &'a str,
    /// Milliseconds until it was healthy.
    pub ready_ms: u64,
}

/// One scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scenario<'a> {
    /// Number within the run.
    pub scenario: u32,
    /// Title of the feature.
    pub feature: &'a str,
    /// Title of the scenario.
    pub name: &'a str,
    /// The feature's file.
    pub file: &'a str,
    /// Line of the scenario's title.
    pub line: u32,
    /// `held`, `inconclusive`, `leaked` or `not-applicable`.
    pub verdict: &'static str,
    /// Why it did not simply run.
    pub reason: Option<&'a str>,
    /// Milliseconds, when it ended.
    pub elapsed_ms: Option<u64>,
    /// Its `Then` steps.
    pub assertions: &'a [AssertionVerdict],
}

impl<'a> Summary<'a> {
    /// The summary of a judgement.
    #[must_use]
    pub fn of(judgement: &'a Judgement) -> Self {
        let finished = judgement.finished.as_ref();
        Self {
            schema: VERSION,
            verdict: judgement.verdict.map_or("nothing-ran", Verdict::word),
            exit: exit::code(judgement, false),
            headline: super::terminal::headline(judgement),
            run: judgement.run.as_ref().map(|run| Run {
                id: &run.run,
                version: &run.version,
                seed: run.seed,
                started: &run.started,
                finished: finished.is_some(),
                elapsed_ms: finished.map(|finished| finished.at_ms),
            }),
            stack: judgement.stack.as_ref().map(|stack| Stack {
                target: &stack.target,
                kind: &stack.kind,
                why: &stack.why,
                ready_ms: stack.ready_ms,
            }),
            counts: judgement.counts,
            findings: &judgement.findings,
            exceptions: &judgement.exceptions,
            left_out: &judgement.left_out,
            coverage: &judgement.coverage,
            discovered: &judgement.discovered,
            gaps: &judgement.gaps,
            matrix: &judgement.tallies,
            scenarios: judgement.scenarios.iter().map(scenario).collect(),
        }
    }
}

fn scenario(of: &ScenarioVerdict) -> Scenario<'_> {
    Scenario {
        scenario: of.scenario,
        feature: &of.feature,
        name: &of.name,
        file: &of.file,
        line: of.line,
        verdict: of.verdict.map_or("not-applicable", Verdict::word),
        reason: of.reason.as_deref(),
        elapsed_ms: of.elapsed_ms,
        assertions: &of.assertions,
    }
}

/// The summary as text, ending with a line feed.
///
/// # Errors
/// When it cannot be put into JSON.
pub fn render(judgement: &Judgement) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(&Summary::of(judgement))?;
    text.push('\n');
    Ok(text)
}
