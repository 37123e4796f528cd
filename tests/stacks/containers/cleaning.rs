//! What outlives its process, what does not, and what `clean` does about it.

use bystander::deploy::clean;

use super::process::{Child, run};
use crate::engine::{Bench, Outcome, Quiet, ensure};

/// A stack that is dropped without `down`.
pub(crate) fn forgetting_leaves_nothing(bench: &Bench) -> Outcome {
    drop(bench.up()?);
    bench.nothing_is_left()
}

/// A run that is going on is left alone; after a kill it is removed.
pub(crate) fn killed_and_live(bench: &Bench) -> Outcome {
    let child = Child::up(&bench.run)?;
    let cleaned = bench.runtime.block_on(clean(None, &Quiet))?;
    let left = cleaned
        .left
        .iter()
        .find(|left| left.run == bench.run)
        .map(|left| left.why.clone());
    ensure(
        left.as_deref().is_some_and(|why| why.contains("still running")),
        || format!("{cleaned:?}"),
    )?;
    let before = bench.containers()?.len();
    ensure(before == 8, || format!("{before} containers of the live run"))?;
    child.kill()?;
    let cleaned = bench.runtime.block_on(clean(None, &Quiet))?;
    ensure(cleaned.containers >= 7 && cleaned.networks >= 1, || {
        format!("{cleaned:?}")
    })?;
    bench.nothing_is_left()
}

/// A stack that is to be kept stays until it is named.
pub(crate) fn kept(bench: &Bench) -> Outcome {
    let out = run(&["keep", &bench.run], &[])?;
    ensure(out.contains(&format!("bystander clean {}", bench.run)), || {
        out.clone()
    })?;
    bench.runtime.block_on(clean(None, &Quiet))?;
    let running = bench
        .containers()?
        .iter()
        .filter(|container| container.state.is_some())
        .count();
    ensure(running == 8, || format!("{running} containers were kept"))?;
    bench.runtime.block_on(clean(Some(&bench.run), &Quiet))?;
    bench.nothing_is_left()
}
