//! The witness: carries every request of a scenario, scans what comes back, and writes both down.

use super::digest;
use super::plan::Sampling;
use super::sabotage::Saboteur;
use super::{declared, outcomes};
use crate::http::{
    Exchanged, OutgoingRequest, Reply, Request, ResponseView, RetryBudget, Sender, StackClient, Transport,
    device,
};
use crate::ledger::{
    CanarySighting, Delivery, Entry, Exchange, Follower, Ledger, OutcomeClass, Purpose, ResponseFacts,
    SabotagedProbe,
};
use crate::plant::registry::Registry;
use crate::plant::scan::{Hint, Scan, Scanner, Unfinished};
use crate::undo::UndoLog;
use async_trait::async_trait;
use regex::Regex;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

/// What an exchange was for in which the stack asked to wait: the answer comes later.
const TOLD_TO_WAIT: &str = "be told to wait";
/// An answer of so many bytes, as it stands, is looked at in no time.
const SMALL: usize = 2 << 10;

/// What the scenarios of one stack share.
pub struct StackSession {
    /// The stack as the profile describes it.
    pub site: StackClient,
    /// Sends.
    pub sender: Arc<Sender>,
    /// Whose each canary is.
    pub registry: Arc<Registry>,
    /// Finds them.
    pub scanner: Arc<Scanner>,
    /// Where everything is written down.
    pub ledger: Arc<Ledger>,
    /// Numbers shared by all stacks of a run.
    pub numbers: Arc<RunCounters>,
    /// How much of what less plain techniques could try is tried.
    pub spread: Sampling,
    /// Interferes with the probes, to see whether they notice; none, of course, when it is the stack that is tested.
    pub saboteur: Option<Arc<Saboteur>>,
    /// The stack's ids of recordings.
    pub known_ids: RwLock<HashMap<String, u32>>,
    /// Where it is noted how everything is taken back; nowhere, when the stack goes with the run.
    pub undo: UndoLog,
}

/// Running numbers of one run.
#[derive(Debug, Default)]
pub struct RunCounters {
    exchange: AtomicU64,
    recording: AtomicU32,
    assertion: AtomicU32,
    wrong_credentials: AtomicU32,
}

impl RunCounters {
    /// The next exchange.
    pub fn exchange(&self) -> u64 {
        self.exchange.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The latest exchange.
    pub(super) fn latest_exchange(&self) -> u64 {
        self.exchange.load(Ordering::Relaxed)
    }

    /// The next recording.
    pub fn recording(&self) -> u32 {
        self.recording.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The next assertion.
    pub fn assertion(&self) -> u32 {
        self.assertion.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Sets so many requests with wrong credentials aside, if the run has as many left of `most`.
    pub fn wrong_credentials(&self, requests: u32, most: u32) -> bool {
        let set_aside = |used: u32| used.checked_add(requests).filter(|used| *used <= most);
        self.wrong_credentials
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, set_aside)
            .is_ok()
    }
}

impl StackSession {
    /// Remembers the stack's id of a recording.
    pub fn know_id(&self, id: &str, recording: u32) {
        self.registry.plant_id(id, recording);
        self.known_ids
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id.to_owned(), recording);
    }

    /// Which recording has this id.
    #[must_use]
    pub fn recording_of(&self, id: &str) -> Option<u32> {
        self.known_ids
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .copied()
    }
}

/// Where in a scenario we are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScenarioMoment {
    /// Number of the world state.
    pub state: u32,
    /// Line of the step under way.
    pub line: u32,
    /// The assertion under way.
    pub assertion: Option<u32>,
}

/// Carries the requests of one scenario.
pub struct RecordingClient {
    /// What it shares with others.
    pub session: Arc<StackSession>,
    /// The scenario's number.
    pub scenario: u32,
    moment: Mutex<ScenarioMoment>,
    follower: Arc<dyn Follower>,
    /// What differs from answer to answer.
    volatile: Vec<Regex>,
    /// Who was not signed in at which surface, although their session had just been renewed.
    futile: Mutex<BTreeSet<(String, String)>>,
    /// By surface: how long after something had happened whoever has a right to it was told of it, at most.
    told_after: Mutex<HashMap<String, Duration>>,
}

impl RecordingClient {
    /// For one scenario.
    #[must_use]
    pub fn new(session: Arc<StackSession>, scenario: u32, follower: Arc<dyn Follower>) -> Self {
        let profile = &session.site.profile;
        // who follows one scenario has not seen how the run began
        declared::entries(profile).for_each(|entry| follower.follow(&entry));
        let volatile = profile.outcome.volatile.iter();
        // a pattern that cannot be read takes nothing out: then more differs, never less
        let volatile = volatile.filter_map(|pattern| Regex::new(pattern).ok()).collect();
        Self {
            scenario,
            moment: Mutex::default(),
            follower,
            volatile,
            futile: Mutex::default(),
            told_after: Mutex::default(),
            session,
        }
    }

    /// Remembers that renewing somebody's session did not help at a surface.
    pub(super) fn mark_reauth_useless(&self, who: &str, surface: &str) {
        let mut futile = self.futile.lock().unwrap_or_else(PoisonError::into_inner);
        futile.insert((who.to_owned(), surface.to_owned()));
    }

    /// Whether it did not help before.
    pub(super) fn is_reauth_useless(&self, who: &str, surface: &str) -> bool {
        let futile = self.futile.lock().unwrap_or_else(PoisonError::into_inner);
        futile.contains(&(who.to_owned(), surface.to_owned()))
    }

    /// Remembers how long it took until whoever has a right to it was told of something.
    pub(super) fn record_event_delay(&self, surface: &str, time: Duration) {
        let mut slowest = self.told_after.lock().unwrap_or_else(PoisonError::into_inner);
        let slowest = slowest.entry(surface.to_owned()).or_default();
        *slowest = time.max(*slowest);
    }

    /// How long it took at most.
    pub(super) fn event_delay(&self, surface: &str) -> Duration {
        let slowest = self.told_after.lock().unwrap_or_else(PoisonError::into_inner);
        slowest.get(surface).copied().unwrap_or_default()
    }

    /// The stack.
    #[must_use]
    pub fn site(&self) -> &StackClient {
        &self.session.site
    }

    /// Where the scenario is.
    #[must_use]
    pub fn moment(&self) -> ScenarioMoment {
        *self.moment.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves on.
    pub fn move_to(&self, change: impl FnOnce(&mut ScenarioMoment)) {
        change(&mut self.moment.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Writes an entry down, and shows it to whoever follows the scenario.
    pub fn write(&self, entry: &Entry) {
        self.follower.follow(entry);
        self.session.ledger.append(entry);
    }

    /// Writes down a request that could not be sent, so that what was planned and not asked is never forgotten.
    pub fn not_sent(&self, who: &str, surface: &str, part: Purpose, why: String) -> u64 {
        let reply = Reply::none(Delivery::NotSent { why });
        let asked = crate::ledger::RequestSent {
            method: String::new(),
            url: String::new(),
            rewritten_by: None,
        };
        let now = self.session.ledger.now_ms();
        self.record(
            who,
            Some(surface),
            part,
            asked,
            &reply,
            (Vec::new(), None, OutcomeClass::Broken, false),
            now,
        )
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "an exchange has that many facts, each from elsewhere"
    )]
    fn record(
        &self,
        who: &str,
        surface: Option<&str>,
        part: Purpose,
        asked: crate::ledger::RequestSent,
        reply: &Reply,
        (seen, list, class, stream): (
            Vec<CanarySighting>,
            Option<crate::ledger::Listing>,
            OutcomeClass,
            bool,
        ),
        at_ms: u64,
    ) -> u64 {
        let moment = self.moment();
        let number = self.session.numbers.exchange();
        self.write(&Entry::Exchange(Box::new(Exchange {
            exchange: number,
            scenario: self.scenario,
            state: moment.state,
            assertion: moment.assertion,
            line: moment.line,
            who: who.to_owned(),
            part,
            surface: surface.map(str::to_owned),
            request: asked,
            response: self.replied(reply, class),
            seen,
            stream,
            list,
            at_ms,
            elapsed_ms: reply.elapsed_ms,
        })));
        number
    }

    /// An answer as it stands in the ledger: never the body itself.
    pub(super) fn replied(&self, reply: &Reply, class: OutcomeClass) -> ResponseFacts {
        ResponseFacts {
            status: reply.status,
            class,
            delivery: reply.delivery.clone(),
            content_type: reply.content_type(),
            bytes: reply.body.len() as u64,
            sha256: digest::sha256(&reply.body),
            head: digest::head(reply),
            normalised_hash: digest::likeness(reply, &self.volatile),
        }
    }

    /// Scans an answer; what stood in the request is an echo, and left out.
    async fn scan(&self, reply: &mut Reply, outgoing: Vec<u8>) -> Vec<CanarySighting> {
        let body = std::mem::take(&mut reply.body);
        let headers: Vec<(String, Vec<u8>)> = reply
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
            .collect();
        let content_type = reply.content_type();
        let encoding = reply.header("content-encoding").unwrap_or_default().to_owned();
        let scanner = Arc::clone(&self.session.scanner);
        let partial = reply.status == 206;
        let is_small = body.len() <= SMALL && encoding.is_empty();
        let scan = move || {
            let hint = Hint {
                content_type: (!content_type.is_empty()).then_some(content_type.as_str()),
                content_encoding: (!encoding.is_empty()).then_some(encoding.as_str()),
            };
            let found = scan_all(&scanner, &body, &headers, hint, &outgoing, partial);
            (body, found)
        };
        // a picture or a sound takes a while to look at, and the other scenarios share this thread; a few lines of text take less
        // than it takes to wake another
        let scanned = if is_small {
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(scan)).map_err(|_| "it panicked".to_owned())
        } else {
            tokio::task::spawn_blocking(scan)
                .await
                .map_err(|error| error.to_string())
        };
        match scanned {
            Ok((body, (seen, unfinished))) => {
                reply.body = body;
                if let (Some(why), Delivery::Whole) = (unfinished, &reply.delivery) {
                    reply.delivery = Delivery::Unscanned { why };
                }
                seen
            }
            Err(error) => {
                reply.delivery = Delivery::Unscanned {
                    why: format!("the scan itself failed: {error}"),
                };
                Vec::new()
            }
        }
    }
}

#[async_trait]
impl Transport for RecordingClient {
    fn undo(&self) -> UndoLog {
        self.session.undo.of(self.scenario)
    }

    /// A stack that asks to wait is given as long as it says, within `limits.retry_after`; what it said meanwhile is looked at and
    /// written down as well, but is not the answer.
    async fn send(&self, call: OutgoingRequest<'_>) -> Exchanged {
        let site = self.site();
        let sender = &self.session.sender;
        let mut patience = RetryBudget::new(site.profile.limits.retry_after.0);
        loop {
            let interfered = self.interfered(&call);
            let sent = interfered.as_ref().unwrap_or(&call.request);
            let reply = match device::cached_for_another(call.who, sent) {
                Some(kept) => kept,
                None => {
                    let reply = sender.send(sent).await;
                    device::store(call.who, sent, &reply);
                    reply
                }
            };
            let reply = self.exchanged(&call, &reply).unwrap_or(reply);
            // the wait for a turn is over before it is sent
            let at_ms = self.session.ledger.now_ms().saturating_sub(reply.elapsed_ms);
            let class = self.class(call.surface, &reply);
            if class != OutcomeClass::Throttled {
                sender.set_exhausted(&call.request, false);
                return self.take_down(call, reply, at_ms, class, false).await;
            }
            let wait = (!sender.is_exhausted(&call.request))
                .then(|| patience.after(&reply))
                .flatten();
            let Some(wait) = wait else {
                sender.set_exhausted(&call.request, true);
                return self.take_down(call, reply, at_ms, class, false).await;
            };
            let told = OutgoingRequest {
                who: call.who,
                part: Purpose::Setup {
                    what: TOLD_TO_WAIT.to_owned(),
                },
                surface: call.surface,
                request: call.request.clone(),
                finish: None,
            };
            self.take_down(told, reply, at_ms, class, false).await;
            // the next turn comes when that is over, for this request and for all others to the host
            sender.hold(&call.request.url, wait);
        }
    }
}

impl RecordingClient {
    /// Whether a saboteur interferes with what is tried, by what people with a right got before.
    pub(super) fn is_interfered_with(&self) -> bool {
        self.session.saboteur.is_some()
    }

    fn saboteur(&self) -> Option<&Saboteur> {
        self.session.saboteur.as_deref()
    }

    /// The request that a saboteur has sent instead of this one, if there is a saboteur, and this is one to interfere with.
    pub(super) fn interfered(&self, call: &OutgoingRequest<'_>) -> Option<Request> {
        let request = self.saboteur()?.request(self.scenario, call)?;
        self.tell_of_sabotage(call);
        Some(request)
    }

    /// The answer that a saboteur has put in the place of this one, if it has.
    pub(super) fn exchanged(&self, call: &OutgoingRequest<'_>, reply: &Reply) -> Option<Reply> {
        let asking = u64::from(self.moment().assertion.unwrap_or_default());
        let reply = self.saboteur()?.reply(self.scenario, asking, call, reply)?;
        self.tell_of_sabotage(call);
        Some(reply)
    }

    fn tell_of_sabotage(&self, call: &OutgoingRequest<'_>) {
        let (Purpose::Probe { technique, .. } | Purpose::Attempt { technique, .. }) = &call.part else {
            return;
        };
        self.write(&Entry::Sabotaged(SabotagedProbe {
            scenario: self.scenario,
            who: call.who.to_owned(),
            surface: call.surface.unwrap_or_default().to_owned(),
            technique: technique.clone(),
        }));
    }

    /// The class of an answer at a surface.
    pub(super) fn class(&self, surface: Option<&str>, reply: &Reply) -> OutcomeClass {
        let site = self.site();
        ResponseView::new(reply).class(&site.templates, &outcomes::at(&site.profile, surface))
    }

    /// Scans an answer of this class and writes it down.
    pub(super) async fn take_down(
        &self,
        call: OutgoingRequest<'_>,
        mut reply: Reply,
        at_ms: u64,
        class: OutcomeClass,
        stream: bool,
    ) -> Exchanged {
        reply.at_ms = at_ms;
        let seen = self.scan(&mut reply, call.request.outgoing()).await;
        let (part, list) = match call.finish {
            Some(finish) => finish(&reply, &seen, call.part),
            None => (call.part, None),
        };
        let told = self.saboteur().map(|saboteur| (saboteur, part.clone()));
        let facts = (seen.clone(), list, class, stream);
        let exchange = self.record(
            call.who,
            call.surface,
            part,
            call.request.asked,
            &reply,
            facts,
            at_ms,
        );
        if let Some((saboteur, part)) = told {
            saboteur.saw(self.scenario, exchange, call.who, &part, &reply);
        }
        Exchanged {
            exchange,
            reply,
            seen,
            class,
        }
    }
}

/// Scans the body and every header; what stood in the request is an echo, and left out.
fn scan_all(
    scanner: &Scanner,
    body: &[u8],
    headers: &[(String, Vec<u8>)],
    hint: Hint<'_>,
    outgoing: &[u8],
    partial: bool,
) -> (Vec<CanarySighting>, Option<String>) {
    let mut scans = vec![("body".to_owned(), scanner.scan(body, hint))];
    for (name, value) in headers {
        scans.push((format!("header {name}"), scanner.scan(value, Hint::default())));
    }
    // a byte range cuts pictures and archives short by its nature: what stands in it was scanned as it stands
    let unfinished = scans
        .iter()
        .filter_map(|(_, scan)| scan.unfinished.as_ref())
        .find(|why| !(partial && matches!(why, Unfinished::Corrupt { .. })))
        .map(ToString::to_string);
    if scans.iter().any(|(_, scan)| !scan.sightings.is_empty()) {
        let echo = scanner.echo(&[outgoing]);
        for (_, scan) in &mut scans {
            scan.without_echo(&echo);
        }
    }
    let seen = scans
        .iter()
        .flat_map(|(place, scan)| as_seen(scan, place))
        .collect();
    (seen, unfinished)
}

fn as_seen(scan: &Scan, place: &str) -> Vec<CanarySighting> {
    let seen = scan.sightings.iter().map(|sighting| CanarySighting {
        recording: sighting.recording,
        facet: sighting.facet,
        fingerprint: sighting.fingerprint.to_string(),
        place: place.to_owned(),
        form: sighting.form.to_string(),
        offset: sighting.offset as u64,
        count: u32::try_from(sighting.count).unwrap_or(u32::MAX),
    });
    seen.collect()
}

impl Drop for RecordingClient {
    fn drop(&mut self) {
        if let Some(saboteur) = &self.session.saboteur {
            saboteur.forget(self.scenario);
        }
    }
}
