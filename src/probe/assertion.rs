//! Asking: an assertion takes its twins, goes through its plan, and feels everybody's pulse.

use super::ProbeError;
use super::bystander::Bystander;
use super::context::ProbeContext;
use super::pager::fetch_pages;
use super::plan::{
    PeopleFacts, PlannedProbe, Requester, Scope, cover, once_for_all_alike, plan, several_times,
};
use super::probe_request::{Actor, OldSessions, ProbeRequest, Variant};
use super::twins::{self, Authorised, ControlCounts, ControlPlan, ListViewers, Refresh};
use super::{expiry, links, listen_barrier, open_connections, rewritten, visitor};
use crate::cast::{NOBODY, Persona, WRONG_CREDENTIALS, traits};
use crate::http::Credentials;
use crate::ledger::{Assertion, Claim, Concluded, Entry, Purpose};
use crate::plant::planting::Recording;
use crate::profile::Surface;
use crate::technique::LIST_OWN;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, PoisonError};

/// Who asks, beside the people of the scenario.
#[derive(Debug, Clone, Default)]
pub struct ProbeOptions {
    /// Credentials of sessions that were signed out: only they ask.
    pub old_session: Option<Arc<OldSessions>>,
}

/// What the twins before a change are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TwinPurpose {
    /// A later state in which nobody may see something is compared with them: of everything that is there.
    Compared,
    /// People just use the stack: caches fill, links are handed out. Where they have done so in this state, it is enough.
    Used,
}

/// Takes the twins of what is planted so far, before something changes.
pub async fn baseline(scene: &ProbeContext<'_>, baseline: TwinPurpose) {
    let scope = Scope::all(Claim::NoOneElse);
    let entitled = twins::entitled(scene, &scope);
    let moment = scene.client.moment();
    let used = || {
        let twins = scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
        twins.any_in(moment.state)
    };
    let needed = match baseline {
        TwinPurpose::Compared => ControlPlan::all().again(Refresh::Compared),
        TwinPurpose::Used if used() => return,
        TwinPurpose::Used => {
            let turn = scene.client.scenario.wrapping_add(moment.line);
            ControlPlan::all()
                .one_each(scene, &entitled, &scope, turn)
                .with_links()
        }
    };
    twins::run_controls(scene, &entitled, &scope, &needed).await;
}

/// Takes the twins of one recording: what its owner gets everywhere.
pub async fn have_owner_ask(scene: &ProbeContext<'_>, recording: u32) {
    let scope = Scope {
        recordings: vec![recording],
        ..Scope::all(Claim::NoOneElse)
    };
    twins::run_controls(
        scene,
        &twins::entitled(scene, &scope),
        &scope,
        &ControlPlan::all(),
    )
    .await;
}

/// Has somebody ask for recordings that they have a right to, wherever that opens them: caches fill, links are handed out.
pub async fn use_right(scene: &ProbeContext<'_>, who: &Arc<Persona>, recordings: &[Recording]) {
    let scope = Scope::all(Claim::NoOneElse);
    let named = Authorised::named(std::iter::once(Arc::clone(who)), recordings);
    twins::run_controls(scene, &named, &scope, &ControlPlan::all()).await;
}

/// Has somebody ask for a link to each of these and keep it, without opening it: it may be for a moment only. That none is handed out
/// any more is as it should be.
pub async fn keep_links(scene: &ProbeContext<'_>, who: &Arc<Persona>, recordings: &[Recording]) {
    let named = Authorised::named(std::iter::once(Arc::clone(who)), recordings);
    let actor = Actor::Persona(Arc::clone(who));
    for (name, surface) in &scene.site().profile.surface {
        for recording in named.for_links(scene, (name, surface), who, recordings) {
            let question = ProbeRequest::for_recording(name, surface, Variant::Whole, recording);
            links::store_links(scene, &actor, &question).await;
        }
    }
}

/// Has the owner of a recording ask for a link to it, open it, and keep it.
///
/// # Errors
/// When the profile has no such surface.
pub async fn hand_out_link(scene: &ProbeContext<'_>, owner: &str) -> Result<(), ProbeError> {
    let mut scope = Scope::all(Claim::NoOneElse);
    scope.links_only = true;
    if !scene.site().profile.surface.values().any(|surface| surface.link) {
        return Err(ProbeError::Surface("with `link = true`".to_owned()));
    }
    let mut owners = twins::entitled(scene, &scope);
    owners.only(owner);
    twins::run_controls(scene, &owners, &scope, &ControlPlan::all()).await;
    let links = scene.links.lock().unwrap_or_else(PoisonError::into_inner);
    let theirs = scene.recordings.iter().filter(|one| one.owner.name == owner);
    if theirs.clone().any(|one| links.any_of(one.number)) {
        Ok(())
    } else {
        Err(ProbeError::Nothing(format!(
            "{owner} was given no link: the stack did not hand one out"
        )))
    }
}

/// Has somebody page through their own lists, as people do between two changes: caches fill, cursors are handed out.
///
/// # Errors
/// When a list cannot be asked for.
pub async fn look_once(scene: &ProbeContext<'_>, persona: &Arc<Persona>) -> Result<(), ProbeError> {
    let actor = Actor::Persona(Arc::clone(persona));
    let site = scene.site();
    for (name, surface) in &site.profile.surface {
        let theirs = surface.session.as_ref().is_none_or(|session| {
            site.role(&persona.role)
                .is_ok_and(|role| role.session.contains_key(session.as_str()))
        });
        if let (Some(list), true) = (&surface.list, theirs && surface.twin.is_none()) {
            let part = Purpose::Setup {
                what: "look at one's own replays".to_owned(),
            };
            fetch_pages(scene, &actor, name, surface, list, &part).await?;
        }
    }
    Ok(())
}

/// Asks everything that an assertion is about, and hands back its number.
///
/// # Errors
/// When there is nothing to ask for.
pub async fn assert(
    scene: &ProbeContext<'_>,
    scope: &Scope,
    with: &ProbeOptions,
    text: &str,
) -> Result<u32, ProbeError> {
    let open = begin_assertion(scene, scope, with, text).await?;
    Ok(conclude(scene, open))
}

/// An assertion that has asked all it planned to ask, and whose twins may be still to come.
#[derive(Debug)]
#[must_use = "what is not concluded counts as cut off"]
pub struct OpenAssertion {
    number: u32,
    planned: u32,
    /// Earlier exchanges that it relies on.
    standing: Vec<u64>,
}

/// Nothing more is asked: it can be judged. Hands back its number.
pub fn conclude(scene: &ProbeContext<'_>, open: OpenAssertion) -> u32 {
    let witness = scene.client;
    witness.write(&Entry::Concluded(Concluded {
        scenario: witness.scenario,
        assertion: open.number,
        planned: open.planned,
        reused_exchanges: open.standing,
    }));
    open.number
}

/// The same as [`assert`], but for the end.
///
/// # Errors
/// When there is nothing to ask for.
pub async fn begin_assertion(
    scene: &ProbeContext<'_>,
    scope: &Scope,
    with: &ProbeOptions,
    text: &str,
) -> Result<OpenAssertion, ProbeError> {
    if !scene.recordings.iter().any(|one| scope.covers(one.number)) {
        let what = "nothing has been recorded yet in this scenario: there is nothing to list or fetch";
        return Err(ProbeError::Nothing(what.to_owned()));
    }
    let witness = scene.client;
    let number = witness.session.numbers.assertion();
    let moment = witness.moment();
    witness.write(&Entry::Assertion(Assertion {
        scenario: witness.scenario,
        assertion: number,
        state: moment.state,
        claim: scope.claim,
        text: text.to_owned(),
        line: moment.line,
        at_ms: witness.session.ledger.now_ms(),
    }));
    witness.move_to(|moment| moment.assertion = Some(number));
    let taken = match scope.claim {
        Claim::Reachable => {
            // whoever is named asks now; of everybody it is enough that they got it after all that others tried
            let anew = if scope.askers.is_empty() {
                Refresh::Nothing
            } else {
                Refresh::All
            };
            let needed = ControlPlan::all().again(anew);
            twins::run_controls(scene, &entitled(scene, scope), scope, &needed).await
        }
        Claim::NoOneElse | Claim::NotYet | Claim::NoOne | Claim::Gone => ControlCounts {
            asked: probe(scene, scope, with).await,
            ..ControlCounts::default()
        },
    };
    witness.move_to(|moment| moment.assertion = None);
    Ok(OpenAssertion {
        number,
        planned: taken.asked,
        standing: taken.standing,
    })
}

/// Those whom a claim of reachability names, with what they have a right to; when it names nobody, all owners.
fn entitled(scene: &ProbeContext<'_>, scope: &Scope) -> Authorised {
    if scope.askers.is_empty() {
        return twins::entitled(scene, scope);
    }
    let named = scope.askers.iter().filter_map(|name| scene.cast.find(name));
    let to_be_had = |one: &&Recording| scope.covers(one.number) && !one.deleted;
    let recordings = scene.recordings.iter().filter(to_be_had);
    Authorised::named(named.map(Arc::clone), &recordings.cloned().collect::<Vec<_>>())
}

async fn probe(scene: &ProbeContext<'_>, scope: &Scope, with: &ProbeOptions) -> u32 {
    let mut people = Vec::new();
    let mut signed_in = Vec::new();
    for persona in scene.cast.everyone() {
        if persona.is_signed_in().await {
            people.push(Requester {
                name: persona.name.clone(),
                role: persona.role.clone(),
                tenant: persona.me().text("tenant").map(str::to_owned),
            });
            signed_in.push(Arc::clone(persona));
        }
    }
    let mut asking = AssertionRun {
        scene,
        scope,
        looking: ListViewers::new(),
        old_session: with.old_session.as_ref(),
        wrong: match with.old_session {
            Some(_) => None,
            None => visitor::keys(scene).await,
        },
        count: AtomicU32::new(0),
    };
    people.extend(asking.wrong.as_ref().map(|_| Requester::with_wrong_credentials()));
    people.extend(
        with.old_session
            .as_ref()
            .map(|old| Requester::with_an_old_session(&old.role)),
    );
    let profile = &scene.site().profile;
    let by_name = traits_by_name(scene);
    let common = |one: &str, other: &str| shared_attributes(&by_name, one, other);
    let known = PeopleFacts {
        common: &common,
        past: &|name| scene.world.past_of(name),
    };
    let spread = (&scene.client.session.spread, scene.client.scenario);
    let planned = plan(profile, &people, scene.recordings, scope);
    let repeat = profile.repeat(scene.world.made());
    let plain = spread.0.with_repeats(repeat > 1);
    let planned = once_for_all_alike(
        planned,
        &people,
        scene.recordings,
        (&known, scope.claim),
        (&plain, spread.1),
    );
    let planned = several_times(planned, repeat);
    let rewritten = match with.old_session {
        None => cover(profile, &people, scene.recordings, scope, spread, &common),
        Some(_) => Vec::new(),
    };
    let entitled = twins::entitled(scene, scope);
    // what is interfered with needs somebody's answer beforehand, also where they look at the same time
    if scope.claim == Claim::NoOneElse && !scene.client.is_interfered_with() {
        asking.looking = entitled.looking(scene, &planned);
    }
    let needed = ControlPlan::by(profile, planned.iter().chain(&rewritten))
        .without_list_viewers(asking.looking.clone());
    // what is not finished is to be had only where such recordings are shown
    let needed = needed.again(Refresh::Links);
    if matches!(scope.claim, Claim::NoOneElse | Claim::NotYet) {
        twins::run_controls(scene, &entitled, scope, &needed).await;
    }
    let writes = |one: &PlannedProbe| {
        profile
            .surface
            .get(&one.surface)
            .is_some_and(|surface| surface.write.is_some())
    };
    let (writing, reading): (Vec<PlannedProbe>, Vec<PlannedProbe>) = planned.into_iter().partition(writes);
    // their time runs while everything else is asked
    let running = expiry::hand_out(scene, &entitled, scope).await;
    let listening_on = open_connections::listen_on(scene, scope, with.old_session.is_some(), &asking.count);
    futures::future::join(asking.go_through(reading), listening_on).await;
    let (rewriting, rereading): (Vec<PlannedProbe>, Vec<PlannedProbe>) =
        rewritten.into_iter().partition(writes);
    // after everything plain, which goes first where a limit of the profile is reached
    asking
        .go_through(rewritten::controls_first(scene, rereading).await)
        .await;
    expiry::wait_and_open(scene, scope, running, &signed_in, &asking.count).await;
    if !writing.is_empty() || !rewriting.is_empty() {
        twins::run_write_controls(scene, &entitled, scope, &needed).await;
        asking.go_through(writing).await;
        asking
            .go_through(rewritten::controls_first(scene, rewriting).await)
            .await;
    }
    // what people got before that does not show what they get now
    let latest = scene.client.session.numbers.latest_exchange();
    scene
        .twins
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .disturb(latest);
    if scope.claim == Claim::NoOneElse {
        // a stack that broke meanwhile refuses everybody: what somebody got before at each surface, they must get again
        // whose turn it is does not depend on which scenario came first
        let turn = scene.client.scenario.wrapping_add(scene.client.moment().line);
        let closing = needed.one_each(scene, &entitled, scope, turn);
        twins::run_controls(scene, &entitled, scope, &closing).await;
    }
    asking.count.into_inner()
}

/// What is known of each person of a scenario.
type PersonaTraits<'a> = BTreeMap<&'a str, BTreeMap<String, String>>;

fn traits_by_name<'a>(scene: &'a ProbeContext<'_>) -> PersonaTraits<'a> {
    let everyone = scene.cast.everyone();
    everyone
        .map(|persona| (persona.name.as_str(), traits(scene.site(), persona)))
        .collect()
}

fn shared_attributes(by_name: &PersonaTraits<'_>, one: &str, other: &str) -> Vec<String> {
    match (by_name.get(one), by_name.get(other)) {
        (Some(theirs), Some(others)) => theirs
            .iter()
            .filter(|(name, by)| others.get(*name) == Some(*by))
            .map(|(name, _)| name.clone())
            .collect(),
        _ => Vec::new(),
    }
}

/// Who asks in an assertion, beside the people of the scenario, and for how much.
struct AssertionRun<'a> {
    scene: &'a ProbeContext<'a>,
    scope: &'a Scope,
    /// Whose looks at lists come first: they are the twins of what is asked there after them.
    looking: ListViewers,
    old_session: Option<&'a Arc<OldSessions>>,
    wrong: Option<Credentials>,
    /// Targets so far.
    count: AtomicU32,
}

impl AssertionRun<'_> {
    /// Has everybody go through their part of a plan, side by side, listening all the while where there is something to listen to, and
    /// feels their pulse afterwards.
    async fn go_through(&self, planned: Vec<PlannedProbe>) {
        let surfaces = &self.scene.site().profile.surface;
        let listens = |one: &PlannedProbe| surfaces.get(&one.surface).is_some_and(Surface::is_listened_to);
        let mut names: Vec<String> = planned.iter().map(|one| one.who.clone()).collect();
        names.sort();
        names.dedup();
        let (listening, asking): (Vec<PlannedProbe>, Vec<PlannedProbe>) =
            planned.into_iter().partition(listens);
        let looks_first = |one: &PlannedProbe| {
            one.technique == LIST_OWN && self.looking.contains(&(one.who.clone(), one.surface.clone()))
        };
        let (first, then): (Vec<PlannedProbe>, Vec<PlannedProbe>) = asking.into_iter().partition(looks_first);
        let asking = async {
            self.ask_each(first).await;
            self.ask_each(then).await;
        };
        futures::future::join(self.listen(&listening), asking).await;
        let pulses = names.iter().map(|name| async {
            if let Actor::Persona(persona) = self.actor(name) {
                self.bystander(name).check_session(&persona).await;
            }
        });
        futures::future::join_all(pulses).await;
    }

    /// All who listen do so at the same time.
    async fn listen(&self, planned: &[PlannedProbe]) {
        let surfaces = &self.scene.site().profile.surface;
        let listeners = planned.iter().filter_map(|one| {
            let stream = surfaces.get(&one.surface)?.stream.as_ref()?;
            Some((one, stream, self.bystander(&one.who)))
        });
        let listeners: Vec<_> = listeners.collect();
        let counted = listeners
            .iter()
            .map(|(_, stream, bystander)| (*stream, bystander.recordings()));
        let parties = listen_barrier::parties(counted);
        let listening = listeners.iter().map(|(one, stream, bystander)| {
            let ticket = listen_barrier::ticket(&parties, stream);
            bystander.try_listening(one, ticket)
        });
        // every ticket is taken before the first of them listens
        let listening: Vec<_> = listening.collect();
        futures::future::join_all(listening).await;
    }

    async fn ask_each(&self, planned: Vec<PlannedProbe>) {
        let mut by_asker: BTreeMap<String, Vec<PlannedProbe>> = BTreeMap::new();
        for one in planned {
            by_asker.entry(one.who.clone()).or_default().push(one);
        }
        let asking = by_asker.into_iter().map(|(name, planned)| async move {
            self.bystander(&name).try_each(&planned).await;
        });
        futures::future::join_all(asking).await;
    }

    fn bystander(&self, name: &str) -> Bystander<'_> {
        Bystander {
            scene: self.scene,
            scope: self.scope,
            actor: self.actor(name),
            count: &self.count,
        }
    }

    fn actor(&self, name: &str) -> Actor {
        match (self.old_session, &self.wrong, self.scene.cast.find(name)) {
            (Some(old), _, _) if name == NOBODY => Actor::Old(Arc::clone(old)),
            (_, Some(keys), _) if name == WRONG_CREDENTIALS => Actor::Wrong(keys.clone()),
            (_, _, Some(persona)) => Actor::Persona(Arc::clone(persona)),
            _ => Actor::Nobody,
        }
    }
}
