//! `check`: walks a profile step by step against the live stack, and says what works, what is missing, and what is left untested.
//!
//! A driver over the same rooms as a run: people are taken in and sign in, recordings are planted, every surface is asked once by
//! the owner, by somebody else and by nobody, every change is made and undone, and everything is taken away again. It judges
//! nothing.

mod dry;
mod line;
mod people;
mod surfaces;
mod transitions;
mod untested;

pub use dry::dry_run;
pub use line::{CheckLine, CheckReporter, StepResult};

use crate::cast::{Cast, People, Persona};
use crate::clear::Cleanup;
use crate::http::StackClient;
use crate::ledger::{Entry, Follower};
use crate::plant::planting::Recording;
use crate::probe::{Links, OpenConnection, ProbeContext, RecordingClient, StackSession, TwinIndex};
use crate::steps::MediaSizes;
use crate::toggle::WorldState;
use crate::undo::UndoFile;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A check under way.
pub struct Check<'a> {
    client: RecordingClient,
    people: People,
    sizes: MediaSizes,
    tell: &'a dyn CheckReporter,
    cast: Cast,
    recordings: Vec<Recording>,
    world: WorldState,
    twins: Mutex<TwinIndex>,
    links: Mutex<Links>,
    kept: Mutex<Vec<OpenConnection>>,
    writing: tokio::sync::Mutex<()>,
    failed: bool,
    stop: Arc<AtomicBool>,
}

/// Nobody judges while the profile is walked.
struct NoJudge;

impl Follower for NoJudge {
    fn follow(&self, _: &Entry) {}
}

impl<'a> Check<'a> {
    /// Of the stack behind this station.
    #[must_use]
    pub fn new(
        station: Arc<StackSession>,
        people: People,
        sizes: MediaSizes,
        tell: &'a dyn CheckReporter,
    ) -> Self {
        Self {
            client: RecordingClient::new(station, 1, Arc::new(NoJudge)),
            people,
            sizes,
            tell,
            cast: Cast::default(),
            recordings: Vec::new(),
            world: WorldState::default(),
            twins: Mutex::default(),
            links: Mutex::default(),
            kept: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
            failed: false,
            stop: Arc::default(),
        }
    }

    /// Walks through everything; hands back whether all of it worked. As soon as `stop` is set nothing further is tried, and the
    /// stack is put back. RecordingTraits is left then is put back by the undo file of a stack that stays.
    pub async fn run(mut self, stop: Arc<AtomicBool>, undo: Option<Arc<UndoFile>>) -> bool {
        self.stop = stop;
        self.tell.title("People");
        if self.take_in().await {
            self.tell.title("Recordings");
            if self.plant().await {
                self.tell.title("Surfaces");
                let seen = self.look_everywhere().await;
                self.tell.title("Changes");
                self.go_through_changes().await;
                if !self.is_stopped() {
                    self.look_again(&seen).await;
                    self.untested(&seen);
                }
            }
        }
        self.tell.title("Access everything away again");
        self.clear().await;
        if let Some(undo) = undo.filter(|undo| !undo.remaining().is_nothing()) {
            self.put_back_remaining_undo(&undo).await;
        }
        !self.failed
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Tries once more, by the undo file: it also names what was begun and not done.
    async fn put_back_remaining_undo(&mut self, undo: &Arc<UndoFile>) {
        let cleared = Cleanup::new(self.site(), &self.client.session.sender, undo)
            .through()
            .await;
        for line in cleared.lines() {
            self.works(&line, "");
        }
        for failed in cleared.failed {
            self.fails(&failed.what, &failed.why);
        }
    }

    fn site(&self) -> &StackClient {
        self.client.site()
    }

    fn scene(&self) -> ProbeContext<'_> {
        ProbeContext {
            client: &self.client,
            cast: &self.cast,
            recordings: &self.recordings,
            world: &self.world,
            twins: &self.twins,
            links: &self.links,
            open_connections: &self.kept,
            writing: &self.writing,
        }
    }

    fn works(&self, what: &str, detail: &str) {
        self.tell.report(&CheckLine::new(StepResult::Works, what, detail));
    }

    fn lacks(&self, what: &str, detail: &str) {
        self.tell.report(&CheckLine::new(StepResult::Lacks, what, detail));
    }

    fn fails(&mut self, what: &str, detail: &str) {
        self.failed = true;
        self.tell.report(&CheckLine::new(StepResult::Fails, what, detail));
    }

    /// Tells how something went that either works or does not.
    fn went<T, E: std::fmt::Display>(&mut self, what: &str, detail: &str, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => {
                self.works(what, detail);
                Some(value)
            }
            Err(error) => {
                self.fails(what, &error.to_string());
                None
            }
        }
    }

    fn person(&self, name: &str) -> Option<Arc<Persona>> {
        self.cast.find(name).cloned()
    }
}
