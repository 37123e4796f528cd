//! Every fault of the clinic is found, for what it is and nowhere else; the sound clinic holds. Through the built binary, on
//! the embedded clinic and on the one in containers (these show as ignored where no Docker engine answers).

#[path = "faults/acting.rs"]
mod acting;
#[path = "containers/bench.rs"]
#[expect(dead_code, reason = "only the engine is asked about here")]
mod bench;
#[path = "binary/mod.rs"]
#[expect(dead_code, reason = "nothing is disturbed here")]
mod binary;
#[path = "faults/bucket.rs"]
mod bucket;
#[path = "faults/closing.rs"]
mod closing;
#[path = "faults/cohorts.rs"]
mod cohorts;
#[path = "faults/deleted.rs"]
mod deleted;
#[path = "faults/devices.rs"]
mod devices;
#[path = "faults/found.rs"]
mod found;
#[path = "faults/further.rs"]
mod further;
#[path = "faults/grants.rs"]
mod grants;
#[path = "faults/reached.rs"]
mod reached;
#[path = "faults/recorder.rs"]
mod recorder;
#[path = "faults/roles.rs"]
mod roles;
#[path = "faults/routing.rs"]
mod routing;
#[path = "faults/sound.rs"]
mod sound;
#[path = "faults/streams.rs"]
mod streams;
#[path = "faults/switched.rs"]
mod switched;
#[path = "faults/table.rs"]
mod table;
#[path = "faults/tenants.rs"]
mod tenants;
#[path = "faults/unanswered.rs"]
mod unanswered;

use std::process::ExitCode;
use std::sync::{PoisonError, RwLock};

use libtest_mimic::{Arguments, Trial};

use bench::Bench;
use binary::Trouble;
use recorder::RECORDER;
use table::{also_contained, only_contained, table};

/// Stacks in containers want all processors: nothing else runs beside one, so that no part of it is late for that.
static PROCESSORS: RwLock<()> = RwLock::new(());

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let no_engine = !Bench::has_engine();
    let mut trials = vec![
        trial("every_fault_of_the_catalogue_has_a_row", found::table_is_complete),
        trial("sound_embedded_with_five_seeds", || {
            beside_others(sound::embedded_with_five_seeds)
        }),
        trial("the_same_seed_makes_the_same_people", || {
            beside_others(sound::same_seed_same_people)
        }),
        trial("sound_in_containers", || in_containers(sound::in_containers)).with_ignored_flag(no_engine),
    ];
    for row in table().filter(|row| !found::needs_containers(row)) {
        trials.push(trial(&format!("{}_embedded", row.fault), || {
            beside_others(|| found::embedded(row))
        }));
    }
    for row in only_contained() {
        trials.push(trial(&format!("{}_embedded", row.fault), || {
            beside_others(|| found::silent_embedded(row))
        }));
    }
    for row in table().filter(|row| found::needs_containers(row)) {
        let contained = move || in_containers(|| found::where_it_happens(row));
        trials.push(trial(&format!("{}_in_containers", row.fault), contained).with_ignored_flag(no_engine));
    }
    for row in also_contained().chain(only_contained()).chain(&RECORDER) {
        let contained = move || in_containers(|| found::in_containers(row));
        trials.push(trial(&format!("{}_in_containers", row.fault), contained).with_ignored_flag(no_engine));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(name: &str, test: impl FnOnce() -> Result<(), Trouble> + Send + 'static) -> Trial {
    Trial::test(name, move || test().map_err(|error| error.to_string().into()))
}

fn in_containers(test: impl FnOnce() -> Result<(), Trouble>) -> Result<(), Trouble> {
    let _alone = PROCESSORS.write().unwrap_or_else(PoisonError::into_inner);
    test()
}

fn beside_others(test: impl FnOnce() -> Result<(), Trouble>) -> Result<(), Trouble> {
    let _beside = PROCESSORS.read().unwrap_or_else(PoisonError::into_inner);
    test()
}
