//! Doing in another's place what only they may do: joining, switching or ending their consultation, deleting or sharing their
//! recording. The same requests go out with somebody else's credentials, before the one who may do it does it; and that one looks,
//! before and afterwards, whether it has happened. That they then do it themselves is the twin.

use super::ProbeError;
use super::context::ProbeContext;
use super::recording_client::RecordingClient;
use crate::cast::Persona;
use crate::http::{
    ActingAs, Exchanged, OtherParty, OutgoingRequest, Payloads, StepError, StepRunner, StepSender, Transport,
};
use crate::ledger::{Attempted, Entry, LeftOut, OutcomeClass, Purpose};
use crate::profile::{Step, Vars};
use crate::technique::BOLA_ACTION;
use crate::undo::UndoLog;
use async_trait::async_trait;
use reqwest::Url;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// Who is not yet sure that nothing has happened looks for so many times as long as it took at most until it was seen.
const SLOWER: u32 = 3;
/// Whoever has not seen yet how long it takes looks for so long.
const UNKNOWN: Duration = Duration::from_secs(1);
/// What is seen within this time is seen at once.
const AT_ONCE: Duration = Duration::from_millis(200);
/// Between the first two looks …
const BETWEEN: Duration = Duration::from_millis(25);
/// … and at most between any two, each time twice as long.
const BETWEEN_AT_MOST: Duration = Duration::from_millis(200);

/// Something that somebody is about to do, by the profile's steps.
pub struct PendingAction<'a> {
    /// What of the profile says how: `action.switch`, `grant.share`.
    pub surface: String,
    /// Who is about to do it.
    pub owner: &'a Arc<Persona>,
    /// Who takes part in it by right, by name.
    pub partakers: Vec<String>,
    /// The recording it is about, where it is about one.
    pub recording: Option<u32>,
    /// The requests.
    pub steps: &'a [Step],
    /// How to see that it has happened.
    pub settled: Option<&'a Step>,
    /// What the templates of the steps see.
    pub vars: Vars,
    /// Who else a step can be on behalf of.
    pub parties: ActingAs,
    /// It gives somebody a right, who is `to`: whoever tries it gives it to themselves.
    pub gives: bool,
    /// How long it took at most until it was seen to have happened; none where nobody has seen it yet.
    pub settles_in: Option<Duration>,
}

/// What others tried in somebody's place before they did it themselves.
#[derive(Debug, Default)]
pub struct AttemptResults {
    in_vain: Vec<Attempted>,
    done: bool,
    /// When the first of them was tried.
    began: Option<Instant>,
}

impl AttemptResults {
    /// Whether it has been done in their place, so that they need not do it themselves.
    #[must_use]
    pub fn done(&self) -> bool {
        self.done
    }

    /// How long it takes until something is seen to have happened, after its owner saw it that long after having done it. What is not seen
    /// at once may be what others have done before, which nobody had seen yet.
    #[must_use]
    pub fn settled_in(&self, seen_after: Duration) -> Duration {
        match self.began {
            Some(began) if seen_after > AT_ONCE => began.elapsed(),
            _ => seen_after,
        }
    }

    /// Writes down what was tried in vain: what that shows depends on whether the one who may do it has done it now.
    pub fn conclude(self, witness: &RecordingClient, by_the_owner: bool) {
        for attempted in self.in_vain {
            witness.write(&Entry::Attempted(Attempted {
                by_the_owner,
                ..attempted
            }));
        }
    }
}

/// Has somebody who has no part in it try to do it, or one after the other where everybody is to try; whoever is of another tenant than
/// the owner tries it at the owner's address as well. Where the profile does not say how it is seen, nothing is tried: nobody could tell
/// whether it had worked.
pub async fn attempt(scene: &ProbeContext<'_>, deed: &PendingAction<'_>) -> AttemptResults {
    let mut attempts = AttemptResults::default();
    if !is_asked_for(deed.steps) {
        return attempts;
    }
    let Some(settled) = deed.settled else {
        leave_out(
            scene,
            deed,
            format!("`[{}]` has no `settled` by which it could be seen", deed.surface),
        );
        return attempts;
    };
    let strangers = strangers(scene, deed).await;
    if strangers.is_empty() {
        leave_out(
            scene,
            deed,
            "nobody else is there who has no part in it".to_owned(),
        );
        return attempts;
    }
    let here = strangers.iter().map(|stranger| (stranger, None));
    let elsewhere = strangers
        .iter()
        .filter_map(|stranger| Some((stranger, Some(owners_address(scene, deed, stranger)?))));
    for (stranger, elsewhere) in here.chain(elsewhere) {
        let try_it = Attempt {
            scene,
            deed,
            stranger,
            elsewhere,
            settled,
            nothing: Payloads::new(),
        };
        let began = Instant::now();
        let Some(attempted) = try_it.run().await else {
            leave_out(scene, deed, "it was so already".to_owned());
            break;
        };
        if attempted.happened == Some(true) {
            scene.client.write(&Entry::Attempted(attempted));
            // what somebody has given to themselves has not been given to whom it was to be given
            attempts.done = !deed.gives;
            break;
        }
        attempts.began.get_or_insert(began);
        attempts.in_vain.push(attempted);
    }
    // what people got before that does not show what they get now
    let latest = scene.client.session.numbers.latest_exchange();
    let mut twins = scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
    twins.disturb(latest);
    drop(twins);
    attempts
}

/// Whether others try something first that is done by these steps.
#[must_use]
pub fn is_tried_first(steps: &[Step], settled: Option<&Step>) -> bool {
    settled.is_some() && is_asked_for(steps)
}

/// Whether it is done by asking in one's own name. What somebody else does, or a command, others do not do by asking in the owner's place.
#[must_use]
pub fn is_asked_for(steps: &[Step]) -> bool {
    let is_ones_own = |step: &Step| step.by.is_none() && step.request.is_some();
    !steps.is_empty() && steps.iter().all(is_ones_own)
}

/// Those who are signed in and have no part in it: one, whose turn it is, or all where everybody is to try.
async fn strangers(scene: &ProbeContext<'_>, deed: &PendingAction<'_>) -> Vec<Arc<Persona>> {
    let mut strangers = Vec::new();
    for persona in scene.cast.everyone() {
        let partakes = persona.name == deed.owner.name || deed.partakers.contains(&persona.name);
        if !partakes && persona.is_signed_in().await && persona.keys(scene.site(), None).await.is_ok() {
            strangers.push(Arc::clone(persona));
        }
    }
    let spread = &scene.client.session.spread;
    if spread.all_personas || spread.thorough || strangers.is_empty() {
        return strangers;
    }
    // neither which scenarios came before nor what else the feature file holds decides whose turn it is
    let moment = scene.client.moment();
    let turn = deed.surface.len() + moment.state as usize + scene.recordings.len();
    vec![strangers.swap_remove(turn % strangers.len())]
}

/// Where the owner of what it is about asks, if whoever tries asks somewhere else.
fn owners_address<'a>(
    scene: &'a ProbeContext<'_>,
    deed: &PendingAction<'_>,
    stranger: &Persona,
) -> Option<Option<&'a Url>> {
    // who is signed in is of a tenant that is known
    let home = |persona: &Persona| scene.site().home_of(&persona.me()).ok();
    let owners = home(deed.owner)?;
    (home(stranger)? != owners).then_some(owners)
}

fn leave_out(scene: &ProbeContext<'_>, deed: &PendingAction<'_>, why: String) {
    scene.client.write(&Entry::LeftOut(LeftOut {
        scenario: scene.client.scenario,
        who: deed.owner.name.clone(),
        surface: deed.surface.clone(),
        technique: BOLA_ACTION.name.to_owned(),
        why,
    }));
}

/// One try by one stranger.
struct Attempt<'a> {
    scene: &'a ProbeContext<'a>,
    deed: &'a PendingAction<'a>,
    stranger: &'a Arc<Persona>,
    /// Not at the stranger's own address, but at this one, the owner's; there none is the default one.
    elsewhere: Option<Option<&'a Url>>,
    settled: &'a Step,
    nothing: Payloads,
}

impl Attempt<'_> {
    /// What came of it; none when it was so before it was tried.
    async fn run(&self) -> Option<Attempted> {
        let (witness, deed) = (self.scene.client, self.deed);
        let moment = witness.moment();
        let mut attempted = Attempted {
            scenario: witness.scenario,
            state: moment.state,
            line: moment.line,
            who: self.stranger.name.clone(),
            owner: deed.owner.name.clone(),
            surface: deed.surface.clone(),
            recording: deed.recording,
            gives_a_right: deed.gives,
            elsewhere: self.elsewhere.is_some(),
            exchange: None,
            happened: None,
            by_the_owner: false,
            trouble: None,
        };
        match self.is_settled_for_owner().await {
            Ok(true) => return None,
            Ok(false) => {}
            Err(error) => {
                attempted.trouble = Some(error.to_string());
                return Some(attempted);
            }
        }
        match self.send_requests().await {
            Ok(exchange) => attempted.exchange = exchange,
            Err(error) => attempted.trouble = Some(error.to_string()),
        }
        if let Err(error) = self.stranger.check_session(self.scene.site(), witness).await {
            attempted.trouble.get_or_insert_with(|| error.to_string());
        }
        match self.watch().await {
            Ok(happened) => attempted.happened = Some(happened),
            Err(error) => attempted.trouble = Some(error.to_string()),
        }
        Some(attempted)
    }

    /// What the templates see: what they see when the owner does it, but for whom a right is given to.
    fn vars(&self) -> Vars {
        let mut vars = self.deed.vars.clone();
        if self.deed.gives {
            vars.set("to", self.stranger.me().as_value());
        }
        vars
    }

    /// Sends the owner's requests with the stranger's credentials, and hands back the last that was sent. Of a session that has ended a
    /// refusal would show nothing: it is renewed, and asked with once more.
    async fn send_requests(&self) -> Result<Option<u64>, ProbeError> {
        let trying = AttemptTransport {
            witness: self.scene.client,
            surface: &self.deed.surface,
            owner: &self.deed.owner.name,
            last: AtomicU64::new(0),
        };
        let mut walked = self.run_steps(&trying).await;
        // where a session is none there is nothing to renew
        if self.elsewhere.is_none() && says_signed_out(&walked) && self.renew(self.stranger).await? {
            walked = self.run_steps(&trying).await;
        }
        match (trying.last.into_inner(), walked) {
            // a refusal is what is hoped for; the owner will see
            (sent, _) if sent > 0 => Ok(Some(sent)),
            (_, walked) => walked.map(|()| None),
        }
    }

    async fn run_steps(&self, trying: &AttemptTransport<'_>) -> Result<(), ProbeError> {
        let deed = self.deed;
        let doing = format!("try `{}` in the place of {}", deed.surface, deed.owner.name);
        let OtherParty { who, mut keys } = self.signed_in(self.stranger).await?;
        if let Some(home) = self.elsewhere {
            keys = keys.with_home(home);
        }
        let party = OtherParty { who, keys };
        let traveller = self.traveller(&party, trying, &doing);
        Ok(traveller.run(deed.steps, &mut self.vars()).await?)
    }

    /// Looks as the owner whether it has happened.
    async fn is_settled_for_owner(&self) -> Result<bool, ProbeError> {
        let mut seen = self.look_once().await;
        if says_signed_out(&seen) && self.renew(self.deed.owner).await? {
            seen = self.look_once().await;
        }
        seen
    }

    async fn look_once(&self) -> Result<bool, ProbeError> {
        let deed = self.deed;
        let (who, whose) = (&self.stranger.name, &deed.owner.name);
        let doing = format!(
            "see whether {who} has done `{}` in the place of {whose}",
            deed.surface
        );
        let party = self.signed_in(deed.owner).await?;
        let traveller = self.traveller(&party, self.scene.client, &doing);
        Ok(traveller.is_seen(self.settled, &self.vars()).await?)
    }

    async fn signed_in(&self, persona: &Persona) -> Result<OtherParty, ProbeError> {
        let site = self.scene.site();
        persona.keep_signed_in(site, self.scene.client, None).await?;
        Ok(persona.party(site).await)
    }

    async fn renew(&self, persona: &Persona) -> Result<bool, ProbeError> {
        let renewed = persona.renew(self.scene.site(), self.scene.client, None);
        Ok(renewed.await?)
    }

    fn traveller<'b>(
        &'b self,
        party: &'b OtherParty,
        carrier: &'b dyn Transport,
        doing: &'b str,
    ) -> StepRunner<'b> {
        StepRunner {
            site: self.scene.site(),
            carrier,
            caller: StepSender {
                who: &party.who,
                keys: &party.keys,
            },
            doing,
            payloads: &self.nothing,
            parties: &self.deed.parties,
        }
    }

    /// The same until it has happened, or would have been seen by now.
    async fn watch(&self) -> Result<bool, ProbeError> {
        let began = Instant::now();
        let long_enough = self.deed.settles_in.map_or(UNKNOWN, |time| time * SLOWER);
        let mut between = BETWEEN;
        loop {
            if self.is_settled_for_owner().await? {
                return Ok(true);
            }
            if began.elapsed() >= long_enough {
                return Ok(false);
            }
            tokio::time::sleep(between).await;
            between = (2 * between).min(BETWEEN_AT_MOST);
        }
    }
}

/// Whether it was not done because the stack took whoever asked for nobody.
fn says_signed_out<T>(done: &Result<T, ProbeError>) -> bool {
    let class = match done {
        Err(ProbeError::Step(StepError::Unexpected { class, .. })) => Some(*class),
        _ => None,
    };
    class == Some(OutcomeClass::NoSession)
}

/// Carries requests as attempts, and remembers the last.
struct AttemptTransport<'a> {
    witness: &'a RecordingClient,
    surface: &'a str,
    owner: &'a str,
    last: AtomicU64,
}

#[async_trait]
impl Transport for AttemptTransport<'_> {
    async fn send(&self, call: OutgoingRequest<'_>) -> Exchanged {
        let part = Purpose::Attempt {
            owner: self.owner.to_owned(),
            technique: BOLA_ACTION.name.to_owned(),
            temperament: BOLA_ACTION.temperament,
        };
        let carried = self
            .witness
            .send(OutgoingRequest {
                part,
                surface: Some(self.surface),
                ..call
            })
            .await;
        self.last.store(carried.exchange, Ordering::Relaxed);
        carried
    }

    fn undo(&self) -> UndoLog {
        self.witness.undo()
    }
}
