//! Further clinics beside the first: they come when scenarios that change flags would wait for each other, and go with the run.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use crate::binary::{Ended, Started, Trouble, ensure, start_in, within};
use crate::engine::Bench;

/// Each wants a stack alone.
const THREE: &str = "
Feature: Three that change a flag

  Scenario Outline: <owner> keeps what is theirs
    Given <owner> has a finished video consultation that was recorded
    And <other> is signed in
    When the feature \"consultation-replays\" is turned off
    Then no one can list or fetch any recording
    When the feature \"consultation-replays\" is turned on
    Then everyone can list and fetch their own

    Examples:
      | owner | other |
      | Ada   | Ben   |
      | Chloe | Dan   |
      | Eve   | Finn  |
";
/// For a stack that comes up; the images may have to be made first.
const PATIENCE: Duration = Duration::from_secs(400);

/// Runs the three with so many stacks.
fn three(stacks: &str) -> Result<Started, Trouble> {
    started(THREE, &["--max-stacks", stacks])
}

fn started(feature: &str, further: &[&str]) -> Result<Started, Trouble> {
    let place = tempfile::tempdir()?;
    std::fs::write(place.path().join("own.feature"), feature)?;
    let arguments = ["run", "--deploy", "containers", "--features", "own.feature"];
    start_in(place, &[&arguments[..], further].concat(), &[])
}

/// The runs of the containers that are there, as their labels name them, until the process has ended.
fn seen(started: Started) -> Result<(BTreeSet<String>, Ended), Trouble> {
    let bench = Bench::of(&started.name()?)?;
    let mut seen = BTreeSet::new();
    let waiting = std::thread::spawn(move || started.wait().map_err(|error| error.to_string()));
    while !waiting.is_finished() {
        for container in bench.containers()? {
            let run = container
                .labels
                .and_then(|mut labels| labels.remove("org.bystander.run"));
            seen.extend(run);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    let ended = waiting.join().map_err(|_| "the wait panicked")??;
    Ok((seen, ended))
}

/// All three held, and nothing is left.
fn held(ended: &Ended) -> Result<(), Trouble> {
    ended.expect_code(0)?;
    let scenarios = &ended.summary()?["scenarios"];
    let judged = scenarios.as_array().ok_or("no scenarios")?;
    let held = judged.iter().filter(|one| one["verdict"] == "held").count();
    ensure(held == 3, || format!("{scenarios:#}"))?;
    Bench::of(&ended.name()?)?.nothing_is_left()
}

/// Two that are beside the first, since three scenarios want one each; with one stack, none.
pub(crate) fn come_and_go() -> Result<(), Trouble> {
    let (several, ended) = seen(three("3")?)?;
    held(&ended)?;
    let run = ended.name()?;
    let expected = BTreeSet::from([run.clone(), format!("{run}.2"), format!("{run}.3")]);
    ensure(several == expected, || format!("{several:?}"))?;
    let (one, ended) = seen(three("1")?)?;
    held(&ended)?;
    ensure(one == BTreeSet::from([ended.name()?]), || format!("{one:?}"))
}

/// A container that has the name of one of the second clinic's already; it goes when the test does.
struct InTheWay(String);

impl InTheWay {
    fn of(run: &str) -> Result<Self, Trouble> {
        let name = format!("bystander-{run}.2-database");
        let made = within(PATIENCE, "an image", || {
            let images = Command::new("docker")
                .args(["images", "--format", "{{.Repository}}:{{.Tag}}"])
                .args(["--filter", "label=org.bystander.image"])
                .output()
                .ok()?;
            let text = String::from_utf8_lossy(&images.stdout).into_owned();
            let image = text.lines().next()?.to_owned();
            let created = Command::new("docker")
                .args(["create", "--name", &name, &image, "true"])
                .output()
                .ok()?;
            created.status.success().then_some(())
        });
        made.map(|()| Self(name))
    }
}

impl Drop for InTheWay {
    fn drop(&mut self) {
        // nothing to be done if it has gone already
        let _ = Command::new("docker").args(["rm", "-f", &self.0]).output();
    }
}

/// It is said, and the scenarios wait for each other.
pub(crate) fn done_without() -> Result<(), Trouble> {
    let started = three("2")?;
    let _in_the_way = InTheWay::of(&started.name()?)?;
    let ended = started.wait()?;
    held(&ended)?;
    let said = ended
        .stdout
        .lines()
        .find(|line| line.contains("No further clinic beside this one"));
    ensure(
        said.is_some_and(|line| line.ends_with("Scenarios that change flags wait for each other.")),
        || format!("{}{}", ended.stdout, ended.stderr),
    )
}

/// While parts of further clinics are being started again, scenarios at the first are stopped by their own words, and it is looked whether
/// the stack is still there: theirs is.
pub(crate) fn looks_at_their_own() -> Result<(), Trouble> {
    let stopped = "\n  Scenario: Never out NUMBER\n    Given Ada is signed in\n    Then Ada's old session opens nothing\n";
    let restarted = "\n  Scenario: Restarted NUMBER\n    Given Ada has a finished audio consultation that was recorded\n    \
                     When the change \"a-replica-is-restarted\" is made\n    Then everyone can still list and fetch their own\n";
    let mut feature = "Feature: Two sorts\n".to_owned();
    for number in 0..60 {
        feature.push_str(&stopped.replace("NUMBER", &number.to_string()));
        if number % 6 == 0 {
            feature.push_str(&restarted.replace("NUMBER", &number.to_string()));
        }
    }
    let ended = started(&feature, &["--max-stacks", "3", "--jobs", "4"])?.wait()?;
    ended.expect_code(3)?;
    let summary = ended.summary()?;
    let judged = summary["scenarios"].as_array().ok_or("no scenarios")?;
    let held = judged.iter().filter(|one| one["verdict"] == "held").count();
    ensure(held == 10 && judged.len() == 70, || {
        format!("{:#}", summary["gaps"])
    })?;
    Bench::of(&ended.name()?)?.nothing_is_left()
}

/// It is stopped while several stand, or one is being raised: all of them go.
pub(crate) fn stopped(signal: &str) -> Result<(), Trouble> {
    let started = three("3")?;
    let run = started.name()?;
    let bench = Bench::of(&run)?;
    within(PATIENCE, "a container of a second clinic", || {
        let there = bench.containers().ok()?;
        let second = format!("{run}.2");
        there
            .iter()
            .any(|one| {
                one.labels
                    .as_ref()
                    .and_then(|labels| labels.get("org.bystander.run"))
                    == Some(&second)
            })
            .then_some(())
    })?;
    started.signal(signal)?;
    let ended = started.wait()?;
    if signal == "KILL" {
        ensure(ended.code.is_none(), || format!("{:?}", ended.code))?;
        let cleaned = crate::binary::run(&["clean", &run], &[])?;
        cleaned.expect_code(0)?;
    } else {
        ended.expect_code(3)?;
    }
    bench.nothing_is_left()
}
