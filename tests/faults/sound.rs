//! The sound clinic holds, whatever the seed, and asks the same whatever the seed.

use bystander::ledger::{Entry, Persona};

use crate::Trouble;
use crate::binary::{Ended, ensure, run};
use crate::engine::Bench;

/// What must not depend on the seed.
const COUNTED: [&str; 8] = [
    "scenarios",
    "assertions",
    "probes",
    "targets",
    "twins",
    "controls",
    "personas",
    "recordings",
];

/// Everything, five times.
pub(crate) fn embedded_with_five_seeds() -> Result<(), Trouble> {
    let mut first: Option<Vec<u64>> = None;
    for seed in ["1", "2020", "65537", "4294967295", "18446744073709551615"] {
        let ended = run(&["run", "--deploy", "embedded", "--seed", seed], &[])?;
        let counts = holds(&ended)?;
        let first = first.get_or_insert_with(|| counts.clone());
        ensure(*first == counts, || {
            format!("{COUNTED:?}: {first:?} and, with seed {seed}, {counts:?}")
        })?;
    }
    Ok(())
}

/// Everything once, with what only containers have; nothing is left of them.
pub(crate) fn in_containers() -> Result<(), Trouble> {
    let ended = run(&["run", "--deploy", "containers", "--seed", "7"], &[])?;
    holds(&ended)?;
    let summary = ended.summary()?;
    ensure(summary["stack"]["kind"] == "containers", || {
        summary["stack"].to_string()
    })?;
    let scenarios = summary["scenarios"].as_array().cloned().unwrap_or_default();
    // a restart cannot be undone
    let left_out = scenarios
        .iter()
        .filter(|scenario| scenario["verdict"] == "not-applicable")
        .find(|scenario| {
            !scenario["name"]
                .as_str()
                .is_some_and(|name| name.contains("a-replica-is-restarted"))
        });
    ensure(left_out.is_none(), || format!("{left_out:?}"))?;
    let gateway = scenarios
        .iter()
        .filter(|scenario| scenario["file"] == "features/gateway.feature" && scenario["verdict"] == "held");
    ensure(gateway.count() >= 2, || {
        "the scenarios that need containers did not run".to_owned()
    })?;
    Bench::of(&ended.name()?)?.nothing_is_left()
}

/// Exit code 0, no finding, no gap; hands over what is counted.
fn holds(ended: &Ended) -> Result<Vec<u64>, Trouble> {
    ended.expect_code(0)?;
    let summary = ended.summary()?;
    ensure(summary["verdict"] == "held", || summary["verdict"].to_string())?;
    for list in ["findings", "gaps"] {
        ensure(summary[list].as_array().is_some_and(Vec::is_empty), || {
            format!("{list}: {}", summary[list])
        })?;
    }
    let counts: Vec<u64> = COUNTED
        .iter()
        .filter_map(|name| summary["counts"][name].as_u64())
        .collect();
    ensure(counts.len() == COUNTED.len() && !counts.contains(&0), || {
        summary["counts"].to_string()
    })?;
    Ok(counts)
}

/// The same seed makes the same people, another seed makes others.
pub(crate) fn same_seed_same_people() -> Result<(), Trouble> {
    let people = |seed: &str| -> Result<Vec<String>, Trouble> {
        let ended = run(
            &["run", "--deploy", "embedded", "-t", "@links", "--seed", seed],
            &[],
        )?;
        ended.expect_code(0)?;
        let mut people: Vec<String> = ended.ledger()?.into_iter().filter_map(persona).collect();
        people.sort();
        Ok(people)
    };
    let (once, again, other) = (people("42")?, people("42")?, people("43")?);
    ensure(once.len() > 8, || format!("only {once:?}"))?;
    ensure(once == again, || format!("{once:?}\nand {again:?}"))?;
    ensure(once != other, || "another seed made the same people".to_owned())
}

fn persona(entry: Entry) -> Option<String> {
    let Entry::Persona(Persona {
        scenario,
        name,
        full_name,
        role,
        ..
    }) = entry
    else {
        return None;
    };
    Some(format!("{scenario} {name} {full_name} {role}"))
}
