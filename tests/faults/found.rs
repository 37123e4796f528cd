//! A run on a clinic with a fault is compared with the fault's row.

use std::collections::{BTreeMap, BTreeSet};

use bystander_clinic::faults::catalogue;
use serde_json::Value as Json;

use crate::Trouble;
use crate::binary::{Ended, ensure, run};
use crate::engine::Bench;
use crate::recorder::RECORDER;
use crate::table::{Finding, Row, Showing, only_contained, table};

/// From the mildest to the worst, as the clinic and the judge say it.
const EXTENTS: [&str; 5] = ["existence", "listed", "metadata", "excerpt", "full"];
/// From the mildest to the worst.
const TEMPERAMENTS: [&str; 3] = ["ordinary", "curious", "hostile"];

/// A new fault needs a row, and a row needs a fault.
pub(crate) fn table_is_complete() -> Result<(), Trouble> {
    let known: BTreeSet<&str> = catalogue().iter().map(|fault| fault.id.as_str()).collect();
    let rows: BTreeSet<&str> = table()
        .chain(only_contained())
        .chain(&RECORDER)
        .map(|row| row.fault)
        .collect();
    if let Some(row) = only_contained()
        .chain(&RECORDER)
        .find(|row| !needs_containers(row))
    {
        return Err(format!("`{}` shows without containers as well", row.fault).into());
    }
    ensure(known == rows, || {
        format!("{:?}", known.symmetric_difference(&rows))
    })
}

/// Whether its fault shows in containers only.
pub(crate) fn needs_containers(row: &Row) -> bool {
    let fault = catalogue().iter().find(|fault| fault.id.as_str() == row.fault);
    fault.is_some_and(|fault| fault.needs_containers)
}

/// All scenarios, so that it is also seen where the fault is silent.
pub(crate) fn embedded(row: &Row) -> Result<(), Trouble> {
    let names = if row.alone { row.names() } else { String::new() };
    let ended = run(
        &[
            "run",
            "--all-personas",
            "--deploy",
            "embedded",
            "--seed",
            "9",
            "--fault",
            row.fault,
            "--name",
            &names,
        ],
        &[],
    )?;
    let summary = compare(row, &ended)?;
    are_silent(row, &summary)
}

fn are_silent(row: &Row, summary: &Json) -> Result<(), Trouble> {
    for title in row.silent {
        let held = scenario(summary, title).is_some_and(|scenario| scenario["verdict"] == "held");
        ensure(held, || format!("`{title}` should have held"))?;
    }
    Ok(())
}

/// Where there are no containers, a fault that needs them is silent.
pub(crate) fn silent_embedded(row: &Row) -> Result<(), Trouble> {
    let titles: Vec<String> = row.silent.iter().map(|title| regex::escape(title)).collect();
    let names = format!("^({})$", titles.join("|"));
    let ended = run(
        &[
            "run",
            "--all-personas",
            "--deploy",
            "embedded",
            "--seed",
            "9",
            "--fault",
            row.fault,
            "--name",
            &names,
        ],
        &[],
    )?;
    ended.expect_code(0)?;
    let summary = ended.summary()?;
    ensure(summary["counts"]["held"] == row.silent.len(), || {
        summary["counts"].to_string()
    })
}

/// Only what triggers it, and where that is the one place to see it, also where it is silent; nothing is left of the containers.
pub(crate) fn in_containers(row: &Row) -> Result<(), Trouble> {
    // the gateway keeps an answer in every scenario in which somebody asks for it
    let only_here = RECORDER.iter().any(|one| one.fault == row.fault);
    let names = if only_here {
        row.names()
    } else {
        row.names_of_triggers()
    };
    let ended = run(
        &[
            "run",
            "--all-personas",
            "--deploy",
            "containers",
            "--seed",
            "9",
            "--fault",
            row.fault,
            "--name",
            &names,
        ],
        &[],
    )?;
    let summary = compare(row, &ended)?;
    ensure(summary["stack"]["kind"] == "containers", || {
        summary["stack"].to_string()
    })?;
    if only_here {
        are_silent(row, &summary)?;
    }
    Bench::of(&ended.name()?)?.nothing_is_left()
}

/// So often it is tried whether a fault between replicas shows.
const ATTEMPTS: usize = 4;

fn between_replicas(row: &Row) -> Result<Ended, Trouble> {
    let names = if row.alone { row.names() } else { String::new() };
    let (deploy, fault) = (["--deploy", "containers", "--seed", "9"], ["--fault", row.fault]);
    let arguments = [
        &["run", "--all-personas"][..],
        &deploy,
        &fault,
        &["--name", &names],
    ]
    .concat();
    run(&arguments, &[])
}

/// A fault between replicas: which of them answers is for the gateway to choose, so that not everything need come out; what does,
/// comes out to whom, of whom and where the row and the catalogue say.
pub(crate) fn where_it_happens(row: &Row) -> Result<(), Trouble> {
    let mut ended = between_replicas(row)?;
    for _ in 1..ATTEMPTS {
        // every time the other replica was asked
        if ended.code != Some(0) {
            break;
        }
        ended = between_replicas(row)?;
    }
    ended.expect_code(1)?;
    let summary = ended.summary()?;
    let findings = summary["findings"].as_array().cloned().unwrap_or_default();
    let fault = catalogue().iter().find(|fault| fault.id.as_str() == row.fault);
    let surfaces = fault.map_or(&[][..], |fault| fault.surfaces);
    let mut found = BTreeSet::new();
    for finding in &findings {
        let told = Finding(finding);
        let surface = plain(told.text("surface"));
        ensure(
            (row.always)(&told) && surfaces.contains(&surface.as_str()),
            || format!("the fault should not show here: {finding:#}"),
        )?;
        found.insert((told.text("scenario"), told.text("bystander"), told.text("owner")));
    }
    for showing in row.shows {
        let of_any = showing
            .owners
            .iter()
            .any(|owner| found.contains(&(showing.scenario, showing.bystander, *owner)));
        ensure(of_any, || format!("{} got nothing: {found:?}", showing.bystander))?;
    }
    for title in row.silent {
        let held = scenario(&summary, title).is_some_and(|scenario| scenario["verdict"] == "held");
        ensure(held, || format!("`{title}` should have held"))?;
    }
    Bench::of(&ended.name()?)?.nothing_is_left()
}

/// The surface as the catalogue names it: without the variant in which it was asked for.
fn plain(surface: &str) -> String {
    let variants = ["-head", "-range", "-web"];
    let stem = variants.iter().find_map(|variant| surface.strip_suffix(variant));
    stem.unwrap_or(surface).to_owned()
}

fn compare(row: &Row, ended: &Ended) -> Result<Json, Trouble> {
    ended.expect_code(1)?;
    let summary = ended.summary()?;
    ensure(summary["verdict"] == "leaked" && summary["exit"] == 1, || {
        summary["headline"].to_string()
    })?;
    let findings = summary["findings"].as_array().cloned().unwrap_or_default();
    for finding in &findings {
        ensure((row.always)(&Finding(finding)), || {
            format!("the fault should not show here: {finding:#}")
        })?;
        let told = Finding(finding);
        ensure(
            told.text("sentence").starts_with(told.called()) && finding["line"].as_u64() > Some(0),
            || format!("{finding:#}"),
        )?;
    }
    for scenario in row.shows.iter().map(|showing| showing.scenario) {
        shows(row, scenario, &findings)?;
    }
    fits_the_catalogue(row, &findings)?;
    Ok(summary)
}

fn scenario<'a>(summary: &'a Json, title: &str) -> Option<&'a Json> {
    let scenarios = summary["scenarios"].as_array()?;
    scenarios.iter().find(|scenario| scenario["name"] == title)
}

/// Who got whose in which state through what, with how much of it at the worst.
type Got<'a> = BTreeMap<(&'a str, &'a str, &'a str, &'a str), &'a str>;

/// In its scenarios exactly what the row says came out, neither less nor more.
fn shows(row: &Row, scenario: &str, findings: &[Json]) -> Result<(), Trouble> {
    let mut wanted = Got::new();
    let of_scenario = |showing: &&Showing| showing.scenario == scenario;
    for showing in row.shows.iter().filter(of_scenario) {
        for owner in showing.owners {
            for (surface, extent) in showing.extents {
                wanted.insert((showing.bystander, owner, showing.state, surface), extent);
            }
        }
    }
    let mut got = Got::new();
    for finding in findings {
        let told = Finding(finding);
        if told.text("scenario") == scenario {
            let key = ["bystander", "owner", "state_class", "surface"].map(|field| told.text(field));
            let worst = got.entry(key.into()).or_insert(EXTENTS[0]);
            if rank(&EXTENTS, told.text("extent")) > rank(&EXTENTS, worst) {
                *worst = told.text("extent");
            }
        }
    }
    let missing: Vec<_> = wanted
        .iter()
        .filter(|(key, extent)| got.get(*key) != Some(extent))
        .collect();
    // what is kept for several under one name is of whoever came first, and after each change that is another
    let of_the_other = |(bystander, owner, state, surface): (&str, &str, &str, &str)| {
        KEPT_TOGETHER.contains(&row.fault) && wanted.contains_key(&(owner, bystander, state, surface))
    };
    let besides = got
        .iter()
        .filter(|(key, _)| !wanted.contains_key(*key) && !of_the_other(**key));
    let besides: Vec<_> = besides.collect();
    ensure(missing.is_empty() && besides.is_empty(), || {
        format!("in `{scenario}`\nmissing or of another extent: {missing:#?}\nbesides: {besides:#?}")
    })
}

/// Faults by which several people share one kept list or page.
const KEPT_TOGETHER: [&str; 6] = [
    "list-cached-by-number",
    "list-cached-by-the-line-after-a-switch",
    "page-cached-by-slot",
    "page-cached-by-the-line-after-a-switch",
    "reload-fills-a-shared-list",
    "replays-cached-by-slot",
];

/// What the clinic says of its fault is what is found: the surfaces, the mildest temperament, and no more than it says.
fn fits_the_catalogue(row: &Row, findings: &[Json]) -> Result<(), Trouble> {
    let fault = catalogue()
        .iter()
        .find(|fault| fault.id.as_str() == row.fault)
        .ok_or("it is not in the catalogue")?;
    let said: BTreeSet<String> = fault.surfaces.iter().map(|surface| plain(surface)).collect();
    let found: BTreeSet<String> = findings
        .iter()
        .map(|finding| plain(Finding(finding).text("surface")))
        .collect();
    // what its row does not show, other scenarios do: `bystander prove` wants all of it
    ensure(found.is_subset(&said), || {
        format!("surfaces: {said:?}, found {found:?}")
    })?;
    let mildest = findings
        .iter()
        .map(|finding| rank(&TEMPERAMENTS, Finding(finding).text("temperament")))
        .min();
    let temperament = fault.temperament.to_string();
    ensure(mildest == Some(rank(&TEMPERAMENTS, &temperament)), || {
        format!("temperament: {temperament}, found {mildest:?}")
    })?;
    let worst = findings
        .iter()
        .map(|finding| rank(&EXTENTS, Finding(finding).text("extent")))
        .max();
    let extent = fault.extent.to_string();
    ensure(worst <= Some(rank(&EXTENTS, &extent)), || {
        format!("extent: at most {extent}, found {worst:?}")
    })
}

/// The place in the order; past the end for a word that is none of them.
fn rank(order: &[&str], word: &str) -> usize {
    order.iter().position(|one| *one == word).unwrap_or(order.len())
}
