//! The tests of a binary that finds out by itself which it has: made from tables, or ignored where something is not installed.

use std::sync::{PoisonError, RwLock};

use libtest_mimic::Trial;

use crate::binary::Trouble;

/// Stacks in containers want all processors: nothing else runs beside one, so that no part of it is late for that.
static PROCESSORS: RwLock<()> = RwLock::new(());

/// A test, by its module (`module_path!()`) and its name there. It runs beside others.
pub(crate) fn trial(
    module: &str,
    name: &str,
    test: impl FnOnce() -> Result<(), Trouble> + Send + 'static,
) -> Trial {
    named(module, name, move || {
        let _beside = PROCESSORS.read().unwrap_or_else(PoisonError::into_inner);
        test()
    })
}

/// A test in containers: nothing runs beside it.
pub(crate) fn trial_alone(
    module: &str,
    name: &str,
    test: impl FnOnce() -> Result<(), Trouble> + Send + 'static,
) -> Trial {
    named(module, name, move || {
        let _alone = PROCESSORS.write().unwrap_or_else(PoisonError::into_inner);
        test()
    })
}

fn named(module: &str, name: &str, test: impl FnOnce() -> Result<(), Trouble> + Send + 'static) -> Trial {
    // the binary's own name stands before the first `::`
    let module = module.split_once("::").map_or("", |(_, inner)| inner);
    let name = match module {
        "" => name.to_owned(),
        module => format!("{module}::{name}"),
    };
    Trial::test(name, move || test().map_err(|error| error.to_string().into()))
}

/// Ignored for this reason, if there is one; the reason shows before the name.
pub(crate) fn ignored(trial: Trial, reason: Option<String>) -> Trial {
    match reason {
        Some(reason) => trial.with_kind(reason).with_ignored_flag(true),
        None => trial,
    }
}
