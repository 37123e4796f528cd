//! Further clinics in containers, beside the one of a run.
//!
//! Each is a run to the engine, named after the run and its number with a dot between. No run that anybody names has a dot, so what
//! belongs together is known by its name.

use std::collections::BTreeSet;

use super::engine::DockerEngine;
use super::error::DeployError;
use super::stack::{DeployedParts, Stack};
use super::{DeployOptions, Progress, checked, cleanup_guard, containers, pending_starts, prepare};

/// Brings up a further clinic in containers, like the one of these options. It is not kept when that is.
///
/// If the future is dropped half-way, call [`clean_beside`] with the run's id.
///
/// # Errors
/// When this machine cannot run it, or it does not become healthy.
pub async fn start_extra_stack(
    options: &DeployOptions,
    number: usize,
    progress: &dyn Progress,
) -> Result<Stack, DeployError> {
    let run = format!("{}.{number}", checked(&options.run)?);
    pending_starts::start(&run);
    let (engine, images) = prepare(false, progress).await?;
    let options = DeployOptions {
        run: run.clone(),
        keep: false,
        ..options.clone()
    };
    let (containers, addresses) = containers::up(engine, &images, &options, progress).await?;
    let why = "it stands beside another".to_owned();
    Ok(Stack::new(
        &run,
        why,
        addresses,
        DeployedParts::Containers(containers),
    ))
}

/// Removes what clinics beside this run's have left, and gives the numbers of containers and of networks.
///
/// # Errors
/// [`DeployError::NoEngine`] when nobody can say what is there, [`DeployError::Left`] when something does not go.
pub async fn clean_extra_stacks(run: &str) -> Result<(usize, usize), DeployError> {
    let engine = DockerEngine::connect().await?;
    let mut runs: BTreeSet<String> = pending_starts::extra_runs(run).into_iter().collect();
    runs.extend(
        cleanup_guard::runs(&engine)
            .await?
            .into_iter()
            .filter(|other| is_extra_stack(other, run)),
    );
    let mut removed = (0, 0);
    for other in runs {
        let (containers, networks) = cleanup_guard::remove(&engine, &other).await?;
        removed = (removed.0 + containers, removed.1 + networks);
    }
    Ok(removed)
}

/// Whether a run's clinic stands beside that of another.
pub(super) fn is_extra_stack(other: &str, run: &str) -> bool {
    other.strip_prefix(run).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::is_extra_stack;

    #[test]
    fn what_stands_beside_a_run_is_known_by_its_name() {
        assert!(is_extra_stack("night.2", "night"));
        assert!(!is_extra_stack("night-2", "night"));
        assert!(!is_extra_stack("night", "night"));
        assert!(!is_extra_stack("nightly.2", "night"));
    }
}
