//! Starts that are under way: a request to the engine goes on after whoever made it has given up.
//!
//! If `up` is dropped while the engine is making a container, that container appears a moment later. So each start
//! runs to its end in a task of its own, and cleaning up waits for those tasks before it looks for what is there.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::task::TaskTracker;

/// How long a start that is under way is waited for before cleaning up.
const LANDS_WITHIN: Duration = Duration::from_secs(30);

/// The runs of this process, with the starts of those that have asked an engine for something.
static RUNS: Mutex<BTreeMap<String, Option<TaskTracker>>> = Mutex::new(BTreeMap::new());

/// A run of this process begins.
pub(super) fn start(run: &str) {
    runs().entry(run.to_owned()).or_default();
}

/// The tracker of a run's starts.
pub(super) fn of(run: &str) -> TaskTracker {
    runs()
        .entry(run.to_owned())
        .or_default()
        .get_or_insert_default()
        .clone()
}

/// The runs of this process whose clinics stand beside that of this one.
pub(super) fn extra_runs(run: &str) -> Vec<String> {
    let runs = runs();
    let beside = runs
        .keys()
        .filter(|other| super::extra_stacks::is_extra_stack(other, run));
    beside.cloned().collect()
}

/// Whether this is a run of this process that cannot have left anything with an engine.
pub(super) fn has_no_starts(run: &str) -> bool {
    matches!(runs().get(run), Some(None))
}

/// Waits until nothing of this run is under way any more.
pub(super) async fn finished(run: &str) {
    let tracker = runs().remove(run).flatten();
    if let Some(tracker) = tracker {
        tracker.close();
        // An engine that takes longer than this has hung; what it makes then is found by a later `clean`.
        let _ = tokio::time::timeout(LANDS_WITHIN, tracker.wait()).await;
    }
}

/// The table. It is whole even if somebody panicked while holding it.
fn runs() -> MutexGuard<'static, BTreeMap<String, Option<TaskTracker>>> {
    RUNS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    #[tokio::test]
    async fn a_start_that_nobody_waits_for_is_waited_for() {
        let (done, mut is_done) = tokio::sync::oneshot::channel();
        drop(super::of("a").spawn(async move {
            tokio::time::sleep(Duration::from_millis(30)).await;
            let _ = done.send(());
        }));
        super::finished("a").await;
        assert!(is_done.try_recv().is_ok());
    }

    #[tokio::test]
    async fn an_unknown_run_has_nothing_under_way() {
        super::finished("b").await;
        assert!(!super::has_no_starts("b"));
    }

    #[tokio::test]
    async fn a_run_without_containers_has_asked_for_nothing() {
        super::start("c");
        assert!(super::has_no_starts("c"));
        let _ = super::of("c");
        assert!(!super::has_no_starts("c"));
    }
}
