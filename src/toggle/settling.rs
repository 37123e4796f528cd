//! How long it takes until what people do is seen to have happened.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// By what is done, how long it took at most in this run.
#[derive(Debug, Clone, Default)]
pub struct Settling(Arc<Mutex<BTreeMap<String, Duration>>>);

impl Settling {
    /// Remembers how long it took.
    pub fn record(&self, what: &str, time: Duration) {
        let mut slowest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let slowest = slowest.entry(what.to_owned()).or_default();
        *slowest = time.max(*slowest);
    }

    /// How long it took at most; none where it has not been seen yet.
    #[must_use]
    pub fn longest(&self, what: &str) -> Option<Duration> {
        let slowest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        slowest.get(what).copied()
    }
}
