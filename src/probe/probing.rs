//! Asking: an assertion takes its twins, goes through its plan, and feels everybody's pulse.

use super::ProbeError;
use super::ask::{Actor, OldSessions, Question, Variant};
use super::bystander::Bystander;
use super::plan::{Asker, Known, Planned, Scope, cover, once_for_all_alike, plan, several_times};
use super::scene::Scene;
use super::technique::LOOK;
use super::twins::{self, Anew, Entitled, Looking, Needed, Taken};
use super::walk::walk;
use super::{expiry, keeping, links, rewritten, together, visitor};
use crate::cast::{NOBODY, Persona, WRONG_CREDENTIALS, traits};
use crate::ledger::{Assertion, Claim, Concluded, Entry, Part};
use crate::plant::planting::Recording;
use crate::profile::Surface;
use crate::wire::Keys;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, PoisonError};

/// Who asks, beside the people of the scenario.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// Credentials of sessions that were signed out: only they ask.
    pub old_session: Option<Arc<OldSessions>>,
}

/// What the twins before a change are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Baseline {
    /// A later state in which nobody may see something is compared with them: of everything that is there.
    Compared,
    /// People just use the stack: caches fill, links are handed out. Where they have done so in this state, it is enough.
    Used,
}

/// Takes the twins of what is planted so far, before something changes.
pub async fn baseline(scene: &Scene<'_>, baseline: Baseline) {
    let scope = Scope::all(Claim::NoOneElse);
    let entitled = twins::entitled(scene, &scope);
    let moment = scene.witness.moment();
    let used = || {
        let twins = scene.twins.lock().unwrap_or_else(PoisonError::into_inner);
        twins.any_in(moment.state)
    };
    let needed = match baseline {
        Baseline::Compared => Needed::all().again(Anew::Compared),
        Baseline::Used if used() => return,
        Baseline::Used => {
            let turn = scene.witness.scenario.wrapping_add(moment.line);
            Needed::all()
                .one_each(scene, &entitled, &scope, turn)
                .with_links()
        }
    };
    twins::take(scene, &entitled, &scope, &needed).await;
}

/// Takes the twins of one recording: what its owner gets everywhere.
pub async fn have_owner_ask(scene: &Scene<'_>, recording: u32) {
    let scope = Scope {
        recordings: vec![recording],
        ..Scope::all(Claim::NoOneElse)
    };
    twins::take(scene, &twins::entitled(scene, &scope), &scope, &Needed::all()).await;
}

/// Has somebody ask for recordings that they have a right to, wherever that opens them: caches fill, links are handed out.
pub async fn use_right(scene: &Scene<'_>, who: &Arc<Persona>, recordings: &[Recording]) {
    let scope = Scope::all(Claim::NoOneElse);
    let named = Entitled::named(std::iter::once(Arc::clone(who)), recordings);
    twins::take(scene, &named, &scope, &Needed::all()).await;
}

/// Has somebody ask for a link to each of these and keep it, without opening it: it may be for a moment only. That none is handed out
/// any more is as it should be.
pub async fn keep_links(scene: &Scene<'_>, who: &Arc<Persona>, recordings: &[Recording]) {
    let named = Entitled::named(std::iter::once(Arc::clone(who)), recordings);
    let actor = Actor::Persona(Arc::clone(who));
    for (name, surface) in &scene.site().profile.surface {
        for recording in named.for_links(scene, (name, surface), who, recordings) {
            let question = Question::about(name, surface, Variant::Whole, recording);
            links::keep(scene, &actor, &question).await;
        }
    }
}

/// Has the owner of a recording ask for a link to it, open it, and keep it.
///
/// # Errors
/// When the profile has no such surface.
pub async fn hand_out_link(scene: &Scene<'_>, owner: &str) -> Result<(), ProbeError> {
    let mut scope = Scope::all(Claim::NoOneElse);
    scope.links_only = true;
    if !scene.site().profile.surface.values().any(|surface| surface.link) {
        return Err(ProbeError::Surface("with `link = true`".to_owned()));
    }
    let mut owners = twins::entitled(scene, &scope);
    owners.only(owner);
    twins::take(scene, &owners, &scope, &Needed::all()).await;
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
pub async fn look(scene: &Scene<'_>, persona: &Arc<Persona>) -> Result<(), ProbeError> {
    let actor = Actor::Persona(Arc::clone(persona));
    let site = scene.site();
    for (name, surface) in &site.profile.surface {
        let theirs = surface.session.as_ref().is_none_or(|session| {
            site.role(&persona.role)
                .is_ok_and(|role| role.session.contains_key(session.as_str()))
        });
        if let (Some(list), true) = (&surface.list, theirs && surface.twin.is_none()) {
            let part = Part::Setup {
                what: "look at one's own replays".to_owned(),
            };
            walk(scene, &actor, name, surface, list, &part).await?;
        }
    }
    Ok(())
}

/// Asks everything that an assertion is about, and hands back its number.
///
/// # Errors
/// When there is nothing to ask for.
pub async fn assert(scene: &Scene<'_>, scope: &Scope, with: &With, text: &str) -> Result<u32, ProbeError> {
    let open = ask(scene, scope, with, text).await?;
    Ok(conclude(scene, open))
}

/// An assertion that has asked all it planned to ask, and whose twins may be still to come.
#[derive(Debug)]
#[must_use = "what is not concluded counts as cut off"]
pub struct Open {
    number: u32,
    planned: u32,
    /// Earlier exchanges that it relies on.
    standing: Vec<u64>,
}

/// Nothing more is asked: it can be judged. Hands back its number.
pub fn conclude(scene: &Scene<'_>, open: Open) -> u32 {
    let witness = scene.witness;
    witness.write(&Entry::Concluded(Concluded {
        scenario: witness.scenario,
        assertion: open.number,
        planned: open.planned,
        standing: open.standing,
    }));
    open.number
}

/// The same as [`assert`], but for the end.
///
/// # Errors
/// When there is nothing to ask for.
pub async fn ask(scene: &Scene<'_>, scope: &Scope, with: &With, text: &str) -> Result<Open, ProbeError> {
    if !scene.recordings.iter().any(|one| scope.covers(one.number)) {
        let what = "nothing has been recorded yet in this scenario: there is nothing to list or fetch";
        return Err(ProbeError::Nothing(what.to_owned()));
    }
    let witness = scene.witness;
    let number = witness.station.numbers.assertion();
    let moment = witness.moment();
    witness.write(&Entry::Assertion(Assertion {
        scenario: witness.scenario,
        assertion: number,
        state: moment.state,
        claim: scope.claim,
        text: text.to_owned(),
        line: moment.line,
        at_ms: witness.station.ledger.now_ms(),
    }));
    witness.move_to(|moment| moment.assertion = Some(number));
    let taken = match scope.claim {
        Claim::Reachable => {
            // whoever is named asks now; of everybody it is enough that they got it after all that others tried
            let anew = if scope.askers.is_empty() {
                Anew::Nothing
            } else {
                Anew::All
            };
            let needed = Needed::all().again(anew);
            twins::take(scene, &entitled(scene, scope), scope, &needed).await
        }
        Claim::NoOneElse | Claim::NotYet | Claim::NoOne | Claim::Gone => Taken {
            asked: probe(scene, scope, with).await,
            ..Taken::default()
        },
    };
    witness.move_to(|moment| moment.assertion = None);
    Ok(Open {
        number,
        planned: taken.asked,
        standing: taken.standing,
    })
}

/// Those whom a claim of reachability names, with what they have a right to; when it names nobody, all owners.
fn entitled(scene: &Scene<'_>, scope: &Scope) -> Entitled {
    if scope.askers.is_empty() {
        return twins::entitled(scene, scope);
    }
    let named = scope.askers.iter().filter_map(|name| scene.cast.find(name));
    let to_be_had = |one: &&Recording| scope.covers(one.number) && !one.deleted;
    let recordings = scene.recordings.iter().filter(to_be_had);
    Entitled::named(named.map(Arc::clone), &recordings.cloned().collect::<Vec<_>>())
}

async fn probe(scene: &Scene<'_>, scope: &Scope, with: &With) -> u32 {
    let mut people = Vec::new();
    let mut signed_in = Vec::new();
    for persona in scene.cast.everyone() {
        if persona.is_signed_in().await {
            people.push(Asker {
                name: persona.name.clone(),
                role: persona.role.clone(),
                tenant: persona.me().text("tenant").map(str::to_owned),
            });
            signed_in.push(Arc::clone(persona));
        }
    }
    let mut asking = Asking {
        scene,
        scope,
        looking: Looking::new(),
        old_session: with.old_session.as_ref(),
        wrong: match with.old_session {
            Some(_) => None,
            None => visitor::keys(scene).await,
        },
        count: AtomicU32::new(0),
    };
    people.extend(asking.wrong.as_ref().map(|_| Asker::with_wrong_credentials()));
    people.extend(
        with.old_session
            .as_ref()
            .map(|old| Asker::with_an_old_session(&old.role)),
    );
    let profile = &scene.site().profile;
    let by_name = traits_by_name(scene);
    let common = |one: &str, other: &str| in_common(&by_name, one, other);
    let known = Known {
        common: &common,
        past: &|name| scene.world.past_of(name),
    };
    let spread = (&scene.witness.station.spread, scene.witness.scenario);
    let planned = plan(profile, &people, scene.recordings, scope);
    let repeat = profile.repeat(scene.world.made());
    let plain = spread.0.while_uneven(repeat > 1);
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
    if scope.claim == Claim::NoOneElse && !scene.witness.is_interfered_with() {
        asking.looking = entitled.looking(scene, &planned);
    }
    let needed = Needed::by(profile, planned.iter().chain(&rewritten)).beside_looks(asking.looking.clone());
    // what is not finished is to be had only where such recordings are shown
    let needed = needed.again(Anew::Links);
    if matches!(scope.claim, Claim::NoOneElse | Claim::NotYet) {
        twins::take(scene, &entitled, scope, &needed).await;
    }
    let writes = |one: &Planned| {
        profile
            .surface
            .get(&one.surface)
            .is_some_and(|surface| surface.write.is_some())
    };
    let (writing, reading): (Vec<Planned>, Vec<Planned>) = planned.into_iter().partition(writes);
    // their time runs while everything else is asked
    let running = expiry::hand_out(scene, &entitled, scope).await;
    let listening_on = keeping::listen_on(scene, scope, with.old_session.is_some(), &asking.count);
    futures::future::join(asking.go_through(reading), listening_on).await;
    let (rewriting, rereading): (Vec<Planned>, Vec<Planned>) = rewritten.into_iter().partition(writes);
    // after everything plain, which goes first where a limit of the profile is reached
    asking
        .go_through(rewritten::understood(scene, rereading).await)
        .await;
    expiry::wait_and_open(scene, scope, running, &signed_in, &asking.count).await;
    if !writing.is_empty() || !rewriting.is_empty() {
        twins::take_writes(scene, &entitled, scope, &needed).await;
        asking.go_through(writing).await;
        asking
            .go_through(rewritten::understood(scene, rewriting).await)
            .await;
    }
    // what people got before that does not show what they get now
    let latest = scene.witness.station.numbers.latest_exchange();
    scene
        .twins
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .disturb(latest);
    if scope.claim == Claim::NoOneElse {
        // a stack that broke meanwhile refuses everybody: what somebody got before at each surface, they must get again
        // whose turn it is does not depend on which scenario came first
        let turn = scene.witness.scenario.wrapping_add(scene.witness.moment().line);
        let closing = needed.one_each(scene, &entitled, scope, turn);
        twins::take(scene, &entitled, scope, &closing).await;
    }
    asking.count.into_inner()
}

/// What is known of each person of a scenario.
type Traits<'a> = BTreeMap<&'a str, BTreeMap<String, String>>;

fn traits_by_name<'a>(scene: &'a Scene<'_>) -> Traits<'a> {
    let everyone = scene.cast.everyone();
    everyone
        .map(|persona| (persona.name.as_str(), traits(scene.site(), persona)))
        .collect()
}

fn in_common(by_name: &Traits<'_>, one: &str, other: &str) -> Vec<String> {
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
struct Asking<'a> {
    scene: &'a Scene<'a>,
    scope: &'a Scope,
    /// Whose looks at lists come first: they are the twins of what is asked there after them.
    looking: Looking,
    old_session: Option<&'a Arc<OldSessions>>,
    wrong: Option<Keys>,
    /// Targets so far.
    count: AtomicU32,
}

impl Asking<'_> {
    /// Has everybody go through their part of a plan, side by side, listening all the while where there is something to listen to, and
    /// feels their pulse afterwards.
    async fn go_through(&self, planned: Vec<Planned>) {
        let surfaces = &self.scene.site().profile.surface;
        let listens = |one: &Planned| surfaces.get(&one.surface).is_some_and(Surface::is_listened_to);
        let mut names: Vec<String> = planned.iter().map(|one| one.who.clone()).collect();
        names.sort();
        names.dedup();
        let (listening, asking): (Vec<Planned>, Vec<Planned>) = planned.into_iter().partition(listens);
        let looks_first = |one: &Planned| {
            one.technique == LOOK && self.looking.contains(&(one.who.clone(), one.surface.clone()))
        };
        let (first, then): (Vec<Planned>, Vec<Planned>) = asking.into_iter().partition(looks_first);
        let asking = async {
            self.ask_each(first).await;
            self.ask_each(then).await;
        };
        futures::future::join(self.listen(&listening), asking).await;
        let pulses = names.iter().map(|name| async {
            if let Actor::Persona(persona) = self.actor(name) {
                self.bystander(name).pulse(&persona).await;
            }
        });
        futures::future::join_all(pulses).await;
    }

    /// All who listen do so at the same time.
    async fn listen(&self, planned: &[Planned]) {
        let surfaces = &self.scene.site().profile.surface;
        let listeners = planned.iter().filter_map(|one| {
            let stream = surfaces.get(&one.surface)?.stream.as_ref()?;
            Some((one, stream, self.bystander(&one.who)))
        });
        let listeners: Vec<_> = listeners.collect();
        let counted = listeners
            .iter()
            .map(|(_, stream, bystander)| (*stream, bystander.about()));
        let parties = together::parties(counted);
        let listening = listeners.iter().map(|(one, stream, bystander)| {
            let ticket = together::ticket(&parties, stream);
            bystander.try_listening(one, ticket)
        });
        // every ticket is taken before the first of them listens
        let listening: Vec<_> = listening.collect();
        futures::future::join_all(listening).await;
    }

    async fn ask_each(&self, planned: Vec<Planned>) {
        let mut by_asker: BTreeMap<String, Vec<Planned>> = BTreeMap::new();
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
