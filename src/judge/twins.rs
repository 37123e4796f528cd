//! What people with a right got: the other half of every probe.

use crate::ledger::{Exchange, Facet, OutcomeClass, Purpose};
use std::collections::{BTreeSet, HashMap};

/// The twin exchanges of a scenario, by number. Earlier states are kept: a probe where nobody has a right needs one.
#[derive(Debug, Default)]
pub(super) struct Twins(HashMap<u64, Twin>);

/// One twin exchange, as far as it matters for the probes that point to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Twin {
    pub(super) exchange: u64,
    pub(super) who: String,
    pub(super) state: u32,
    pub(super) surface: Option<String>,
    pub(super) status: u16,
    pub(super) class: OutcomeClass,
    pub(super) content_type: String,
    pub(super) bytes: u64,
    /// Why the answer is none, if so.
    pub(super) unanswered: Option<String>,
    /// Recordings that the sender has a right to.
    pub(super) rightful: BTreeSet<u32>,
    /// Recordings whose content was seen, or that stood in the list.
    pub(super) got: BTreeSet<u32>,
    /// It was read as a list.
    pub(super) listed: bool,
    /// It is somebody's look at their own list for what is others': a twin of what others look for at that time, and no sign that they still
    /// get it afterwards.
    pub(super) looked: bool,
    /// Two exchanges with this number say different things, so neither proves anything.
    pub(super) contradicted: bool,
}

impl Twins {
    pub(super) fn record(&mut self, exchange: &Exchange, rightful: BTreeSet<u32>) {
        let twin = Twin {
            exchange: exchange.exchange,
            who: exchange.who.clone(),
            state: exchange.state,
            surface: exchange.surface.clone(),
            status: exchange.response.status,
            class: exchange.response.class,
            content_type: exchange.response.content_type.clone(),
            bytes: exchange.response.bytes,
            unanswered: super::answer::unanswered(&exchange.response),
            rightful,
            got: got(exchange),
            listed: exchange.list.is_some(),
            looked: matches!(exchange.part, Purpose::Probe { .. }),
            contradicted: false,
        };
        match self.0.get_mut(&exchange.exchange) {
            None => {
                self.0.insert(exchange.exchange, twin);
            }
            Some(known) if *known == twin => {}
            Some(known) => known.contradicted = true,
        }
    }

    /// What people with a right asked for at the same surface and in the same state after a given exchange.
    pub(super) fn after(&self, exchange: &Exchange) -> impl Iterator<Item = &Twin> {
        let (number, state, surface) = (exchange.exchange, exchange.state, exchange.surface.clone());
        self.0
            .values()
            .filter(move |twin| twin.exchange > number && twin.state == state && twin.surface == surface)
            .filter(|twin| !twin.looked)
    }

    /// What somebody with a right to a recording was shown when they looked at the same list in the same state: its owner rather than
    /// anybody else. What a list shows later, when nobody looks at it for what is others', is not enough: it may have been empty for all.
    pub(super) fn find_for_list(
        &self,
        surface: Option<&str>,
        state: u32,
        recording: u32,
        owns: impl Fn(&str) -> bool,
    ) -> Option<&Twin> {
        let beside = self.0.values().filter(|twin| {
            twin.looked
                && twin.state == state
                && twin.surface.as_deref() == surface
                && twin.rightful.contains(&recording)
        });
        beside.max_by_key(|twin| {
            let (got, exchange) = got_it_last(twin, recording);
            (got, owns(&twin.who), exchange)
        })
    }

    /// What somebody with a right to a recording asked for at the same surface in a later state: whoever got it, if anybody did.
    pub(super) fn later(&self, exchange: &Exchange, recording: u32) -> Option<&Twin> {
        let later = self.0.values().filter(|twin| {
            twin.state > exchange.state
                && twin.surface == exchange.surface
                && twin.rightful.contains(&recording)
        });
        later.max_by_key(|twin| got_it_last(twin, recording))
    }

    pub(super) fn get(&self, exchange: u64) -> Option<&Twin> {
        self.0.get(&exchange)
    }
}

/// Whether a recording came, and when.
fn got_it_last(twin: &Twin, recording: u32) -> (bool, u64) {
    let got = twin.unanswered.is_none() && !twin.contradicted && twin.got.contains(&recording);
    (got, twin.exchange)
}

/// The recordings whose content an answer held. The id alone is not content: it stands in most requests.
pub(super) fn got(exchange: &Exchange) -> BTreeSet<u32> {
    // A file's name in a header is not the file, unless headers are all that was asked for.
    let headers_only = exchange.request.method == "HEAD";
    let seen = exchange
        .seen
        .iter()
        // to be told of is what there is to be had where one listens
        .filter(|seen| {
            seen.facet
                .is_some_and(|facet| facet != Facet::Id || exchange.stream)
        })
        .filter(|seen| headers_only || seen.place == "body");
    let listed = exchange
        .list
        .iter()
        .flat_map(|list| list.recordings.iter().copied());
    seen.filter_map(|seen| seen.recording).chain(listed).collect()
}
