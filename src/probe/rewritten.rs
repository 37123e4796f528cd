//! Requests written anew: which of them the stack understands, shown by the owner who sends them first.

use super::ProbeError;
use super::bystander::Bystander;
use super::context::ProbeContext;
use super::pager::{RewrittenList, fetch_rewritten_pages};
use super::plan::PlannedProbe;
use super::probe_request::{Actor, ProbeRequest, Variant};
use super::rewriting::TwinComparison;
use crate::ledger::{CanarySighting, Entry, Facet, LeftOut, Purpose};
use crate::plant::planting::Recording;
use crate::profile::{List, Surface};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// What the stack does not understand.
const NOT_EVEN_THE_OWNER: &str = "its owner does not get it in this way either";

/// The same request by its surface, its technique and what it is for.
type RewrittenForm = (String, &'static str, u32);

/// Has owners send first what is planned to be written anew, as its twin; hands back what of the plan applies. What the stack does
/// not understand for them either is left out, with the reason.
pub(super) async fn controls_first(
    scene: &ProbeContext<'_>,
    planned: Vec<PlannedProbe>,
) -> Vec<PlannedProbe> {
    let mut forms: BTreeMap<RewrittenForm, Result<(), String>> = BTreeMap::new();
    for form in planned.iter().filter_map(form) {
        forms.entry(form).or_insert(Ok(()));
    }
    let tried = forms.keys().map(|form| async move {
        let unfit = match first(scene, form).await {
            Ok(applies) => applies,
            Err(error) => Err(error.to_string()),
        };
        (form.clone(), unfit)
    });
    let mut tried: BTreeMap<RewrittenForm, Result<(), String>> =
        futures::future::join_all(tried).await.into_iter().collect();
    let mut applies = Vec::new();
    for one in planned {
        match form(&one).and_then(|form| tried.get_mut(&form)) {
            Some(Err(why)) => leave_out(scene, &one, why.clone()),
            _ => applies.push(one),
        }
    }
    applies
}

pub(super) fn leave_out(scene: &ProbeContext<'_>, planned: &PlannedProbe, why: String) {
    scene.client.write(&Entry::LeftOut(LeftOut {
        scenario: scene.client.scenario,
        who: planned.who.clone(),
        surface: planned.variant.surface(&planned.surface),
        technique: planned.technique.name.to_owned(),
        why,
    }));
}

fn form(planned: &PlannedProbe) -> Option<RewrittenForm> {
    let Variant::Rewritten(technique) = planned.variant else {
        return None;
    };
    Some((planned.surface.clone(), technique, planned.recording?))
}

/// The owner sends it first; the reason when it does not apply.
async fn first(
    scene: &ProbeContext<'_>,
    (name, technique, number): &RewrittenForm,
) -> Result<Result<(), String>, ProbeError> {
    let variant = Variant::Rewritten(technique);
    let (Some(surface), Some(recording)) = (scene.site().profile.surface.get(name), scene.recording(*number))
    else {
        return Ok(Err("its recording is gone".to_owned()));
    };
    if variant.surface(name) != *name && !surface.ranges {
        return Ok(Err("it is not fetched in parts".to_owned()));
    }
    let form = variant.rewriting().map(|rewriting| rewriting.twin);
    if form == Some(TwinComparison::Plain) {
        let state = scene.client.moment().state;
        let mut twins = scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
        twins.also(name, (Variant::Whole, variant), *number, state);
        return Ok(Ok(()));
    }
    match &surface.list {
        Some(list) => listed_alike(scene, (name, surface, list), variant, recording).await,
        None => asked_alike(scene, name, surface, variant, recording).await,
    }
}

async fn listed_alike(
    scene: &ProbeContext<'_>,
    at: (&str, &Surface, &List),
    variant: Variant,
    recording: &Recording,
) -> Result<Result<(), String>, ProbeError> {
    let owner = Actor::Persona(Arc::clone(&recording.owner));
    let part = Purpose::Twin {
        recordings: vec![recording.number],
    };
    let walked = match fetch_rewritten_pages(
        scene,
        &owner,
        at,
        Some(RewrittenList { variant, recording }),
        &part,
    )
    .await
    {
        Err(ProbeError::Unfit(why)) => return Ok(Err(why.to_owned())),
        walked => walked?,
    };
    let shown = walked
        .listing
        .is_some_and(|listing| listing.recordings.contains(&recording.number));
    if walked.last.reply.is_whole() && !shown {
        return Ok(Err(NOT_EVEN_THE_OWNER.to_owned()));
    }
    let state = scene.client.moment().state;
    let mut twins = scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
    twins.enter(
        at.0,
        variant,
        recording.number,
        state,
        (walked.last.exchange, shown),
    );
    Ok(Ok(()))
}

async fn asked_alike(
    scene: &ProbeContext<'_>,
    name: &str,
    surface: &Surface,
    variant: Variant,
    recording: &Recording,
) -> Result<Result<(), String>, ProbeError> {
    let owner = Actor::Persona(Arc::clone(&recording.owner));
    let part = Purpose::Twin {
        recordings: vec![recording.number],
    };
    let question = ProbeRequest::for_recording(name, surface, variant, recording);
    let asked = match question.send(scene, &owner, &part).await {
        Err(ProbeError::Unfit(why)) => return Ok(Err(why.to_owned())),
        asked => asked?,
    };
    let Some(last) = asked.last() else {
        return Ok(Err("nothing was asked".to_owned()));
    };
    // an answer that did not come says nothing about what the stack understands
    if last.reply.is_whole() && !shows(&last.seen, recording.number) {
        return Ok(Err(NOT_EVEN_THE_OWNER.to_owned()));
    }
    scene.enter_twin(owner.name(), (name, variant), recording.number, last);
    Ok(Ok(()))
}

impl Bystander<'_> {
    /// Asks for their list by a request that is written anew, which is to bring out a certain recording.
    pub(super) async fn list_rewritten(
        &self,
        planned: &PlannedProbe,
        surface: &Surface,
        recording: &Recording,
    ) -> Result<(), ProbeError> {
        let Some(list) = &surface.list else { return Ok(()) };
        let anew = RewrittenList {
            variant: planned.variant,
            recording,
        };
        let at = (planned.surface.as_str(), surface, list);
        for device in self.devices(planned, surface).await? {
            let part = self.part(planned, &[recording.number], None);
            fetch_rewritten_pages(self.scene, &device, at, Some(anew), &part).await?;
        }
        Ok(())
    }
}

/// Whether an answer holds anything of a recording but its id.
pub(super) fn shows(seen: &[CanarySighting], recording: u32) -> bool {
    seen.iter()
        .any(|seen| seen.recording == Some(recording) && seen.facet.is_some_and(|facet| facet != Facet::Id))
}
