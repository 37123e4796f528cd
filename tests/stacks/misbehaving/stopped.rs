//! A run that is stopped from outside: by Ctrl-C, by SIGTERM, by a kill.

use bystander::judge::judge;

use crate::binary::{Ended, Started, Trouble, ensure, run, start, within};
use crate::engine::Bench;

/// Enough to be in the middle of the work, and far from its end.
const MIDDLE: usize = 60;

/// It ends by itself, says that the rest was not judged, and leaves nothing behind.
pub(crate) fn by(signal: &str, deploy: &str) -> Result<(), Trouble> {
    let mut started = start(&["run", "--deploy", deploy, "--seed", "3"], &[])?;
    started.until_exchanges(MIDDLE)?;
    started.signal(signal)?;
    let ended = started.wait()?;
    ended.expect_code(3)?;
    let told = if signal == "INT" { "Ctrl-C" } else { "SIGTERM" };
    ensure(ended.stderr.contains(&format!("stopped by {told}")), || {
        ended.stderr.clone()
    })?;
    ensure(ended.stdout.contains("INCONCLUSIVE"), || ended.stdout.clone())?;
    let summary = ended.summary()?;
    ensure(
        summary["verdict"] == "inconclusive" && summary["exit"] == 3 && summary["run"]["finished"] == false,
        || format!("{:#}", summary["run"]),
    )?;
    is_inconclusive_from_its_ledger(&ended)?;
    if deploy == "containers" {
        Bench::of(&ended.name()?)?.nothing_is_left()?;
    }
    Ok(())
}

/// Before anything has been asked.
pub(crate) fn while_starting() -> Result<(), Trouble> {
    let started = start(&["run", "--deploy", "containers", "--seed", "3"], &[])?;
    let name = started.name()?;
    let bench = Bench::of(&name)?;
    within(std::time::Duration::from_secs(60), "the first container", || {
        bench.containers().ok().filter(|there| !there.is_empty())
    })?;
    started.signal("TERM")?;
    let ended = started.wait()?;
    ended.expect_code(3)?;
    is_inconclusive_from_its_ledger(&ended)?;
    bench.nothing_is_left()
}

/// Nothing can be said any more; the ledger says what there was.
pub(crate) fn killed_embedded() -> Result<(), Trouble> {
    let ended = killed("embedded")?;
    // made before the run, so that a bad path is told at once; never filled
    let summary = std::fs::read_to_string(ended.file("summary.json"))?;
    ensure(summary.is_empty(), || summary.clone())?;
    is_inconclusive_from_its_ledger(&ended)
}

/// The containers are still there, until `clean` removes them.
pub(crate) fn killed_in_containers() -> Result<(), Trouble> {
    let ended = killed("containers")?;
    is_inconclusive_from_its_ledger(&ended)?;
    let name = ended.name()?;
    let bench = Bench::of(&name)?;
    let there = bench.containers()?.len();
    // those of the clinics beside the first as well, if there were some already
    ensure(there >= 8, || format!("{there} containers outlived the kill"))?;
    let cleaned = run(&["clean"], &[])?;
    cleaned.expect_code(0)?;
    ensure(cleaned.stdout.starts_with("removed "), || cleaned.stdout.clone())?;
    bench.nothing_is_left()
}

fn killed(deploy: &str) -> Result<Ended, Trouble> {
    let mut started: Started = start(&["run", "--deploy", deploy, "--seed", "3"], &[])?;
    started.until_exchanges(MIDDLE)?;
    started.signal("KILL")?;
    let ended = started.wait()?;
    ensure(ended.code.is_none(), || format!("it ended with {:?}", ended.code))?;
    Ok(ended)
}

/// Its ledger can be read, and `bystander report` says the same of it.
fn is_inconclusive_from_its_ledger(ended: &Ended) -> Result<(), Trouble> {
    let judgement = judge(ended.ledger()?);
    let told = judgement
        .gaps
        .iter()
        .any(|gap| gap.why == "the run was cut off before its end");
    ensure(told && judgement.findings.is_empty(), || {
        format!("{:#?}", judgement.gaps)
    })?;
    let ledger = ended.file("ledger.ndjson");
    let report = run(
        &[
            "report".as_ref(),
            ledger.as_os_str(),
            "--out".as_ref(),
            "bystander-out".as_ref(),
        ],
        &[],
    )?;
    report.expect_code(3)?;
    ensure(
        report.stdout.starts_with("INCONCLUSIVE") && report.summary()?["verdict"] == "inconclusive",
        || report.stdout.clone(),
    )
}
