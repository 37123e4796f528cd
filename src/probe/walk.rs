//! A walk through all pages of somebody's list.

use super::ProbeError;
use super::ask::{Actor, Variant};
use super::scene::Scene;
use crate::ledger::{Listing, Part, Seen};
use crate::profile::{List, Surface, Vars};
use crate::wire::{Call, Carried, Carrier, Reply, View};
use reqwest::Url;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The most pages that a walk takes.
const MOST_PAGES: u32 = 200;

/// Where a walk stands.
#[derive(Debug, Default)]
struct Progress {
    items: u32,
    recordings: BTreeSet<u32>,
    offered: Vec<String>,
    strangers: u32,
    total: Option<u64>,
    pages: u32,
    cursors: BTreeSet<String>,
    next: Option<String>,
    incomplete: Option<String>,
}

/// What a walk came back with.
pub(super) struct Walked {
    /// Its last page.
    pub last: Carried,
    /// What it held, as it stands in the ledger; none when the list was refused.
    pub listing: Option<Listing>,
    /// The stack's ids of recordings of this run that it offered.
    pub offered: Vec<String>,
}

/// Walks through a list on somebody's behalf.
///
/// # Errors
/// When the first request cannot be built.
pub(super) async fn walk(
    scene: &Scene<'_>,
    actor: &Actor,
    name: &str,
    surface: &Surface,
    list: &List,
    part: &Part,
) -> Result<Walked, ProbeError> {
    let headers = actor.headers(scene, surface).await?;
    let site = scene.site();
    let base = site
        .addresses(surface.base.as_ref().map(|base| base.get_ref().as_str()))?
        .first()
        .cloned()
        .ok_or_else(|| ProbeError::Surface(format!("`{name}`")))?;
    let mut vars: Vars = site.stack.clone();
    if let Actor::Persona(persona) = actor {
        vars.set("me", persona.me().as_value());
    }
    let first = site.request(surface.request.get_ref(), &base, &vars, headers)?;
    let progress = Arc::new(Mutex::new(Progress::default()));
    let mut request = first.clone();
    loop {
        let seen_so_far = Arc::clone(&progress);
        let finish = move |reply: &Reply, _: &[Seen], part: Part| {
            let mut progress = seen_so_far.lock().unwrap_or_else(PoisonError::into_inner);
            read_page(scene, reply, list, &mut progress);
            let ended = progress.next.is_none() || progress.incomplete.is_some();
            let refused = progress.pages == 0 && progress.incomplete.is_none();
            (
                expected(part, list, &progress),
                (ended && !refused).then(|| progress.listing()),
            )
        };
        let call = Call {
            who: actor.name(),
            part: part.clone(),
            surface: Some(&Variant::Whole.surface(name)),
            request: request.clone(),
            finish: Some(Box::new(finish)),
        };
        let last = scene.witness.carry(call).await;
        let state = progress.lock().unwrap_or_else(PoisonError::into_inner);
        match (&state.next, &list.next) {
            (Some(cursor), Some(next)) if state.incomplete.is_none() => {
                request = first.clone();
                set_query(&mut request.url, next.query.get_ref(), cursor);
            }
            _ => {
                let listing = (state.pages > 0 || state.incomplete.is_some()).then(|| state.listing());
                return Ok(Walked {
                    last,
                    listing,
                    offered: state.offered.clone(),
                });
            }
        }
    }
}

impl Progress {
    fn listing(&self) -> Listing {
        Listing {
            items: self.items,
            recordings: self.recordings.iter().copied().collect(),
            strangers: self.strangers,
            total: self.total,
            pages: self.pages,
            incomplete: self.incomplete.clone(),
        }
    }
}

/// A list of the newest few is not expected to show all that its owner has; but some of it, it must.
fn expected(part: Part, list: &List, progress: &Progress) -> Part {
    match part {
        Part::Twin { mut recordings } if list.newest_only => {
            let any = recordings.first().copied();
            recordings.retain(|recording| progress.recordings.contains(recording));
            if recordings.is_empty() {
                recordings.extend(any);
            }
            Part::Twin { recordings }
        }
        other => other,
    }
}

/// Reads one page. A refusal is no page: it leaves everything as it is, and the class of the answer says so.
fn read_page(scene: &Scene<'_>, reply: &Reply, list: &List, progress: &mut Progress) {
    progress.next = None;
    let view = View::new(reply);
    if !reply.is_whole() {
        progress.incomplete = Some(reply.in_words());
        return;
    }
    if !(200..300).contains(&reply.status) {
        if progress.pages > 0 {
            progress.incomplete = Some(format!("page {} answered {}", progress.pages + 1, reply.status));
        }
        return;
    }
    progress.pages += 1;
    match items(&view, list) {
        Err(why) => progress.spoil(why),
        Ok(ids) => ids.into_iter().for_each(|id| progress.take(scene, id)),
    }
    if let Some(total) = &list.total {
        match view
            .query(total.get_ref())
            .ok()
            .flatten()
            .and_then(|found| found.first().and_then(|total| total.as_u64()))
        {
            Some(found) => progress.total = Some(progress.total.unwrap_or(0).max(found)),
            None => progress.spoil(format!("no number at `{}`", total.get_ref())),
        }
    }
    if let Some(next) = &list.next {
        let cursor = view
            .query(next.from.get_ref())
            .ok()
            .flatten()
            .and_then(|found| found.first().map(|one| (*one).clone()));
        progress.next = match cursor {
            None | Some(Json::Null) => None,
            Some(Json::String(cursor)) => Some(cursor),
            Some(other) => Some(other.to_string()),
        };
    }
    if let Some(cursor) = &progress.next {
        if !progress.cursors.insert(cursor.clone()) {
            progress.spoil("the same cursor came twice".to_owned());
        } else if progress.pages >= MOST_PAGES {
            progress.spoil(format!("more than {MOST_PAGES} pages"));
        }
    }
}

impl Progress {
    /// The walk is not to be trusted; the first reason is the one that explains the others.
    fn spoil(&mut self, why: String) {
        self.incomplete.get_or_insert(why);
    }

    fn take(&mut self, scene: &Scene<'_>, id: String) {
        self.items += 1;
        match scene.witness.station.recording_of(&id) {
            Some(recording) => {
                self.recordings.insert(recording);
                self.offered.push(id);
            }
            None => self.strangers += 1,
        }
    }
}

/// The ids of a page's items, or why they cannot be read. An empty list is one only where a list stands.
fn items(view: &View<'_>, list: &List) -> Result<Vec<String>, String> {
    let path = list.items.get_ref();
    let found = view
        .query(path)
        .map_err(|error| error.to_string())?
        .ok_or("the answer is not JSON")?;
    if found.is_empty() {
        let parent = path.strip_suffix("[*]").unwrap_or(path);
        let there = view
            .query(parent)
            .map_err(|error| error.to_string())?
            .unwrap_or_default();
        if !there.iter().any(|value| value.is_array()) {
            return Err(format!("nothing at `{path}`"));
        }
    }
    let id_path = serde_json_path::JsonPath::parse(list.id.get_ref()).map_err(|error| error.to_string())?;
    found
        .into_iter()
        .map(|item| match id_path.query(item).first() {
            Some(Json::String(id)) => Ok(id.clone()),
            Some(Json::Number(id)) => Ok(id.to_string()),
            _ => Err(format!("an item without `{}`", list.id.get_ref())),
        })
        .collect()
}

fn set_query(url: &mut Url, name: &str, value: &str) {
    let mut pairs: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
    pairs.insert(name.to_owned(), value.to_owned());
    url.query_pairs_mut().clear().extend_pairs(pairs);
}
