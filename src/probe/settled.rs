//! One look at one surface, for those who want to know whether it works at all: no plan, no twin, no verdict.

use super::ProbeError;
use super::context::ProbeContext;
use super::pager::fetch_pages;
use super::probe_request::{Actor, ProbeRequest, Variant};
use crate::ledger::{CanarySighting, Facet, Listing, OutcomeClass, Purpose};
use crate::plant::planting::Recording;
use crate::profile::Surface;
use std::collections::BTreeSet;

/// What a look at a surface came back with.
#[derive(Debug, Clone)]
pub struct SettledLook {
    /// The status of the last answer.
    pub status: u16,
    /// Its class by the profile.
    pub class: OutcomeClass,
    /// What kept it from arriving whole, if anything.
    pub broken: Option<String>,
    /// The facets of the recording that came with it.
    pub facets: BTreeSet<Facet>,
    /// What the list held, when it is one.
    pub listing: Option<Listing>,
    /// The address that was handed out on the way.
    pub link: Option<String>,
}

impl SettledLook {
    /// Whether the recording came with it.
    #[must_use]
    pub fn shows(&self, recording: &Recording) -> bool {
        let listed = self
            .listing
            .as_ref()
            .is_some_and(|list| list.recordings.contains(&recording.number));
        listed || self.facets.iter().any(|facet| *facet != Facet::Id)
    }
}

/// Looks at a surface once, for a recording; `id` is put in where the recording's own belongs.
///
/// # Errors
/// When the request cannot be built, or the asker is signed out.
pub async fn look_at(
    scene: &ProbeContext<'_>,
    (name, surface): (&str, &Surface),
    actor: &Actor,
    recording: &Recording,
    id: &str,
) -> Result<SettledLook, ProbeError> {
    let part = Purpose::Setup {
        what: "check".to_owned(),
    };
    if let Some(list) = &surface.list {
        let walked = fetch_pages(scene, actor, name, surface, list, &part).await?;
        let last = walked.last;
        return Ok(SettledLook {
            status: last.reply.status,
            class: last.class,
            broken: (!last.reply.is_whole()).then(|| last.reply.in_words()),
            facets: facets(&last.seen, recording),
            listing: walked.listing,
            link: None,
        });
    }
    let unchanged = recording.canary.text("title").unwrap_or_default().to_owned();
    let question = ProbeRequest {
        missing: (id != recording.id).then_some(id),
        change: surface.write.is_some().then_some(unchanged.as_str()),
        ..ProbeRequest::for_recording(name, surface, Variant::Whole, recording)
    };
    let asked = question.send(scene, actor, &part).await?;
    let last = asked
        .last()
        .ok_or_else(|| ProbeError::Surface(format!("`{name}`")))?;
    Ok(SettledLook {
        status: last.reply.status,
        class: last.class,
        broken: (!last.reply.is_whole()).then(|| last.reply.in_words()),
        facets: facets(&last.seen, recording),
        listing: None,
        link: asked.link.clone(),
    })
}

fn facets(seen: &[CanarySighting], recording: &Recording) -> BTreeSet<Facet> {
    let of_it = seen
        .iter()
        .filter(|seen| seen.recording == Some(recording.number));
    of_it.filter_map(|seen| seen.facet).collect()
}
