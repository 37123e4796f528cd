//! A run that ends by itself: cleaned up, or not quite.

use super::stack::Stack;
use crate::binary::{Trouble, ensure};

#[test]
fn a_sound_run_leaves_no_undo_file() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    let ended = stack.run(&[])?.wait()?;
    ensure(!ended.file("undo.ndjson").exists(), || ended.stderr.clone())?;
    ensure(!ended.stderr.contains("bystander clean"), || ended.stderr.clone())?;
    stack.is_as_it_was()?;
    ensure(stack.world().log.iter().any(|line| line == "PUT /flag"), || {
        "it changed nothing".to_owned()
    })?;
    stack.world().log.clear();
    let cleaned = stack.clean(&ended.file("ledger.ndjson"), &[])?;
    cleaned.expect_code(0)?;
    ensure(cleaned.stdout.contains("it has ended by itself"), || {
        cleaned.stdout.clone()
    })?;
    let log = stack.world().log.clone();
    ensure(log.is_empty(), || format!("{log:?}"))
}

#[test]
fn a_stack_that_refuses_to_delete_is_named_until_it_does() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    stack.world().refused.insert("DELETE /records/".to_owned());
    let ended = stack.run(&[])?.wait()?;
    ended.expect_code(3)?;
    let ledger = ended.file("ledger.ndjson");
    let last = ended.stderr.lines().last().unwrap_or_default().to_owned();
    ensure(
        last == "hint: `bystander clean --ledger bystander-out/ledger.ndjson` puts that back",
        || ended.stderr.clone(),
    )?;
    ensure(stack.world().people.len() == 2, || {
        "who is needed to delete them is gone".to_owned()
    })?;
    // one of the two is still refused
    let id = stack.world().recordings.keys().next().cloned().ok_or("none")?;
    stack.world().refused = [format!("DELETE /records/{id}")].into();
    let refused = stack.clean(&ledger, &[])?;
    refused.expect_code(3)?;
    ensure(
        refused.stdout.contains("deleted 1 recording\nremoved 1 person\n")
            && refused
                .stderr
                .contains("still in the stack: 1 recording and 1 person")
            && refused.stderr.contains(&id)
            && refused.stderr.contains("answered")
            && refused.stderr.contains("hint: "),
        || format!("{}{}", refused.stdout, refused.stderr),
    )?;
    stack.world().refused.clear();
    stack.clean(&ledger, &[])?.expect_code(0)?;
    stack.is_as_it_was()
}

#[test]
fn an_interrupted_run_says_the_command() -> Result<(), Trouble> {
    let stack = Stack::start()?;
    let ended = stack.cut_short("GET /records/", "INT")?;
    ended.expect_code(3)?;
    ensure(
        ended
            .stderr
            .trim_end()
            .ends_with("hint: `bystander clean --ledger bystander-out/ledger.ndjson` puts that back"),
        || ended.stderr.clone(),
    )?;
    stack.clean(&ended.file("ledger.ndjson"), &[])?.expect_code(0)?;
    stack.is_as_it_was()
}
