//! Sabotaged runs, one for each way to interfere.

use super::sabotage_report::SabotageCollector;
use super::trial::{TrialEnd, run};
use super::{SabotageReport, StopSignal, TrialConfig};
use crate::judge::exit;
use crate::ledger::read_file;
use crate::probe::Sabotage;
use std::fs;

/// Runs the scenarios with each sabotage, one after the other; `arguments` say on which stack. Blocks until the last is over.
///
/// # Errors
/// When a run did not end as one does that was judged: with what it said.
pub fn interfere(
    bench: &TrialConfig,
    arguments: &[String],
    stop: &StopSignal,
    watch: &(dyn Fn(Sabotage) + Sync),
) -> Result<SabotageReport, String> {
    let mut seen = SabotageCollector::default();
    for how in Sabotage::ALL {
        watch(how);
        let out = bench.out.join(format!("sabotage-{how}"));
        let arguments = [arguments, &["--sabotage".to_owned(), how.to_string()]].concat();
        let ending =
            run(bench, &arguments, &out, stop, &mut || false).map_err(|why| format!("{how}: {why}"))?;
        let TrialEnd::Code(code) = ending else {
            return Err(format!("{how}: the run was ended before its end"));
        };
        // where nothing was probed, nothing can notice
        let judged = [exit::HELD, exit::LEAKED, exit::INCONCLUSIVE, exit::NOTHING_RAN].map(i32::from);
        if !judged.contains(&code) {
            let said = fs::read_to_string(out.join("errors.txt")).unwrap_or_default();
            return Err(format!(
                "{how}: the run ended with exit code {code}\n{}",
                said.trim_end()
            ));
        }
        let entries = read_file(&out.join("ledger.ndjson")).map_err(|error| error.to_string())?;
        seen.take_in(how, entries).map_err(|error| error.to_string())?;
    }
    Ok(seen.report())
}
