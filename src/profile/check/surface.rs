//! Ways out.

use super::step::StepContext;
use super::{CheckResult, Checker, KnownNames, keys};
use crate::profile::parts::{HttpVersion, List, Paging, SentCredentials, StreamPart, Surface};
use std::collections::BTreeMap;
use std::ops::Range;

impl Checker<'_> {
    pub(super) fn surfaces(&self) -> CheckResult {
        for (name, surface) in &self.profile.surface {
            self.surface(name, surface)?;
        }
        Ok(())
    }

    fn surface(&self, name: &str, surface: &Surface) -> CheckResult {
        self.request(&surface.request, surface.base.as_ref())?;
        self.steps(&surface.steps, &StepContext::of_a_recording())?;
        self.surface_content(surface)?;
        let known = KnownNames {
            kind: "role",
            names: keys(&self.profile.role),
        };
        surface
            .roles
            .iter()
            .try_for_each(|role| self.known(role, &known))?;
        self.expressions(
            [&surface.denied, &surface.no_session, &surface.throttled]
                .into_iter()
                .flatten(),
        )?;
        if let Some(write) = &surface.write {
            self.known(&write.read_back, &self.known_surfaces())?;
            self.template(&write.unchanged)?;
        }
        if let Some(session) = &surface.session {
            let sessions = self.profile.role.values().flat_map(|role| role.session.keys());
            let kind = KnownNames {
                kind: "session",
                names: sessions.map(String::as_str).collect(),
            };
            self.known(session, &kind)?;
        }
        if let Some(stream) = &surface.stream {
            self.websocket(name, surface, stream)?;
            self.steps(&stream.meanwhile, &StepContext::of_a_recording())?;
        }
        self.link(name, surface)?;
        self.twin(name, surface)?;
        surface
            .list
            .as_ref()
            .map_or(Ok(()), |list| self.list(surface, list))
    }

    fn surface_content(&self, surface: &Surface) -> CheckResult {
        let place = surface.request.span();
        let bodies = [
            ("json", surface.json.is_some()),
            ("form", surface.form.is_some()),
            ("body", surface.body.is_some()),
        ];
        self.bodies(&place, "a surface", &bodies)?;
        self.headers(&surface.headers)?;
        self.templates(surface.query.values())?;
        self.templates(surface.form.iter().flat_map(BTreeMap::values))?;
        self.templates(surface.body.iter().chain(&surface.content_type))?;
        surface
            .json
            .as_ref()
            .map_or(Ok(()), |json| self.body(json, &place))
    }

    /// RFC 6455, 4.1: a WebSocket is opened by a GET of HTTP/1.1.
    fn websocket(&self, name: &str, surface: &Surface, stream: &StreamPart) -> CheckResult {
        if !stream.websocket {
            return Ok(());
        }
        let place = || self.source.key(&["surface", name, "stream"]);
        let is_get = surface.request.as_str().split_whitespace().next() == Some("GET");
        if !is_get {
            let hint = "write `request = \"GET /…\"`; `json` or `body` is the first message".to_owned();
            let place = surface.request.span();
            return self.fail(place, "a WebSocket is opened by GET", "by what?", hint);
        }
        if surface.form.is_some() {
            let hint = "give the first message as `json` or `body`".to_owned();
            return self.fail(
                place(),
                "nobody sends a form on a WebSocket",
                "what is said first?",
                hint,
            );
        }
        if self.profile.connection.http == Some(HttpVersion::Http2) {
            let hint = "leave out `connection.http = \"2\"`: WebSockets are opened over HTTP/1.1".to_owned();
            return self.fail(place(), "a WebSocket cannot be opened over HTTP/2", "how?", hint);
        }
        Ok(())
    }

    fn link(&self, name: &str, surface: &Surface) -> CheckResult {
        let captures_url = surface
            .steps
            .iter()
            .any(|step| step.captured_names().any(|one| one == "url"));
        if surface.link && !captures_url {
            let hint =
                "let a step capture it: `steps = [{ request = \"POST …\", capture = { url = \"$.url\" } }]`"
                    .to_owned();
            let place = self.source.key(&["surface", name, "link"]);
            return self.fail(
                place,
                "a link is an address that `steps` capture as `url`",
                "which address?",
                hint,
            );
        }
        if surface.expires.is_some() && !surface.link {
            let place = self.source.key(&["surface", name, "expires"]);
            let hint = "add `link = true`".to_owned();
            return self.fail(place, "only a link expires", "of what?", hint);
        }
        Ok(())
    }

    fn twin(&self, name: &str, surface: &Surface) -> CheckResult {
        let Some(twin) = &surface.twin else { return Ok(()) };
        let known = KnownNames {
            kind: "role",
            names: keys(&self.profile.role),
        };
        self.known(twin, &known)?;
        let theirs = [
            ("for", !surface.roles.is_empty()),
            ("granted", !surface.granted.is_empty()),
            ("session", surface.session.is_some()),
            ("link", surface.link),
            ("write", surface.write.is_some()),
            ("stream", surface.stream.is_some()),
            ("credentials", surface.credentials != SentCredentials::Own),
        ];
        match theirs.into_iter().find(|(_, there)| *there) {
            None => Ok(()),
            Some((field, _)) => {
                let place = self.source.key(&["surface", name, "twin"]);
                let hint = format!("leave out `twin`, or `{field}`");
                let what = format!("where a role without a person is the twin, `{field}` means nothing");
                self.fail(place, what, "nobody has a right to anything here", hint)
            }
        }
    }

    fn known_surfaces(&self) -> KnownNames<'_> {
        KnownNames {
            kind: "surface",
            names: keys(&self.profile.surface),
        }
    }

    fn list(&self, surface: &Surface, list: &List) -> CheckResult {
        match list.items.strip_prefix("match ") {
            Some(pattern) => self.regex(list.items.span(), pattern.trim())?,
            None if list.items.trim().starts_with('$') => self.path(list.items.span(), &list.items)?,
            None => {
                let hint = "write `$.items[*]`, or for a page that is not JSON, `match REGEX`".to_owned();
                let what = format!("`{}` does not say where the items are", list.items);
                return self.fail(
                    list.items.span(),
                    what,
                    "neither a JSONPath nor `match REGEX`",
                    hint,
                );
            }
        }
        list.id.as_ref().map_or(Ok(()), |id| self.item_path(id))?;
        list.total.as_ref().map_or(Ok(()), |total| self.capture(total))?;
        let surfaces = self.known_surfaces();
        list.opens
            .iter()
            .try_for_each(|opened| self.known(opened, &surfaces))?;
        list.next
            .as_ref()
            .map_or(Ok(()), |next| self.next(surface, list.items.span(), next))
    }

    fn next(&self, surface: &Surface, near: Range<usize>, next: &Paging) -> CheckResult {
        let kinds = [&next.query, &next.link, &next.page, &next.offset, &next.variable];
        let place = kinds
            .into_iter()
            .flatten()
            .chain(&next.from)
            .next()
            .map_or(near, |text| text.span());
        let what = [
            ("query", next.query.is_some()),
            ("link", next.link.is_some()),
            ("page", next.page.is_some()),
            ("offset", next.offset.is_some()),
            ("variable", next.variable.is_some()),
        ];
        self.one_of(place.clone(), "`next`", &what)?;
        let wants_from = next.query.is_some() || next.variable.is_some();
        if wants_from && next.from.is_none() {
            let hint = "say where the token of the next page stands: `from = \"$.next\"`".to_owned();
            return self.fail(place, "`next` needs `from`", "from where?", hint);
        }
        if let (false, Some(from)) = (wants_from, &next.from) {
            let what = "`from` goes with `query` or `variable` only";
            return self.fail(from.span(), what, "not needed", None);
        }
        if next.start.is_some() && next.page.is_none() && next.offset.is_none() {
            return self.fail(
                place,
                "`start` goes with `page` or `offset` only",
                "in here",
                None,
            );
        }
        if let Some(variable) = &next.variable {
            let stands = std::iter::once(&surface.request)
                .chain(surface.query.values())
                .chain(surface.form.iter().flat_map(BTreeMap::values))
                .chain(&surface.body)
                .any(|text| text.contains(variable.as_str()));
            let stands = stands
                || surface
                    .json
                    .as_ref()
                    .is_some_and(|json| json.to_string().contains(variable.as_str()));
            if !stands {
                let what = format!("`{variable}` stands nowhere in the request");
                let hint = format!("put `{{{{ {variable} }}}}` where the token of the next page goes");
                return self.fail(variable.span(), what, "where does it go?", hint);
            }
        }
        next.from
            .iter()
            .chain(&next.link)
            .try_for_each(|capture| self.capture(capture))?;
        self.expressions(&next.as_long_as)
    }
}
