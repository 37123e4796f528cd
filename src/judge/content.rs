//! Rules 1 and 2: whatever came out to somebody without a right to it, in any answer at all.

use super::finding::FindingKind;
use super::scenario_facts::{SenderRelation, SenderRights};
use crate::ledger::{CanarySighting, Exchange, Extent, Facet};
use std::collections::HashSet;

/// Something that came out.
#[derive(Debug, Clone)]
pub(super) struct Leak {
    pub(super) kind: FindingKind,
    pub(super) extent: Extent,
    /// The recording; none when it is a stranger's.
    pub(super) recording: Option<u32>,
    /// Whose it is, where it is about no recording.
    pub(super) owner: Option<String>,
    /// How many recordings of strangers, at least.
    pub(super) strangers: u32,
    pub(super) facet: Option<Facet>,
    pub(super) seen: Option<CanarySighting>,
}

/// What one exchange gave away, and the recordings that nothing is known of yet.
#[derive(Debug, Default)]
pub(super) struct Sightings {
    pub(super) leaks: Vec<Leak>,
    pub(super) unknown: HashSet<u32>,
}

/// Looks through everything that was found in one answer. `last` says that nothing more will be learnt about recordings
/// that are still unknown, so that they count as somebody else's.
pub(super) fn sightings(
    exchange: &Exchange,
    standing: &SenderRights<'_>,
    lists: &HashSet<String>,
    last: bool,
) -> Sightings {
    let mut sightings = Sightings::default();
    let in_list = exchange.list.is_some()
        || exchange
            .surface
            .as_ref()
            .is_some_and(|surface| lists.contains(surface));
    for seen in &exchange.seen {
        let Some(recording) = seen.recording else {
            sightings.leaks.push(Leak {
                kind: FindingKind::Stranger,
                extent: extent(exchange, seen, in_list, u64::MAX),
                recording: None,
                owner: None,
                strangers: 1,
                facet: seen.facet,
                seen: Some(seen.clone()),
            });
            continue;
        };
        match standing.relation(exchange, recording) {
            SenderRelation::Right => {}
            SenderRelation::Unknown if !last => {
                sightings.unknown.insert(recording);
            }
            SenderRelation::Unknown | SenderRelation::None => {
                let whole = standing
                    .recordings
                    .get(recording)
                    .map_or(u64::MAX, |known| known.media_bytes);
                sightings.leaks.push(Leak {
                    kind: FindingKind::Seen,
                    extent: extent(exchange, seen, in_list, whole),
                    recording: Some(recording),
                    owner: None,
                    strangers: 0,
                    facet: seen.facet,
                    seen: Some(seen.clone()),
                });
            }
        }
    }
    listed(exchange, standing, last, &mut sightings);
    sightings
}

/// Rule 2: a list holds exactly what this persona may see, and counts no more than that.
fn listed(exchange: &Exchange, standing: &SenderRights<'_>, last: bool, sightings: &mut Sightings) {
    let Some(list) = &exchange.list else { return };
    let mut beside = u64::from(list.strangers);
    let leak = |kind, extent, recording, strangers| Leak {
        kind,
        extent,
        recording,
        owner: None,
        strangers,
        facet: None,
        seen: None,
    };
    for recording in list.recordings.iter().copied().collect::<HashSet<_>>() {
        match standing.relation(exchange, recording) {
            SenderRelation::Right => {}
            SenderRelation::Unknown if !last => {
                sightings.unknown.insert(recording);
                beside += 1;
            }
            SenderRelation::Unknown | SenderRelation::None => {
                sightings
                    .leaks
                    .push(leak(FindingKind::Listed, Extent::Listed, Some(recording), 0));
                beside += 1;
            }
        }
    }
    if list.strangers > 0 {
        sightings
            .leaks
            .push(leak(FindingKind::Stranger, Extent::Listed, None, list.strangers));
    }
    // A subsection may show the latest few and count them all: the total is measured by what they may see, not by what is
    // shown. What already stood in the list beside that is told above.
    let explained = standing.how_many(&exchange.who).saturating_add(beside);
    if list.total.is_some_and(|total| total > explained) {
        sightings
            .leaks
            .push(leak(FindingKind::Total, Extent::Existence, None, 0));
    }
}

/// How much a canary gives away, by its facet and by where it stood.
fn extent(exchange: &Exchange, seen: &CanarySighting, in_list: bool, media_bytes: u64) -> Extent {
    match seen.facet {
        Some(Facet::Id) if in_list => Extent::Listed,
        Some(Facet::Id) => Extent::Existence,
        Some(Facet::Title) if in_list => Extent::Listed,
        Some(Facet::Title | Facet::Metadata | Facet::FileName) => Extent::Metadata,
        Some(Facet::Thumbnail) => Extent::Excerpt,
        Some(Facet::Transcript) => Extent::Full,
        Some(Facet::Media | Facet::Excerpt) if exchange.response.bytes >= media_bytes => Extent::Full,
        Some(Facet::Media | Facet::Excerpt) => Extent::Excerpt,
        None if in_list => Extent::Listed,
        None => Extent::Metadata,
    }
}

impl Leak {
    /// Somebody without a right changed a recording.
    pub(super) fn changed(recording: u32) -> Self {
        Self::without_canary(recording, FindingKind::Changed, Extent::Metadata)
    }

    /// Somebody did something in the place of an owner, to a recording or to something else of theirs.
    pub(super) fn acted(owner: &str, recording: Option<u32>) -> Self {
        Self {
            kind: FindingKind::Acted,
            extent: Extent::Metadata,
            recording,
            owner: Some(owner.to_owned()),
            strangers: 0,
            facet: None,
            seen: None,
        }
    }

    /// It exists, which is told by a difference between two answers.
    pub(super) fn existence(recording: u32) -> Self {
        Self::without_canary(recording, FindingKind::Existence, Extent::Existence)
    }

    fn without_canary(recording: u32, kind: FindingKind, extent: Extent) -> Self {
        Self {
            kind,
            extent,
            recording: Some(recording),
            owner: None,
            strangers: 0,
            facet: None,
            seen: None,
        }
    }
}

/// The exchange with nothing left in it but these recordings, to be looked at again.
pub(super) fn only(exchange: &Exchange, recordings: &HashSet<u32>) -> Exchange {
    let mut rest = exchange.clone();
    rest.seen.retain(|seen| {
        seen.recording
            .is_some_and(|recording| recordings.contains(&recording))
    });
    if let Some(list) = &mut rest.list {
        list.recordings.retain(|recording| recordings.contains(recording));
        list.strangers = 0;
        list.total = None;
    }
    rest
}
