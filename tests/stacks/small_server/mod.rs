//! A small server that nobody here tests for a living, in fifteen modes and a sound one: twelve leaks are found where they are
//! and nowhere else, three that are none are told rightly, and in the sound mode nothing is found at all.
//!
//! `cargo test --test stacks -- --serve MODE --port N` only serves it, until it is ended: for other tools to be tried on.
//! `fixtures/peers` does that.

mod mode;
mod peers;
mod server;
mod table;

use std::collections::BTreeSet;
use std::process::ExitCode;

use libtest_mimic::Trial;
use serde_json::Value as Json;

use crate::binary::{self, Trouble, ensure, run};
use crate::serving::Served;
use crate::trials::trial;
use mode::{MODES, Mode};
use table::{Row, TABLE};

const PROFILE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/stacks/small_server/profile.toml"
);

/// Serves it, if that is what this process was started for.
pub(crate) fn asked_for() -> Option<ExitCode> {
    let arguments: Vec<String> = std::env::args().collect();
    let after = arguments.iter().position(|one| one == "--serve")?;
    Some(match serve(&arguments[after + 1..]) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    })
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = MODES
        .iter()
        .map(|(name, mode)| trial(module_path!(), name, || judged_rightly(*mode)))
        .collect();
    trials.push(trial(
        module_path!(),
        "sound_with_other_seeds_side_by_side",
        holds_side_by_side,
    ));
    trials.extend(peers::trials());
    trials
}

/// `MODE [--port N]`: serves until the process is ended.
fn serve(arguments: &[String]) -> Result<(), Trouble> {
    let name = arguments.first().map_or("", String::as_str);
    let mode = Mode::named(name).ok_or_else(|| {
        let names: Vec<&str> = MODES.iter().map(|(name, _)| *name).collect();
        format!("there is no mode `{name}`\nhint: {}", names.join(", "))
    })?;
    let port = match arguments.iter().position(|one| one == "--port") {
        Some(at) => arguments
            .get(at + 1)
            .and_then(|port| port.parse().ok())
            .ok_or("`--port` wants a number below 65536")?,
        None => 0,
    };
    let served = Served::start(server::router(mode), port).map_err(|error| {
        format!("cannot serve on port {port}: {error}\nhint: without `--port`, a free one is taken")
    })?;
    println!("{}", served.base());
    loop {
        std::thread::park();
    }
}

fn tried(mode: Mode, further: &[&str]) -> Result<binary::Ended, Trouble> {
    let served = Served::start(server::router(mode), 0)?;
    let arguments = [&["run", "--profile", PROFILE], further].concat();
    run(
        &arguments,
        &[("MILL_LANE", &served.base()), ("MILL_LANE_ADMIN", server::ADMIN)],
    )
}

fn judged_rightly(mode: Mode) -> Result<(), Trouble> {
    let row = TABLE.iter().find(|row| row.mode == mode).ok_or("it has no row")?;
    // one scenario at a time, so that whoever is there is of that scenario
    let ended = tried(mode, &["--all-personas", "--seed", "5", "--jobs", "1"])?;
    ended.expect_code(row.code)?;
    let summary = ended.summary()?;
    let findings = summary["findings"]
        .as_array()
        .ok_or("no findings in the summary")?;
    let told = || format!("{findings:#?}\n{}", ended.stdout);
    ensure(surfaces(findings) == row.surfaces.iter().copied().collect(), told)?;
    ensure(in_scenario(findings, row.scenario) == expected(row), told)?;
    let elsewhere = |one: &&Json| !text(one, "state_class").contains("group-visits");
    ensure(
        !row.only_switched || !findings.iter().any(|one| elsewhere(&one)),
        told,
    )?;
    let gaps = summary["gaps"].to_string();
    if row.reason.is_empty() {
        ensure(gaps == "[]", || gaps)?;
    } else {
        ensure(gaps.contains(row.reason), || gaps)?;
    }
    // of what could not be judged nothing is held, and where there is no mistake everything is
    let verdicts: BTreeSet<&str> = scenarios(&summary).map(|one| text(one, "verdict")).collect();
    ensure(verdicts.contains("not-applicable"), told)?;
    match row.code {
        0 => ensure(verdicts == ["held", "not-applicable"].into(), told),
        3 => ensure(verdicts == ["inconclusive", "not-applicable"].into(), told),
        _ => Ok(()),
    }
}

/// Whose was got by whom at which surface, how much of it at the most.
type Got<'a> = BTreeSet<(&'a str, &'a str, &'a str, &'a str)>;

fn expected(row: &Row) -> Got<'static> {
    let mut got = Got::new();
    for (bystander, owner) in row.to {
        for surface in row.surfaces {
            let extent = if row.extent == "full" && surface.ends_with("-range") {
                "excerpt"
            } else {
                row.extent
            };
            got.insert((bystander, owner, surface, extent));
        }
    }
    got
}

fn in_scenario<'a>(findings: &'a [Json], scenario: &str) -> Got<'a> {
    let there = findings.iter().filter(|one| text(one, "scenario") == scenario);
    there
        .map(|one| {
            (
                text(one, "bystander"),
                text(one, "owner"),
                text(one, "surface"),
                text(one, "extent"),
            )
        })
        .collect()
}

fn surfaces(findings: &[Json]) -> BTreeSet<&str> {
    findings.iter().map(|one| text(one, "surface")).collect()
}

fn scenarios(summary: &Json) -> impl Iterator<Item = &Json> {
    summary["scenarios"].as_array().into_iter().flatten()
}

fn text<'a>(value: &'a Json, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// As a user runs it, with everything at the same time.
fn holds_side_by_side() -> Result<(), Trouble> {
    for seed in ["1", "77"] {
        let ended = tried(Mode::Sound, &["--seed", seed])?;
        ended.expect_code(0)?;
        let summary = ended.summary()?;
        ensure(summary["findings"] == Json::Array(Vec::new()), || {
            ended.stdout.clone()
        })?;
        let held = scenarios(&summary)
            .filter(|one| text(one, "verdict") == "held")
            .count();
        ensure(held >= 12, || {
            format!("only {held} scenarios held\n{}", ended.stdout)
        })?;
    }
    Ok(())
}
