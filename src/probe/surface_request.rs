//! Sending one request on somebody's behalf until its answer is one: a redirect is followed where the profile says so, and a
//! session that has ended is renewed once.

use super::ProbeError;
use super::context::ProbeContext;
use super::listening::Listening;
use super::probe_request::{Actor, Variant};
use super::{outcomes, request};
use crate::http::{Credentials, Exchanged, OutgoingRequest, Reply, Request, ResponseView, Transport};
use crate::ledger::{CanarySighting, Listing, OutcomeClass, Purpose};
use crate::profile::{Step, Surface, Vars};

/// The most redirects that are followed in a row.
const MOST_HOPS: u32 = 5;

/// Who asks at which surface, and what for.
pub(super) struct SurfaceRequest<'a> {
    pub(super) scene: &'a ProbeContext<'a>,
    pub(super) actor: &'a Actor,
    /// The surface's name in the profile.
    pub(super) name: &'a str,
    pub(super) surface: &'a Surface,
    pub(super) variant: Variant,
    pub(super) part: &'a Purpose,
    /// Answers that stay open are listened to.
    pub(super) listening: Option<Listening<'a>>,
}

/// Makes the request for somebody who carries these keys.
pub(super) type RequestBuilder<'a> = dyn Fn(&Credentials) -> Result<Request, ProbeError> + Send + Sync + 'a;
/// Says what the exchange turned out to be.
pub(super) type ExchangeClassifier<'a> =
    dyn Fn(&Reply, &[CanarySighting], Purpose) -> (Purpose, Option<Listing>) + Send + Sync + 'a;

/// How one request is sent.
#[derive(Debug, Clone, Copy)]
pub(super) struct SendOptions {
    /// Without the asker's credentials.
    pub(super) without_credentials: bool,
    /// Redirects are followed.
    pub(super) follow: bool,
}

/// What an answer leads to.
enum NextAction {
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
struct SendState {
    renewable: bool,
    follow: bool,
    hops: u32,
}

impl SurfaceRequest<'_> {
    /// Sends; hands back every exchange, the last being the one that counts.
    ///
    /// # Errors
    /// When the request cannot be built, or what was to come of it is not to be had.
    pub(super) async fn send(
        &self,
        manner: SendOptions,
        build: &RequestBuilder<'_>,
        settle: &ExchangeClassifier<'_>,
    ) -> Result<Vec<Exchanged>, ProbeError> {
        let mut exchanges = Vec::new();
        let mut standing = SendState {
            renewable: !manner.without_credentials && self.is_renewable(),
            follow: manner.follow,
            hops: 0,
        };
        let mut first = build(&self.keys(manner.without_credentials).await?)?;
        let mut request = first.clone();
        loop {
            let turn = |reply: &Reply, class| self.turn(reply, class, (&first, &request), standing);
            let carried = self.send_once(request.clone(), manner, turn, settle).await;
            let turn = turn(&carried.reply, carried.class);
            let class = carried.class;
            exchanges.push(carried);
            request = match turn {
                NextAction::Answered => {
                    let plain = self.variant.rewriting().is_none();
                    if plain && !standing.renewable && class == OutcomeClass::NoSession {
                        self.scene
                            .client
                            .mark_reauth_useless(self.actor.name(), self.name);
                    }
                    return Ok(exchanges);
                }
                NextAction::Astray(why) => return Err(ProbeError::Nothing(why)),
                NextAction::Renew => {
                    standing.renewable = false;
                    self.renew().await?;
                    first = build(&self.keys(manner.without_credentials).await?)?;
                    first.clone()
                }
                NextAction::Hop(next) => {
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
    pub(super) async fn steps(&self, vars: &mut Vars) -> Result<(Vec<Exchanged>, bool), ProbeError> {
        let mut exchanges = Vec::new();
        for step in &self.surface.steps {
            let base = request::base(self.scene, step.base.as_ref())?;
            let site = self.scene.site();
            let known = vars.clone();
            let build = |keys: &Credentials| {
                let mut request = site.request(step.request_text(), &base, &known, keys)?;
                site.fill_payload(&mut request, step, &known)?;
                Ok(request)
            };
            let settle = |reply: &Reply, _: &[CanarySighting], part: Purpose| match part {
                // what a twin needs to be handed an address is set-up, unless it is refused: then it is the twin's answer.
                // What a bystander is handed is a probe already
                Purpose::Twin { .. } if self.captured(step, reply, &known).is_some() => {
                    (self.set_up("ask for"), None)
                }
                other => (other, None),
            };
            let manner = SendOptions {
                without_credentials: false,
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
        let view = ResponseView::new(reply);
        let templates = &self.scene.site().templates;
        let served = reply.is_whole() && view.holds(templates, step.expected(), vars).unwrap_or(false);
        if served {
            view.captures(templates, &step.capture, vars).ok()
        } else {
            None
        }
    }

    async fn send_once(
        &self,
        request: Request,
        manner: SendOptions,
        turn: impl Fn(&Reply, OutcomeClass) -> NextAction + Send + Sync,
        settle: &ExchangeClassifier<'_>,
    ) -> Exchanged {
        let site = self.scene.site();
        let surface = self.variant.surface(self.name);
        let outcomes = outcomes::at(&site.profile, Some(&surface));
        let finish = |reply: &Reply, seen: &[CanarySighting], part: Purpose| {
            let class = ResponseView::new(reply).class(&site.templates, &outcomes);
            match turn(reply, class) {
                NextAction::Answered => settle(reply, seen, part),
                _ => (self.onward(part), None),
            }
        };
        let mut part = self.part.clone();
        if let Purpose::Probe {
            without_credentials: bare,
            ..
        } = &mut part
        {
            *bare = manner.without_credentials;
        }
        let call = OutgoingRequest {
            who: self.actor.name(),
            part,
            surface: Some(&surface),
            request,
            finish: Some(Box::new(finish)),
        };
        match &self.listening {
            Some(listening) => listening.send(self.scene, call).await,
            None => self.scene.client.send(call).await,
        }
    }

    fn turn(
        &self,
        reply: &Reply,
        class: OutcomeClass,
        (first, asked): (&Request, &Request),
        standing: SendState,
    ) -> NextAction {
        if !reply.is_whole() {
            return NextAction::Answered;
        }
        if standing.renewable && class == OutcomeClass::NoSession {
            return NextAction::Renew;
        }
        // a redirect that the profile calls a refusal is one
        let refused = matches!(
            class,
            OutcomeClass::Denied | OutcomeClass::NoSession | OutcomeClass::Throttled
        );
        if !standing.follow || refused {
            return NextAction::Answered;
        }
        match self.scene.site().redirected(first, asked, reply) {
            Ok(None) => NextAction::Answered,
            Ok(Some(_)) if standing.hops >= MOST_HOPS => {
                NextAction::Astray(format!("it redirects more than {MOST_HOPS} times"))
            }
            Ok(Some(next)) => NextAction::Hop(Box::new(next)),
            Err(error) => NextAction::Astray(format!("it redirects elsewhere: {error}")),
        }
    }

    /// The part of an exchange that only leads to the next one.
    fn onward(&self, part: Purpose) -> Purpose {
        match part {
            Purpose::Probe {
                technique,
                temperament,
                targets,
                control,
                without_credentials: bare,
                ..
            } => Purpose::Probe {
                technique,
                temperament,
                targets,
                control,
                intermediate: true,
                without_credentials: bare,
            },
            Purpose::Twin { .. } | Purpose::ReadBack { .. } => self.set_up("get to"),
            other => other,
        }
    }

    fn set_up(&self, doing: &str) -> Purpose {
        Purpose::Setup {
            what: format!("{doing} {}", self.name),
        }
    }

    async fn keys(&self, bare: bool) -> Result<Credentials, ProbeError> {
        if bare {
            return Ok(Credentials::none());
        }
        self.actor.keys(self.scene, self.surface).await
    }

    fn is_renewable(&self) -> bool {
        // what a rewritten request is told says nothing about the session
        let plain = self.variant.rewriting().is_none();
        plain
            && matches!(self.actor, Actor::Persona(_))
            && !self.scene.client.is_reauth_useless(self.actor.name(), self.name)
    }

    async fn renew(&self) -> Result<(), ProbeError> {
        let Actor::Persona(persona) = self.actor else {
            return Ok(());
        };
        let session = self.surface.session.as_ref().map(|name| name.as_str());
        let (site, witness) = (self.scene.site(), self.scene.client);
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
