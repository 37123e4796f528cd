//! Killed in the middle: everything goes, once.

use std::os::unix::fs::PermissionsExt as _;

use super::stack::Stack;
use crate::binary::{Ended, Trouble, ensure, run};

fn says(ended: &Ended, wanted: &str) -> Result<(), Trouble> {
    let all = format!("{}{}", ended.stdout, ended.stderr);
    ensure(all.contains(wanted), || format!("`{wanted}` is not in:\n{all}"))
}

/// With people, recordings, a change and a flag in the stack; the last request is a probe.
fn killed(stack: &Stack) -> Result<Ended, Trouble> {
    let ended = stack.cut_short("GET /records/", "KILL")?;
    ensure(ended.code.is_none(), || format!("{:?}", ended.code))?;
    let world = stack.world();
    ensure(
        world.people.len() == 2 && world.recordings.len() == 2 && world.sharing && world.group_visits,
        || "it was killed too early".to_owned(),
    )?;
    drop(world);
    Ok(ended)
}

#[test]
fn everything_that_a_killed_run_has_left_goes_and_only_once() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    let ended = killed(&stack)?;
    let undo = ended.file("undo.ndjson");
    ensure(
        std::fs::metadata(&undo)?.permissions().mode() & 0o777 == 0o600,
        || "others can read it".to_owned(),
    )?;
    let text = std::fs::read_to_string(&undo)?;
    ensure(!text.contains("token-") && !text.contains("k3y-of"), || {
        text.clone()
    })?;
    let ledger = ended.file("ledger.ndjson");
    let cleaned = stack.clean(&ledger, &[])?;
    cleaned.expect_code(0)?;
    for line in [
        "turned the feature `sharing` back off",
        "undid the change `group-visits`",
        "deleted 2 recordings\n",
        "removed 2 people\n",
        "nothing is left of the run",
    ] {
        says(&cleaned, line)?;
    }
    stack.is_as_it_was()?;
    ensure(!undo.exists(), || "the undo file is still there".to_owned())?;
    stack.world().log.clear();
    let again = stack.clean(&ledger, &[])?;
    again.expect_code(0)?;
    says(&again, "nothing is left of the run")?;
    let log = stack.world().log.clone();
    ensure(log.is_empty(), || format!("{log:?}"))
}

#[test]
fn what_is_gone_already_counts_as_deleted() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    let ended = killed(&stack)?;
    let first = stack.world().recordings.keys().next().cloned();
    stack.world().recordings.remove(&first.ok_or("no recording")?);
    let cleaned = stack.clean(&ended.file("ledger.ndjson"), &[])?;
    cleaned.expect_code(0)?;
    says(&cleaned, "deleted 2 recordings, 1 of them gone already")?;
    stack.is_as_it_was()
}

#[test]
fn a_last_line_that_was_cut_off_is_told_and_does_no_harm() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    let ended = killed(&stack)?;
    let undo = ended.file("undo.ndjson");
    let text = std::fs::read_to_string(&undo)?;
    std::fs::write(&undo, format!("{text}{{\"undo\":\"deed\",\"de"))?;
    let cleaned = stack.clean(&ended.file("ledger.ndjson"), &[])?;
    cleaned.expect_code(0)?;
    says(&cleaned, "was cut off")?;
    stack.is_as_it_was()
}

/// The stack has done it, and the answer was never read: one is found by signing in, the other goes with its owner.
#[test]
fn what_was_just_under_way_is_found_or_named() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    let ended = stack.cut_short("POST /people", "KILL")?;
    ensure(stack.world().people.len() == 1, || "nobody came".to_owned())?;
    let cleaned = stack.clean(&ended.file("ledger.ndjson"), &[])?;
    cleaned.expect_code(3)?;
    let email = stack.world().people.keys().next().cloned().ok_or("nobody")?;
    says(&cleaned, &email)?;
    stack.world().people.clear();
    let cleaned = stack.clean(&ended.file("ledger.ndjson"), &[])?;
    cleaned.expect_code(0)?;
    says(&cleaned, "the stack knows nothing of 1 person")?;
    stack.is_as_it_was()
}

#[test]
fn nothing_is_sent_while_the_run_is_alive() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    stack.world().held.insert("GET /records/".to_owned());
    let started = stack.run(&[])?;
    started.name()?;
    let ledger = started.place().join("bystander-out/ledger.ndjson");
    let cleaned = stack.clean(&ledger, &[])?;
    cleaned.expect_code(2)?;
    says(&cleaned, "is still alive: nothing was sent")?;
    let log = stack.world().log.clone();
    ensure(!log.iter().any(|line| line.starts_with("DELETE")), || {
        format!("{log:?}")
    })
}

#[test]
fn another_stack_or_another_profile_is_not_touched() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    let other = Stack::start()?;
    let ended = killed(&stack)?;
    let ledger = ended.file("ledger.ndjson");
    let elsewhere = other.clean(&ledger, &[])?;
    elsewhere.expect_code(2)?;
    says(&elsewhere, "was on another stack: `[base] api` was")?;
    let profile = ended.place().join("theirs.toml");
    let text = std::fs::read_to_string(&profile)?;
    std::fs::write(&profile, text.replace("DELETE /records/", "DELETE /shelf/"))?;
    let changed = stack.clean(&ledger, &[])?;
    changed.expect_code(2)?;
    says(&changed, "`[recording]` of the profile")?;
    std::fs::remove_file(&profile)?;
    let gone = stack.clean(&ledger, &[])?;
    gone.expect_code(2)?;
    says(
        &gone,
        "is not there any more\nhint: name it with `--profile FILE`",
    )?;
    for stack in [&stack, &other] {
        let log = stack.world().log.clone();
        ensure(log.is_empty(), || format!("{log:?}"))?;
    }
    let named = ended.place().join("named.toml");
    std::fs::write(&named, text)?;
    let cleaned = stack.clean(&ledger, &["--profile", &named.to_string_lossy()])?;
    cleaned.expect_code(0)?;
    stack.is_as_it_was()
}

#[test]
fn a_later_run_in_the_same_place_loses_nothing() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    let ended = killed(&stack)?;
    let out = ended.place().join("bystander-out");
    let quick = [
        "run",
        "--deploy",
        "embedded",
        "-q",
        "--name",
        "signed out of opens nothing",
    ];
    let later = run(&[&quick[..], &["--out", &out.to_string_lossy()]].concat(), &[])?;
    later.expect_code(0)?;
    says(&later, "has left 1 feature, 1 change, 2 recordings and 2 people")?;
    let aside = later
        .stderr
        .split('`')
        .find_map(|words| words.strip_prefix("bystander clean --ledger "))
        .ok_or("no command")?;
    stack.clean(aside.as_ref(), &[])?.expect_code(0)?;
    stack.is_as_it_was()
}
