//! `bystander prove`: a fault is caught, missed or not found for what it is, and the sound clinic is accused or not; the exit code
//! says which.

use std::fs;

use crate::binary::{Ended, Trouble, ensure, run, start_in};
use serde_json::Value as Json;

const RANGES: &str = "ranges-skip-the-check";

const LINKS_ONLY: &str = r"Feature: Links and nothing else
  Scenario: A link
    Given Ada and Ben each have a finished video consultation that was recorded
    Then Ada's link opens for nobody else
";

/// Ben listens while Ada is recorded, and Ada listens on after she has signed out.
const LISTENING: &str = r"Feature: Listening
  Scenario: Out
    Given Ada and Ben each have a finished video consultation that was recorded
    When Ada signs out
    Then Ada's old session opens nothing
    When Ada signs in again
    Then no one can list or fetch anybody else's recordings
";

fn power(ended: &Ended) -> Result<Json, Trouble> {
    let text = fs::read_to_string(ended.place().join("bystander-out/power.json"))?;
    Ok(serde_json::from_str(&text)?)
}

/// `prove` with features of its own.
fn prove_with(feature: &str, arguments: &[&str]) -> Result<Ended, Trouble> {
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("own.feature"), feature)?;
    let arguments = [&["prove", "--features", "own.feature", "--seed", "3"], arguments].concat();
    start_in(place, &arguments, &[])?.wait()
}

#[test]
fn a_fault_is_caught_for_what_it_is_and_the_sound_clinic_is_not_accused() -> Result<(), Trouble> {
    let ended = run(&["prove", "--fault", RANGES, "--seed", "3"], &[])?;
    ended.expect_code(0)?;
    let power = power(&ended)?;
    ensure(power["proven"] == true && power["counts"]["caught"] == 1, || {
        power.to_string()
    })?;
    ensure(
        power["counts"]["held"] == 1 && power["counts"]["false_alarms"] == 0,
        || power.to_string(),
    )?;
    let fault = &power["faults"][0];
    let told = ["fault", "class", "deployment", "outcome", "needs", "extent"]
        .map(|field| fault[field].as_str().unwrap_or_default());
    ensure(
        told == [RANGES, "media", "embedded", "caught", "at rest", "excerpt"],
        || fault.to_string(),
    )?;
    ensure(
        fault["first"]["surface"] == "media-range" && fault["first"]["temperament"] == "curious",
        || fault.to_string(),
    )?;
    ensure(fault["different"] == Json::Array(Vec::new()), || {
        fault.to_string()
    })?;
    ensure(
        ended
            .stdout
            .starts_with("PROVEN: 1 of 1 fault caught, no false alarm in 1 run"),
        || ended.stdout.clone(),
    )?;
    // what each trial left is there to be looked at
    let ledger = ended
        .place()
        .join("bystander-out/prove")
        .join(RANGES)
        .join("ledger.ndjson");
    ensure(ledger.is_file(), || format!("{} is not there", ledger.display()))
}

#[test]
fn scenarios_that_do_not_look_miss_the_fault() -> Result<(), Trouble> {
    let ended = prove_with(LINKS_ONLY, &["--fault", RANGES])?;
    ended.expect_code(1)?;
    let power = power(&ended)?;
    ensure(power["proven"] == false && power["counts"]["missed"] == 1, || {
        power.to_string()
    })?;
    ensure(power["faults"][0]["outcome"] == "missed", || power.to_string())?;
    ensure(ended.stdout.contains("NOT PROVEN: 0 of 1 fault caught"), || {
        ended.stdout.clone()
    })
}

/// What cannot be judged proves nothing, and accuses nobody.
#[test]
fn a_trial_that_takes_too_long_shows_nothing() -> Result<(), Trouble> {
    let ended = run(&["prove", "--fault", RANGES, "--limit", "300ms"], &[])?;
    ended.expect_code(3)?;
    let power = power(&ended)?;
    ensure(
        power["counts"]["unclear"] == 2 && power["proven"] == false,
        || power.to_string(),
    )?;
    ensure(ended.stdout.contains("took more than"), || ended.stdout.clone())
}

/// On any stack: we interfere with our own probes, and each of them notices.
#[test]
fn probes_notice_that_they_are_interfered_with() -> Result<(), Trouble> {
    let ended = prove_with(LINKS_ONLY, &["--sabotage"])?;
    ended.expect_code(0)?;
    let text = fs::read_to_string(ended.place().join("bystander-out/sabotage.json"))?;
    let sight: Json = serde_json::from_str(&text)?;
    ensure(
        sight["probes"].as_u64() >= Some(4) && sight["noticed"] == sight["probes"],
        || sight.to_string(),
    )?;
    let rows = sight["rows"].as_array().ok_or("no rows")?;
    let row = rows.iter().find(|row| row["technique"] == "leaked-link");
    ensure(
        row.is_some_and(|row| row["by"] == serde_json::json!(["owners-credentials", "anothers-answer"])),
        || sight.to_string(),
    )?;
    ensure(ended.stdout.starts_with("SEES: "), || ended.stdout.clone())
}

#[test]
fn whoever_listens_notices_too() -> Result<(), Trouble> {
    let ended = prove_with(LISTENING, &["--sabotage"])?;
    ended.expect_code(0)?;
    let text = fs::read_to_string(ended.place().join("bystander-out/sabotage.json"))?;
    let sight: Json = serde_json::from_str(&text)?;
    ensure(
        sight["untouched"] == Json::Array(Vec::new()) && sight["blind"] == Json::Array(Vec::new()),
        || sight.to_string(),
    )?;
    let rows = sight["rows"].as_array().ok_or("no rows")?;
    for technique in ["listen", "stale-subscription"] {
        for surface in ["events", "events-socket"] {
            let row = rows
                .iter()
                .find(|row| row["technique"] == technique && row["surface"] == surface);
            ensure(
                row.is_some_and(|row| row["noticed"] == row["probes"] && row["probes"].as_u64() >= Some(1)),
                || format!("{technique} at {surface}: {row:?}"),
            )?;
        }
    }
    Ok(())
}

#[test]
fn scenarios_that_probe_nothing_are_told_to_be_vacuous() -> Result<(), Trouble> {
    let feature = "Feature: Oneself only\n  Scenario: Ada\n    Given Ada has a finished audio consultation that was recorded\n    \
                   Then Ada can list and fetch her own recordings\n";
    let ended = prove_with(feature, &["--sabotage"])?;
    ended.expect_code(1)?;
    ensure(ended.stdout.starts_with("VACUOUS: "), || ended.stdout.clone())
}

#[test]
fn what_does_not_exist_is_refused_with_what_does() -> Result<(), Trouble> {
    let ended = run(&["prove", "--class", "weather"], &[])?;
    ended.expect_code(2)?;
    ensure(
        ended.stderr.contains("no faults of the class `weather`") && ended.stderr.contains("caches"),
        || ended.stderr.clone(),
    )?;
    let ended = run(&["prove", "--fault", "ranges-skip"], &[])?;
    ended.expect_code(2)?;
    ensure(ended.stderr.contains(RANGES), || ended.stderr.clone())
}
