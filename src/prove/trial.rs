//! One trial: a run in a process of its own, and what its ledger shows.

use super::against::{differences, plain, role_of_bystander};
use super::ledger_follower::{LedgerFindings, LedgerFollower};
use super::power::{FirstFinding, Trial, TrialOutcome};
use super::work::StopSignal;
use super::{TrialConfig, TrialSpec};
use crate::deploy::group::ProcessGroup;
use crate::judge::{AT_REST, Finding, Judgement, exit};
use crate::ledger::Verdict;
use bystander_clinic::faults::{Fault, FaultClass};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Where the clinic of a trial runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Deployment {
    /// Inside the process.
    Embedded,
    /// In containers.
    Containers,
}

impl fmt::Display for Deployment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Embedded => "embedded",
            Self::Containers => "containers",
        })
    }
}

/// How far a trial has come, for whoever watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrialProgress {
    /// It has begun.
    Begun,
    /// It is over.
    Over,
}

/// How often it is looked whether a trial is over.
const LOOKED_EVERY: Duration = Duration::from_millis(200);
/// How long a run may take to bring its stack down when it is told to end.
const ENDS_WITHIN: Duration = Duration::from_secs(60);

/// How a run came to its end.
pub(super) enum TrialEnd {
    /// By itself, with this exit code.
    Code(i32),
    /// It had shown enough.
    Enough,
}

/// Makes a trial. It takes until the run is over, so this is no work for a thread that others wait for.
pub(super) fn make(bench: &TrialConfig, order: &TrialSpec, stop: &StopSignal) -> Trial {
    let began = Instant::now();
    let out = bench.out.join(order.name());
    let mut arguments = vec!["--seed".to_owned(), order.seed.to_string()];
    arguments.extend(["--deploy".to_owned(), order.deployment.to_string()]);
    if let Some(fault) = order.fault {
        arguments.extend(["--fault".to_owned(), fault.id.to_string()]);
        arguments.extend(["--first".to_owned(), likely(fault).join(",")]);
        // it is over before a further clinic would have been of use
        arguments.extend(["--max-stacks", "1"].map(str::to_owned));
    }
    // of an earlier sitting
    let ledger = out.join("ledger.ndjson");
    let _ = fs::remove_file(&ledger);
    let whole = bench.features.is_none();
    let mut following = LedgerFollower::of(&ledger);
    let mut enough = || match order.fault.filter(|_| whole && !bench.no_early_stop) {
        Some(fault) => has_shown_everything(&mut following, fault),
        None => false,
    };
    let ended = run(bench, &arguments, &out, stop, &mut enough);
    let looked = ended.and_then(|ending| evaluate(following, order, whole, &ending));
    let mut trial = looked.unwrap_or_else(|why| Trial::unclear(order, why));
    trial.elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    trial
}

/// The features whose scenarios go first with a fault of this class: it shows in others too, and is looked for in all of them until it
/// has shown all that it does.
fn likely(fault: &Fault) -> Vec<&'static str> {
    let of_class: &[&str] = match fault.class {
        FaultClass::Ownership | FaultClass::Existence => &["listing", "fetching"],
        FaultClass::Switch => &["switching", "clinicians"],
        FaultClass::Flags => &["kill_switch", "cohorts", "changes", "switching"],
        FaultClass::Media => &["fetching", "links", "listing", "bucket"],
        FaultClass::Caches => &["listing", "switching", "deletion"],
        FaultClass::Sessions => &["sessions", "tenants"],
        FaultClass::Grants => &["sharing", "support", "families"],
        FaultClass::Tenants => &["tenants"],
        FaultClass::Routing => &["listing", "fetching", "graphql"],
        FaultClass::Events => &["listing", "switching"],
        FaultClass::Devices => &["devices", "sessions"],
    };
    let in_containers: &[&str] = match fault.needs_containers {
        true => &["recorder", "replicas", "gateway"],
        false => &[],
    };
    in_containers.iter().chain(of_class).copied().collect()
}

/// Whether everything has come out that the catalogue says of a fault, and nothing besides; of one that is there at rest, also at rest,
/// so that no change is said to be needed because a scenario with one came first. It decides on nothing but when to stop: what is said of a
/// trial is judged from its ledger alone.
fn has_shown_everything(following: &mut LedgerFollower, fault: &Fault) -> bool {
    // what cannot be read is told in the end
    if !following.catch_up().is_ok_and(|entries| entries > 0) {
        return false;
    }
    let found = following.so_far();
    let is_as_still = !fault.at_rest || found.iter().any(|finding| finding.state_class == AT_REST);
    !found.is_empty() && is_as_still && differences(fault, &found, following.tried(), true).is_empty()
}

/// Runs the scenarios with these arguments, in a process of its own; hands back its exit code.
/// Ends it when it has shown `enough`.
pub(super) fn run(
    bench: &TrialConfig,
    arguments: &[String],
    out: &Path,
    stop: &StopSignal,
    enough: &mut dyn FnMut() -> bool,
) -> Result<TrialEnd, String> {
    fs::create_dir_all(out).map_err(|error| format!("`{}` cannot be made: {error}", out.display()))?;
    let said = |name: &str| {
        File::create(out.join(name))
            .map_err(|error| format!("`{}` cannot be written: {error}", out.display()))
    };
    let mut command = Command::new(&bench.executable);
    for (name, _) in std::env::vars_os() {
        // what was set for this command is not meant for the runs
        if name.to_string_lossy().starts_with("BYSTANDER_") {
            command.env_remove(name);
        }
    }
    command.arg("run").args(arguments).arg("--out").arg(out);
    command.stdout(said("said.txt")?).stderr(said("errors.txt")?);
    if let Some(features) = &bench.features {
        command.arg("--features").arg(features);
    }
    let group = ProcessGroup::spawn(&mut command)
        .map_err(|error| format!("`{}` cannot be started: {error}", bench.executable.display()))?;
    wait(&group, bench.limit, stop, enough)
}

/// Waits until it is over, or may be.
fn wait(
    group: &ProcessGroup,
    limit: Duration,
    stop: &StopSignal,
    enough: &mut dyn FnMut() -> bool,
) -> Result<TrialEnd, String> {
    let began = Instant::now();
    loop {
        if let Some(status) = group.wait(LOOKED_EVERY) {
            let code = status.code();
            return code
                .map(TrialEnd::Code)
                .ok_or_else(|| "a signal ended the run".to_owned());
        }
        if enough() {
            group.end_within(ENDS_WITHIN);
            return Ok(TrialEnd::Enough);
        }
        let late = began.elapsed() > limit;
        if late || stop.is_asked() {
            group.stop();
            return Err(if late {
                format!("the run took more than {} s, and was ended", limit.as_secs())
            } else {
                "it was interrupted".to_owned()
            });
        }
    }
}

/// Judges the ledger that a trial has left.
fn evaluate(
    following: LedgerFollower,
    order: &TrialSpec,
    whole: bool,
    ending: &TrialEnd,
) -> Result<Trial, String> {
    let LedgerFindings {
        judgement,
        sent,
        tried,
    } = following.finish().map_err(|error| error.to_string())?;
    let mut trial = Trial::of(order, &judgement);
    trial.exit = match ending {
        TrialEnd::Code(code) => Some(*code),
        TrialEnd::Enough => None,
    };
    trial.first = first(&judgement, &sent);
    trial.first_ms = judgement
        .findings
        .iter()
        .filter_map(|finding| at(finding, &sent))
        .min();
    trial.needs = needs(&judgement);
    trial.different = match order.fault {
        Some(fault) if judgement.verdict == Some(Verdict::Leaked) => {
            differences(fault, &judgement.findings, &tried, whole)
        }
        _ => Vec::new(),
    };
    trial.outcome = outcome(order, &judgement, &trial);
    if matches!(trial.outcome, TrialOutcome::Unclear | TrialOutcome::Missed) {
        trial.why = why(&judgement, trial.exit);
    }
    Ok(trial)
}

fn outcome(order: &TrialSpec, judgement: &Judgement, trial: &Trial) -> TrialOutcome {
    let told = i32::from(exit::code(judgement, false));
    let same = trial.exit.is_none_or(|code| code == told);
    match (order.fault.is_some(), judgement.verdict) {
        // what the process said of itself is not what its ledger shows
        _ if !same => TrialOutcome::Unclear,
        (true, Some(Verdict::Leaked)) if trial.different.is_empty() => TrialOutcome::Caught,
        (true, Some(Verdict::Leaked)) => TrialOutcome::Mistaken,
        (true, Some(Verdict::Held)) => TrialOutcome::Missed,
        (false, Some(Verdict::Leaked)) => TrialOutcome::FalseAlarm,
        (false, Some(Verdict::Held)) => TrialOutcome::Held,
        (_, Some(Verdict::Inconclusive) | None) => TrialOutcome::Unclear,
    }
}

fn why(judgement: &Judgement, code: Option<i32>) -> Option<String> {
    let gap = judgement.gaps.first().map(|gap| gap.reason());
    let code = code.filter(|code| *code != 0);
    gap.or_else(|| code.map(|code| format!("the run ended with exit code {code}")))
}

/// When the request of a finding was sent.
fn at(finding: &Finding, sent: &HashMap<u64, u64>) -> Option<u64> {
    sent.get(&finding.evidence.exchange).copied()
}

/// What the mildest temperament found first.
fn first(judgement: &Judgement, sent: &HashMap<u64, u64>) -> Option<FirstFinding> {
    let findings = judgement.findings.iter();
    let finding = findings.min_by_key(|finding| (finding.temperament, at(finding, sent)))?;
    Some(FirstFinding {
        scenario: finding.scenario.clone(),
        file: finding.file.clone(),
        line: finding.line,
        surface: finding.surface.clone(),
        technique: finding.technique.clone(),
        temperament: finding.temperament,
        bystander: role_of_bystander(finding).to_owned(),
    })
}

/// The fewest changes after which it shows.
fn needs(judgement: &Judgement) -> Option<String> {
    let changes = |finding: &&Finding| match finding.state_class.as_str() {
        AT_REST => 0,
        class => 1 + class.matches('·').count() + class.matches('→').count(),
    };
    let finding = judgement.findings.iter().min_by_key(changes)?;
    Some(finding.state_class.clone())
}

impl Trial {
    fn of(order: &TrialSpec, judgement: &Judgement) -> Self {
        let surfaces: BTreeSet<&str> = judgement.findings.iter().map(|one| plain(&one.surface)).collect();
        let bystanders: BTreeSet<&str> = judgement.findings.iter().map(role_of_bystander).collect();
        let scenarios: BTreeSet<u32> = judgement.findings.iter().map(|one| one.scenario_number).collect();
        Self {
            surfaces: surfaces.into_iter().map(str::to_owned).collect(),
            bystanders: bystanders.into_iter().map(str::to_owned).collect(),
            extent: judgement.findings.iter().map(|one| one.extent).max(),
            findings: judgement.findings.len(),
            scenarios: scenarios.len(),
            probes: judgement.counts.probes,
            ..Self::unclear(order, String::new())
        }
    }

    /// One of which nothing can be said.
    pub(super) fn unclear(order: &TrialSpec, why: String) -> Self {
        Self {
            fault: order.fault.map(|fault| fault.id.to_string()),
            class: order.fault.map(|fault| fault.class.to_string()),
            deployment: order.deployment,
            seed: order.seed,
            outcome: TrialOutcome::Unclear,
            why: (!why.is_empty()).then_some(why),
            different: Vec::new(),
            first: None,
            first_ms: None,
            needs: None,
            surfaces: Vec::new(),
            bystanders: Vec::new(),
            extent: None,
            findings: 0,
            scenarios: 0,
            probes: 0,
            exit: None,
            elapsed_ms: 0,
        }
    }
}
