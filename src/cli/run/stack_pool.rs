//! Further clinics in containers for scenarios that change flags: each is lent to one scenario after the other, and each scenario
//! leaves it as it was. They are raised when they are wanted, and go when the run ends.

use super::super::progress::ProgressLine;
use super::stacks::{RunningStack, first_unhealthy_part, vars};
use crate::deploy::{self, Stack};
use crate::probe::StackSession;
use crate::run::{ExtraStack, SessionFactory, StackProvider, StackWatch};
use crate::toggle::{StackGuard, StackLock};
use async_trait::async_trait;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The clinics beside the one that all scenarios share.
#[derive(Clone)]
pub(super) struct StackPool(Arc<PoolState>);

struct PoolState {
    stations: SessionFactory,
    /// Those of the shared one.
    options: deploy::DeployOptions,
    /// The shared one, which does as well while nobody is at it.
    shared: (Arc<RunningStack>, StackLock, Arc<StackSession>),
    line: ProgressLine,
    /// One for each that is lent or could be.
    places: Arc<Semaphore>,
    /// How those are spoken to that nobody has.
    idle: Mutex<Vec<Arc<StackSession>>>,
    /// All that were raised, and how each is spoken to.
    raised: Mutex<Vec<(Arc<StackSession>, Arc<Stack>)>>,
    numbers: AtomicUsize,
}

/// One of them while a scenario has it.
struct LeasedStack {
    station: Arc<StackSession>,
    inner: Arc<PoolState>,
    /// Given back after the clinic itself.
    _place: OwnedSemaphorePermit,
}

impl Drop for LeasedStack {
    fn drop(&mut self) {
        lock(&self.inner.idle).push(Arc::clone(&self.station));
    }
}

impl StackPool {
    /// So many at most, with the options of the shared one.
    pub(super) fn new(
        stations: SessionFactory,
        options: deploy::DeployOptions,
        shared: (Arc<RunningStack>, StackLock, Arc<StackSession>),
        most: usize,
        line: ProgressLine,
    ) -> Self {
        Self(Arc::new(PoolState {
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
    pub(super) fn stop(self) -> StoppingStacks {
        lock(&self.0.idle).clear();
        let raised = std::mem::take(&mut *lock(&self.0.raised));
        // one that a cancelled scenario still holds goes with what is left
        let stacks = raised.into_iter().filter_map(|(_, stack)| Arc::into_inner(stack));
        StoppingStacks {
            stacks: stacks.collect(),
            run: self.0.options.run.clone(),
        }
    }
}

/// Those that are about to go.
pub(super) struct StoppingStacks {
    stacks: Vec<Stack>,
    run: String,
}

impl StoppingStacks {
    /// Takes all of them down, also one that was being raised when the run was cut short.
    ///
    /// # Errors
    /// When something of them does not go.
    pub(super) async fn down(self) -> Result<(), deploy::DeployError> {
        for ended in futures::future::join_all(self.stacks.into_iter().map(Stack::down)).await {
            ended?;
        }
        deploy::clean_extra_stacks(&self.run).await.map(drop)
    }
}

impl PoolState {
    async fn raise(&self) -> Result<Arc<StackSession>, String> {
        let number = self.numbers.fetch_add(1, Ordering::Relaxed);
        let stack = deploy::start_extra_stack(&self.options, number, &NoStartProgress)
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
    async fn shared(&self) -> ExtraStack {
        let (_, hold, station) = &self.shared;
        ExtraStack {
            session: Arc::clone(station),
            hold: hold.acquire(true).await,
        }
    }
}

#[async_trait]
impl StackProvider for StackPool {
    async fn another(&self) -> Result<ExtraStack, String> {
        let inner = &self.0;
        let (_, shared, station) = &inner.shared;
        if let Some(hold) = shared.take_idle() {
            return Ok(ExtraStack {
                session: Arc::clone(station),
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
        let lent = LeasedStack {
            station: Arc::clone(&station),
            inner: Arc::clone(inner),
            _place: place,
        };
        Ok(ExtraStack {
            session: station,
            hold: StackGuard::Lent(Box::new(lent)),
        })
    }
}

#[async_trait]
impl StackWatch for StackPool {
    async fn first_unhealthy_part(&self, station: &Arc<StackSession>) -> Option<String> {
        let raised = lock(&self.0.raised).clone();
        match raised.iter().find(|(of, _)| Arc::ptr_eq(of, station)) {
            Some((_, stack)) => first_unhealthy_part(stack).await,
            None => self.0.shared.0.first_unhealthy_part().await,
        }
    }
}

/// Nobody is told how a further one gets on: scenarios are what is counted meanwhile.
struct NoStartProgress;

impl deploy::Progress for NoStartProgress {
    fn say(&self, _: &str) {}
}

/// It is whole even if somebody panicked while holding it.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
