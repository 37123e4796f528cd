//! Answers that stay open: listened to while the owners of recordings do something that there is to be told of.

use super::ProbeError;
use super::bystander::Bystander;
use super::context::ProbeContext;
use super::listen_barrier::BarrierTicket;
use super::plan::{PlannedProbe, sample};
use super::probe_request::{Actor, ProbeRequest, Variant};
use super::recording_client::RecordingClient;
use crate::http::{Credentials, Exchanged, OutgoingRequest, StackClient, StepRunner, StepSender, StreamKind};
use crate::ledger::Delivery;
use crate::plant::planting::Recording;
use crate::plant::scan::Hint;
use crate::profile::{HumanDuration, Step, StreamPart, Surface, Vars};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

/// Somebody else may be told so many times later than whoever has a right to it was.
const SLOWER: u32 = 3;

/// How an answer that stays open is listened to.
#[derive(Clone)]
pub(super) struct Listening<'a> {
    pub(super) stream: &'a StreamPart,
    /// The recordings whose owners do something meanwhile.
    pub(super) about: Vec<&'a Recording>,
    /// Whoever listens has a right to be told of all of them, and need not listen on when they were.
    pub(super) rightful: bool,
    /// With whom it is done together; alone, whoever listens has it done themselves.
    pub(super) ticket: Option<&'a BarrierTicket<'a, 'a>>,
}

impl<'a> Listening<'a> {
    /// To what happens to these, by somebody who must hear nothing of it.
    pub(super) fn to(stream: &'a StreamPart, about: Vec<&'a Recording>) -> Self {
        Self {
            stream,
            about,
            rightful: false,
            ticket: None,
        }
    }

    /// For how long somebody listens at a surface who is to hear nothing: as long as the profile says, and where the stack is slower
    /// than that, several times as long as it took until somebody was told who has a right to it. Nobody listens longer than those.
    pub(super) fn listened(&self, surface: &str, witness: &RecordingClient) -> Duration {
        let HumanDuration(least) = self.stream.listened;
        let HumanDuration(most) = self.stream.within.unwrap_or(self.stream.listened);
        let slow = witness.event_delay(surface).saturating_mul(SLOWER);
        slow.min(most).max(least)
    }
}

impl Listening<'_> {
    /// Opens it as the asker, has the owners do what the profile says, and hears what arrives for as long as it says.
    pub(super) async fn send(&self, scene: &ProbeContext<'_>, call: OutgoingRequest<'_>) -> Exchanged {
        let surface = call.surface.unwrap_or_default();
        let listened = match self.stream.within {
            Some(HumanDuration(within)) if self.rightful => within,
            _ => self.listened(surface, scene.client),
        };
        let failed = Mutex::new(None);
        let told = Notify::new();
        let meanwhile = async {
            let outcome = self.meanwhile(scene.site(), scene.client).await;
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = outcome.err();
            let began = Instant::now();
            // that it took so long is no error: whether they were told is seen in what they heard
            if timeout(listened, told.notified()).await.is_ok() {
                scene.client.record_event_delay(surface, began.elapsed());
            }
        };
        let heard = |body: &[u8]| {
            if self.rightful && self.is_all_in(scene.client, body) {
                told.notify_one();
            }
        };
        let open = if self.stream.websocket {
            StreamKind::WebSocket
        } else {
            StreamKind::Answer
        };
        let at_ms = scene.client.session.ledger.now_ms();
        let interfered = scene.client.interfered(&call);
        let sent = interfered.as_ref().unwrap_or(&call.request);
        let sender = &scene.client.session.sender;
        let reply = sender.listen(sent, open, meanwhile, heard).await;
        let mut reply = scene.client.exchanged(&call, &reply).unwrap_or(reply);
        let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let (Some(why), true) = (failed, reply.is_whole()) {
            reply.delivery = Delivery::NotSent {
                why: format!("there was nothing to be told of: {why}"),
            };
        }
        let class = scene.client.class(call.surface, &reply);
        scene.client.take_down(call, reply, at_ms, class, true).await
    }

    /// Whether something of every recording stands in what has arrived.
    fn is_all_in(&self, witness: &RecordingClient, body: &[u8]) -> bool {
        let scan = witness.session.scanner.scan(body, Hint::default());
        let seen: BTreeSet<u32> = scan
            .sightings
            .iter()
            .filter_map(|sighting| sighting.recording)
            .collect();
        self.about.iter().all(|one| seen.contains(&one.number))
    }

    /// Has the owners do what the profile says, or waits until it is done for all who listen.
    pub(super) async fn meanwhile(
        &self,
        site: &StackClient,
        witness: &RecordingClient,
    ) -> Result<(), String> {
        match self.ticket {
            Some(ticket) => {
                let (steps, about) = ticket.deed();
                ticket.once(meanwhile(steps, about, site, witness)).await
            }
            None => meanwhile(&self.stream.meanwhile, &self.about, site, witness).await,
        }
    }
}

/// Has the owners of these do what the steps say, one after the other.
pub(super) async fn meanwhile(
    steps: &[Step],
    about: &[&Recording],
    site: &StackClient,
    witness: &RecordingClient,
) -> Result<(), String> {
    if steps.is_empty() {
        return Ok(());
    }
    for recording in about {
        let owner = &recording.owner;
        // who has signed out does nothing; others may do something for them
        let keys = match owner.is_signed_in().await {
            true => owner.keys(site, None).await.map_err(|error| error.to_string())?,
            false => Credentials::none(),
        };
        let parties = recording.parties(site).await;
        let doing = format!("do as {} what others are not to be told of", owner.name);
        let traveller = StepRunner {
            site,
            carrier: witness,
            caller: StepSender {
                who: &owner.name,
                keys: &keys,
            },
            doing: &doing,
            payloads: &BTreeMap::new(),
            parties: &parties,
        };
        let mut vars = Vars::default().with("recording", recording.vars().as_value());
        vars.set("canary", recording.canary.as_value());
        vars.set("owner", owner.me().as_value());
        vars.set("me", owner.me().as_value());
        traveller
            .run(steps, &mut vars)
            .await
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

impl Bystander<'_> {
    /// The recordings that the asker must hear nothing of, and whose owners do something.
    pub(super) fn recordings(&self) -> Vec<&Recording> {
        let hidden = self.hidden();
        let covered: Vec<&Recording> = self
            .scene
            .recordings
            .iter()
            .filter(|one| self.scope.covers(one.number) && !one.deleted)
            .collect();
        // sampled before it is asked whose they are, so that the twins are of the same recordings
        let mut about = sample(&covered);
        about.retain(|one| hidden.contains(&one.number));
        about
    }

    /// Listens once, while there is something to be told of every recording that the asker must hear nothing of.
    pub(super) async fn listen(
        &self,
        planned: &PlannedProbe,
        surface: &Surface,
        ticket: Option<BarrierTicket<'_, '_>>,
    ) -> Result<(), ProbeError> {
        let about = self.recordings();
        let Some(first) = about.first() else { return Ok(()) };
        let numbers: Vec<u32> = about.iter().map(|one| one.number).collect();
        let part = self.part(planned, &numbers, None);
        let question = ProbeRequest {
            told_of: &about,
            ticket: ticket.as_ref(),
            ..ProbeRequest::for_recording(&planned.surface, surface, planned.variant, first)
        };
        question.send(self.scene, &self.actor, &part).await.map(drop)
    }
}

/// Has somebody listen to what happens to recordings of theirs, and enters it as the twin of what others hear; hands back of how
/// many.
pub(super) async fn take_twins(
    scene: &ProbeContext<'_>,
    actor: &Actor,
    name: &str,
    surface: &Surface,
    recordings: &[&Recording],
    ticket: Option<BarrierTicket<'_, '_>>,
) -> usize {
    let Some(first) = recordings.first() else { return 0 };
    let part = crate::ledger::Purpose::Twin {
        recordings: recordings.iter().map(|one| one.number).collect(),
    };
    let question = ProbeRequest {
        told_of: recordings,
        ticket: ticket.as_ref(),
        ..ProbeRequest::for_recording(name, surface, Variant::Whole, first)
    };
    match question.send(scene, actor, &part).await {
        Ok(asked) => {
            if let Some(last) = asked.last() {
                for recording in recordings {
                    scene.enter_twin(actor.name(), (name, Variant::Whole), recording.number, last);
                }
            }
        }
        Err(error) => {
            let why = error.to_string();
            scene.client.not_sent(actor.name(), name, part, why);
        }
    }
    recordings.len()
}
