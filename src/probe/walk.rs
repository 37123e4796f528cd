//! A walk through all pages of somebody's list.

mod link;
mod next;
mod page;

use super::ProbeError;
use super::ask::{Actor, Variant, text_of};
use super::errand::{Errand, Manner};
use super::request;
use super::scene::Scene;
use super::technique::{Draft, GO_ON_WITH_ANOTHERS_CURSOR};
use crate::ledger::{Listing, Part, Seen};
use crate::plant::planting::Recording;
use crate::profile::{List, Sent, Surface, Vars};
use crate::wire::{Carried, Keys, Reply, Request, View};
pub(super) use next::set_query;
use next::{Sought, Trail};
use reqwest::Url;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    trail: Trail,
    next: Option<Sought>,
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
    /// How many requests it took.
    pub requests: u32,
}

/// Somebody's list at a surface.
struct Walk<'a> {
    scene: &'a Scene<'a>,
    name: &'a str,
    surface: &'a Surface,
    list: &'a List,
    anew: Option<Anew<'a>>,
}

/// That a list is asked for by requests that are written anew.
#[derive(Clone, Copy)]
pub(super) struct Anew<'a> {
    /// In which way.
    pub(super) variant: Variant,
    /// What it is to bring out.
    pub(super) recording: &'a Recording,
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
    walk_anew(scene, actor, (name, surface, list), None, part).await
}

/// The same by requests that are written anew.
///
/// # Errors
/// When the first request cannot be built, or there is nothing to write.
pub(super) async fn walk_anew(
    scene: &Scene<'_>,
    actor: &Actor,
    (name, surface, list): (&str, &Surface, &List),
    anew: Option<Anew<'_>>,
    part: &Part,
) -> Result<Walked, ProbeError> {
    let errand = Errand {
        scene,
        actor,
        name,
        surface,
        variant: anew.map_or(Variant::Whole, |anew| anew.variant),
        part,
        listening: None,
    };
    let walk = Walk {
        scene,
        name,
        surface,
        list,
        anew,
    };
    let mut vars = actor.vars(scene);
    if let (None, Some(first)) = (vars.get("me"), scene.recordings.first()) {
        // who is nobody sends what an owner sends, without the owner's credentials
        vars.set("me", first.owner.me().as_value());
    }
    let (steps, passed) = errand.steps(&mut vars).await?;
    let mut requests = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    if let (false, Some(last)) = (passed, steps.into_iter().next_back()) {
        return Ok(Walked {
            last,
            listing: None,
            offered: Vec::new(),
            requests,
        });
    }
    let manner = Manner {
        bare: surface.credentials == Sent::None,
        follow: surface.follow,
    };
    let progress = Mutex::new(Progress::default());
    let mut sought = next::first(list.next.as_ref());
    loop {
        let asked = Mutex::new(None);
        let build = |keys: &Keys| {
            let request = walk.request(&sought, &vars, keys)?;
            *lock(&asked) = Some(request.url.clone());
            Ok(request)
        };
        let settle = |reply: &Reply, _: &[Seen], part: Part| {
            let mut progress = lock(&progress);
            let url = lock(&asked).clone();
            walk.read(reply, &sought, url.as_ref(), &vars, &mut progress);
            let ended = progress.next.is_none();
            let refused = progress.pages == 0 && progress.incomplete.is_none();
            (
                walk.expected(part, &progress),
                (ended && !refused).then(|| progress.listing()),
            )
        };
        // on another origin than its own, a list's next page is asked for by nobody in particular
        let bare = manner.bare || walk.is_abroad(&sought, &vars)?;
        let mut carried = errand.send(Manner { bare, ..manner }, &build, &settle).await?;
        requests = requests.saturating_add(u32::try_from(carried.len()).unwrap_or(u32::MAX));
        let last = carried.pop();
        let mut state = lock(&progress);
        match (state.next.take(), last) {
            (Some(next), Some(_)) => {
                if let (Part::Twin { .. } | Part::Probe { .. }, Sought::Query(cursor, value), None) =
                    (part, &next, anew)
                {
                    scene.keep_cursor(name, actor.name(), cursor, value);
                }
                sought = next;
            }
            (_, None) => return Err(ProbeError::Nothing(format!("`{name}` was not asked for"))),
            (None, Some(last)) => {
                let listing = (state.pages > 0 || state.incomplete.is_some()).then(|| state.listing());
                return Ok(Walked {
                    last,
                    listing,
                    offered: std::mem::take(&mut state.offered),
                    requests,
                });
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

impl Walk<'_> {
    /// A list of the newest few is not expected to show all that its owner has; but some of it, it must. What the owner does not get
    /// by a request that is written anew is no twin of anything.
    fn expected(&self, part: Part, progress: &Progress) -> Part {
        let is_shown = |recording: &u32| progress.recordings.contains(recording);
        match part {
            Part::Twin { mut recordings } if self.list.newest_only => {
                let any = recordings.first().copied();
                recordings.retain(is_shown);
                if recordings.is_empty() {
                    recordings.extend(any);
                }
                Part::Twin { recordings }
            }
            Part::Twin { recordings } if self.anew.is_some() && !recordings.iter().all(is_shown) => {
                let what = format!("ask for {} in another way", self.name);
                Part::Setup { what }
            }
            other => other,
        }
    }

    fn request(&self, sought: &Sought, vars: &Vars, keys: &Keys) -> Result<Request, ProbeError> {
        let vars = match sought {
            Sought::Variable(name, value) => vars.clone().with(name, value.clone()),
            _ => vars.clone(),
        };
        let wanted = request::own(self.scene, self.surface, &vars, keys)?;
        let mut request = self.written_anew(wanted, sought, &vars)?;
        match sought {
            Sought::First | Sought::Variable(..) => {}
            Sought::Query(name, value) => next::set_query(&mut request.url, name, value),
            Sought::Page(name, number) | Sought::Offset(name, number) => {
                next::set_query(&mut request.url, name, &number.to_string());
            }
            Sought::Address(address) => {
                let method = request.method.to_string();
                request = request::at(self.scene, &request, &method, address, keys)?;
            }
        }
        Ok(request)
    }

    /// Every page, but where it is the first that is chosen.
    fn written_anew(&self, wanted: Request, sought: &Sought, vars: &Vars) -> Result<Request, ProbeError> {
        let Some(Anew { variant, recording }) = self.anew else {
            return Ok(wanted);
        };
        let chosen = variant == Variant::Rewritten(GO_ON_WITH_ANOTHERS_CURSOR.name);
        let Some(rewriting) = variant
            .rewriting()
            .filter(|_| !chosen || *sought == Sought::First)
        else {
            return Ok(wanted);
        };
        let owner = text_of(recording.owner.me().get("id"));
        let me = vars.get("me").and_then(|me| text_of(me.get("id")));
        let cursor = self.scene.cursor(self.name, &recording.owner.name);
        let draft = Draft {
            // one's own list is asked for at one's own address
            owners_address: &wanted.url.clone(),
            wanted,
            theirs: None,
            id: &recording.id,
            owner: owner.as_deref(),
            me: me.as_deref(),
            etag: None,
            cursor: cursor
                .as_ref()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        };
        let mut request = (rewriting.how)(draft).map_err(ProbeError::Unfit)?;
        request.asked.anew = variant.technique().map(str::to_owned);
        Ok(request)
    }

    fn is_abroad(&self, sought: &Sought, vars: &Vars) -> Result<bool, ProbeError> {
        let Sought::Address(address) = sought else {
            return Ok(false);
        };
        let own = request::own(self.scene, self.surface, vars, &Keys::none())?;
        Ok(own.url.origin() != address.origin())
    }

    /// Reads one page. A refusal is no page: it leaves everything as it is, and the class of the answer says so.
    fn read(
        &self,
        reply: &Reply,
        sought: &Sought,
        asked: Option<&Url>,
        vars: &Vars,
        progress: &mut Progress,
    ) {
        progress.next = None;
        let view = View::new(reply);
        if !reply.is_whole() {
            progress.incomplete = Some(reply.in_words());
            return;
        }
        if !(200..300).contains(&reply.status) {
            let beyond_the_end = reply.status == 404 && sought.is_guessed();
            if progress.pages > 0 && !beyond_the_end {
                progress.spoil(format!("page {} answered {}", progress.pages + 1, reply.status));
            }
            return;
        }
        progress.pages += 1;
        let ids = match page::ids(&view, reply, self.list) {
            Ok(ids) => ids,
            Err(why) => {
                progress.spoil(why);
                return;
            }
        };
        if let Some(total) = &self.list.total {
            match page::total(&view, total) {
                Ok(Some(found)) => progress.total = Some(progress.total.unwrap_or(0).max(found)),
                // not every stack counts again on each page
                Ok(None) if progress.total.is_some() => {}
                Ok(None) => progress.spoil(format!("no number at `{total}`")),
                Err(why) => progress.spoil(why),
            }
        }
        let next = self.list.next.as_ref().map(|next| {
            let site = self.scene.site();
            let page = next::Page {
                reply,
                view: &view,
                ids: &ids,
                asked,
                items: u64::from(progress.items) + ids.len() as u64,
            };
            next::after(next, sought, &page, &site.templates, vars, &mut progress.trail)
        });
        ids.into_iter().for_each(|id| progress.take(self.scene, id));
        match next {
            None | Some(Ok(None)) => {}
            Some(Err(why)) => progress.spoil(why),
            Some(Ok(Some(next))) if progress.incomplete.is_none() => self.go_on(next, progress),
            Some(Ok(Some(_))) => {}
        }
    }

    fn go_on(&self, next: Sought, progress: &mut Progress) {
        if let Sought::Address(address) = &next
            && let Err(error) = self.scene.site().allow(address)
        {
            progress.spoil(format!("the next page stands elsewhere: {error}"));
        } else if progress.pages >= MOST_PAGES {
            progress.spoil(format!("more than {MOST_PAGES} pages"));
        } else {
            progress.next = Some(next);
        }
    }
}
