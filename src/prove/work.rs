//! Trials side by side: embedded ones as many as the machine bears, those in containers one at a time.

use super::trial::{Deployment, TrialProgress, make};
use super::{Trial, TrialConfig, TrialSpec};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Asks all workers to come to an end.
#[derive(Debug, Clone, Default)]
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    /// From now on nothing new is begun, and what is under way is ended.
    pub fn request_stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Makes all trials; hands them back in the order of the orders. Blocks until the last is over. Whoever watches is told of each
/// when it begins and when it is over.
pub fn work_off(
    bench: &TrialConfig,
    orders: &[TrialSpec],
    jobs: usize,
    stop: &StopSignal,
    watch: &(dyn Fn(&TrialSpec, TrialProgress, Option<&Trial>) + Sync),
) -> Vec<Trial> {
    let of = |deployment| {
        let wanted = move |(_, order): &(usize, &TrialSpec)| order.deployment == deployment;
        Mutex::new(
            orders
                .iter()
                .enumerate()
                .filter(wanted)
                .map(|(index, _)| index)
                .collect::<VecDeque<usize>>(),
        )
    };
    let (embedded, contained) = (of(Deployment::Embedded), of(Deployment::Containers));
    let done: Mutex<Vec<Option<Trial>>> = Mutex::new(vec![None; orders.len()]);
    let worker = |queue: &Mutex<VecDeque<usize>>| {
        while let Some(index) = next_index(queue) {
            let Some(order) = orders.get(index) else { continue };
            let trial = if stop.is_asked() {
                Trial::unclear(order, "it was interrupted before it began".to_owned())
            } else {
                watch(order, TrialProgress::Begun, None);
                let trial = make(bench, order, stop);
                watch(order, TrialProgress::Over, Some(&trial));
                trial
            };
            if let Some(place) = lock(&done).get_mut(index) {
                *place = Some(trial);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| worker(&embedded));
        }
    });
    // two stacks in containers at once would only wait for each other
    worker(&contained);
    lock(&done).drain(..).flatten().collect()
}

fn next_index(queue: &Mutex<VecDeque<usize>>) -> Option<usize> {
    lock(queue).pop_front()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
