//! Starting fails half-way, or is cancelled: the error says what is to be known, and nothing is left.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::Duration;

use bystander::deploy::{DeployError, DeployOptions, clean, up};
use tempfile::TempDir;

use crate::engine::{Bench, Outcome, Quiet, ensure};

/// A script in place of the roles' executable, which starts and ends.
pub(crate) fn a_role_that_ends_shows_its_log(bench: &Bench) -> Outcome {
    let script = "#!/bin/sh\necho 'the vault is locked' >&2\nsleep 0.7\nexit 3\n";
    let text = fails_with(bench, script, 0o755)?;
    ensure(
        text.contains("ended with exit code 3") && text.contains("| the vault is locked"),
        || text.clone(),
    )
}

/// A file that may not be executed.
pub(crate) fn a_file_that_cannot_run_is_named(bench: &Bench) -> Outcome {
    let text = fails_with(bench, "#!/bin/sh\n", 0o644)?;
    ensure(
        text.contains("did not start") && text.contains("permission denied"),
        || text.clone(),
    )
}

/// A file that is executable and no program.
pub(crate) fn a_file_that_is_no_program_is_named(bench: &Bench) -> Outcome {
    let text = fails_with(bench, "nothing of the kind", 0o755)?;
    ensure(
        text.contains("exec format error") && text.contains("hint: "),
        || text.clone(),
    )
}

/// The error with this file in place of the executable. It names a role.
fn fails_with(bench: &Bench, content: &str, mode: u32) -> Result<String, Box<dyn std::error::Error>> {
    let (_folder, path) = file(content, mode)?;
    let options = DeployOptions {
        executable: Some(path),
        ..bench.options()
    };
    let error: DeployError = match bench.runtime.block_on(up(&options, &Quiet)) {
        Ok(stack) => return Err(format!("it came up: {stack:?}").into()),
        Err(error) => error,
    };
    bench.nothing_is_left()?;
    let text = error.to_string();
    let named = [
        "the flags service",
        "the recorder",
        "the object store",
        "the replica `api-",
    ]
    .iter()
    .any(|name| text.starts_with(name));
    ensure(named, || format!("no role is named: {text}"))?;
    Ok(text)
}

/// A file in a folder of its own.
fn file(content: &str, mode: u32) -> std::io::Result<(TempDir, PathBuf)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bystander");
    fs::write(&path, content)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
    Ok((folder, path))
}

/// The future is dropped at many moments, and then `clean` is called, as on Ctrl-C.
pub(crate) fn cancelling_leaves_nothing(bench: &Bench) -> Outcome {
    // The images have to be there: this is about containers.
    bench.runtime.block_on(bench.up()?.down())?;
    let mut cancelled = 0;
    let moments = [60, 80, 100, 120, 150, 180, 260, 340, 450, 600, 900, 1300];
    let benches = moments
        .iter()
        .map(|after| Bench::of(&format!("{}-{after}", bench.run)))
        .collect::<Result<Vec<_>, _>>()?;
    for (bench, after) in benches.iter().zip(moments) {
        let options = bench.options();
        let ended = bench.runtime.block_on(async {
            tokio::time::timeout(Duration::from_millis(after), up(&options, &Quiet)).await
        });
        cancelled += u32::from(ended.is_err());
        drop(ended);
        bench.runtime.block_on(clean(Some(&bench.run), &Quiet))?;
        bench
            .nothing_is_left()
            .map_err(|error| format!("after {after} ms: {error}"))?;
    }
    ensure(cancelled >= 6, || format!("only {cancelled} were cancelled"))?;
    // What the engine was still making then would have appeared by now.
    for (bench, after) in benches.iter().zip(moments) {
        bench
            .nothing_is_left()
            .map_err(|error| format!("late, after {after} ms: {error}"))?;
    }
    Ok(())
}
