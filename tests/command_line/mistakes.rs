//! What users get wrong: told before anything is started, with the place and the mend.

use std::fs;

use tempfile::TempDir;

use crate::binary::{Ended, Trouble, ensure, start_in};

/// Runs with this feature in the directory.
fn with_feature(text: &str) -> Result<Ended, Trouble> {
    let place = tempfile::tempdir()?;
    fs::create_dir(place.path().join("mine"))?;
    fs::write(place.path().join("mine/replays.feature"), text)?;
    go(place, &["--features", "mine"])
}

fn go(place: TempDir, arguments: &[&str]) -> Result<Ended, Trouble> {
    let always = ["run", "--deploy", "embedded", "--seed", "7"];
    start_in(place, &[&always, arguments].concat(), &[])?.wait()
}

/// Nothing was started, and nothing is said on stdout.
fn refused(ended: &Ended, code: i32) -> Result<(), Trouble> {
    ended.expect_code(code)?;
    ensure(ended.stdout.is_empty(), || ended.stdout.clone())?;
    ensure(!ended.stderr.contains('\u{1b}'), || ended.stderr.clone())
}

#[test]
fn mistakes_in_features() -> Result<(), Trouble> {
    let features = [
        (
            "unknown_step",
            "Feature: Mine\n  Scenario: One\n    Given Ada has a finished audio consultation that was recorded\n    \
             When the feature \"audio-video-switch\" is switched on\n    \
             Then no one can list or fetch anybody else's recordings\n",
        ),
        (
            "known_step_with_another_keyword",
            "Feature: Mine\n  Scenario: One\n    Given Ada is signed in\n    When Ben is signed in\n",
        ),
        (
            "unknown_keyword",
            "Feature: Mine\n  Scenario: One\n    Given Ada is signed in\n    Whenever Ada signs out\n    \
             Then Ada's old session opens nothing\n",
        ),
        (
            "unknown_placeholder",
            "Feature: Mine\n  Scenario Outline: One\n    Given <who> is signed in\n\n    Examples:\n      \
             | name |\n      | Ada  |\n",
        ),
        ("empty_feature", "\n"),
    ];
    for (name, text) in features {
        let ended = with_feature(text)?;
        refused(&ended, 2)?;
        insta::assert_snapshot!(name, ended.stderr);
    }
    Ok(())
}

#[test]
fn mistakes_in_arguments() -> Result<(), Trouble> {
    let arguments: [(&str, &[&str]); 8] = [
        ("unknown_fault", &["--fault", "replays-by-video-session"]),
        (
            "two_faults",
            &["--fault", "ranges-skip-the-check,replays-cached-by-slot"],
        ),
        ("features_are_nowhere", &["--features", "nowhere"]),
        ("unreadable_name", &["--name", "("]),
        ("unreadable_tags", &["--tags", "links"]),
        ("unreadable_time", &["--timeout", "5"]),
        ("media_too_short", &["--audio-bytes", "100"]),
        ("quiet_and_verbose", &["--quiet", "--verbose"]),
    ];
    for (name, arguments) in arguments {
        let ended = go(tempfile::tempdir()?, arguments)?;
        refused(&ended, 2)?;
        insta::assert_snapshot!(name, ended.stderr);
    }
    Ok(())
}

#[test]
fn a_directory_without_features() -> Result<(), Trouble> {
    let place = tempfile::tempdir()?;
    fs::create_dir(place.path().join("mine"))?;
    let ended = go(place, &["--features", "mine"])?;
    refused(&ended, 2)?;
    insta::assert_snapshot!("no_features", ended.stderr);
    Ok(())
}

/// That the user's filters leave nothing to do is no success.
#[test]
fn nothing_selected_is_told() -> Result<(), Trouble> {
    for filter in [["--name", "^no such title$"], ["--tags", "@no-such-tag"]] {
        let ended = go(tempfile::tempdir()?, &filter)?;
        ended.expect_code(4)?;
        insta::assert_snapshot!("nothing_selected", crate::text::steady(&ended.stdout)?);
        ensure(ended.summary()?["verdict"] == "nothing-ran", || {
            ended.stdout.clone()
        })?;
    }
    Ok(())
}

/// A path that cannot be written is told before a stack is started.
#[test]
fn reports_that_cannot_be_written() -> Result<(), Trouble> {
    for (name, arguments) in [
        ("out_is_a_file", ["--out", "in-the-way"]),
        ("junit_below_a_file", ["--junit", "in-the-way/junit.xml"]),
    ] {
        let place = tempfile::tempdir()?;
        fs::write(place.path().join("in-the-way"), "a file")?;
        let ended = go(place, &arguments)?;
        refused(&ended, 6)?;
        insta::assert_snapshot!(name, ended.stderr);
    }
    Ok(())
}

#[test]
fn ledgers_that_cannot_be_read() -> Result<(), Trouble> {
    let missing = start_in(tempfile::tempdir()?, &["report", "nowhere.ndjson"], &[])?.wait()?;
    refused(&missing, 2)?;
    insta::assert_snapshot!("ledger_is_nowhere", missing.stderr);
    let place = tempfile::tempdir()?;
    fs::write(place.path().join("other.ndjson"), "{\"entry\":\"song\"}\n{}\n")?;
    let other = start_in(place, &["report", "other.ndjson"], &[])?.wait()?;
    refused(&other, 2)?;
    insta::assert_snapshot!("ledger_of_something_else", other.stderr);
    Ok(())
}
