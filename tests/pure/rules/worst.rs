//! Rule 8: the worst wins, in steps, scenarios, runs and exit codes.

use super::*;
use crate::histories::{june_2020, sound, unclear as unclear_run};
use bystander::judge::{Judgement, exit};
use bystander::ledger::Outcome;

#[test]
fn a_step_is_judged_while_the_run_goes_on() {
    let mut history = june_2020();
    let concluded = history
        .entries
        .iter()
        .position(|entry| matches!(entry, Entry::Concluded(_)))
        .unwrap();
    history.entries.truncate(concluded);
    assert_eq!(history.judging().assertion(1), None, "it has not concluded");
    history.entries.push(june_2020().entries[concluded].clone());
    let step = history.judging().assertion(1).unwrap();
    assert_eq!(
        (step.verdict, step.held, step.inconclusive, step.leaked),
        (Verdict::Leaked, 3, 0, 4)
    );
    assert_eq!(step.sentences.len(), 2, "{:#?}", step.sentences);
    assert!(step.sentences[0].contains("the audio recordings of Ada, Ben and Chloe"));
    assert_eq!(history.judging().assertion(2), None);
}

#[test]
fn a_leak_after_its_step_concluded_changes_the_step() {
    let mut history = sound();
    history.send(Sent::probe("Ben", "media", &[(1, 1)]).saw(1, Facet::Title));
    let step = history.judging().assertion(1).unwrap();
    assert_eq!(step.verdict, Verdict::Leaked);
}

#[test]
fn a_leak_beside_every_step_leaks_the_scenario() {
    let mut history = asked(Claim::NoOneElse);
    history.send(Sent::setup("Ben", "switch to video").saw(1, Facet::Title));
    assert_eq!(
        history
            .judging()
            .scenario(1)
            .and_then(|scenario| scenario.verdict),
        LEAKED
    );
}

#[test]
fn the_verdict_is_there_before_the_last_line_is_written() {
    let mut history = sound();
    history.entries.pop();
    let mut judge = history.judging();
    judge.complete(1_000);
    assert_eq!(judge.finish().verdict, HELD);
}

#[test]
fn leaked_outranks_inconclusive_and_that_outranks_held() {
    let join = |parts: &[History]| {
        let mut entries: Vec<Entry> = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let offset = u32::try_from(index).unwrap() * 100;
            entries.extend(
                part.entries
                    .iter()
                    .filter(|entry| !matches!(entry, Entry::Run(_)))
                    .map(|entry| moved(entry, offset)),
            );
        }
        bystander::judge::judge(entries)
    };
    assert_eq!(join(&[sound(), sound()]).verdict, HELD);
    assert_eq!(join(&[sound(), unclear_run(), sound()]).verdict, INCONCLUSIVE);
    let worst = join(&[sound(), june_2020(), unclear_run()]);
    assert_eq!(worst.verdict, LEAKED);
    assert_eq!(
        (worst.counts.held, worst.counts.leaked, worst.counts.inconclusive),
        (2, 1, 3)
    );
    assert_eq!(worst.counts.not_applicable, 1);
}

/// The entry as if it stood in another part of the run: numbers of scenarios, steps and recordings are the run's own.
fn moved(entry: &Entry, by: u32) -> Entry {
    let mut value = serde_json::to_value(entry).unwrap();
    renumber(&mut value, by);
    serde_json::from_value(value).unwrap()
}

fn renumber(value: &mut serde_json::Value, by: u32) {
    let add = |number: &mut serde_json::Value| {
        if let Some(n) = number.as_u64() {
            *number = (n + u64::from(by)).into();
        }
    };
    match value {
        serde_json::Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "scenario" | "assertion" | "recording" => add(field),
                    "recordings" => field.as_array_mut().into_iter().flatten().for_each(add),
                    _ => renumber(field, by),
                }
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|item| renumber(item, by)),
        _ => {}
    }
}

#[test]
fn what_does_not_apply_is_not_judged_but_nothing_alone_is_no_pass() {
    let mut history = sound();
    history
        .scenario("features/b.feature", 1, "With replicas")
        .ended(Outcome::NotApplicable, Some("no replicas"));
    assert_eq!(history.judge().verdict, HELD);
    let mut history = History::begin();
    history
        .scenario("features/b.feature", 1, "With replicas")
        .ended(Outcome::NotApplicable, None)
        .finished();
    assert_eq!(history.judge().verdict, None);
    assert_eq!(exit::code(&history.judge(), false), exit::NOTHING_RAN);
    assert_eq!(
        exit::code(&History::begin().finished().judge(), false),
        exit::NOTHING_RAN
    );
}

#[test]
fn exit_codes_rank_as_documented() {
    let judgement = |verdict, internal, stack_gone| Judgement {
        verdict,
        internal,
        stack_gone,
        ..Judgement::default()
    };
    let code = |verdict, internal, stack, report| exit::code(&judgement(verdict, internal, stack), report);
    assert_eq!(code(LEAKED, true, true, true), 1);
    assert_eq!(code(INCONCLUSIVE, true, true, true), 70);
    assert_eq!(code(INCONCLUSIVE, false, true, true), 5);
    assert_eq!(code(INCONCLUSIVE, false, false, true), 3);
    assert_eq!(code(None, false, false, true), 6);
    assert_eq!(code(HELD, false, false, true), 6);
    assert_eq!(code(None, false, false, false), 4);
    assert_eq!(code(HELD, false, false, false), 0);
    assert_eq!(code(HELD, false, true, false), 5);
    assert_eq!(exit::USAGE, 2);
}
