//! What is told: help, lists, and the verdict of a run.

use std::path::Path;

use crate::binary::{Ended, Trouble, ensure, run};
use crate::embedded;
use crate::text::{steady, without_colours, without_files};

/// The scenario of June 2020.
const JUNE: &str = "^Switching from audio to video opens nobody else's replays$";
/// One that is over quickly.
const QUICK: &str = "^A session that was signed out of opens nothing$";

fn faulty(arguments: &[&str]) -> Result<Ended, Trouble> {
    let fault = ["--fault", "replays-by-null-video-session", "--name", JUNE];
    let ended = embedded(&[&fault, arguments].concat())?;
    ended.expect_code(1)?;
    Ok(ended)
}

#[test]
fn help_and_lists() -> Result<(), Trouble> {
    let asked: [(&str, &[&str]); 9] = [
        ("help", &["--help"]),
        ("help_of_run", &["run", "--help"]),
        ("help_of_check", &["check", "--help"]),
        ("help_of_report", &["report", "--help"]),
        ("help_of_clean", &["clean", "--help"]),
        ("steps", &["steps"]),
        ("faults", &["faults"]),
        ("techniques", &["techniques"]),
        (
            "plan_of_a_run",
            &["run", "--plan", "--deploy", "embedded", "--name", JUNE],
        ),
    ];
    for (name, arguments) in asked {
        let ended = run(arguments, &[])?;
        ended.expect_code(0)?;
        ensure(ended.stderr.is_empty(), || ended.stderr.clone())?;
        let shown: String = ended
            .stdout
            .lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect();
        insta::assert_snapshot!(name, shown);
    }
    Ok(())
}

/// Users write features, and compile nothing.
#[test]
fn a_users_own_features_run_and_hold() -> Result<(), Trouble> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/users_own");
    let own = own.to_string_lossy();
    let ended = embedded(&["--features", &own])?;
    ended.expect_code(0)?;
    let summary = ended.summary()?;
    let files: Vec<&str> = summary["scenarios"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|scenario| scenario["file"].as_str())
        .collect();
    let theirs = files
        .iter()
        .all(|file| file.ends_with("tests/users_own/neighbours.feature"));
    ensure(files.len() == 2 && theirs, || format!("{files:?}"))?;
    insta::assert_snapshot!("held", steady(&ended.stdout)?);
    ensure(ended.stderr.is_empty(), || ended.stderr.clone())
}

#[test]
fn june_2020_is_told() -> Result<(), Trouble> {
    let ended = faulty(&[])?;
    insta::assert_snapshot!("june_2020", steady(&ended.stdout)?);
    ensure(
        !ended.stdout.contains('\u{1b}') && ended.stderr.is_empty(),
        || ended.stderr.clone(),
    )
}

#[test]
fn quiet_is_the_verdict_and_the_leaks() -> Result<(), Trouble> {
    insta::assert_snapshot!("june_2020_quiet", steady(&faulty(&["--quiet"])?.stdout)?);
    let held = embedded(&["-q", "--name", QUICK])?;
    held.expect_code(0)?;
    let told = "HELD: nobody got what belongs to somebody else, in 1 scenario.\n";
    ensure(held.stdout == told && held.stderr.is_empty(), || {
        held.stdout.clone()
    })
}

/// The ledger alone is enough to say it all again.
#[test]
fn a_report_from_the_ledger_says_the_same() -> Result<(), Trouble> {
    for style in ["--color=never", "--color=always", "--quiet", "--verbose"] {
        let ended = faulty(&[style])?;
        let ledger = ended.file("ledger.ndjson");
        let again = run(
            &[
                "report".as_ref(),
                ledger.as_os_str(),
                style.as_ref(),
                "--out".as_ref(),
                "bystander-out".as_ref(),
            ],
            &[],
        )?;
        again.expect_code(1)?;
        let told = without_files(&ended.stdout);
        let verdict = told
            .find("LEAKED")
            .map(|from| told[..from].rfind('\n').map_or(0, |line| line + 1))
            .ok_or("no verdict")?;
        let told = &told[verdict..];
        let again_told = without_files(&again.stdout);
        ensure(again_told == told, || format!("{told}\n--- again\n{again_told}"))?;
        for file in ["summary.json", "junit.xml"] {
            let (one, other) = (std::fs::read(ended.file(file))?, std::fs::read(again.file(file))?);
            ensure(one == other && !one.is_empty(), || format!("{file} differs"))?;
        }
    }
    Ok(())
}

#[test]
fn colour_is_a_matter_of_choice() -> Result<(), Trouble> {
    let in_environment = |color: &str, plain: &[(&str, &str)]| -> Result<String, Trouble> {
        let arguments = [
            "run", "--deploy", "embedded", "--seed", "7", "-q", "-n", QUICK, "--color", color,
        ];
        Ok(run(&arguments, plain)?.stdout)
    };
    let plain = in_environment("auto", &[])?;
    ensure(!plain.contains('\u{1b}'), || "colours on no terminal".to_owned())?;
    let coloured = in_environment("always", &[("NO_COLOR", "1")])?;
    ensure(coloured != plain && without_colours(&coloured)? == plain, || {
        coloured.clone()
    })?;
    let never = in_environment("never", &[("CLICOLOR_FORCE", "1")])?;
    ensure(never == plain, || never.clone())
}

/// What can be typed can be set.
#[test]
fn the_environment_counts() -> Result<(), Trouble> {
    let ended = run(
        &["run"],
        &[
            ("BYSTANDER_SEED", "7"),
            ("BYSTANDER_DEPLOY", "embedded"),
            ("BYSTANDER_NAME", QUICK),
            ("BYSTANDER_QUIET", "true"),
            ("BYSTANDER_OUT", "elsewhere/deeper"),
            ("BYSTANDER_JUNIT", "elsewhere/copy.xml"),
        ],
    )?;
    ended.expect_code(0)?;
    let elsewhere = ended.place().join("elsewhere");
    let summary: serde_json::Value =
        serde_json::from_slice(&std::fs::read(elsewhere.join("deeper/summary.json"))?)?;
    ensure(
        summary["run"]["seed"] == 7
            && summary["stack"]["kind"] == "embedded"
            && summary["counts"]["scenarios"] == 1,
        || summary.to_string(),
    )?;
    let copies = ["deeper/junit.xml", "copy.xml"].map(|file| std::fs::read(elsewhere.join(file)));
    let [Ok(one), Ok(copy)] = copies else {
        return Err("a copy of the JUnit report is missing".into());
    };
    ensure(one == copy, || "the copies differ".to_owned())?;
    let over_it = run(
        &[
            "run", "-q", "--deploy", "embedded", "--name", QUICK, "--seed", "8",
        ],
        &[("BYSTANDER_SEED", "7")],
    )?;
    ensure(over_it.summary()?["run"]["seed"] == 8, || {
        "what is typed counts more than what is set".to_owned()
    })
}
