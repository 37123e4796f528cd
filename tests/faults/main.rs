//! Every fault of the clinic is found, for what it is and nowhere else; the sound clinic holds. Through the built binary, on
//! the embedded clinic and on the one in containers (these show as ignored where no Docker engine answers).

mod acting;
#[path = "../binary/mod.rs"]
#[expect(dead_code, reason = "nothing is disturbed here")]
mod binary;
mod bucket;
mod closing;
mod cohorts;
mod deleted;
mod devices;
#[path = "../engine/mod.rs"]
#[expect(dead_code, reason = "only the engine is asked about here")]
mod engine;
mod found;
mod further;
mod grants;
mod reached;
mod recorder;
mod roles;
mod routing;
mod sound;
mod streams;
mod switched;
mod table;
mod tenants;
#[path = "../trials/mod.rs"]
mod trials;
mod unanswered;

use std::process::ExitCode;

use libtest_mimic::Arguments;

use binary::Trouble;
use engine::Bench;
use recorder::RECORDER;
use table::{also_contained, only_contained, table};
use trials::{ignored, trial, trial_alone};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let contained =
        |name: &str, test: Test| ignored(trial_alone(module_path!(), name, test), Bench::no_engine());
    let mut trials = vec![
        trial(
            module_path!(),
            "every_fault_of_the_catalogue_has_a_row",
            found::table_is_complete,
        ),
        trial(
            module_path!(),
            "sound_embedded_with_five_seeds",
            sound::embedded_with_five_seeds,
        ),
        trial(
            module_path!(),
            "the_same_seed_makes_the_same_people",
            sound::same_seed_same_people,
        ),
    ];
    for row in table().filter(|row| !found::needs_containers(row)) {
        let name = format!("{}_embedded", row.fault);
        trials.push(trial(module_path!(), &name, || found::embedded(row)));
    }
    for row in only_contained() {
        let name = format!("{}_embedded", row.fault);
        trials.push(trial(module_path!(), &name, || found::silent_embedded(row)));
    }
    // these run alone: last, so that nothing waits for them
    trials.push(contained("sound_in_containers", Box::new(sound::in_containers)));
    for row in table().filter(|row| found::needs_containers(row)) {
        let name = format!("{}_in_containers", row.fault);
        trials.push(contained(&name, Box::new(|| found::where_it_happens(row))));
    }
    for row in also_contained().chain(only_contained()).chain(&RECORDER) {
        let name = format!("{}_in_containers", row.fault);
        trials.push(contained(&name, Box::new(|| found::in_containers(row))));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// A test.
type Test = Box<dyn FnOnce() -> Result<(), Trouble> + Send>;
