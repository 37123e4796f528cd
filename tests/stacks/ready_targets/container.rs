//! Orthanc in a container, from the Dockerfile beside its profile.

use std::fs;

use super::installed::directory;
use super::judged::{compare, tested};
use super::table::TABLE;
use crate::binary::{Trouble, ensure};

/// The profile for the container says the same about the target as the other one: only how it is brought up differs.
pub(crate) fn differs_in_deployment_only() -> Result<(), Trouble> {
    let read = |name: &str| fs::read_to_string(directory().join("orthanc").join(name));
    let (own, container) = (read("profile.toml")?, read("container.toml")?);
    let (own, container) = (without_deployment(&own), without_deployment(&container));
    ensure(own == container, || {
        let differs = own.iter().zip(&container).find(|(one, other)| one != other);
        format!("profile.toml and container.toml differ: {differs:?}")
    })
}

/// The lines of a profile without those before `[base]` and without its `[deploy…]` tables.
fn without_deployment(profile: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut kept = false;
    for line in profile.lines() {
        if line.starts_with('[') {
            kept = !line.starts_with("[deploy");
        }
        if kept {
            lines.push(line);
        }
    }
    lines
}

/// It holds as it is meant to be, and leaks where it is not.
pub(crate) fn held_and_leaked() -> Result<(), Trouble> {
    let profile = directory().join("orthanc/container.toml");
    for row in TABLE.iter().filter(|row| row.target == "orthanc") {
        if ["secure", "attachments-open"].contains(&row.name) {
            compare(&tested(&profile, row)?, row)?;
        }
    }
    Ok(())
}
