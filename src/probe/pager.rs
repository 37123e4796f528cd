//! A walk through all pages of somebody's list.

mod link;
mod next_page;
mod page;

use super::ProbeError;
use super::context::ProbeContext;
use super::probe_request::{Actor, Variant, text_of};
use super::request;
use super::rewriting::RewriteInput;
use super::surface_request::{SendOptions, SurfaceRequest};
use crate::http::{Credentials, Exchanged, Reply, Request, ResponseView};
use crate::ledger::{CanarySighting, Listing, Purpose};
use crate::plant::planting::Recording;
use crate::profile::{List, SentCredentials, Surface, Vars};
use crate::technique::CURSOR_SWAP;
pub(super) use next_page::set_query;
use next_page::{NextPage, PagerState};
use reqwest::Url;
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The most pages that a walk takes.
const MOST_PAGES: u32 = 200;

/// Where a walk stands.
#[derive(Debug, Default)]
struct PageProgress {
    items: u32,
    recordings: BTreeSet<u32>,
    offered: Vec<String>,
    strangers: u32,
    total: Option<u64>,
    pages: u32,
    trail: PagerState,
    next: Option<NextPage>,
    incomplete: Option<String>,
}

/// What a walk came back with.
pub(super) struct Pages {
    /// Its last page.
    pub last: Exchanged,
    /// What it held, as it stands in the ledger; none when the list was refused.
    pub listing: Option<Listing>,
    /// The stack's ids of recordings of this run that it offered.
    pub offered: Vec<String>,
    /// How many requests it took.
    pub requests: u32,
}

/// Somebody's list at a surface.
struct Pager<'a> {
    scene: &'a ProbeContext<'a>,
    name: &'a str,
    surface: &'a Surface,
    list: &'a List,
    anew: Option<RewrittenList<'a>>,
}

/// That a list is asked for by requests that are written anew.
#[derive(Clone, Copy)]
pub(super) struct RewrittenList<'a> {
    /// In which way.
    pub(super) variant: Variant,
    /// What it is to bring out.
    pub(super) recording: &'a Recording,
}

/// Walks through a list on somebody's behalf.
///
/// # Errors
/// When the first request cannot be built.
pub(super) async fn fetch_pages(
    scene: &ProbeContext<'_>,
    actor: &Actor,
    name: &str,
    surface: &Surface,
    list: &List,
    part: &Purpose,
) -> Result<Pages, ProbeError> {
    fetch_rewritten_pages(scene, actor, (name, surface, list), None, part).await
}

/// The same by requests that are written anew.
///
/// # Errors
/// When the first request cannot be built, or there is nothing to write.
pub(super) async fn fetch_rewritten_pages(
    scene: &ProbeContext<'_>,
    actor: &Actor,
    (name, surface, list): (&str, &Surface, &List),
    anew: Option<RewrittenList<'_>>,
    part: &Purpose,
) -> Result<Pages, ProbeError> {
    let errand = SurfaceRequest {
        scene,
        actor,
        name,
        surface,
        variant: anew.map_or(Variant::Whole, |anew| anew.variant),
        part,
        listening: None,
    };
    let walk = Pager {
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
        return Ok(Pages {
            last,
            listing: None,
            offered: Vec::new(),
            requests,
        });
    }
    let manner = SendOptions {
        without_credentials: surface.credentials == SentCredentials::None,
        follow: surface.follow,
    };
    let progress = Mutex::new(PageProgress::default());
    let mut sought = next_page::first(list.next.as_ref());
    loop {
        let asked = Mutex::new(None);
        let build = |keys: &Credentials| {
            let request = walk.request(&sought, &vars, keys)?;
            *lock(&asked) = Some(request.url.clone());
            Ok(request)
        };
        let settle = |reply: &Reply, _: &[CanarySighting], part: Purpose| {
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
        let bare = manner.without_credentials || walk.is_abroad(&sought, &vars)?;
        let mut carried = errand
            .send(
                SendOptions {
                    without_credentials: bare,
                    ..manner
                },
                &build,
                &settle,
            )
            .await?;
        requests = requests.saturating_add(u32::try_from(carried.len()).unwrap_or(u32::MAX));
        let last = carried.pop();
        let mut state = lock(&progress);
        match (state.next.take(), last) {
            (Some(next), Some(_)) => {
                if let (Purpose::Twin { .. } | Purpose::Probe { .. }, NextPage::Query(cursor, value), None) =
                    (part, &next, anew)
                {
                    scene.keep_cursor(name, actor.name(), cursor, value);
                }
                sought = next;
            }
            (_, None) => return Err(ProbeError::Nothing(format!("`{name}` was not asked for"))),
            (None, Some(last)) => {
                let listing = (state.pages > 0 || state.incomplete.is_some()).then(|| state.listing());
                return Ok(Pages {
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

impl PageProgress {
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

    fn record_item(&mut self, scene: &ProbeContext<'_>, id: String) {
        self.items += 1;
        match scene.client.session.recording_of(&id) {
            Some(recording) => {
                self.recordings.insert(recording);
                self.offered.push(id);
            }
            None => self.strangers += 1,
        }
    }
}

impl Pager<'_> {
    /// A list of the newest few is not expected to show all that its owner has; but some of it, it must. What the owner does not get
    /// by a request that is written anew is no twin of anything.
    fn expected(&self, part: Purpose, progress: &PageProgress) -> Purpose {
        let is_shown = |recording: &u32| progress.recordings.contains(recording);
        match part {
            Purpose::Twin { mut recordings } if self.list.newest_only => {
                let any = recordings.first().copied();
                recordings.retain(is_shown);
                if recordings.is_empty() {
                    recordings.extend(any);
                }
                Purpose::Twin { recordings }
            }
            Purpose::Twin { recordings } if self.anew.is_some() && !recordings.iter().all(is_shown) => {
                let what = format!("ask for {} in another way", self.name);
                Purpose::Setup { what }
            }
            other => other,
        }
    }

    fn request(&self, sought: &NextPage, vars: &Vars, keys: &Credentials) -> Result<Request, ProbeError> {
        let vars = match sought {
            NextPage::Variable(name, value) => vars.clone().with(name, value.clone()),
            _ => vars.clone(),
        };
        let wanted = request::own(self.scene, self.surface, &vars, keys)?;
        let mut request = self.rewrite(wanted, sought, &vars)?;
        match sought {
            NextPage::First | NextPage::Variable(..) => {}
            NextPage::Query(name, value) => next_page::set_query(&mut request.url, name, value),
            NextPage::Page(name, number) | NextPage::Offset(name, number) => {
                next_page::set_query(&mut request.url, name, &number.to_string());
            }
            NextPage::Address(address) => {
                let method = request.method.to_string();
                request = request::at(self.scene, &request, &method, address, keys)?;
            }
        }
        Ok(request)
    }

    /// Every page, but where it is the first that is chosen.
    fn rewrite(&self, wanted: Request, sought: &NextPage, vars: &Vars) -> Result<Request, ProbeError> {
        let Some(RewrittenList { variant, recording }) = self.anew else {
            return Ok(wanted);
        };
        let chosen = variant == Variant::Rewritten(CURSOR_SWAP.name);
        let Some(rewriting) = variant
            .rewriting()
            .filter(|_| !chosen || *sought == NextPage::First)
        else {
            return Ok(wanted);
        };
        let owner = text_of(recording.owner.me().get("id"));
        let me = vars.get("me").and_then(|me| text_of(me.get("id")));
        let cursor = self.scene.cursor(self.name, &recording.owner.name);
        let draft = RewriteInput {
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
        request.asked.rewritten_by = variant.technique().map(str::to_owned);
        Ok(request)
    }

    fn is_abroad(&self, sought: &NextPage, vars: &Vars) -> Result<bool, ProbeError> {
        let NextPage::Address(address) = sought else {
            return Ok(false);
        };
        let own = request::own(self.scene, self.surface, vars, &Credentials::none())?;
        Ok(own.url.origin() != address.origin())
    }

    /// Reads one page. A refusal is no page: it leaves everything as it is, and the class of the answer says so.
    fn read(
        &self,
        reply: &Reply,
        sought: &NextPage,
        asked: Option<&Url>,
        vars: &Vars,
        progress: &mut PageProgress,
    ) {
        progress.next = None;
        let view = ResponseView::new(reply);
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
            let page = next_page::PageRead {
                reply,
                view: &view,
                ids: &ids,
                asked,
                items: u64::from(progress.items) + ids.len() as u64,
            };
            next_page::after(next, sought, &page, &site.templates, vars, &mut progress.trail)
        });
        ids.into_iter()
            .for_each(|id| progress.record_item(self.scene, id));
        match next {
            None | Some(Ok(None)) => {}
            Some(Err(why)) => progress.spoil(why),
            Some(Ok(Some(next))) if progress.incomplete.is_none() => self.go_on(next, progress),
            Some(Ok(Some(_))) => {}
        }
    }

    fn go_on(&self, next: NextPage, progress: &mut PageProgress) {
        if let NextPage::Address(address) = &next
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
