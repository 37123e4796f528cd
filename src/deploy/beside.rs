//! Further clinics in containers, beside the one of a run.
//!
//! Each is a run to the engine, named after the run and its number with a dot between. No run that anybody names has a dot, so what
//! belongs together is known by its name.

use std::collections::BTreeSet;

use super::engine::Engine;
use super::error::DeployError;
use super::stack::{Inner, Stack};
use super::{Options, Progress, checked, containers, flight, leftovers, prepare};

/// Brings up a further clinic in containers, like the one of these options. It is not kept when that is.
///
/// If the future is dropped half-way, call [`clean_beside`] with the run's id.
///
/// # Errors
/// When this machine cannot run it, or it does not become healthy.
pub async fn up_beside(
    options: &Options,
    number: usize,
    progress: &dyn Progress,
) -> Result<Stack, DeployError> {
    let run = format!("{}.{number}", checked(&options.run)?);
    flight::begin(&run);
    let (engine, images) = prepare(false, progress).await?;
    let options = Options {
        run: run.clone(),
        keep: false,
        ..options.clone()
    };
    let (containers, addresses) = containers::up(engine, &images, &options, progress).await?;
    let why = "it stands beside another".to_owned();
    Ok(Stack::new(&run, why, addresses, Inner::Containers(containers)))
}

/// Removes what clinics beside this run's have left, and gives the numbers of containers and of networks.
///
/// # Errors
/// [`DeployError::NoEngine`] when nobody can say what is there, [`DeployError::Left`] when something does not go.
pub async fn clean_beside(run: &str) -> Result<(usize, usize), DeployError> {
    let engine = Engine::connect().await?;
    let mut runs: BTreeSet<String> = flight::runs_beside(run).into_iter().collect();
    runs.extend(
        leftovers::runs(&engine)
            .await?
            .into_iter()
            .filter(|other| is_beside(other, run)),
    );
    let mut removed = (0, 0);
    for other in runs {
        let (containers, networks) = leftovers::remove(&engine, &other).await?;
        removed = (removed.0 + containers, removed.1 + networks);
    }
    Ok(removed)
}

/// Whether a run's clinic stands beside that of another.
pub(super) fn is_beside(other: &str, run: &str) -> bool {
    other.strip_prefix(run).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::is_beside;

    #[test]
    fn what_stands_beside_a_run_is_known_by_its_name() {
        assert!(is_beside("night.2", "night"));
        assert!(!is_beside("night-2", "night"));
        assert!(!is_beside("night", "night"));
        assert!(!is_beside("nightly.2", "night"));
    }
}
