//! What a probe can reach for: the people, their recordings, and what earlier states left in their hands.

use super::open_connections::OpenConnection;
use super::probe_request::Variant;
use super::recording_client::RecordingClient;
use crate::cast::Cast;
use crate::http::{Exchanged, StackClient};
use crate::plant::planting::Recording;
use crate::toggle::WorldState;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The scenario as the prober sees it.
pub struct ProbeContext<'a> {
    /// Carries its requests.
    pub client: &'a RecordingClient,
    /// Its people.
    pub cast: &'a Cast,
    /// Its recordings.
    pub recordings: &'a [Recording],
    /// The world state, which tells what each of the people has done.
    pub world: &'a WorldState,
    /// Twins of this state and of earlier ones.
    pub twins: &'a Mutex<TwinIndex>,
    /// Links that were handed out, by surface and recording.
    pub links: &'a Mutex<Links>,
    /// Connections that somebody has left open.
    pub open_connections: &'a Mutex<Vec<OpenConnection>>,
    /// Held while somebody changes something and its owner reads it back, so that the one reads what the other wrote.
    pub writing: &'a tokio::sync::Mutex<()>,
}

impl ProbeContext<'_> {
    /// The stack.
    #[must_use]
    pub fn site(&self) -> &StackClient {
        self.client.site()
    }

    /// Enters an exchange by somebody with a right as the twin of what others try.
    pub(super) fn enter_twin(
        &self,
        who: &str,
        (surface, variant): (&str, Variant),
        recording: u32,
        twin: &Exchanged,
    ) {
        let state = self.client.moment().state;
        let good = twin.seen.iter().any(|seen| seen.recording == Some(recording));
        let mut twins = self.twins.lock().unwrap_or_else(PoisonError::into_inner);
        twins.enter(surface, variant, recording, state, (twin.exchange, good));
        twins.got(who, (surface, variant), recording, state, (twin.exchange, good));
        if let (Variant::Whole, Some(etag)) = (variant, twin.reply.header("etag")) {
            twins
                .etags
                .insert((surface.to_owned(), recording), etag.to_owned());
        }
    }

    /// The `ETag` that the owner of a recording was given at a surface.
    pub(super) fn etag(&self, surface: &str, recording: u32) -> Option<String> {
        let twins = self.twins.lock().unwrap_or_else(PoisonError::into_inner);
        twins.etags.get(&(surface.to_owned(), recording)).cloned()
    }

    /// Keeps the first cursor that somebody was given for the next page of their list.
    pub(super) fn keep_cursor(&self, surface: &str, who: &str, name: &str, value: &str) {
        let mut twins = self.twins.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (surface.to_owned(), who.to_owned());
        twins
            .cursors
            .entry(key)
            .or_insert_with(|| (name.to_owned(), value.to_owned()));
    }

    /// The parameter by which somebody's list goes on, and what they were given for it.
    pub(super) fn cursor(&self, surface: &str, who: &str) -> Option<(String, String)> {
        let twins = self.twins.lock().unwrap_or_else(PoisonError::into_inner);
        twins.cursors.get(&(surface.to_owned(), who.to_owned())).cloned()
    }

    /// A recording by its number.
    #[must_use]
    pub fn recording(&self, number: u32) -> Option<&Recording> {
        self.recordings
            .iter()
            .find(|recording| recording.number == number)
    }
}

/// Addresses that a stack handed out, by surface and recording.
#[derive(Debug, Default)]
pub struct Links(BTreeMap<(String, u32), Vec<IssuedAddress>>);

/// An address, to whom it was handed out, and when.
#[derive(Clone)]
struct IssuedAddress {
    to: String,
    address: String,
    at: Instant,
}

impl std::fmt::Debug for IssuedAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // an address that is its own key is a secret
        write!(f, "handed out {:?} ago", self.at.elapsed())
    }
}

impl Links {
    /// Keeps an address.
    pub fn store_link(&mut self, surface: &str, recording: u32, to: &str, address: String) {
        let links = self.0.entry((surface.to_owned(), recording)).or_default();
        links.push(IssuedAddress {
            to: to.to_owned(),
            address,
            at: Instant::now(),
        });
    }

    /// Whether any address of a recording was handed out.
    #[must_use]
    pub fn any_of(&self, recording: u32) -> bool {
        self.0.keys().any(|(_, known)| *known == recording)
    }

    /// The oldest address, which was there before the world changed, and the newest: of those that were handed out to
    /// certain people, and whose time is not over.
    #[must_use]
    pub fn ends(
        &self,
        surface: &str,
        recording: u32,
        to: impl Fn(&str) -> bool,
        last: Option<Duration>,
    ) -> Vec<String> {
        let all = self.0.get(&(surface.to_owned(), recording));
        let fresh: Vec<&IssuedAddress> = all
            .into_iter()
            .flatten()
            .filter(|link| to(&link.to))
            .filter(|link| last.is_none_or(|last| link.at.elapsed() + AT_LEAST <= last))
            .collect();
        let ends = fresh.first().into_iter().chain(fresh.last());
        let mut ends: Vec<String> = ends.map(|link| link.address.clone()).collect();
        ends.dedup();
        ends
    }
}

/// An address whose time is nearly over is not used any more: that it does not open would show nothing.
const AT_LEAST: Duration = Duration::from_millis(500);

/// Which exchange is the twin of what, by surface, variant, recording and state.
#[derive(Debug, Default)]
pub struct TwinIndex {
    all: BTreeMap<(String, Variant, u32, u32), u64>,
    /// Those that showed the recording.
    good: BTreeMap<(String, Variant, u32, u32), u64>,
    /// Which version its owner was given last, by surface and recording.
    etags: BTreeMap<(String, u32), String>,
    /// By surface and name: the parameter by which somebody's list went on.
    cursors: BTreeMap<(String, String), (String, String)>,
    /// What somebody got last, in which state: by name, surface, variant and recording.
    latest: HashMap<(String, String, Variant, u32), (u32, u64)>,
    /// The last exchange in which something may have been tried that changes what people get.
    disturbed: u64,
}

impl TwinIndex {
    /// Enters a twin.
    pub fn enter(
        &mut self,
        surface: &str,
        variant: Variant,
        recording: u32,
        state: u32,
        (exchange, good): (u64, bool),
    ) {
        let key = (surface.to_owned(), variant, recording, state);
        if good {
            self.good.insert(key.clone(), exchange);
        }
        self.all.insert(key, exchange);
    }

    /// Enters the twin of one variant as that of another.
    pub(super) fn also(
        &mut self,
        surface: &str,
        (of, variant): (Variant, Variant),
        recording: u32,
        state: u32,
    ) {
        if let Some(exchange) = self.now(surface, of, recording, state) {
            let good = self.good.values().any(|known| *known == exchange);
            self.enter(surface, variant, recording, state, (exchange, good));
        }
    }

    /// The twin in this very state.
    #[must_use]
    pub fn now(&self, surface: &str, variant: Variant, recording: u32, state: u32) -> Option<u64> {
        self.all
            .get(&(surface.to_owned(), variant, recording, state))
            .copied()
    }

    /// Somebody with a right to a recording asked for it, and got it or did not.
    pub(super) fn got(
        &mut self,
        who: &str,
        (surface, variant): (&str, Variant),
        recording: u32,
        state: u32,
        (exchange, good): (u64, bool),
    ) {
        let key = (who.to_owned(), surface.to_owned(), variant, recording);
        if good {
            self.latest.insert(key, (state, exchange));
        } else {
            self.latest.remove(&key);
        }
    }

    /// Up to this exchange something may have been tried that changes what people get.
    pub(super) fn disturb(&mut self, exchange: u64) {
        self.disturbed = exchange;
    }

    /// The exchange in which somebody got a recording in this very state, if nothing was tried since that may change it: to ask
    /// again would tell nothing new.
    pub(super) fn standing(
        &self,
        who: &str,
        (surface, variant): (&str, Variant),
        recording: u32,
        state: u32,
    ) -> Option<u64> {
        self.latest(who, (surface, variant), recording, state)
            .filter(|exchange| *exchange > self.disturbed)
    }

    /// The same, whatever was tried since.
    pub(super) fn latest(
        &self,
        who: &str,
        (surface, variant): (&str, Variant),
        recording: u32,
        state: u32,
    ) -> Option<u64> {
        let key = (who.to_owned(), surface.to_owned(), variant, recording);
        let (of, exchange) = self.latest.get(&key).copied()?;
        (of == state).then_some(exchange)
    }

    /// Whether anybody with a right to it has got anything in this very state.
    pub(super) fn any_in(&self, state: u32) -> bool {
        self.latest.values().any(|(of, _)| *of == state)
    }

    /// The latest twin of an earlier state that showed the recording; if none ever did, the latest.
    #[must_use]
    pub fn earlier(&self, surface: &str, variant: Variant, recording: u32, state: u32) -> Option<u64> {
        let key = |state| (surface.to_owned(), variant, recording, state);
        let latest = |book: &BTreeMap<(String, Variant, u32, u32), u64>| {
            book.range(key(0)..key(state))
                .next_back()
                .map(|(_, exchange)| *exchange)
        };
        latest(&self.good).or_else(|| latest(&self.all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_whose_time_is_over_is_not_used() {
        let mut links = Links::default();
        for address in ["a", "b", "c"] {
            links.store_link("media", 1, "Ada", address.to_owned());
        }
        links.store_link("media", 1, "Ben", "d".to_owned());
        let (anyone, ada) = (|_: &str| true, |to: &str| to == "Ada");
        assert_eq!(links.ends("media", 1, ada, None), ["a", "c"]);
        assert_eq!(links.ends("media", 1, |to| to == "Ben", None), ["d"]);
        assert_eq!(
            links.ends("media", 1, ada, Some(Duration::from_secs(60))),
            ["a", "c"]
        );
        assert!(
            links
                .ends("media", 1, anyone, Some(Duration::from_millis(400)))
                .is_empty()
        );
        assert!(
            links.ends("thumbnail", 1, anyone, None).is_empty(),
            "of another surface"
        );
    }

    #[test]
    fn a_twin_belongs_to_its_state_and_an_earlier_one_is_asked_for_by_name() {
        let mut book = TwinIndex::default();
        book.enter("media", Variant::Whole, 1, 0, (10, true));
        book.enter("media", Variant::Whole, 1, 1, (11, false));
        book.enter("media", Variant::Range, 1, 1, (12, true));
        assert_eq!(book.now("media", Variant::Whole, 1, 1), Some(11));
        assert_eq!(book.now("media", Variant::Whole, 1, 2), None);
        assert_eq!(
            book.earlier("media", Variant::Whole, 1, 2),
            Some(10),
            "the latest that showed it"
        );
        assert_eq!(book.earlier("media", Variant::Whole, 1, 1), Some(10));
        assert_eq!(book.earlier("media", Variant::Whole, 2, 2), None);
        assert_eq!(book.earlier("media", Variant::Range, 1, 1), None);
    }
}
