//! Connections that stay open while the world changes: opened by somebody who may hear what comes, and listened to when they may not
//! any more.

use super::bystander::{Bystander, hidden};
use super::context::ProbeContext;
use super::listening::Listening;
use super::plan::{PlannedProbe, Scope, sample};
use super::probe_request::{Actor, ProbeRequest, Variant};
use super::rewritten;
use crate::cast::{NOBODY, Persona};
use crate::http::{OutgoingRequest, Reply, Request, StreamKind};
use crate::ledger::Delivery;
use crate::plant::planting::Recording;
use crate::profile::Surface;
use crate::technique;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

/// How long it may take to open one.
const OPENS_WITHIN: Duration = Duration::from_secs(2);

/// A connection that somebody has open.
pub struct OpenConnection {
    who: String,
    surface: String,
    /// The world state in which it was opened.
    state: u32,
    request: Request,
    heard: Arc<Mutex<Vec<u8>>>,
    enough: Option<oneshot::Sender<()>>,
    task: JoinHandle<Reply>,
}

impl std::fmt::Debug for OpenConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} listens at {} since state {}",
            self.who, self.surface, self.state
        )
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Has somebody open what stays open, wherever they may hear of recordings, and leaves it open. What cannot be opened is not there to
/// be listened to.
pub async fn keep_listening(scene: &ProbeContext<'_>, who: &Arc<Persona>) {
    let site = scene.site();
    let Some(first) = scene.recordings.iter().find(|one| !one.deleted) else {
        return;
    };
    for (name, surface) in &site.profile.surface {
        let theirs = surface.roles.is_empty() || surface.roles.iter().any(|role| role.as_str() == who.role);
        if !surface.is_listened_to() || !theirs || !surface.steps.is_empty() {
            continue;
        }
        let question = ProbeRequest::for_recording(name, surface, Variant::Whole, first);
        // who is signed out has nothing open
        let Ok(request) = question.ready(scene, &Actor::Persona(Arc::clone(who))).await else {
            continue;
        };
        match open(scene, who, (name, surface), request).await {
            Some(kept) => scene
                .open_connections
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(kept),
            None => {
                let why = format!(
                    "`{name}` was not open to {} within {} s, so nobody listens on there",
                    who.name,
                    OPENS_WITHIN.as_secs()
                );
                rewritten::leave_out(scene, &kept_open(&who.name, name), why);
            }
        }
    }
}

/// As which it stands in the plan of whoever listens on.
fn kept_open(who: &str, surface: &str) -> PlannedProbe {
    PlannedProbe {
        who: who.to_owned(),
        surface: surface.to_owned(),
        technique: technique::STALE_SUBSCRIPTION,
        variant: Variant::Whole,
        recording: None,
    }
}

async fn open(
    scene: &ProbeContext<'_>,
    who: &Persona,
    (name, surface): (&str, &Surface),
    request: Request,
) -> Option<OpenConnection> {
    let websocket = surface.stream.as_ref().is_some_and(|stream| stream.websocket);
    let open = if websocket {
        StreamKind::WebSocket
    } else {
        StreamKind::Answer
    };
    let heard = Arc::new(Mutex::new(Vec::new()));
    let (enough, told) = oneshot::channel::<()>();
    let opened = Arc::new(Notify::new());
    let task = tokio::spawn({
        let sender = Arc::clone(&scene.client.session.sender);
        let (request, heard, opened) = (request.clone(), Arc::clone(&heard), Arc::clone(&opened));
        async move {
            let until = async { told.await.unwrap_or(()) };
            let hears = |body: &[u8]| {
                opened.notify_one();
                *heard.lock().unwrap_or_else(PoisonError::into_inner) = body.to_vec();
            };
            sender.listen(&request, open, until, hears).await
        }
    });
    let kept = OpenConnection {
        who: who.name.clone(),
        surface: name.to_owned(),
        state: scene.client.moment().state,
        request,
        heard,
        enough: Some(enough),
        task,
    };
    let is_open = tokio::time::timeout(OPENS_WITHIN, opened.notified())
        .await
        .is_ok();
    is_open.then_some(kept)
}

/// Listens at everything that was opened in an earlier state, while there is something to be told of that whoever opened it must
/// not hear; then it is closed. Of whom nothing is claimed keeps theirs open. `old_session` says that those are meant who have
/// signed out.
pub(super) async fn listen_on(scene: &ProbeContext<'_>, scope: &Scope, old_session: bool, count: &AtomicU32) {
    let kept = std::mem::take(
        &mut *scene
            .open_connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner),
    );
    let mut asked = Vec::new();
    for one in kept {
        match one.asked(scene, scope, old_session).await {
            Some(actor) => asked.push(one.listen_on(scene, scope, actor, count)),
            None => scene
                .open_connections
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(one),
        }
    }
    futures::future::join_all(asked).await;
}

impl OpenConnection {
    /// As who it is listened to on, if there is something that it is claimed they do not hear.
    async fn asked(&self, scene: &ProbeContext<'_>, scope: &Scope, old_session: bool) -> Option<Actor> {
        let persona = scene.cast.find(&self.who)?;
        let surface = scene.site().profile.surface.get(&self.surface)?;
        if self.state >= scene.client.moment().state || !scope.takes(surface) {
            return None;
        }
        let is_signed_in = persona.is_signed_in().await;
        let is_asked = if scope.askers.is_empty() {
            is_signed_in
        } else if old_session {
            !is_signed_in
        } else {
            scope.askers.contains(&self.who)
        };
        let actor = if old_session {
            Actor::Nobody
        } else {
            Actor::Persona(Arc::clone(persona))
        };
        let is_told_nothing = self.recordings_of_interest(scene, scope, &actor).is_empty();
        (is_asked && !is_told_nothing).then_some(actor)
    }

    /// The recordings whose owners do something meanwhile.
    fn recordings_of_interest<'a>(
        &self,
        scene: &'a ProbeContext<'_>,
        scope: &Scope,
        actor: &Actor,
    ) -> Vec<&'a Recording> {
        let covered: Vec<&Recording> = scene
            .recordings
            .iter()
            .filter(|one| scope.covers(one.number) && !one.deleted)
            .collect();
        let hidden = hidden(scene, scope, actor);
        let mut about = sample(&covered);
        about.retain(|one| hidden.contains(&one.number));
        about
    }

    async fn listen_on(mut self, scene: &ProbeContext<'_>, scope: &Scope, actor: Actor, count: &AtomicU32) {
        let site = scene.site();
        let surface = site.profile.surface.get(&self.surface);
        let Some(stream) = surface.and_then(|surface| surface.stream.as_ref()) else {
            return;
        };
        let about = self.recordings_of_interest(scene, scope, &actor);
        let bystander = Bystander {
            scene,
            scope,
            actor,
            count,
        };
        let numbers: Vec<u32> = about.iter().map(|one| one.number).collect();
        let part = bystander.part(&kept_open(&self.who, &self.surface), &numbers, None);
        let listening = Listening::to(stream, about);
        let listened = listening.listened(&self.surface, scene.client);
        let reply = self.read_events(scene, listening, listened).await;
        let who = match &bystander.actor {
            Actor::Persona(_) => &self.who,
            _ => NOBODY,
        };
        let call = OutgoingRequest::new(who, part, self.request.clone()).at(&self.surface);
        let reply = scene.client.exchanged(&call, &reply).unwrap_or(reply);
        let ledger = &scene.client.session.ledger;
        let at_ms = ledger.now_ms().saturating_sub(reply.elapsed_ms);
        let class = scene.client.class(call.surface, &reply);
        scene.client.take_down(call, reply, at_ms, class, true).await;
        if let Actor::Persona(persona) = &bystander.actor {
            bystander.check_session(persona).await;
        }
    }

    /// What arrives from now on, while the owners of recordings do something. What came before is not looked at: it came when they
    /// still had a right to it, or while the world changed.
    async fn read_events(
        &mut self,
        scene: &ProbeContext<'_>,
        listening: Listening<'_>,
        listened: Duration,
    ) -> Reply {
        let began = tokio::time::Instant::now();
        let before = self.heard.lock().unwrap_or_else(PoisonError::into_inner).len();
        let failed = listening.meanwhile(scene.site(), scene.client).await.err();
        tokio::time::sleep(listened).await;
        if let Some(enough) = self.enough.take() {
            // whoever has ended needs not be told
            enough.send(()).ok();
        }
        let mut reply = match (&mut self.task).await {
            Ok(reply) => reply,
            Err(error) => Reply::none(Delivery::NotSent {
                why: format!("listening itself failed: {error}"),
            }),
        };
        reply.body.drain(..before.min(reply.body.len()));
        reply.elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        // one that was cut off short may have had more to tell, and stays what it is
        if let (Some(why), Delivery::Whole) = (failed, &reply.delivery) {
            reply.delivery = Delivery::NotSent {
                why: format!("there was nothing to be told of: {why}"),
            };
        }
        reply
    }
}
