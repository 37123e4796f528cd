//! One question at one surface, on behalf of somebody.

use super::ProbeError;
use super::context::ProbeContext;
use super::listen_barrier::BarrierTicket;
use super::listening::Listening;
use super::request;
use super::rewriting::{RewriteInput, Rewriting};
use super::rewritten::shows;
use super::surface_request::{SendOptions, SurfaceRequest};
use crate::cast::{NOBODY, Persona, WRONG_CREDENTIALS};
use crate::http::{Credentials, Exchanged, Reply, Request};
use crate::ledger::{CanarySighting, Facet, Purpose};
use crate::plant::planting::Recording;
use crate::profile::{SentCredentials, Surface, Vars};
use crate::technique::{IF_RANGE, Technique};
use reqwest::Method;
use reqwest::header::{HeaderValue, RANGE};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a surface is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variant {
    /// As the profile says.
    Whole,
    /// The first 8 KiB only: the "introduction".
    Range,
    /// Headers only.
    Head,
    /// Written anew by the technique of this name.
    Rewritten(&'static str),
}

impl Variant {
    /// The surface's name in the ledger, with the variant.
    #[must_use]
    pub fn surface(self, name: &str) -> String {
        match self {
            Self::Rewritten(technique) if technique == IF_RANGE.name => Self::Range.surface(name),
            Self::Whole | Self::Rewritten(_) => name.to_owned(),
            Self::Range => format!("{name}-range"),
            Self::Head => format!("{name}-head"),
        }
    }

    /// The technique by which it is written anew, if it is.
    pub(super) fn technique(self) -> Option<&'static str> {
        match self {
            Self::Rewritten(name) => Some(name),
            Self::Whole | Self::Range | Self::Head => None,
        }
    }

    /// How it is written anew, if it is.
    pub(super) fn rewriting(self) -> Option<Rewriting> {
        match self {
            Self::Rewritten(name) => Rewriting::of(Technique::named(name)?),
            Self::Whole | Self::Range | Self::Head => None,
        }
    }
}

/// The sessions that somebody has signed out of.
#[derive(Debug, Clone)]
pub struct OldSessions {
    /// Their role.
    pub role: String,
    /// What went along in each, by its name; the role's own has none.
    pub keys: BTreeMap<String, Credentials>,
}

impl OldSessions {
    /// What goes along at a surface: that of its session, if they held one; each by itself, since a stack that is shown two looks at one.
    fn at(&self, surface: &Surface) -> Credentials {
        let named = surface.session.as_ref().map_or("", |name| name.as_str());
        let keys = self.keys.get(named).or_else(|| self.keys.get(""));
        keys.cloned().unwrap_or_default()
    }
}

/// On whose behalf a question is asked.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A persona with their own session.
    Persona(Arc<Persona>),
    /// The same with a session that they have beside it: another device.
    Device(Arc<Persona>, Credentials),
    /// A role without a person, which shows what is to be had where none of the people has a right.
    Service(String),
    /// Without credentials.
    Nobody,
    /// With credentials that somebody held once.
    Old(Arc<OldSessions>),
    /// With credentials that nobody ever held.
    Wrong(Credentials),
}

impl Actor {
    /// The name in the ledger.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Persona(persona) | Self::Device(persona, _) => &persona.name,
            Self::Service(role) => role,
            Self::Nobody | Self::Old(_) => NOBODY,
            Self::Wrong(_) => WRONG_CREDENTIALS,
        }
    }

    /// What their requests carry at this surface. Somebody who has no such session yet signs in.
    ///
    /// # Errors
    /// When they are signed out, or cannot sign in.
    pub async fn keys(&self, scene: &ProbeContext<'_>, surface: &Surface) -> Result<Credentials, ProbeError> {
        match self {
            Self::Nobody => Ok(Credentials::none()),
            Self::Service(role) => {
                let doing = "show what is to be had";
                Ok(scene.site().service_keys(scene.client, role, doing).await?)
            }
            Self::Old(old) => Ok(old.at(surface)),
            Self::Wrong(keys) | Self::Device(_, keys) => Ok(keys.clone()),
            Self::Persona(persona) => {
                let session = surface.session.as_ref().map(|name| name.as_str());
                if persona.is_signed_in().await {
                    persona.sign_in(scene.site(), scene.client, session).await?;
                }
                Ok(persona.keys(scene.site(), session).await?)
            }
        }
    }

    /// What stands in templates of their requests.
    pub(super) fn vars(&self, scene: &ProbeContext<'_>) -> Vars {
        let stack = scene.site().stack.clone();
        match self {
            Self::Persona(persona) | Self::Device(persona, _) => stack.with("me", persona.me().as_value()),
            Self::Service(_) | Self::Nobody | Self::Old(_) | Self::Wrong(_) => stack,
        }
    }
}

/// A question about one recording at one surface.
#[derive(Clone, Copy)]
pub struct ProbeRequest<'a> {
    /// The surface's name in the profile.
    pub name: &'a str,
    /// The surface.
    pub surface: &'a Surface,
    /// How it is asked.
    pub variant: Variant,
    /// The recording that it is about.
    pub recording: &'a Recording,
    /// An id that does not exist, to be put in the place of the recording's.
    pub missing: Option<&'a str>,
    /// A new title and the like, for a surface that changes something.
    pub change: Option<&'a str>,
    /// The recordings whose owners do something while an answer stays open; none: the owner of the one that it is about.
    pub told_of: &'a [&'a Recording],
    /// With whom somebody listens together.
    pub(super) ticket: Option<&'a BarrierTicket<'a, 'a>>,
    /// A recording of the asker's own, for what is written anew from a request for it.
    pub own: Option<&'a Recording>,
    /// Fingerprints of what stood there before, for an owner who reads back whether it still does.
    pub kept: &'a [String],
}

/// What a question led to.
pub struct ProbeResponse {
    /// The exchanges, the last being the one that counts.
    pub exchanges: Vec<Exchanged>,
    /// The address that the surface's steps handed out, when there is one.
    pub link: Option<String>,
}

impl ProbeResponse {
    /// The exchange that counts.
    #[must_use]
    pub fn last(&self) -> Option<&Exchanged> {
        self.exchanges.last()
    }
}

impl<'a> ProbeRequest<'a> {
    /// About a recording, as the profile asks it.
    #[must_use]
    pub fn for_recording(
        name: &'a str,
        surface: &'a Surface,
        variant: Variant,
        recording: &'a Recording,
    ) -> Self {
        Self {
            name,
            surface,
            variant,
            recording,
            missing: None,
            change: None,
            told_of: &[],
            ticket: None,
            own: None,
            kept: &[],
        }
    }

    /// Whether there is anything to write anew, where it is to be written anew.
    ///
    /// # Errors
    /// When there is not, or when the asker is signed out.
    pub(super) async fn fits(&self, scene: &ProbeContext<'_>, actor: &Actor) -> Result<(), ProbeError> {
        if self.variant.rewriting().is_none() {
            return Ok(());
        }
        let keys = actor.keys(scene, self.surface).await?;
        self.request(scene, &self.vars(scene, actor), &keys).map(drop)
    }

    /// Asks. The surface's steps come first; when one is refused, its answer is the one that counts.
    ///
    /// # Errors
    /// When a request cannot be built or the asker is signed out.
    pub async fn send(
        &self,
        scene: &ProbeContext<'_>,
        actor: &Actor,
        part: &Purpose,
    ) -> Result<ProbeResponse, ProbeError> {
        let mut vars = self.vars(scene, actor);
        let (mut exchanges, passed) = self.errand(scene, actor, part).steps(&mut vars).await?;
        if !passed {
            let link = None;
            return Ok(ProbeResponse { exchanges, link });
        }
        let link = vars.text("url").map(str::to_owned);
        exchanges.extend(self.last(scene, actor, &vars, part).await?);
        Ok(ProbeResponse { exchanges, link })
    }

    /// The address that the surface's steps hand out, without opening it; none, when they are refused.
    ///
    /// # Errors
    /// When a request cannot be built or the asker is signed out.
    pub(super) async fn link(
        &self,
        scene: &ProbeContext<'_>,
        actor: &Actor,
        part: &Purpose,
    ) -> Result<Option<String>, ProbeError> {
        let mut vars = self.vars(scene, actor);
        let (_, passed) = self.errand(scene, actor, part).steps(&mut vars).await?;
        Ok(vars.text("url").filter(|_| passed).map(str::to_owned))
    }

    /// The request itself, ready to be sent.
    ///
    /// # Errors
    /// When it cannot be built or the asker is signed out.
    pub(super) async fn ready(&self, scene: &ProbeContext<'_>, actor: &Actor) -> Result<Request, ProbeError> {
        let keys = actor.keys(scene, self.surface).await?;
        self.request(scene, &self.vars(scene, actor), &keys)
    }

    /// Opens an address that was handed out earlier instead of asking for a new one.
    ///
    /// # Errors
    /// When the request cannot be built.
    pub async fn open(
        &self,
        scene: &ProbeContext<'_>,
        actor: &Actor,
        link: &str,
        part: &Purpose,
    ) -> Result<Vec<Exchanged>, ProbeError> {
        let vars = self.vars(scene, actor).with("url", link);
        self.last(scene, actor, &vars, part).await
    }

    fn vars(&self, scene: &ProbeContext<'_>, actor: &Actor) -> Vars {
        let mut recording = self.recording.vars();
        if let Some(missing) = self.missing {
            recording.set("id", missing);
        }
        let mut vars = actor.vars(scene);
        if vars.get("me").is_none() {
            // who is nobody sends what the owner sends, without the owner's credentials
            vars.set("me", self.recording.owner.me().as_value());
        }
        vars.set("recording", recording.as_value());
        vars.set("owner", self.recording.owner.me().as_value());
        if let Some(change) = self.change {
            vars.set("change", change);
        }
        vars
    }

    fn errand<'b>(
        &'b self,
        scene: &'b ProbeContext<'_>,
        actor: &'b Actor,
        part: &'b Purpose,
    ) -> SurfaceRequest<'b> {
        SurfaceRequest {
            scene,
            actor,
            name: self.name,
            surface: self.surface,
            variant: self.variant,
            part,
            listening: None,
        }
    }

    async fn last(
        &self,
        scene: &ProbeContext<'_>,
        actor: &Actor,
        vars: &Vars,
        part: &Purpose,
    ) -> Result<Vec<Exchanged>, ProbeError> {
        let errand = SurfaceRequest {
            listening: self.listening(part),
            ..self.errand(scene, actor, part)
        };
        let manner = SendOptions {
            without_credentials: self.surface.credentials == SentCredentials::None,
            follow: self.surface.follow,
        };
        let build = |keys: &Credentials| self.request(scene, vars, keys);
        let settle =
            |reply: &Reply, seen: &[CanarySighting], part: Purpose| (self.settled(reply, seen, part), None);
        errand.send(manner, &build, &settle).await
    }

    fn listening(&self, part: &Purpose) -> Option<Listening<'a>> {
        let stream = self.surface.stream.as_ref()?;
        let about = match (self.missing, self.told_of) {
            // of what does not exist there is nothing to be told
            (Some(_), _) => Vec::new(),
            (None, []) => vec![self.recording],
            (None, all) => all.to_vec(),
        };
        let rightful = matches!(part, Purpose::Twin { .. });
        Some(Listening {
            stream,
            about,
            rightful,
            ticket: self.ticket,
        })
    }

    fn request(
        &self,
        scene: &ProbeContext<'_>,
        vars: &Vars,
        keys: &Credentials,
    ) -> Result<Request, ProbeError> {
        // who belongs nowhere asks where its owner would
        let keys = &keys
            .clone()
            .or_at(scene.site().home_of(&self.recording.owner.me())?);
        let mut request = request::own(scene, self.surface, vars, keys)?;
        match self.variant {
            Variant::Whole => {}
            Variant::Range => request = request.with_header(RANGE, HeaderValue::from_static("bytes=0-8191")),
            Variant::Head => {
                request.method = Method::HEAD;
                request.asked.method = Method::HEAD.to_string();
            }
            Variant::Rewritten(_) => request = self.rewritten(scene, request, vars, keys)?,
        }
        Ok(request)
    }

    /// The request written anew. An owner has no other recording of their own than the one that they ask for.
    fn rewritten(
        &self,
        scene: &ProbeContext<'_>,
        wanted: Request,
        vars: &Vars,
        keys: &Credentials,
    ) -> Result<Request, ProbeError> {
        let Some(rewriting) = self.variant.rewriting() else {
            return Ok(wanted);
        };
        let me = vars.get("me").and_then(|me| text_of(me.get("id")));
        let owner = text_of(self.recording.owner.me().get("id"));
        let own = self.own.or_else(|| (me == owner).then_some(self.recording));
        let theirs = match own {
            None => None,
            Some(own) => {
                let mut vars = vars.clone();
                vars.set("recording", own.vars().as_value());
                vars.set("owner", own.owner.me().as_value());
                Some((request::own(scene, self.surface, &vars, keys)?, own.id.clone()))
            }
        };
        let owners = request::base(scene, self.surface.base.as_ref())?;
        let owners_keys = Credentials::none().with_home(scene.site().home_of(&self.recording.owner.me())?);
        let owners_address = scene.site().home_address(&owners, &owners_keys).clone();
        let etag = scene.etag(self.name, self.recording.number);
        let draft = RewriteInput {
            wanted,
            theirs,
            id: self.missing.unwrap_or(&self.recording.id),
            owner: owner.as_deref(),
            owners_address: &owners_address,
            me: me.as_deref(),
            etag: etag.as_deref(),
            cursor: None,
        };
        let mut request = (rewriting.how)(draft).map_err(ProbeError::Unfit)?;
        request.asked.rewritten_by = self.variant.technique().map(str::to_owned);
        Ok(request)
    }

    /// Whether what a bystander wrote is there, or what stood there before is gone, when the owner reads back.
    fn settled(&self, reply: &Reply, seen: &[CanarySighting], part: Purpose) -> Purpose {
        let read = reply.is_whole() && (200..300).contains(&reply.status);
        match (part, self.change) {
            (Purpose::ReadBack { recording, probe, .. }, Some(change)) if read => {
                let written = memchr::memmem::find(&reply.body, change.as_bytes()).is_some();
                // an answer that shows nothing of the recording shows no change either
                let shown = seen.iter().any(|seen| {
                    seen.recording == Some(recording) && seen.facet.is_some_and(|facet| facet != Facet::Id)
                });
                let gone = shown
                    && self
                        .kept
                        .iter()
                        .any(|kept| !seen.iter().any(|seen| seen.fingerprint == *kept));
                Purpose::ReadBack {
                    recording,
                    probe,
                    changed: written || gone,
                }
            }
            // what the owner does not get in this way either is no twin of anything
            (Purpose::Twin { .. }, _)
                if matches!(self.variant, Variant::Rewritten(_))
                    && reply.is_whole()
                    && !shows(seen, self.recording.number) =>
            {
                Purpose::Setup {
                    what: format!("ask for {} in another way", self.name),
                }
            }
            (part, _) => part,
        }
    }
}

/// An id as it stands in a request.
pub(super) fn text_of(value: Option<&serde_json::Value>) -> Option<String> {
    match value? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
