//! What is installed of the ready targets.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// Where the profiles are.
pub(crate) fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/targets")
}

/// Where the virtual environments are; the same as in `serving.py`.
pub(crate) fn environments() -> Option<PathBuf> {
    let given = env::var_os("BYSTANDER_TARGETS").filter(|given| !given.is_empty());
    given
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cache/bystander/targets")))
}

/// Why a target cannot be started here, if it cannot.
pub(crate) fn missing(target: &str) -> Option<String> {
    match target {
        "orthanc" => (!is_on_path("Orthanc", &["/usr/sbin".into()]))
            .then(|| "Orthanc is not installed: apt-get install orthanc".to_owned()),
        "wagtail" => environment(target).or_else(|| {
            let places = environments().into_iter().map(|place| place.join("s3s/bin"));
            let cargo = env::home_dir().map(|home| home.join(".cargo/bin"));
            let places: Vec<PathBuf> = places.chain(cargo).collect();
            (!is_on_path("s3s-fs", &places)).then(|| "s3s-fs is not installed: see README.md".to_owned())
        }),
        _ => environment(target),
    }
}

/// A virtual environment counts only when it was made from the packages that are pinned now: else `start` would make it anew.
fn environment(target: &str) -> Option<String> {
    let wanted = fs::read(directory().join(target).join("requirements.txt")).ok()?;
    let made = environments().and_then(|place| fs::read_to_string(place.join(target).join("made-from")).ok());
    (made.as_deref() != Some(hex::encode(Sha256::digest(wanted)).as_str()))
        .then(|| format!("{target} is not installed: fixtures/targets/install {target}"))
}

fn is_on_path(program: &str, also: &[PathBuf]) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(also.iter().cloned())
        .any(|place| place.join(program).is_file())
}
