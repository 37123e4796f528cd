//! Several people who listen at the same time: what there is to be told of is done once, when all of them listen, and not by the owners
//! of recordings for each listener anew.

use crate::plant::planting::Recording;
use crate::profile::{Step, StreamPart};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Those who listen while the same is done.
pub(super) struct ListenBarrier<'a> {
    steps: &'a [Step],
    /// The recordings whose owners do it, each once.
    about: Vec<&'a Recording>,
    state: Mutex<BarrierState>,
    changed: Notify,
}

#[derive(Default)]
struct BarrierState {
    /// So many have yet to open what they listen to, or to fail at that.
    coming: usize,
    /// One of them does it.
    doing: bool,
    done: Option<Result<(), String>>,
}

/// Of somebody who is to listen. Whoever is refused drops it, and is not waited for any longer.
pub(super) struct BarrierTicket<'t, 'a> {
    together: &'t ListenBarrier<'a>,
    came: AtomicBool,
}

/// By what is done meanwhile: those who listen together.
pub(super) type ListenGroups<'a> = BTreeMap<Vec<String>, ListenBarrier<'a>>;

/// Who would listen, in parties: each is told by its stream, and by the recordings whose owners do something.
pub(super) fn parties<'a>(
    listeners: impl IntoIterator<Item = (&'a StreamPart, Vec<&'a Recording>)>,
) -> ListenGroups<'a> {
    let mut parties = ListenGroups::new();
    for (stream, about) in listeners {
        let together = parties.entry(key(stream)).or_insert_with(|| ListenBarrier {
            steps: &stream.meanwhile,
            about: Vec::new(),
            state: Mutex::default(),
            changed: Notify::new(),
        });
        together.state().coming += 1;
        for recording in about {
            if !together
                .about
                .iter()
                .any(|known| known.number == recording.number)
            {
                together.about.push(recording);
            }
        }
    }
    parties
}

/// The ticket of somebody who was counted in: as many are to be taken as were counted, before the first of them listens.
pub(super) fn ticket<'t, 'a>(
    parties: &'t ListenGroups<'a>,
    stream: &StreamPart,
) -> Option<BarrierTicket<'t, 'a>> {
    let together = parties.get(&key(stream))?;
    Some(BarrierTicket {
        together,
        came: AtomicBool::new(false),
    })
}

/// Everything that is written in the steps.
fn key(stream: &StreamPart) -> Vec<String> {
    let mut key = Vec::new();
    for step in &stream.meanwhile {
        key.extend(
            [&step.by, &step.base]
                .map(|text| text.as_ref().map_or_else(String::new, |text| text.to_string())),
        );
        step.strings(&mut |text| key.push(text.to_owned()));
    }
    key
}

impl ListenBarrier<'_> {
    fn state(&self) -> MutexGuard<'_, BarrierState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> BarrierTicket<'_, 'a> {
    /// What is done, and the recordings whose owners do it.
    pub(super) fn deed(&self) -> (&'a [Step], &[&'a Recording]) {
        (self.together.steps, &self.together.about)
    }

    /// Waits until all the others listen as well, and does it, or waits until somebody else has. The error says why there was nothing
    /// to be told of.
    pub(super) async fn once(&self, doing: impl Future<Output = Result<(), String>>) -> Result<(), String> {
        let together = self.together;
        self.arrived();
        loop {
            let mut changed = std::pin::pin!(together.changed.notified());
            // what changes from here on is not missed
            changed.as_mut().enable();
            let mine = {
                let mut state = together.state();
                if let Some(done) = &state.done {
                    return done.clone();
                }
                let mine = state.coming == 0 && !state.doing;
                state.doing |= mine;
                mine
            };
            if !mine {
                changed.await;
                continue;
            }
            let _turn = TriggerTurn(together);
            let done = doing.await;
            together.state().done = Some(done.clone());
            return done;
        }
    }

    fn arrived(&self) {
        if !self.came.swap(true, Ordering::Relaxed) {
            let mut state = self.together.state();
            state.coming = state.coming.saturating_sub(1);
            drop(state);
            self.together.changed.notify_waiters();
        }
    }
}

impl Drop for BarrierTicket<'_, '_> {
    fn drop(&mut self) {
        self.arrived();
    }
}

/// Whoever does it may be cut off by their own answer ending: then somebody else does it.
struct TriggerTurn<'t, 'a>(&'t ListenBarrier<'a>);

impl Drop for TriggerTurn<'_, '_> {
    fn drop(&mut self) {
        self.0.state().doing = false;
        self.0.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU32;
    use std::time::Duration;

    fn party(coming: usize) -> ListenBarrier<'static> {
        ListenBarrier {
            steps: &[],
            about: Vec::new(),
            state: Mutex::new(BarrierState {
                coming,
                ..BarrierState::default()
            }),
            changed: Notify::new(),
        }
    }

    fn join<'t>(together: &'t ListenBarrier<'static>) -> BarrierTicket<'t, 'static> {
        BarrierTicket {
            together,
            came: AtomicBool::new(false),
        }
    }

    #[tokio::test]
    async fn it_is_done_once_when_the_last_of_them_has_come() {
        let together = party(3);
        let (listening, done) = (AtomicU32::new(0), AtomicU32::new(0));
        let doing = || async {
            assert_eq!(
                listening.load(Ordering::Relaxed),
                3,
                "before all of them listened"
            );
            tokio::task::yield_now().await;
            done.fetch_add(1, Ordering::Relaxed);
            Err("nobody could".to_owned())
        };
        let listens = |after: u64| {
            let ticket = join(&together);
            let (listening, doing) = (&listening, &doing);
            async move {
                tokio::time::sleep(Duration::from_millis(after)).await;
                listening.fetch_add(1, Ordering::Relaxed);
                ticket.once(doing()).await
            }
        };
        let told = futures::future::join3(listens(0), listens(20), listens(5)).await;
        let nobody_could = Err("nobody could".to_owned());
        assert_eq!(told, (nobody_could.clone(), nobody_could.clone(), nobody_could));
        assert_eq!(done.into_inner(), 1);
    }

    #[tokio::test]
    async fn whoever_is_refused_is_not_waited_for() {
        let together = party(2);
        let (refused, other) = (join(&together), join(&together));
        let refused = async {
            tokio::time::sleep(Duration::from_millis(10)).await;
            drop(refused);
        };
        let (told, ()) = futures::future::join(other.once(async { Ok(()) }), refused).await;
        assert_eq!(told, Ok(()));
    }

    #[tokio::test]
    async fn where_one_is_cut_off_another_does_it() {
        let together = party(2);
        let (cut_off, other) = (join(&together), join(&together));
        // the last who comes does it
        let cut_off = tokio::time::timeout(Duration::from_millis(10), cut_off.once(std::future::pending()));
        let (told, cut_off) = futures::future::join(other.once(async { Ok(()) }), cut_off).await;
        assert!(cut_off.is_err());
        assert_eq!(told, Ok(()));
    }
}
