//! `fixtures/peers/compare` keeps working: it knows the same modes, judges Bystander as this test does, and never says of a tool
//! that is not there that it missed something.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use libtest_mimic::Trial;
use serde_json::{Value as Json, json};

use super::mode::MODES;
use super::table::TABLE;
use crate::binary::{Trouble, ensure};
use crate::trials::trial;

const COMPARE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/peers/compare");

/// The trials, ignored where there is no Python 3 that can run the script.
pub(crate) fn trials() -> Vec<Trial> {
    let python = Command::new("python3").arg("--version").output();
    let ignored = !python.is_ok_and(|ended| ended.status.success());
    [
        trial(
            module_path!(),
            "peers_are_compared_with_the_same_truth",
            same_truth,
        ),
        trial(
            module_path!(),
            "peers_that_are_not_installed_missed_nothing",
            not_installed,
        ),
        trial(
            module_path!(),
            "peers_on_a_server_that_does_not_come_up",
            no_server,
        ),
    ]
    .map(|trial| trial.with_ignored_flag(ignored))
    .into()
}

fn compare(server: &Path, further: &[&str]) -> Result<Output, Trouble> {
    let nothing = tempfile::tempdir()?;
    let mut command = Command::new("python3");
    command.arg(COMPARE).arg("--server").arg(server);
    command.args(["--bystander", env!("CARGO_BIN_EXE_bystander")]);
    command.arg("--peers").arg(nothing.path());
    Ok(command.args(further).stdin(Stdio::null()).output()?)
}

fn succeeded(ended: &Output) -> Result<Json, Trouble> {
    ensure(ended.status.success(), || {
        format!("{}\n{}", ended.status, String::from_utf8_lossy(&ended.stderr))
    })?;
    Ok(serde_json::from_slice(&ended.stdout)?)
}

fn same_truth() -> Result<(), Trouble> {
    let told = succeeded(&compare(&std::env::current_exe()?, &["--truth"])?)?;
    let told = told.as_array().ok_or("no list")?;
    ensure(told.len() == MODES.len(), || format!("{} modes", told.len()))?;
    for (name, mode) in MODES {
        let row = TABLE.iter().find(|row| row.mode == mode).ok_or("it has no row")?;
        let (truth, right) = match row.code {
            0 => ("holds", "held"),
            1 => ("leaks", "caught"),
            _ => ("unknowable", "could not say"),
        };
        let mut surfaces = row.surfaces.to_vec();
        surfaces.sort_unstable();
        let wanted = json!({ "name": name, "truth": truth, "right": right, "surfaces": surfaces });
        ensure(told.contains(&wanted), || {
            format!("`compare --truth` does not say {wanted}")
        })?;
    }
    Ok(())
}

fn not_installed() -> Result<(), Trouble> {
    let modes = [
        ("list-unscoped-after-switch", "caught"),
        ("denied-with-200", "held"),
        ("sign-in-down", "could not say"),
    ];
    let names = modes.map(|(name, _)| name);
    let arguments = [&["--json"], &names[..]].concat();
    let told = succeeded(&compare(&std::env::current_exe()?, &arguments)?)?;
    for (name, right) in modes {
        let rows = told["modes"].as_array().ok_or("no modes")?;
        let row = rows.iter().find(|row| row["name"] == name);
        let tools = &row.ok_or_else(|| format!("`{name}` was not tried"))?["tools"];
        let own = &tools["bystander"];
        ensure(own["word"] == right && own["right"] == true, || {
            format!("{name}: {own:#}")
        })?;
        for peer in ["authztrace", "overstep"] {
            ensure(told["tools"][peer] == "not installed", || told.to_string())?;
            ensure(tools[peer]["word"] == "not installed", || {
                format!("{name}: {:#}", tools[peer])
            })?;
        }
    }
    Ok(())
}

/// Nothing is said of any tool then.
fn no_server() -> Result<(), Trouble> {
    let ended = compare(Path::new("/bin/true"), &["sound"])?;
    let said = String::from_utf8_lossy(&ended.stderr);
    ensure(ended.status.code() == Some(2), || {
        format!("{}\n{said}", ended.status)
    })?;
    ensure(said.contains("did not come up in the mode `sound`"), || {
        said.to_string()
    })?;
    ensure(ended.stdout.is_empty(), || {
        String::from_utf8_lossy(&ended.stdout).to_string()
    })
}
