//! The witness: carries every request of a scenario, scans what comes back, and writes both down.

use super::digest;
use crate::ledger::{Class, Delivery, Entry, Exchange, Follower, Ledger, Part, Replied, Seen};
use crate::plant::registry::Registry;
use crate::plant::scan::{Hint, Scan, Scanner, Unfinished};
use crate::wire::{Call, Carried, Carrier, Reply, Sender, Site, View};
use async_trait::async_trait;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// What the scenarios of one stack share.
pub struct Station {
    /// The stack as the profile describes it.
    pub site: Site,
    /// Sends.
    pub sender: Arc<Sender>,
    /// Whose each canary is.
    pub registry: Arc<Registry>,
    /// Finds them.
    pub scanner: Arc<Scanner>,
    /// Where everything is written down.
    pub ledger: Arc<Ledger>,
    /// Numbers shared by all stacks of a run.
    pub numbers: Arc<Numbers>,
    /// The stack's ids of recordings.
    pub known_ids: RwLock<HashMap<String, u32>>,
}

/// Running numbers of one run.
#[derive(Debug, Default)]
pub struct Numbers {
    exchange: AtomicU64,
    recording: AtomicU32,
    assertion: AtomicU32,
}

impl Numbers {
    /// The next exchange.
    pub fn exchange(&self) -> u64 {
        self.exchange.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The next recording.
    pub fn recording(&self) -> u32 {
        self.recording.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The next assertion.
    pub fn assertion(&self) -> u32 {
        self.assertion.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl Station {
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
pub struct Moment {
    /// Number of the world state.
    pub state: u32,
    /// Line of the step under way.
    pub line: u32,
    /// The assertion under way.
    pub assertion: Option<u32>,
}

/// Carries the requests of one scenario.
pub struct Witness {
    /// What it shares with others.
    pub station: Arc<Station>,
    /// The scenario's number.
    pub scenario: u32,
    moment: Mutex<Moment>,
    follower: Arc<dyn Follower>,
}

impl Witness {
    /// For one scenario.
    #[must_use]
    pub fn new(station: Arc<Station>, scenario: u32, follower: Arc<dyn Follower>) -> Self {
        Self {
            station,
            scenario,
            moment: Mutex::default(),
            follower,
        }
    }

    /// The stack.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.station.site
    }

    /// Where the scenario is.
    #[must_use]
    pub fn moment(&self) -> Moment {
        *self.moment.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves on.
    pub fn move_to(&self, change: impl FnOnce(&mut Moment)) {
        change(&mut self.moment.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Writes an entry down, and shows it to whoever follows the scenario.
    pub fn write(&self, entry: &Entry) {
        self.follower.follow(entry);
        self.station.ledger.append(entry);
    }

    /// Writes down a request that could not be sent, so that what was planned and not asked is never forgotten.
    pub fn not_sent(&self, who: &str, surface: &str, part: Part, why: String) -> u64 {
        let reply = Reply::none(Delivery::NotSent { why });
        let asked = crate::ledger::Asked {
            method: String::new(),
            url: String::new(),
        };
        let now = self.station.ledger.now_ms();
        self.record(
            who,
            Some(surface),
            part,
            asked,
            &reply,
            (Vec::new(), None, Class::Broken),
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
        part: Part,
        asked: crate::ledger::Asked,
        reply: &Reply,
        (seen, list, class): (Vec<Seen>, Option<crate::ledger::Listing>, Class),
        at_ms: u64,
    ) -> u64 {
        let moment = self.moment();
        let number = self.station.numbers.exchange();
        let replied = Replied {
            status: reply.status,
            class,
            delivery: reply.delivery.clone(),
            content_type: reply.content_type(),
            bytes: reply.body.len() as u64,
            sha256: digest::sha256(&reply.body),
            head: digest::head(reply),
            likeness: digest::likeness(reply),
        };
        self.write(&Entry::Exchange(Box::new(Exchange {
            exchange: number,
            scenario: self.scenario,
            state: moment.state,
            assertion: moment.assertion,
            line: moment.line,
            who: who.to_owned(),
            part,
            surface: surface.map(str::to_owned),
            asked,
            replied,
            seen,
            list,
            at_ms,
            elapsed_ms: reply.elapsed_ms,
        })));
        number
    }

    /// Scans an answer; what stood in the request is an echo, and left out.
    async fn scan(&self, reply: &mut Reply, outgoing: Vec<u8>) -> Vec<Seen> {
        let body = std::mem::take(&mut reply.body);
        let headers: Vec<(String, Vec<u8>)> = reply
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
            .collect();
        let content_type = reply.content_type();
        let encoding = reply.header("content-encoding").unwrap_or_default().to_owned();
        let scanner = Arc::clone(&self.station.scanner);
        let partial = reply.status == 206;
        // a picture or a sound takes a while to look at, and the other scenarios share this thread
        let scanning = tokio::task::spawn_blocking(move || {
            let hint = Hint {
                content_type: (!content_type.is_empty()).then_some(content_type.as_str()),
                content_encoding: (!encoding.is_empty()).then_some(encoding.as_str()),
            };
            let found = scan_all(&scanner, &body, &headers, hint, &outgoing, partial);
            (body, found)
        });
        match scanning.await {
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
impl Carrier for Witness {
    async fn carry(&self, call: Call<'_>) -> Carried {
        let at_ms = self.station.ledger.now_ms();
        let mut reply = self.station.sender.send(&call.request).await;
        reply.at_ms = at_ms;
        let seen = self.scan(&mut reply, call.request.outgoing()).await;
        let site = self.site();
        let class = View::new(&reply).class(&site.templates, &site.profile.outcome);
        let (part, list) = match call.finish {
            Some(finish) => finish(&reply, &seen, call.part),
            None => (call.part, None),
        };
        let facts = (seen.clone(), list, class);
        let exchange = self.record(
            call.who,
            call.surface,
            part,
            call.request.asked,
            &reply,
            facts,
            at_ms,
        );
        Carried {
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
) -> (Vec<Seen>, Option<String>) {
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

fn as_seen(scan: &Scan, place: &str) -> Vec<Seen> {
    let seen = scan.sightings.iter().map(|sighting| Seen {
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
