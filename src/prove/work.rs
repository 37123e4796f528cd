//! Trials side by side: embedded ones as many as the machine bears, those in containers one at a time.

use super::trial::{Deployment, Stage, make};
use super::{Bench, Order, Trial};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Asks all workers to come to an end.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// From now on nothing new is begun, and what is under way is ended.
    pub fn ask(&self) {
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
    bench: &Bench,
    orders: &[Order],
    side_by_side: usize,
    stop: &Stop,
    watch: &(dyn Fn(&Order, Stage, Option<&Trial>) + Sync),
) -> Vec<Trial> {
    let of = |deployment| {
        let wanted = move |(_, order): &(usize, &Order)| order.deployment == deployment;
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
        while let Some(index) = take(queue) {
            let Some(order) = orders.get(index) else { continue };
            let trial = if stop.is_asked() {
                Trial::unclear(order, "it was interrupted before it began".to_owned())
            } else {
                watch(order, Stage::Begun, None);
                let trial = make(bench, order, stop);
                watch(order, Stage::Over, Some(&trial));
                trial
            };
            if let Some(place) = lock(&done).get_mut(index) {
                *place = Some(trial);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..side_by_side.max(1) {
            scope.spawn(|| worker(&embedded));
        }
    });
    // two stacks in containers at once would only wait for each other
    worker(&contained);
    lock(&done).drain(..).flatten().collect()
}

fn take(queue: &Mutex<VecDeque<usize>>) -> Option<usize> {
    lock(queue).pop_front()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
