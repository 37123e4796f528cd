//! One question at one surface, on behalf of somebody.

use super::ProbeError;
use super::scene::Scene;
use crate::cast::{NOBODY, Persona};
use crate::ledger::{Facet, Part, Seen};
use crate::profile::{Step, Surface, Vars};
use crate::wire::{Call, Carried, Carrier, Reply, Request, View};
use reqwest::header::{HeaderMap, HeaderValue, RANGE};
use reqwest::{Method, Url};
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
}

impl Variant {
    /// The surface's name in the ledger, with the variant.
    #[must_use]
    pub fn surface(self, name: &str) -> String {
        match self {
            Self::Whole => name.to_owned(),
            Self::Range => format!("{name}-range"),
            Self::Head => format!("{name}-head"),
        }
    }
}

/// On whose behalf a question is asked.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A persona with their own session.
    Persona(Arc<Persona>),
    /// Without credentials.
    Nobody,
    /// With credentials that somebody held once.
    Old(HeaderMap),
}

impl Actor {
    /// The name in the ledger.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Persona(persona) => &persona.name,
            Self::Nobody | Self::Old(_) => NOBODY,
        }
    }

    /// What their requests carry at this surface. Somebody who has no such session yet signs in.
    ///
    /// # Errors
    /// When they are signed out, or cannot sign in.
    pub async fn headers(&self, scene: &Scene<'_>, surface: &Surface) -> Result<HeaderMap, ProbeError> {
        match self {
            Self::Nobody => Ok(HeaderMap::new()),
            Self::Old(headers) => Ok(headers.clone()),
            Self::Persona(persona) => {
                let session = surface.session.as_ref().map(|name| name.get_ref().as_str());
                if session.is_some() && persona.is_signed_in().await {
                    persona.sign_in(scene.site(), scene.witness, session).await?;
                }
                Ok(persona.headers(scene.site(), session).await?)
            }
        }
    }

    fn vars(&self) -> Vars {
        match self {
            Self::Persona(persona) => Vars::default().with("me", persona.me().as_value()),
            Self::Nobody | Self::Old(_) => Vars::default(),
        }
    }
}

/// A question about one recording at one surface.
pub struct Question<'a> {
    /// The surface's name in the profile.
    pub name: &'a str,
    /// The surface.
    pub surface: &'a Surface,
    /// How it is asked.
    pub variant: Variant,
    /// The id that is put in.
    pub id: &'a str,
    /// A new title and the like, for a surface that changes something.
    pub change: Option<&'a str>,
    /// Fingerprints of what stood there before, for an owner who reads back whether it still does.
    pub kept: &'a [String],
}

/// What a question led to.
pub struct Asked {
    /// The exchanges, the last being the one that counts.
    pub exchanges: Vec<Carried>,
    /// The address that the surface's steps handed out, when there is one.
    pub link: Option<String>,
}

impl Asked {
    /// The exchange that counts.
    #[must_use]
    pub fn last(&self) -> Option<&Carried> {
        self.exchanges.last()
    }
}

impl Question<'_> {
    /// Asks. The surface's steps come first; when one is refused, its answer is the one that counts.
    ///
    /// # Errors
    /// When a request cannot be built or the asker is signed out.
    pub async fn ask(&self, scene: &Scene<'_>, actor: &Actor, part: &Part) -> Result<Asked, ProbeError> {
        let headers = actor.headers(scene, self.surface).await?;
        let mut vars = self.vars(scene, actor);
        let mut exchanges = Vec::new();
        for step in &self.surface.steps {
            let (carried, passed) = self.step(scene, actor, step, &headers, &mut vars, part).await?;
            exchanges.push(carried);
            if !passed {
                return Ok(Asked {
                    exchanges,
                    link: None,
                });
            }
        }
        let link = vars.text("url").map(str::to_owned);
        let request = self.request(scene, &vars, headers)?;
        exchanges.push(self.carry(scene, actor, request, part).await);
        Ok(Asked { exchanges, link })
    }

    /// Opens an address that was handed out earlier instead of asking for a new one.
    ///
    /// # Errors
    /// When the request cannot be built.
    pub async fn open(
        &self,
        scene: &Scene<'_>,
        actor: &Actor,
        link: &str,
        part: &Part,
    ) -> Result<Carried, ProbeError> {
        let headers = actor.headers(scene, self.surface).await?;
        let vars = self.vars(scene, actor).with("url", link);
        let request = self.request(scene, &vars, headers)?;
        Ok(self.carry(scene, actor, request, part).await)
    }

    fn vars(&self, scene: &Scene<'_>, actor: &Actor) -> Vars {
        let recording = Vars::default().with("id", self.id);
        let mut vars = scene.site().stack.clone();
        vars.extend(&actor.vars());
        vars.set("recording", recording.as_value());
        if let Some(change) = self.change {
            vars.set("change", change);
        }
        vars
    }

    async fn step(
        &self,
        scene: &Scene<'_>,
        actor: &Actor,
        step: &Step,
        headers: &HeaderMap,
        vars: &mut Vars,
        part: &Part,
    ) -> Result<(Carried, bool), ProbeError> {
        let site = scene.site();
        let base = self.base(scene, step.base.as_ref().map(|base| base.get_ref().as_str()))?;
        let mut request = site.request(step.request.get_ref(), &base, vars, headers.clone())?;
        site.furnish(&mut request, step, vars)?;
        let known = vars.clone();
        let mut captured = None;
        let finish = |reply: &Reply, _: &[Seen], part: Part| {
            captured = passed(scene, step, reply, &known);
            // what a twin needs to be handed an address is set-up, unless it is refused: then it is the twin's answer. What a
            // bystander is handed is a probe already
            let part = match part {
                Part::Twin { .. } if captured.is_some() => Part::Setup {
                    what: format!("ask for {}", self.name),
                },
                other => other,
            };
            (part, None)
        };
        let surface = self.variant.surface(self.name);
        let call = Call {
            who: actor.name(),
            part: part.clone(),
            surface: Some(&surface),
            request,
            finish: Some(Box::new(finish)),
        };
        let carried = scene.witness.carry(call).await;
        let Some(captured) = captured else {
            return Ok((carried, false));
        };
        for (name, value) in captured {
            vars.set(&name, value);
        }
        Ok((carried, true))
    }

    fn request(&self, scene: &Scene<'_>, vars: &Vars, headers: HeaderMap) -> Result<Request, ProbeError> {
        let site = scene.site();
        let base = self.base(
            scene,
            self.surface.base.as_ref().map(|base| base.get_ref().as_str()),
        )?;
        let mut request = site.request(self.surface.request.get_ref(), &base, vars, headers)?;
        if let Some(json) = &self.surface.json {
            site.json_body(&mut request, json, vars)?;
        }
        match self.variant {
            Variant::Whole => {}
            Variant::Range => request = request.with_header(RANGE, HeaderValue::from_static("bytes=0-8191")),
            Variant::Head => {
                request.method = Method::HEAD;
                request.asked.method = Method::HEAD.to_string();
            }
        }
        Ok(request)
    }

    fn base(&self, scene: &Scene<'_>, name: Option<&str>) -> Result<Url, ProbeError> {
        scene
            .site()
            .addresses(name)?
            .first()
            .cloned()
            .ok_or_else(|| ProbeError::Surface(format!("`{}`", self.name)))
    }

    async fn carry(&self, scene: &Scene<'_>, actor: &Actor, request: Request, part: &Part) -> Carried {
        let surface = self.variant.surface(self.name);
        let call = Call {
            who: actor.name(),
            part: part.clone(),
            surface: Some(&surface),
            request,
            finish: Some(Box::new(|reply: &Reply, seen: &[Seen], part| {
                (self.settled(reply, seen, part), None)
            })),
        };
        scene.witness.carry(call).await
    }

    /// Whether what a bystander wrote is there, or what stood there before is gone, when the owner reads back.
    fn settled(&self, reply: &Reply, seen: &[Seen], part: Part) -> Part {
        let read = reply.is_whole() && (200..300).contains(&reply.status);
        match (part, self.change) {
            (Part::ReadBack { recording, probe, .. }, Some(change)) if read => {
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
                Part::ReadBack {
                    recording,
                    probe,
                    changed: written || gone,
                }
            }
            (part, _) => part,
        }
    }
}

/// What a step captured, if it went as the profile says.
fn passed(
    scene: &Scene<'_>,
    step: &Step,
    reply: &Reply,
    vars: &Vars,
) -> Option<Vec<(String, serde_json::Value)>> {
    let view = View::new(reply);
    let expected = step
        .expect
        .as_ref()
        .map_or("status < 400", |expect| expect.get_ref().0.as_str());
    let served = reply.is_whole()
        && view
            .holds(&scene.site().templates, expected, vars)
            .unwrap_or(false);
    let captures = step
        .capture
        .iter()
        .map(|(name, from)| Some((name.clone(), view.capture(name, from.get_ref()).ok()?)));
    if served { captures.collect() } else { None }
}
