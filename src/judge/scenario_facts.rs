//! What has to be known of a scenario while it runs: its people, rights, world states, twins and open questions.

use super::pending_assertion::PendingAssertion;
use super::recordings::Recordings;
use super::techniques;
use super::transition_history::TransitionHistory;
use super::twins::Twins;
use crate::ledger::{Change, Claim, Exchange, Grant, Persona, Purpose, Transition};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The facts of one scenario that is under way.
#[derive(Debug, Default)]
pub(super) struct ScenarioFacts {
    /// By name.
    pub(super) people: HashMap<String, PersonaFacts>,
    /// Recordings by the name of their owner.
    pub(super) own: HashMap<String, BTreeSet<u32>>,
    /// Active grants: recording, to whom, why.
    grants: BTreeSet<(u32, String, String)>,
    /// Recordings that were deleted.
    deleted: BTreeSet<u32>,
    /// World states and what led to them.
    pub(super) moments: TransitionHistory,
    /// What people with a right got.
    pub(super) twins: Twins,
    /// Assertions that have begun and not concluded.
    pub(super) asking: BTreeMap<u32, PendingAssertion>,
    /// Exchanges in which recordings were seen before the ledger told whose they are.
    pub(super) early: Vec<Exchange>,
    /// The last exchange in which somebody tried something.
    pub(super) tried: u64,
    /// By number, the exchanges by which somebody tried to do something in another's place.
    pub(super) attempts: BTreeMap<u64, Exchange>,
    /// Who gave themselves a right to whose recordings: what comes out to them afterwards has come of that.
    pub(super) helped_themselves: BTreeSet<(String, String)>,
    /// By name, the last exchange that showed that somebody's session was alive.
    pub(super) alive: HashMap<String, u64>,
    /// Nothing more is asked here.
    pub(super) ended: bool,
}

/// What has to be known of somebody.
#[derive(Debug, Clone, Default)]
pub(super) struct PersonaFacts {
    pub(super) role: String,
    /// Relation name to what they go by in it.
    pub(super) traits: Arc<BTreeMap<String, String>>,
}

impl PersonaFacts {
    pub(super) fn of(persona: &Persona) -> Self {
        Self {
            role: persona.role.clone(),
            traits: Arc::new(persona.traits.clone()),
        }
    }
}

impl ScenarioFacts {
    /// Drops everything but rights and states, by which a late answer is still judged.
    pub(super) fn end_scenario(&mut self) {
        self.ended = true;
        self.twins = Twins::default();
        self.asking = BTreeMap::new();
        self.early = Vec::new();
        self.attempts = BTreeMap::new();
    }

    pub(super) fn own(&mut self, owner: &str, recording: u32) {
        self.own.entry(owner.to_owned()).or_default().insert(recording);
    }

    /// Gives a right or takes it away. A revocation ends the grant of the same reason, or every grant when it names none.
    pub(super) fn grant(&mut self, grant: &Grant) {
        let key = (grant.recording, grant.to.clone(), grant.why.clone());
        if !grant.revoked {
            self.grants.insert(key);
        } else if !self.grants.remove(&key) {
            self.grants
                .retain(|(recording, to, _)| *recording != grant.recording || *to != grant.to);
        }
    }

    /// The world changed. With a recording that is deleted every right to it ends.
    pub(super) fn record_transition(&mut self, transition: &Transition) {
        if let Change::Deleted { recording, .. } = &transition.change {
            self.deleted.insert(*recording);
            self.grants.retain(|(granted, ..)| granted != recording);
        }
        self.moments.record(transition);
    }

    /// Whether it was deleted.
    pub(super) fn is_deleted(&self, recording: u32) -> bool {
        self.deleted.contains(&recording)
    }

    /// Whether nobody at all should get this recording in this exchange, its owner included.
    pub(super) fn for_nobody(&self, exchange: &Exchange, recording: u32) -> bool {
        self.no_one(exchange) || (self.is_deleted(recording) && self.claims(exchange) == Some(Claim::Gone))
    }

    /// Whether `who` owns it or has been granted it, at this moment. Whoever deletes a recording keeps what they have of it, and so
    /// stays its owner; that they get it again is told where it is claimed that nobody does.
    pub(super) fn may_see(&self, who: &str, recording: u32) -> bool {
        !super::is_nobody(who) && (self.owns(who, recording) || self.granted(recording).any(|to| to == who))
    }

    /// Whether `who` owns it.
    pub(super) fn owns(&self, who: &str, recording: u32) -> bool {
        !super::is_nobody(who) && self.own.get(who).is_some_and(|own| own.contains(&recording))
    }

    /// How many recordings `who` may see at this moment.
    pub(super) fn how_many(&self, who: &str) -> u64 {
        if super::is_nobody(who) {
            return 0;
        }
        let mut all = self.own.get(who).cloned().unwrap_or_default();
        all.extend(
            self.grants
                .iter()
                .filter(|(_, to, _)| to == who)
                .map(|(recording, ..)| *recording),
        );
        all.len() as u64
    }

    fn granted(&self, recording: u32) -> impl Iterator<Item = &str> {
        self.grants
            .range((recording, String::new(), String::new())..)
            .take_while(move |(granted, ..)| *granted == recording)
            .map(|(_, to, _)| to.as_str())
    }

    /// Whether this exchange was asked where nobody has any right.
    pub(super) fn no_one(&self, exchange: &Exchange) -> bool {
        match &exchange.part {
            Purpose::Probe { technique, .. } => {
                self.claims(exchange) == Some(Claim::NoOne) || techniques::is_for_nobody(technique)
            }
            _ => false,
        }
    }

    /// What is claimed where a probe was sent.
    fn claims(&self, exchange: &Exchange) -> Option<Claim> {
        let asking = exchange.assertion.and_then(|number| self.asking.get(&number));
        asking
            .filter(|_| matches!(exchange.part, Purpose::Probe { .. }))
            .map(|asking| asking.claim)
    }

    /// The relations in which `who` stands to the owner of a recording, by what each of them goes by.
    pub(super) fn shared_relations(
        &self,
        who: &str,
        owner: &str,
        traits: &BTreeMap<String, String>,
    ) -> Vec<String> {
        let theirs = self.people.get(who).filter(|_| who != owner);
        let shared = theirs.into_iter().flat_map(|person| person.traits.iter());
        shared
            .filter(|(name, by)| traits.get(*name) == Some(*by))
            .map(|(name, _)| name.clone())
            .collect()
    }
}

/// Where one exchange stands: what its sender has a right to.
pub(super) struct SenderRights<'a> {
    pub(super) scene: &'a ScenarioFacts,
    pub(super) recordings: &'a Recordings,
    /// Nobody has any right in this exchange.
    pub(super) no_one: bool,
}

/// The relation of a sender to a recording.
pub(super) enum SenderRelation {
    /// They own it or were granted it.
    Right,
    /// They have no right to it.
    None,
    /// The ledger has not told yet whose it is.
    Unknown,
}

impl SenderRights<'_> {
    pub(super) fn relation(&self, exchange: &Exchange, recording: u32) -> SenderRelation {
        match self.recordings.get(recording) {
            None => SenderRelation::Unknown,
            // Rights are the scenario's own: Ada of another scenario is somebody else.
            Some(_)
                if !self.scene.for_nobody(exchange, recording)
                    && self.scene.may_see(&exchange.who, recording) =>
            {
                SenderRelation::Right
            }
            Some(_) => SenderRelation::None,
        }
    }

    pub(super) fn how_many(&self, who: &str) -> u64 {
        if self.no_one { 0 } else { self.scene.how_many(who) }
    }
}
