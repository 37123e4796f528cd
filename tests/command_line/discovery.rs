//! What nobody declared, at the clinic: from `/v1/me` alone everything that can be read is found, and what leaks there is caught.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::binary::{Ended, Trouble, ensure};
use crate::init::bench::Bench;

const CLINIC: &str = include_str!("../../fixtures/targets/clinic.toml");

/// The clinic's profile for an address that is up, with this one surface and no other.
fn with_one_surface(bench: &Bench, kept: &str) -> Result<PathBuf, Trouble> {
    let mut keep = true;
    let mut lines = Vec::new();
    for line in CLINIC.lines() {
        if line.starts_with('[') {
            keep = !line.starts_with("[surface.") || line.starts_with(&format!("[surface.{kept}]"));
        }
        // surfaces that are not there cannot be named
        if keep && !line.starts_with("opens = ") {
            lines.push(line);
        }
    }
    let text = lines
        .join("\n")
        .replace("stack.api", "env.API_ADDRESS")
        .replace("{{ stack.objects }}", "{{ env.MEDIA_ADDRESS }}")
        .replace("{{ stack.flags }}", "{{ env.FLAGS_ADDRESS }}")
        .replace("stack.replicas[0]", "env.API_ADDRESS")
        .replace(
            "{{ stack.replicas }}",
            "{{ [env.API_ADDRESS, env.MEDIA_ADDRESS] }}",
        )
        .replace("{{ stack.admin_key }}", "{{ env.ADMIN_KEY }}")
        .replace("{{ stack.service_key }}", "{{ env.SERVICE_KEY }}")
        .replace(", opens = [\"item\", \"media\"]", "");
    let path = bench.file("clinic.toml");
    fs::write(&path, text)?;
    Ok(path)
}

fn follow_links(bench: &Bench, profile: &Path) -> Result<Ended, Trouble> {
    let profile = profile.display().to_string();
    bench.run(&[
        "run",
        "--profile",
        &profile,
        "--tags",
        "@discovery",
        "--seed",
        "5",
    ])
}

/// The addresses of the clinic's own profile that can simply be read: no step before it hands out the address, nobody has to be given a
/// right first, it does not stay open, people have a right there, and to what is finished.
fn readable() -> BTreeSet<String> {
    let request = |line: &str| {
        let request = line.strip_prefix("request = \"GET /")?.strip_suffix('"')?;
        let path = request.split('?').next().unwrap_or(request);
        Some(format!("GET /{}", path.replace("{{ recording.id }}", "{id}")))
    };
    let surfaces = CLINIC.split("\n[").filter(|section| {
        let told = |key: &str| section.lines().any(|line| line.starts_with(key));
        let apart = ["granted = ", "stream = ", "twin = ", "unfinished = "];
        section.starts_with("surface.") && !apart.into_iter().any(told)
    });
    surfaces.flat_map(str::lines).filter_map(request).collect()
}

#[test]
fn from_one_address_everything_that_can_be_read_is_found() -> Result<(), Trouble> {
    let bench = Bench::with(&[])?;
    let ended = follow_links(&bench, &with_one_surface(&bench, "replays")?)?;
    ended.expect_code(0)?;
    let summary = ended.summary()?;
    let ways = summary["discovered"].as_array().ok_or("nothing was discovered")?;
    let found: BTreeSet<String> = ways
        .iter()
        .filter_map(|way| way["form"].as_str().map(str::to_owned))
        .collect();
    let readable = readable();
    ensure(readable.len() >= 6, || format!("{readable:?}"))?;
    let met = readable.intersection(&found).count();
    ensure(met * 10 >= readable.len() * 9, || {
        format!("found {met} of {readable:?}: {found:?}")
    })?;
    // the profile that was given names one of them
    let declared: Vec<&str> = ways.iter().filter_map(|way| way["declared"].as_str()).collect();
    ensure(declared == ["replays"], || format!("{declared:?}"))
}

#[test]
fn a_leak_that_nobody_declared_is_caught() -> Result<(), Trouble> {
    let bench = Bench::with(&["media-without-ownership-check"])?;
    let ended = follow_links(&bench, &with_one_surface(&bench, "replays")?)?;
    ended.expect_code(1)?;
    let summary = ended.summary()?;
    let findings = summary["findings"].as_array().ok_or("no findings")?;
    ensure(!findings.is_empty(), || ended.stdout.clone())?;
    for finding in findings {
        let told = ["surface", "owner", "extent", "technique"]
            .map(|field| finding[field].as_str().unwrap_or_default());
        let right = told == ["GET /v1/replays/{id}/media", "Ada", "full", "discovered-address"];
        ensure(right, || format!("{finding:#}"))?;
    }
    ensure(
        ended
            .stdout
            .contains("Ways out that the profile does not declare")
            && ended.stdout.contains("`GET /v1/replays/{id}/transcript`:"),
        || ended.stdout.clone(),
    )
}
