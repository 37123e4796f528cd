//! A run of the built-in features on a target is compared with its row.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use super::installed::{directory, environments};
use super::table::Row;
use crate::binary::{Trouble, ensure, run};

/// What issue-writers and reviewers are promised: an afternoon's work, and a page.
const LONGEST_PROFILE: usize = 120;

/// Every ready profile can be read in one go.
pub(crate) fn profiles_are_short() -> Result<(), Trouble> {
    let mut seen = 0;
    for place in fs::read_dir(directory())? {
        let profile = place?.path().join("profile.toml");
        if profile.is_file() {
            seen += 1;
            let lines = fs::read_to_string(&profile)?.lines().count();
            ensure(lines <= LONGEST_PROFILE, || {
                format!("{} has {lines} lines", profile.display())
            })?;
        }
    }
    ensure(seen >= 4, || format!("only {seen} ready profiles"))
}

/// The built-in features on one configuration.
pub(crate) fn row(row: &Row) -> Result<(), Trouble> {
    let profile = directory().join(row.target).join("profile.toml");
    let summary = tested(&profile, row)?;
    compare(&summary, row)
}

/// The summary of a run with the exit code that the row wants.
pub(crate) fn tested(profile: &Path, row: &Row) -> Result<Json, Trouble> {
    let environments = environments().unwrap_or_default();
    let environments = environments.to_string_lossy();
    let mut environment = vec![
        ("TARGET_MODE", row.mode),
        ("BYSTANDER_TARGETS", environments.as_ref()),
    ];
    environment.extend(row.change.map(|change| ("TARGET_CHANGE", change)));
    let profile = profile.to_string_lossy();
    let ended = run(
        &["run", "--profile", profile.as_ref(), "--seed", "9"],
        &environment,
    )?;
    ended.expect_code(i32::from(!row.leaks.is_empty()))?;
    ended.summary()
}

/// Exactly the row's surfaces leaked, to whom and when it says; where it says none, every surface was judged.
pub(crate) fn compare(summary: &Json, row: &Row) -> Result<(), Trouble> {
    let findings = summary["findings"].as_array().cloned().unwrap_or_default();
    let leaked: BTreeSet<&str> = findings.iter().map(|finding| text(finding, "surface")).collect();
    let wanted: BTreeSet<&str> = row.leaks.iter().copied().collect();
    ensure(leaked == wanted, || {
        format!("leaked {leaked:?}, wanted {wanted:?}: {:#}", summary["findings"])
    })?;
    let nobody = |finding: &Json| ["nobody", "somebody"].contains(&text(finding, "bystander"));
    ensure(findings.iter().any(nobody) == row.to_nobody, || {
        format!("to nobody: {} expected: {findings:#?}", row.to_nobody)
    })?;
    let matrix = summary["matrix"].as_array().cloned().unwrap_or_default();
    if row.leaks.is_empty() {
        return all_judged(summary, &matrix);
    }
    let at_rest = |cell: &Json| text(cell, "state_class") == "at rest";
    let before = findings.iter().any(at_rest);
    ensure(before != row.change.is_some(), || {
        format!("leaked at rest: {before}, and the change is {:?}", row.change)
    })?;
    // a change that leaks is seen against what held before it
    ensure(
        row.change.is_none() || matrix.iter().any(|cell| at_rest(cell) && cell["held"] != 0),
        || format!("nothing held before the change: {matrix:#?}"),
    )
}

/// A run that holds has held something at every surface of the profile, at rest and after the change, and left nothing out.
fn all_judged(summary: &Json, matrix: &[Json]) -> Result<(), Trouble> {
    ensure(
        summary["verdict"] == "held" && summary["gaps"] == Json::Array(Vec::new()),
        || format!("{}: {:#}", summary["headline"], summary["gaps"]),
    )?;
    let states: BTreeSet<&str> = matrix.iter().map(|cell| text(cell, "state_class")).collect();
    ensure(states.len() >= 2, || format!("only in the states {states:?}"))?;
    ensure(matrix.iter().all(|cell| cell["held"] != 0), || {
        format!("{matrix:#?}")
    })
}

fn text<'a>(of: &'a Json, field: &str) -> &'a str {
    of[field].as_str().unwrap_or_default()
}
