//! Sending one request on somebody's behalf until its answer is one: a redirect is followed where the profile says so, and a
//! session that has ended is renewed once.

use super::ProbeError;
use super::ask::{Actor, Variant};
use super::listening::Listening;
use super::scene::Scene;
use super::{outcomes, request};
use crate::ledger::{Class, Listing, Part, Seen};
use crate::profile::{Step, Surface, Vars};
use crate::wire::{Call, Carried, Carrier, Keys, Reply, Request, View};

/// The most redirects that are followed in a row.
const MOST_HOPS: u32 = 5;

/// Who asks at which surface, and what for.
pub(super) struct Errand<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) actor: &'a Actor,
    /// The surface's name in the profile.
    pub(super) name: &'a str,
    pub(super) surface: &'a Surface,
    pub(super) variant: Variant,
    pub(super) part: &'a Part,
    /// Answers that stay open are listened to.
    pub(super) listening: Option<Listening<'a>>,
}

/// Makes the request for somebody who carries these keys.
pub(super) type Build<'a> = dyn Fn(&Keys) -> Result<Request, ProbeError> + Send + Sync + 'a;
/// Says what the exchange turned out to be.
pub(super) type Settle<'a> = dyn Fn(&Reply, &[Seen], Part) -> (Part, Option<Listing>) + Send + Sync + 'a;

/// How one request is sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    /// Without the asker's credentials.
    pub(super) bare: bool,
    /// Redirects are followed.
    pub(super) follow: bool,
}

/// What an answer leads to.
enum Turn {
    /// It is the answer.
    Answered,
    /// The session had ended.
    Renew,
    /// It stands elsewhere.
    Hop(Box<Request>),
    /// It stands where nothing is asked for.
    Astray(String),
}

/// How far sending one request has come.
#[derive(Debug, Clone, Copy)]
struct Standing {
    renewable: bool,
    follow: bool,
    hops: u32,
}

impl Errand<'_> {
    /// Sends; hands back every exchange, the last being the one that counts.
    ///
    /// # Errors
    /// When the request cannot be built, or what was to come of it is not to be had.
    pub(super) async fn send(
        &self,
        manner: Manner,
        build: &Build<'_>,
        settle: &Settle<'_>,
    ) -> Result<Vec<Carried>, ProbeError> {
        let mut exchanges = Vec::new();
        let mut standing = Standing {
            renewable: !manner.bare && self.is_renewable(),
            follow: manner.follow,
            hops: 0,
        };
        let mut first = build(&self.keys(manner.bare).await?)?;
        let mut request = first.clone();
        loop {
            let turn = |reply: &Reply, class| self.turn(reply, class, (&first, &request), standing);
            let carried = self.carry(request.clone(), manner, turn, settle).await;
            let turn = turn(&carried.reply, carried.class);
            let class = carried.class;
            exchanges.push(carried);
            request = match turn {
                Turn::Answered => {
                    let plain = self.variant.rewriting().is_none();
                    if plain && !standing.renewable && class == Class::NoSession {
                        self.scene
                            .witness
                            .renewing_is_futile(self.actor.name(), self.name);
                    }
                    return Ok(exchanges);
                }
                Turn::Astray(why) => return Err(ProbeError::Nothing(why)),
                Turn::Renew => {
                    standing.renewable = false;
                    self.renew().await?;
                    first = build(&self.keys(manner.bare).await?)?;
                    first.clone()
                }
                Turn::Hop(next) => {
                    standing.hops += 1;
                    *next
                }
            };
        }
    }

    /// Walks through the surface's steps; what they capture is added to `vars`. False when one was refused: then its answer
    /// is the last exchange, and the one that counts.
    ///
    /// # Errors
    /// When a request cannot be built or the asker is signed out.
    pub(super) async fn steps(&self, vars: &mut Vars) -> Result<(Vec<Carried>, bool), ProbeError> {
        let mut exchanges = Vec::new();
        for step in &self.surface.steps {
            let base = request::base(self.scene, step.base.as_ref())?;
            let site = self.scene.site();
            let known = vars.clone();
            let build = |keys: &Keys| {
                let mut request = site.request(step.request_text(), &base, &known, keys)?;
                site.furnish(&mut request, step, &known)?;
                Ok(request)
            };
            let settle = |reply: &Reply, _: &[Seen], part: Part| match part {
                // what a twin needs to be handed an address is set-up, unless it is refused: then it is the twin's answer.
                // What a bystander is handed is a probe already
                Part::Twin { .. } if self.captured(step, reply, &known).is_some() => {
                    (self.set_up("ask for"), None)
                }
                other => (other, None),
            };
            let manner = Manner {
                bare: false,
                follow: step.follow,
            };
            let carried = self.send(manner, &build, &settle).await?;
            let captured = carried
                .last()
                .and_then(|last| self.captured(step, &last.reply, &known));
            exchanges.extend(carried);
            let Some(captured) = captured else {
                return Ok((exchanges, false));
            };
            for (name, value) in captured {
                vars.set(&name, value);
            }
        }
        Ok((exchanges, true))
    }

    /// What a step captured, if it went as the profile says.
    fn captured(&self, step: &Step, reply: &Reply, vars: &Vars) -> Option<Vec<(String, serde_json::Value)>> {
        let view = View::new(reply);
        let templates = &self.scene.site().templates;
        let served = reply.is_whole() && view.holds(templates, step.expected(), vars).unwrap_or(false);
        if served {
            view.captures(templates, &step.capture, vars).ok()
        } else {
            None
        }
    }

    async fn carry(
        &self,
        request: Request,
        manner: Manner,
        turn: impl Fn(&Reply, Class) -> Turn + Send + Sync,
        settle: &Settle<'_>,
    ) -> Carried {
        let site = self.scene.site();
        let surface = self.variant.surface(self.name);
        let outcomes = outcomes::at(&site.profile, Some(&surface));
        let finish = |reply: &Reply, seen: &[Seen], part: Part| {
            let class = View::new(reply).class(&site.templates, &outcomes);
            match turn(reply, class) {
                Turn::Answered => settle(reply, seen, part),
                _ => (self.onward(part), None),
            }
        };
        let mut part = self.part.clone();
        if let Part::Probe { bare, .. } = &mut part {
            *bare = manner.bare;
        }
        let call = Call {
            who: self.actor.name(),
            part,
            surface: Some(&surface),
            request,
            finish: Some(Box::new(finish)),
        };
        match &self.listening {
            Some(listening) => listening.carry(self.scene, call).await,
            None => self.scene.witness.carry(call).await,
        }
    }

    fn turn(
        &self,
        reply: &Reply,
        class: Class,
        (first, asked): (&Request, &Request),
        standing: Standing,
    ) -> Turn {
        if !reply.is_whole() {
            return Turn::Answered;
        }
        if standing.renewable && class == Class::NoSession {
            return Turn::Renew;
        }
        // a redirect that the profile calls a refusal is one
        let refused = matches!(class, Class::Denied | Class::NoSession | Class::Throttled);
        if !standing.follow || refused {
            return Turn::Answered;
        }
        match self.scene.site().redirected(first, asked, reply) {
            Ok(None) => Turn::Answered,
            Ok(Some(_)) if standing.hops >= MOST_HOPS => {
                Turn::Astray(format!("it redirects more than {MOST_HOPS} times"))
            }
            Ok(Some(next)) => Turn::Hop(Box::new(next)),
            Err(error) => Turn::Astray(format!("it redirects elsewhere: {error}")),
        }
    }

    /// The part of an exchange that only leads to the next one.
    fn onward(&self, part: Part) -> Part {
        match part {
            Part::Probe {
                technique,
                temperament,
                targets,
                control,
                bare,
                ..
            } => Part::Probe {
                technique,
                temperament,
                targets,
                control,
                onward: true,
                bare,
            },
            Part::Twin { .. } | Part::ReadBack { .. } => self.set_up("get to"),
            other => other,
        }
    }

    fn set_up(&self, doing: &str) -> Part {
        Part::Setup {
            what: format!("{doing} {}", self.name),
        }
    }

    async fn keys(&self, bare: bool) -> Result<Keys, ProbeError> {
        if bare {
            return Ok(Keys::none());
        }
        self.actor.keys(self.scene, self.surface).await
    }

    fn is_renewable(&self) -> bool {
        // what a rewritten request is told says nothing about the session
        let plain = self.variant.rewriting().is_none();
        plain
            && matches!(self.actor, Actor::Persona(_))
            && !self.scene.witness.is_futile(self.actor.name(), self.name)
    }

    async fn renew(&self) -> Result<(), ProbeError> {
        let Actor::Persona(persona) = self.actor else {
            return Ok(());
        };
        let session = self.surface.session.as_ref().map(|name| name.as_str());
        let (site, witness) = (self.scene.site(), self.scene.witness);
        if persona.renew(site, witness, session).await? {
            Ok(())
        } else {
            Err(ProbeError::Nothing(format!(
                "{}'s session had ended and could not be renewed",
                persona.name
            )))
        }
    }
}
