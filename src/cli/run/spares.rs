//! Further clinics in containers for scenarios that change flags: each is lent to one scenario after the other, and each scenario
//! leaves it as it was. They are raised when they are wanted, and go when the run ends.

use super::super::progress::Line;
use super::stacks::{Raised, ailing, vars};
use crate::deploy::{self, Stack};
use crate::probe::Station;
use crate::run::{Another, Raise, StackWatch, Stations};
use crate::toggle::{Hold, StackHold};
use async_trait::async_trait;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The clinics beside the one that all scenarios share.
#[derive(Clone)]
pub(super) struct Spares(Arc<Inner>);

struct Inner {
    stations: Stations,
    /// Those of the shared one.
    options: deploy::Options,
    /// The shared one, which does as well while nobody is at it.
    shared: (Arc<Raised>, StackHold, Arc<Station>),
    line: Line,
    /// One for each that is lent or could be.
    places: Arc<Semaphore>,
    /// How those are spoken to that nobody has.
    idle: Mutex<Vec<Arc<Station>>>,
    /// All that were raised, and how each is spoken to.
    raised: Mutex<Vec<(Arc<Station>, Arc<Stack>)>>,
    numbers: AtomicUsize,
}

/// One of them while a scenario has it.
struct Lent {
    station: Arc<Station>,
    inner: Arc<Inner>,
    /// Given back after the clinic itself.
    _place: OwnedSemaphorePermit,
}

impl Drop for Lent {
    fn drop(&mut self) {
        lock(&self.inner.idle).push(Arc::clone(&self.station));
    }
}

impl Spares {
    /// So many at most, with the options of the shared one.
    pub(super) fn new(
        stations: Stations,
        options: deploy::Options,
        shared: (Arc<Raised>, StackHold, Arc<Station>),
        most: usize,
        line: Line,
    ) -> Self {
        Self(Arc::new(Inner {
            stations,
            options,
            shared,
            line,
            places: Arc::new(Semaphore::new(most)),
            idle: Mutex::default(),
            raised: Mutex::default(),
            numbers: AtomicUsize::new(2),
        }))
    }

    /// Lends no more of them. The shared one is let go, and may be taken down at the same time.
    pub(super) fn leave(self) -> Leaving {
        lock(&self.0.idle).clear();
        let raised = std::mem::take(&mut *lock(&self.0.raised));
        // one that a cancelled scenario still holds goes with what is left
        let stacks = raised.into_iter().filter_map(|(_, stack)| Arc::into_inner(stack));
        Leaving {
            stacks: stacks.collect(),
            run: self.0.options.run.clone(),
        }
    }
}

/// Those that are about to go.
pub(super) struct Leaving {
    stacks: Vec<Stack>,
    run: String,
}

impl Leaving {
    /// Takes all of them down, also one that was being raised when the run was cut short.
    ///
    /// # Errors
    /// When something of them does not go.
    pub(super) async fn down(self) -> Result<(), deploy::DeployError> {
        for ended in futures::future::join_all(self.stacks.into_iter().map(Stack::down)).await {
            ended?;
        }
        deploy::clean_beside(&self.run).await.map(drop)
    }
}

impl Inner {
    async fn raise(&self) -> Result<Arc<Station>, String> {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let stack = deploy::up_beside(&self.options, number, &Silent)
            .await
            .map_err(|error| error.to_string())?;
        match self.stations.station(&vars(&stack)) {
            Ok(station) => {
                lock(&self.raised).push((Arc::clone(&station), Arc::new(stack)));
                Ok(station)
            }
            Err(error) => {
                stack.down().await.map_err(|error| error.to_string())?;
                Err(error.to_string())
            }
        }
    }

    /// The shared one, when nobody else is at it any more.
    async fn shared(&self) -> Another {
        let (_, hold, station) = &self.shared;
        Another {
            station: Arc::clone(station),
            hold: hold.take(true).await,
        }
    }
}

#[async_trait]
impl Raise for Spares {
    async fn another(&self) -> Result<Another, String> {
        let inner = &self.0;
        let (_, shared, station) = &inner.shared;
        if let Some(hold) = shared.take_idle() {
            return Ok(Another {
                station: Arc::clone(station),
                hold,
            });
        }
        let Ok(place) = Arc::clone(&inner.places).acquire_owned().await else {
            return Ok(inner.shared().await);
        };
        let idle = lock(&inner.idle).pop();
        let station = match idle {
            Some(station) => station,
            None => match inner.raise().await {
                Ok(station) => station,
                Err(why) => {
                    let first = why.lines().next().unwrap_or_default();
                    inner.line.above(&format!(
                        "No further clinic beside this one: {first}. Scenarios that change flags wait for each other."
                    ));
                    if lock(&inner.raised).is_empty() {
                        inner.places.close();
                    }
                    place.forget();
                    return Ok(inner.shared().await);
                }
            },
        };
        let lent = Lent {
            station: Arc::clone(&station),
            inner: Arc::clone(inner),
            _place: place,
        };
        Ok(Another {
            station,
            hold: Hold::Lent(Box::new(lent)),
        })
    }
}

#[async_trait]
impl StackWatch for Spares {
    async fn ailing(&self, station: &Arc<Station>) -> Option<String> {
        let raised = lock(&self.0.raised).clone();
        match raised.iter().find(|(of, _)| Arc::ptr_eq(of, station)) {
            Some((_, stack)) => ailing(stack).await,
            None => self.0.shared.0.ailing().await,
        }
    }
}

/// Nobody is told how a further one gets on: scenarios are what is counted meanwhile.
struct Silent;

impl deploy::Progress for Silent {
    fn say(&self, _: &str) {}
}

/// It is whole even if somebody panicked while holding it.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
