//! `bystander check` on a stack that stays: it keeps the promises of a run.

use std::path::PathBuf;
use std::time::Duration;

use super::stack::{Listing, PROFILE, Stack, place_with};
use crate::binary::{Ended, Trouble, ensure, run, start, within};

/// A stack with somebody of its own and their recording, in which a feature is on or off.
fn stack(sharing: bool) -> Result<Stack, Trouble> {
    let stack = Stack::start()?;
    let mut world = stack.world();
    let eve = ("secret".to_owned(), "eve".to_owned());
    world.people.insert("eve@elm.test".to_owned(), eve);
    world.recordings.insert("of-eve".to_owned(), "eve".to_owned());
    world.sharing = sharing;
    drop(world);
    Ok(stack)
}

fn ledger(ended: &Ended) -> PathBuf {
    ended.place().join("bystander-check/ledger.ndjson")
}

fn undo(ended: &Ended) -> PathBuf {
    ended.place().join("bystander-check/undo.ndjson")
}

fn is_as_before(stack: &Stack, before: &Listing) -> Result<(), Trouble> {
    let now = stack.listing();
    ensure(now == *before, || format!("{before:#?}\nand now\n{now:#?}"))
}

fn sends_nothing(stack: &Stack, clean: impl FnOnce() -> Result<(), Trouble>) -> Result<(), Trouble> {
    stack.world().log.clear();
    clean()?;
    let log = stack.world().log.clone();
    ensure(log.is_empty(), || format!("{log:?}"))
}

/// Killed in the middle of such a request, which the stack has carried out.
fn killed_and_cleaned(request: &str, sharing: bool) -> Result<(), Trouble> {
    let stack = stack(sharing)?;
    let before = stack.listing();
    stack.hold(request);
    let started = stack.check()?;
    stack.until_held(request)?;
    started.signal("KILL")?;
    let ended = started.wait()?;
    stack.world().held.clear();
    ensure(ended.code.is_none() && stack.listing() != before, || {
        format!("{request}: it was killed too early or too late")
    })?;
    let cleaned = stack.clean(&ledger(&ended), &[])?;
    cleaned.expect_code(0)?;
    is_as_before(&stack, &before).map_err(|why| format!("{request}: {why}"))?;
    ensure(!undo(&ended).exists(), || {
        "the undo file is still there".to_owned()
    })?;
    sends_nothing(&stack, || stack.clean(&ledger(&ended), &[])?.expect_code(0))
}

#[test]
fn whatever_a_killed_check_was_doing_is_put_back() -> Result<(), Trouble> {
    for (request, sharing) in [
        ("POST /login", true),
        ("GET /records/", true),
        ("PUT /flag", false),
        ("GET /flag", false),
        ("PUT /settings", true),
        ("DELETE /records/", false),
        ("DELETE /people/", true),
    ] {
        killed_and_cleaned(request, sharing)?;
    }
    Ok(())
}

/// Stopped in the middle of such a request, which is answered after that.
fn stopped(request: &str, sharing: bool, signal: &str) -> Result<(), Trouble> {
    let stack = stack(sharing)?;
    let before = stack.listing();
    stack.hold(request);
    let started = stack.check()?;
    stack.until_held(request)?;
    started.signal(signal)?;
    let stderr = started.place().join("stderr");
    let word = if signal == "INT" { "Ctrl-C" } else { "SIGTERM" };
    within(Duration::from_secs(60), "the check to stop", || {
        let said = std::fs::read_to_string(&stderr).ok()?;
        said.contains(&format!("stopped by {word}")).then_some(())
    })?;
    ensure(stack.listing() != before, || format!("{request}: too early"))?;
    stack.world().held.clear();
    let ended = started.wait()?;
    ended.expect_code(3)?;
    is_as_before(&stack, &before).map_err(|why| format!("{request}: {why}"))?;
    ensure(
        !undo(&ended).exists() && !ended.stderr.contains("left in the stack"),
        || ended.stderr.clone(),
    )?;
    sends_nothing(&stack, || stack.clean(&ledger(&ended), &[])?.expect_code(0))
}

#[test]
fn a_check_that_is_stopped_puts_the_stack_back_by_itself() -> Result<(), Trouble> {
    for (request, sharing, signal) in [
        ("POST /people", true, "INT"),
        ("POST /login", true, "TERM"),
        ("POST /records", false, "INT"),
        ("GET /records/", true, "TERM"),
        ("PUT /flag", false, "INT"),
        ("GET /flag", false, "TERM"),
        ("PUT /settings", false, "INT"),
    ] {
        stopped(request, sharing, signal)?;
    }
    Ok(())
}

#[test]
fn a_second_signal_ends_at_once_and_says_the_command() -> Result<(), Trouble> {
    let stack = stack(true)?;
    let before = stack.listing();
    stack.hold("PUT /settings");
    let started = stack.check()?;
    stack.until_held("PUT /settings")?;
    started.signal("INT")?;
    let stderr = started.place().join("stderr");
    within(Duration::from_secs(60), "the check to stop", || {
        let said = std::fs::read_to_string(&stderr).ok()?;
        said.contains("a second signal").then_some(())
    })?;
    started.signal("TERM")?;
    let ended = started.wait()?;
    ended.expect_code(3)?;
    stack.world().held.clear();
    says_the_command(&ended)?;
    stack.clean(&ledger(&ended), &[])?.expect_code(0)?;
    is_as_before(&stack, &before)
}

fn says_the_command(ended: &Ended) -> Result<(), Trouble> {
    let wanted = "hint: `bystander clean --ledger bystander-check/ledger.ndjson` puts that back";
    ensure(ended.stderr.trim_end().ends_with(wanted), || ended.stderr.clone())
}

/// There is nothing to put back in a stack that goes with the check.
#[test]
fn a_check_of_the_clinic_that_is_stopped_ends_at_once() -> Result<(), Trouble> {
    let started = start(&["check"], &[])?;
    let stdout = started.place().join("stdout");
    within(Duration::from_secs(60), "the first surface", || {
        let said = std::fs::read_to_string(&stdout).ok()?;
        said.contains("\nSurfaces\n").then_some(())
    })?;
    started.signal("TERM")?;
    let ended = started.wait()?;
    ended.expect_code(3)?;
    ensure(
        ended.stderr.starts_with("stopped by SIGTERM: ")
            && !ended.stderr.contains("putting")
            && !ended.stdout.contains("Taking everything away"),
        || format!("{}{}", ended.stdout, ended.stderr),
    )
}

#[test]
fn a_sound_check_leaves_no_undo_file() -> Result<(), Trouble> {
    let stack = stack(true)?;
    let before = stack.listing();
    let ended = stack.check()?.wait()?;
    ended.expect_code(0)?;
    ensure(!undo(&ended).exists() && ended.stderr.is_empty(), || {
        ended.stderr.clone()
    })?;
    is_as_before(&stack, &before)?;
    for request in ["POST /people", "POST /records", "PUT /flag", "PUT /settings"] {
        let sent = stack.world().log.iter().any(|line| line == request);
        ensure(sent, || format!("`{request}` was not sent"))?;
    }
    sends_nothing(&stack, || {
        let cleaned = stack.clean(&ledger(&ended), &[])?;
        cleaned.expect_code(0)?;
        ensure(cleaned.stdout.contains("it has ended by itself"), || {
            cleaned.stdout.clone()
        })
    })
}

#[test]
fn nothing_is_judged_from_the_ledger_of_a_check() -> Result<(), Trouble> {
    let ended = stack(false)?.check()?.wait()?;
    ended.expect_code(0)?;
    let report = run(&["report".as_ref(), ledger(&ended).as_os_str()], &[])?;
    report.expect_code(2)?;
    ensure(
        report.stdout.is_empty() && report.stderr.contains("which judges nothing\nhint: "),
        || format!("{}{}", report.stdout, report.stderr),
    )
}

#[test]
fn what_a_check_could_not_put_back_is_named_until_it_can() -> Result<(), Trouble> {
    let stack = stack(false)?;
    let before = stack.listing();
    stack.world().refused.insert("DELETE /records/".to_owned());
    let ended = stack.check()?.wait()?;
    ended.expect_code(3)?;
    ensure(
        ended
            .stderr
            .contains("left in the stack: 2 recordings and 2 people")
            && ended.stdout.contains("FAILS  the recording `"),
        || format!("{}{}", ended.stdout, ended.stderr),
    )?;
    says_the_command(&ended)?;
    stack.world().refused.clear();
    stack.clean(&ledger(&ended), &[])?.expect_code(0)?;
    is_as_before(&stack, &before)
}

/// The feature is on when it is found that nobody can see whether it is.
#[test]
fn a_feature_that_never_settles_is_put_back() -> Result<(), Trouble> {
    let stack = stack(false)?;
    let before = stack.listing();
    stack.world().refused.insert("GET /flag".to_owned());
    let hasty = PROFILE.replace(
        r#"until = "json('$.enabled') == wanted""#,
        r#"until = "json('$.enabled') == wanted", within = "300ms""#,
    );
    let ended = stack.check_in(place_with(&hasty)?, &[])?.wait()?;
    ended.expect_code(3)?;
    ensure(
        ended.stdout.contains("FAILS  the feature `sharing` is turned on"),
        || ended.stdout.clone(),
    )?;
    is_as_before(&stack, &before)?;
    ensure(!undo(&ended).exists(), || ended.stderr.clone())
}

/// The stack has taken somebody in, and refuses the rest.
#[test]
fn a_profile_that_fails_half_way_leaves_nobody_behind() -> Result<(), Trouble> {
    let stack = stack(true)?;
    let before = stack.listing();
    let refused = PROFILE.replace(
        r#"capture = { id = "$.id" } },
]
login"#,
        r#"capture = { id = "$.id" } },
  { as = "admin", request = "POST /insurance" },
]
login"#,
    );
    ensure(refused != PROFILE, || "the profile is as it was".to_owned())?;
    let ended = stack.check_in(place_with(&refused)?, &[])?.wait()?;
    ended.expect_code(3)?;
    let came = stack.world().log.iter().any(|line| line == "POST /insurance");
    ensure(came && !undo(&ended).exists(), || ended.stdout.clone())?;
    is_as_before(&stack, &before)
}

#[test]
fn people_who_are_lent_are_checked_and_stay() -> Result<(), Trouble> {
    let stack = stack(false)?;
    let fay = ("secret".to_owned(), "fay".to_owned());
    stack.world().people.insert("fay@elm.test".to_owned(), fay);
    let before = stack.listing();
    let lending = PROFILE
        .replace(
            r#"provision = [
  { as = "admin", request = "POST /people", json = { email = "{{ me.email }}", password = "{{ me.password }}" }, expect = 201, capture = { id = "$.id" } },
]"#,
            r#"given = [
  { email = "eve@elm.test", password = "secret", id = "eve" },
  { email = "fay@elm.test", password = "secret", id = "fay" },
]"#,
        )
        .replace(r#"remove = [{ as = "admin", request = "DELETE /people/{{ me.id }}", expect = 204 }]"#, "");
    let ended = stack.check_in(place_with(&lending)?, &[])?.wait()?;
    ended.expect_code(0)?;
    ensure(!undo(&ended).exists(), || ended.stderr.clone())?;
    is_as_before(&stack, &before)
}

#[test]
fn the_files_of_a_run_are_not_touched() -> Result<(), Trouble> {
    let stack = stack(true)?;
    let place = place_with(PROFILE)?;
    let out = place.path().join("bystander-out");
    std::fs::create_dir(&out)?;
    let files = ["ledger.ndjson", "undo.ndjson", "summary.json", "junit.xml"];
    for name in files {
        std::fs::write(out.join(name), format!("the {name} of a run"))?;
    }
    // a run's directory from the environment is not a check's
    let ended = stack
        .check_in(place, &[("BYSTANDER_OUT", "bystander-out")])?
        .wait()?;
    ended.expect_code(0)?;
    for name in files {
        let text = std::fs::read_to_string(ended.file(name))?;
        ensure(text == format!("the {name} of a run"), || text.clone())?;
    }
    let entries = std::fs::read_dir(ended.place().join("bystander-out"))?.count();
    ensure(entries == files.len() && ledger(&ended).exists(), || {
        format!("{entries} files of a run")
    })?;
    let elsewhere = stack
        .check_in(place_with(PROFILE)?, &[("BYSTANDER_CHECK_OUT", "elsewhere")])?
        .wait()?;
    elsewhere.expect_code(0)?;
    ensure(
        elsewhere.place().join("elsewhere/ledger.ndjson").exists() && !ledger(&elsewhere).exists(),
        || "the ledger is not where it should be".to_owned(),
    )
}
