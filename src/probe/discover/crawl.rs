//! The owner following links.

use super::{addresses, declared};
use crate::cast::Persona;
use crate::http::{Credentials, OutgoingRequest, StackClientError, Transport};
use crate::ledger::{Entry, FOLLOW_LINKS, Facet, LeftOut, Purpose};
use crate::plant::planting::Recording;
use crate::probe::ProbeError;
use crate::probe::context::ProbeContext;
use crate::profile::Vars;
use reqwest::Url;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use tokio::time::Instant;

/// At most so many addresses of one form are followed: a list of sixty recordings has sixty items that are alike.
const OF_ONE_FORM: usize = 4;
/// Addresses that look as if they end the session are left alone.
const LEFT_ALONE: [&str; 5] = ["logout", "log-out", "signout", "sign-out", "sign_out"];

/// An address whose answer held the owner's canary.
#[derive(Debug, Clone)]
pub(super) struct DiscoveredAddress {
    /// The address.
    pub(super) url: Url,
    /// The same with `{id}` where an id stands: `GET /v1/replays/{id}`.
    pub(super) form: String,
    /// The surface of the profile that it belongs to; none when nobody declared it.
    pub(super) declared: Option<String>,
    /// Whether it is on the origin that people's credentials are for; they are sent to no other.
    pub(super) at_home: bool,
    /// The owner's exchange.
    pub(super) exchange: u64,
    /// The recordings that came with it.
    pub(super) recordings: BTreeSet<u32>,
}

impl DiscoveredAddress {
    /// What it is called in the ledger: as the profile calls it, or by its form where the profile does not know it.
    pub(super) fn surface(&self) -> &str {
        self.declared.as_deref().unwrap_or(&self.form)
    }

    /// The same address for a recording that does not exist, where the address holds the id of one.
    pub(super) fn missing(
        &self,
        scene: &ProbeContext<'_>,
        owned: &[&Recording],
    ) -> Result<Option<Url>, ProbeError> {
        let Some(part) = &scene.site().profile.recording else {
            return Ok(None);
        };
        let Some(own) = owned.iter().find(|one| self.url.as_str().contains(&one.id)) else {
            return Ok(None);
        };
        let missing = scene
            .site()
            .templates
            .fill(&part.missing, &Vars::default())
            .map_err(StackClientError::from)?;
        Ok(Url::parse(&self.url.as_str().replace(&own.id, &missing)).ok())
    }
}

/// A crawl under way.
pub(super) struct Crawl<'a> {
    scene: &'a ProbeContext<'a>,
    owner: Arc<Persona>,
    owned: BTreeSet<u32>,
    ids: Vec<String>,
    queue: VecDeque<(Url, u32)>,
    met: BTreeSet<Url>,
    of_form: BTreeMap<String, usize>,
    hits: Vec<DiscoveredAddress>,
    /// Why not everything was come to.
    cut_short: BTreeSet<String>,
}

impl<'a> Crawl<'a> {
    /// Begins where the profile says, and at every address that the owner's own steps were handed.
    ///
    /// # Errors
    /// When a template cannot be filled in, or is no address of this profile.
    pub(super) fn new(
        scene: &'a ProbeContext<'a>,
        owner: &Arc<Persona>,
        owned: &[&Recording],
    ) -> Result<Self, ProbeError> {
        let site = scene.site();
        let me = owner.me();
        let mut vars = site.stack.clone();
        vars.set("me", me.as_value());
        if let Some(first) = owned.first() {
            vars.set("recording", first.vars().as_value());
        }
        let mut ids: Vec<String> = owned.iter().map(|one| one.id.clone()).collect();
        let handed: Vec<Json> = std::iter::once(me.as_value())
            .chain(owned.iter().map(|one| one.captured.as_value()))
            .collect();
        for (name, value) in handed.iter().filter_map(Json::as_object).flatten() {
            if let (true, Some(id)) = (name.ends_with("id") || name == "consultation", value.as_str()) {
                ids.push(id.to_owned());
            }
        }
        ids.dedup();
        let mut crawl = Self {
            scene,
            owner: Arc::clone(owner),
            owned: owned.iter().map(|one| one.number).collect(),
            ids,
            queue: VecDeque::new(),
            met: BTreeSet::new(),
            of_form: BTreeMap::new(),
            hits: Vec::new(),
            cut_short: BTreeSet::new(),
        };
        let base = site.addresses(None)?.first().cloned();
        let base = base.ok_or_else(|| ProbeError::Surface("to begin at: there is no base".to_owned()))?;
        let base = site.home_of(&owner.me())?.unwrap_or(&base).clone();
        for start in &site.profile.discovery.start {
            let filled = site
                .templates
                .fill(start, &vars)
                .map_err(StackClientError::from)?;
            let url = if filled.starts_with('/') {
                Url::parse(&format!("{}{filled}", base.as_str().trim_end_matches('/')))
            } else {
                Url::parse(&filled)
            };
            let url =
                url.map_err(|error| ProbeError::Nothing(format!("`{filled}` is no address: {error}")))?;
            site.allow(&url)?;
            crawl.queue(url, 0);
        }
        let values = handed
            .iter()
            .filter_map(Json::as_object)
            .flat_map(|fields| fields.values());
        for text in values.filter_map(Json::as_str) {
            let url = if text.starts_with('/') {
                base.join(text).ok()
            } else {
                Url::parse(text).ok()
            };
            if let Some(url) = url.filter(|url| site.allow(url).is_ok()) {
                crawl.queue(url, 0);
            }
        }
        Ok(crawl)
    }

    fn queue(&mut self, url: Url, depth: u32) {
        let path = url.path().to_ascii_lowercase();
        if self.scene.site().allow(&url).is_err()
            || LEFT_ALONE.iter().any(|word| path.contains(word))
            || self.met.contains(&url)
        {
            return;
        }
        let most = self.scene.site().profile.discovery.depth;
        if depth > most {
            self.cut_short.insert(format!(
                "there were addresses more than {most} links deep, the `depth` of `[discovery]`"
            ));
            return;
        }
        let seen = self.of_form.entry(form(&url, &self.ids)).or_default();
        *seen += 1;
        if *seen <= OF_ONE_FORM {
            self.met.insert(url.clone());
            self.queue.push_back((url, depth));
        }
    }

    /// Follows links until there are no more, or the bounds of the profile are reached.
    ///
    /// # Errors
    /// When the owner is not signed in.
    pub(super) async fn follow(mut self) -> Result<Vec<DiscoveredAddress>, ProbeError> {
        let bounds = &self.scene.site().profile.discovery;
        let deadline = Instant::now() + bounds.within.0;
        let keys = self.owner.keys(self.scene.site(), None).await?;
        let mut left = bounds.requests;
        while let Some((url, depth)) = self.queue.pop_front() {
            if left == 0 {
                self.cut_short.insert(format!(
                    "the {} `requests` of `[discovery]` were used up",
                    bounds.requests
                ));
                break;
            }
            if Instant::now() >= deadline {
                self.cut_short.insert(format!(
                    "the {} s that `[discovery]` gives it (`within`) were over",
                    bounds.within.0.as_secs()
                ));
                break;
            }
            left -= 1;
            self.visit(&url, depth, &keys).await?;
        }
        self.tell_what_was_cut_short();
        Ok(self.hits)
    }

    fn tell_what_was_cut_short(&self) {
        for why in &self.cut_short {
            self.scene.client.write(&Entry::LeftOut(LeftOut {
                scenario: self.scene.client.scenario,
                who: self.owner.name.clone(),
                surface: "wherever links lead".to_owned(),
                technique: FOLLOW_LINKS.to_owned(),
                why: why.clone(),
            }));
        }
    }

    async fn visit(&mut self, url: &Url, depth: u32, keys: &Credentials) -> Result<(), ProbeError> {
        let site = self.scene.site();
        let form = format!("GET {}", form(url, &self.ids));
        // the person's own keys go to the first base only: another origin is asked without
        let declared = declared::surface_of(&site.profile, url, &base_path(&site.bases(), url));
        let at_home = site
            .addresses(None)?
            .iter()
            .any(|base| site.home_address(base, keys).origin() == url.origin());
        let none = Credentials::none();
        let request = site.get(url.clone(), if at_home { keys } else { &none }, &form)?;
        let owned = self.owned.clone();
        let part = Purpose::Setup {
            what: "follow links".to_owned(),
        };
        let surface = declared.as_deref().unwrap_or(&form);
        let mut call = OutgoingRequest::new(&self.owner.name, part, request).at(surface);
        call.finish = Some(Box::new(move |_, seen, part| {
            let recordings: BTreeSet<u32> = recordings_seen(seen)
                .filter(|number| owned.contains(number))
                .collect();
            if recordings.is_empty() {
                return (part, None);
            }
            let recordings = recordings.into_iter().collect();
            (Purpose::Twin { recordings }, None)
        }));
        let carried = self.scene.client.send(call).await;
        let recordings: BTreeSet<u32> = recordings_seen(&carried.seen)
            .filter(|number| self.owned.contains(number))
            .collect();
        if !recordings.is_empty() {
            self.hits.push(DiscoveredAddress {
                url: url.clone(),
                form: form.clone(),
                declared,
                at_home,
                exchange: carried.exchange,
                recordings,
            });
        }
        if carried.reply.status == 0 || carried.reply.status >= 500 {
            let answer = match carried.reply.status {
                0 => "did not answer".to_owned(),
                status => format!("answered with {status}"),
            };
            self.cut_short.insert(format!("`{form}` {answer}"));
        }
        for next in addresses::of(&carried.reply, url, &self.ids) {
            self.queue(next, depth + 1);
        }
        Ok(())
    }
}

/// The recordings of which more than the id came.
fn recordings_seen(seen: &[crate::ledger::CanarySighting]) -> impl Iterator<Item = u32> + '_ {
    seen.iter()
        .filter(|seen| seen.facet.is_some_and(|facet| facet != Facet::Id))
        .filter_map(|seen| seen.recording)
}

fn base_path(bases: &[(String, String)], url: &Url) -> String {
    let urls = bases.iter().flat_map(|(_, urls)| urls.split(' '));
    urls.filter_map(|base| Url::parse(base).ok())
        .find(|base| base.origin() == url.origin())
        .map(|base| base.path().to_owned())
        .unwrap_or_default()
}

/// The path with `{id}` where an id stands: one that is known, or a segment that has a digit and is as long as one.
fn form(url: &Url, ids: &[String]) -> String {
    let segments = url.path().split('/').map(|segment| {
        // the digit of `playlist.m3u8` is of the kind of file that it is
        let stem = match segment.rsplit_once('.') {
            Some((stem, kind)) if kind.starts_with(|first: char| first.is_ascii_alphabetic()) => stem,
            _ => segment,
        };
        let long = segment.len() >= 8 && stem.bytes().any(|byte| byte.is_ascii_digit());
        let number = !segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit());
        if long || number || ids.iter().any(|id| id == segment) {
            "{id}"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_an_address_has_no_id_in_it() {
        let ids = ["ada".to_owned()];
        let form_of = |text: &str| form(&Url::parse(text).unwrap(), &ids);
        assert_eq!(
            form_of("http://h/v1/replays/12/media?t=1"),
            "/v1/replays/{id}/media"
        );
        assert_eq!(form_of("http://h/p/ada/3f2a9c10-77aa"), "/p/{id}/{id}");
        assert_eq!(form_of("http://h/p/ada/playlist.m3u8"), "/p/{id}/playlist.m3u8");
        assert_eq!(form_of("http://h/v1/me"), "/v1/me");
    }
}
