//! `bystander prove`: would the scenarios have noticed?

use super::arguments::ProveArguments;
use super::interrupted::interrupted;
use super::progress::ProgressLine;
use super::report::{say_where, style};
use super::{Failure, say};
use crate::deploy::{Mode, Progress as _};
use crate::judge::exit;
use crate::probe::Sabotage;
use crate::prove::{
    Deployment, DetectionPower, StopSignal, Trial, TrialConfig, TrialProgress, TrialSpec, interfere, work_off,
};
use crate::report::terminal::{self, Style};
use bystander_clinic::faults::{Fault, catalogue};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Runs the trials and says what they showed.
pub(super) async fn prove(arguments: &ProveArguments) -> Result<u8, Failure> {
    let bench = TrialConfig {
        executable: std::env::current_exe().map_err(|error| Failure::with(exit::INTERNAL, &error))?,
        features: arguments.features.clone(),
        out: arguments.out.join("prove"),
        limit: arguments.limit,
        no_early_stop: arguments.no_early_stop,
    };
    if arguments.sabotage {
        return sabotage(arguments, bench).await;
    }
    let orders = orders(arguments)?;
    let seed = orders.first().map_or(0, |order| order.seed);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let side_by_side = arguments.jobs.map_or(processors, usize::from);
    let line = ProgressLine::new(arguments.quiet);
    line.say(&format!("{} trials", orders.len()));
    let stop = StopSignal::default();
    let began = Instant::now();
    let working = {
        let (line, stop, all) = (line.clone(), stop.clone(), orders.len());
        tokio::task::spawn_blocking(move || {
            let over = AtomicUsize::new(0);
            let watch = |order: &TrialSpec, stage: TrialProgress, trial: Option<&Trial>| {
                let over = match stage {
                    TrialProgress::Begun => over.load(Ordering::Relaxed),
                    TrialProgress::Over => over.fetch_add(1, Ordering::Relaxed) + 1,
                };
                let fared = trial.map_or_else(|| "begun".to_owned(), |trial| trial.outcome.to_string());
                line.say(&format!("{over} of {all} trials; {} {fared}", order.name()));
            };
            work_off(&bench, &orders, side_by_side, &stop, &watch)
        })
    };
    tokio::pin!(working);
    let trials = tokio::select! {
        trials = &mut working => trials,
        signal = interrupted() => {
            line.say(&format!("{signal}: the trials that are under way are ended"));
            stop.request_stop();
            working.await
        }
    };
    let trials = trials.map_err(|error| Failure::with(exit::INTERNAL, &error))?;
    line.clear();
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let power = DetectionPower::of(trials, seed, elapsed_ms);
    let style = style(arguments.color, arguments.quiet, false);
    say(&terminal::power(&power, style));
    let written = write(&arguments.out.join("power.json"), &power, style);
    Ok(code(&power, !written))
}

/// Interferes with our own probes in every way, and says which of them noticed.
async fn sabotage(arguments: &ProveArguments, bench: TrialConfig) -> Result<u8, Failure> {
    let seed = arguments.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let mut run = vec!["--seed".to_owned(), seed.to_string()];
    match (&arguments.profile, arguments.deploy) {
        (Some(profile), _) => run.extend(["--profile".to_owned(), profile.display().to_string()]),
        (None, Mode::Containers) => run.extend(["--deploy".to_owned(), "containers".to_owned()]),
        (None, Mode::Auto | Mode::Embedded) => run.extend(["--deploy".to_owned(), "embedded".to_owned()]),
    }
    let line = ProgressLine::new(arguments.quiet);
    let stop = StopSignal::default();
    let working = {
        let (line, stop) = (line.clone(), stop.clone());
        tokio::task::spawn_blocking(move || {
            let watch = |how: Sabotage| line.say(&format!("a run with the sabotage {how}"));
            interfere(&bench, &run, &stop, &watch)
        })
    };
    tokio::pin!(working);
    let sight = tokio::select! {
        sight = &mut working => sight,
        signal = interrupted() => {
            line.say(&format!("{signal}: the run that is under way is ended"));
            stop.request_stop();
            working.await
        }
    };
    let sight = sight.map_err(|error| Failure::with(exit::INTERNAL, &error))?;
    line.clear();
    let sight = sight.map_err(|why| Failure::with(exit::INCONCLUSIVE, &why))?;
    let style = style(arguments.color, arguments.quiet, false);
    say(&terminal::sight(&sight, style));
    let written = write(&arguments.out.join("sabotage.json"), &sight, style);
    Ok(match (sight.noticed, sight.blind.is_empty(), written) {
        (0, ..) | (_, false, _) => exit::LEAKED,
        (_, true, false) => exit::REPORT,
        (_, true, true) => exit::HELD,
    })
}

/// Writes a report; false when it could not be written.
fn write(path: &Path, report: &impl serde::Serialize, style: Style) -> bool {
    let text = serde_json::to_string_pretty(report).map_err(std::io::Error::other);
    match text.and_then(|text| fs::write(path, text + "\n")) {
        Ok(()) => {
            say_where(&[path.to_owned()], style);
            true
        }
        Err(error) => {
            eprintln!("error: `{}` cannot be written: {error}", path.display());
            false
        }
    }
}

/// A fault that was missed or not found for what it is, and a false alarm, are worse than what could not be judged.
fn code(power: &DetectionPower, report_failed: bool) -> u8 {
    let counts = &power.counts;
    if counts.missed + counts.mistaken + counts.false_alarms > 0 {
        exit::LEAKED
    } else if !power.proven {
        exit::INCONCLUSIVE
    } else if report_failed {
        exit::REPORT
    } else {
        exit::HELD
    }
}

/// The trials that were asked for: each fault once, then the sound clinic wherever a fault was run.
fn orders(arguments: &ProveArguments) -> Result<Vec<TrialSpec>, Failure> {
    let mut chosen: Vec<&'static Fault> = Vec::new();
    for id in &arguments.fault {
        let id: bystander_clinic::FaultId = id.parse().map_err(usage)?;
        chosen.extend(catalogue().iter().filter(|fault| fault.id == id));
    }
    for class in &arguments.class {
        let of_class = || {
            catalogue()
                .iter()
                .filter(|fault| fault.class.to_string() == *class)
        };
        if of_class().next().is_none() {
            return Err(usage(unknown_class(class)));
        }
        chosen.extend(of_class());
    }
    if arguments.fault.is_empty() && arguments.class.is_empty() {
        chosen.extend(catalogue());
    }
    let first = arguments.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let mut seeds = (0..).map(|next| first.wrapping_add(next));
    let mut orders = Vec::new();
    for fault in catalogue()
        .iter()
        .filter(|fault| chosen.iter().any(|one| one.id == fault.id))
    {
        let contained = fault.needs_containers || arguments.deploy == Mode::Containers;
        if contained && arguments.deploy == Mode::Embedded {
            if arguments.fault.is_empty() {
                crate::cli::say_line!(
                    "RemainingUndo out: `{}`, which shows in containers only.",
                    fault.id
                );
                continue;
            }
            return Err(usage(format!(
                "`{}` shows in containers only; hint: leave `--deploy embedded` out",
                fault.id
            )));
        }
        orders.extend(seeds.next().map(|seed| TrialSpec {
            fault: Some(fault),
            deployment: if contained {
                Deployment::Containers
            } else {
                Deployment::Embedded
            },
            seed,
        }));
    }
    for deployment in [Deployment::Embedded, Deployment::Containers] {
        let runs = match orders.iter().any(|order| order.deployment == deployment) {
            true => arguments.runs as usize,
            false => 0,
        };
        orders.extend(seeds.by_ref().take(runs).map(|seed| TrialSpec {
            fault: None,
            deployment,
            seed,
        }));
    }
    Ok(orders)
}

fn unknown_class(class: &str) -> String {
    let mut known: Vec<String> = catalogue().iter().map(|fault| fault.class.to_string()).collect();
    known.sort();
    known.dedup();
    format!(
        "there are no faults of the class `{class}`; hint: there are {}",
        known.join(", ")
    )
}

fn usage(error: impl std::fmt::Display) -> Failure {
    Failure::with(exit::USAGE, &error)
}
