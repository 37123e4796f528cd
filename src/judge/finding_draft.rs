//! Making a finding of a leak, and of several leaks one.

use super::content::Leak;
use super::finding::{Evidence, Finding, FindingKind, STRANGER, SharedRelation, TwinEvidence};
use super::recordings::Recordings;
use super::scenario_facts::ScenarioFacts;
use super::twins::{Twin, Twins};
use super::{sentence, standards, techniques};
use crate::ledger::{Claim, Exchange, Extent, Facet, Purpose, Temperament};
use crate::technique::BOLA_ACTION;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// The owner's name when what came out is a count.
const OTHERS: &str = "others";

/// What makes two leaks one finding.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct FindingKey {
    scenario: u32,
    owner: String,
    bystander: String,
    surface: String,
    technique: String,
    state: u32,
    changed: bool,
}

/// A finding and what it is counted by.
#[derive(Debug, Clone)]
pub(super) struct FindingDraft {
    pub(super) finding: Finding,
    /// Number of the world state.
    pub(super) state: u32,
    recordings: BTreeSet<u32>,
    whole: BTreeSet<u32>,
    strangers: u32,
    /// The twin of the probe that shows it, until its answer is filled in.
    twin: Option<TwinRef>,
}

/// The other half of a probe.
#[derive(Debug, Clone, Copy)]
enum TwinRef {
    /// This exchange.
    Exchange(u64),
    /// Whatever showed this recording in the same list and in the same state.
    Beside(u32),
}

/// What is known of the step and the scenario around a leak.
pub(super) struct LeakContext<'a> {
    pub(super) scene: &'a ScenarioFacts,
    pub(super) recordings: &'a Recordings,
    /// How relations read, by name.
    pub(super) relations: &'a BTreeMap<String, String>,
    pub(super) scenario: &'a str,
    pub(super) feature: &'a str,
    pub(super) file: &'a str,
    pub(super) step: Option<&'a str>,
    pub(super) claim: Option<Claim>,
}

impl LeakContext<'_> {
    /// The relations in which whoever got it stands to the owner.
    pub(super) fn shared_relations(&self, exchange: &Exchange, leak: &Leak) -> Vec<String> {
        let known = leak
            .recording
            .and_then(|recording| self.recordings.get(recording));
        if let Some(known) = known {
            return self
                .scene
                .shared_relations(&exchange.who, &known.owner, &known.traits);
        }
        let owner = leak.owner.as_deref().unwrap_or_default();
        let person = self.scene.people.get(owner);
        person.map_or_else(Vec::new, |person| {
            self.scene.shared_relations(&exchange.who, owner, &person.traits)
        })
    }
}

/// Makes a finding of one leak.
pub(super) fn make(
    setting: &LeakContext<'_>,
    exchange: &Exchange,
    leak: &Leak,
) -> (FindingKey, FindingDraft) {
    let known = leak
        .recording
        .and_then(|recording| setting.recordings.get(recording));
    let (owner, owner_role) = match (known, leak.kind) {
        (Some(known), _) if known.scenario == exchange.scenario => {
            (known.owner.to_string(), known.role.to_string())
        }
        (Some(known), _) => (
            format!("{} (of another scenario)", known.owner),
            known.role.to_string(),
        ),
        (None, FindingKind::Total) => (OTHERS.to_owned(), String::new()),
        (None, FindingKind::Acted) => {
            let owner = leak.owner.clone().unwrap_or_default();
            let role = setting.scene.people.get(&owner).map(|person| person.role.clone());
            (owner, role.unwrap_or_default())
        }
        (None, _) if leak.recording.is_some() => ("somebody of another scenario".to_owned(), String::new()),
        (None, _) => (STRANGER.to_owned(), String::new()),
    };
    let pair = (exchange.who.clone(), owner.clone());
    let (technique, temperament) = match setting.scene.helped_themselves.contains(&pair) {
        true => (BOLA_ACTION.name.to_owned(), BOLA_ACTION.temperament),
        false => technique(exchange),
    };
    let surface = exchange.surface.clone().unwrap_or_else(|| "elsewhere".to_owned());
    let people = &setting.scene.people;
    let mut finding = Finding {
        id: String::new(),
        sentence: String::new(),
        kind: leak.kind,
        rule: leak.kind.rule(),
        extent: leak.extent,
        owner,
        owner_role,
        bystander: exchange.who.clone(),
        bystander_role: people
            .get(&exchange.who)
            .map_or_else(String::new, |person| person.role.clone()),
        in_common: setting
            .shared_relations(exchange, leak)
            .into_iter()
            .map(|name| SharedRelation {
                reads: setting.relations.get(&name).cloned().unwrap_or_default(),
                relation: name,
            })
            .collect(),
        surface,
        technique,
        also_by: Vec::new(),
        temperament,
        state: setting.scene.moments.description(exchange.state),
        state_class: setting.scene.moments.class(exchange.state),
        scenario_number: exchange.scenario,
        scenario: setting.scenario.to_owned(),
        feature: setting.feature.to_owned(),
        file: setting.file.to_owned(),
        line: exchange.line,
        step: setting.step.map(str::to_owned),
        claim: setting
            .claim
            .filter(|_| matches!(exchange.part, Purpose::Probe { .. })),
        cwe: Vec::new(),
        since_transition_ms: setting.scene.moments.since(exchange),
        moment: setting.scene.moments.phrase(exchange),
        recordings: 0,
        whole_recordings: 0,
        modality: known.map(|known| known.modality),
        facets: leak.facet.into_iter().collect(),
        evidence: evidence(exchange, leak),
    };
    finding.id = id(&finding);
    let mut found = FindingDraft {
        finding,
        state: exchange.state,
        recordings: leak.recording.into_iter().collect(),
        whole: leak
            .recording
            .filter(|_| leak.extent == Extent::Full)
            .into_iter()
            .collect(),
        strangers: leak.strangers,
        twin: twin_of(exchange, leak.recording),
    };
    found.restate();
    let key = FindingKey {
        scenario: exchange.scenario,
        owner: found.finding.owner.clone(),
        bystander: exchange.who.clone(),
        surface: found.finding.surface.clone(),
        technique: found.finding.technique.clone(),
        state: exchange.state,
        changed: leak.kind.is_a_change(),
    };
    (key, found)
}

impl FindingDraft {
    /// Takes in another leak of the same finding: the worst extent wins, and brings its evidence.
    pub(super) fn merge(&mut self, other: FindingDraft) {
        let modality = self
            .finding
            .modality
            .filter(|modality| other.finding.modality == Some(*modality));
        let mut facets: BTreeSet<Facet> = self.finding.facets.iter().copied().collect();
        facets.extend(&other.finding.facets);
        self.recordings.extend(&other.recordings);
        self.whole.extend(&other.whole);
        self.strangers = self.strangers.max(other.strangers);
        if other.finding.extent > self.finding.extent {
            self.finding = other.finding;
            self.twin = other.twin;
        }
        self.finding.modality = modality;
        self.finding.facets = facets.into_iter().collect();
        self.restate();
    }

    /// The twin, if the scenario has it.
    pub(super) fn twin_in<'a>(&self, twins: &'a Twins) -> Option<&'a Twin> {
        match self.twin? {
            TwinRef::Exchange(number) => twins.get(number),
            TwinRef::Beside(recording) => {
                let is_owner = |who: &str| who == self.finding.owner;
                twins.find_for_list(Some(&self.finding.surface), self.state, recording, is_owner)
            }
        }
    }

    pub(super) fn fill_twin(&mut self, twin: &Twin) {
        self.twin = None;
        self.finding.evidence.twin = Some(TwinEvidence {
            exchange: twin.exchange,
            who: twin.who.clone(),
            status: twin.status,
            content_type: twin.content_type.clone(),
            bytes: twin.bytes,
        });
    }

    pub(super) fn restate(&mut self) {
        let count = |set: &BTreeSet<u32>| u32::try_from(set.len()).unwrap_or(u32::MAX);
        self.finding.recordings = count(&self.recordings).saturating_add(self.strangers);
        self.finding.whole_recordings = count(&self.whole);
        self.finding.cwe = standards::cwe(&self.finding);
        self.finding.sentence = sentence::in_words(&[&self.finding]);
    }
}

/// By what it came out, and how whoever got it behaved.
pub(super) fn technique(exchange: &Exchange) -> (String, Temperament) {
    match &exchange.part {
        Purpose::Probe {
            technique,
            temperament,
            ..
        }
        | Purpose::Again {
            technique,
            temperament,
            ..
        }
        | Purpose::Attempt {
            technique,
            temperament,
            ..
        } => (technique.clone(), *temperament),
        Purpose::Control { technique, .. } => (technique.clone(), techniques::temperament_of(technique)),
        Purpose::Setup { .. }
        | Purpose::Operator { .. }
        | Purpose::Twin { .. }
        | Purpose::Pulse { .. }
        | Purpose::ReadBack { .. } => {
            // what the owner sends first, to see whether the stack understands it, is tried all the same
            let technique = exchange
                .request
                .rewritten_by
                .as_deref()
                .unwrap_or(techniques::IN_PASSING);
            (technique.to_owned(), techniques::temperament_of(technique))
        }
    }
}

fn twin_of(exchange: &Exchange, recording: Option<u32>) -> Option<TwinRef> {
    let Purpose::Probe { targets, .. } = &exchange.part else {
        return None;
    };
    let target = targets
        .iter()
        .find(|target| Some(target.recording) == recording)
        .or(targets.first());
    let target = target?;
    Some(
        target
            .twin
            .map_or(TwinRef::Beside(target.recording), TwinRef::Exchange),
    )
}

fn evidence(exchange: &Exchange, leak: &Leak) -> Evidence {
    let during = match &exchange.part {
        Purpose::Setup { what } | Purpose::Operator { what } => Some(what.clone()),
        _ if exchange.surface.is_some() => None,
        Purpose::Pulse { .. } => Some("am I still signed in?".to_owned()),
        _ => Some(format!("{} {}", exchange.request.method, exchange.request.url)),
    };
    Evidence {
        exchange: exchange.exchange,
        during,
        method: exchange.request.method.clone(),
        url: exchange.request.url.clone(),
        status: exchange.response.status,
        content_type: exchange.response.content_type.clone(),
        bytes: exchange.response.bytes,
        sha256: exchange.response.sha256.clone(),
        head: exchange.response.head.clone(),
        place: leak.seen.as_ref().map(|seen| seen.place.clone()),
        form: leak.seen.as_ref().map(|seen| seen.form.clone()),
        offset: leak.seen.as_ref().map(|seen| seen.offset),
        twin: None,
        control: None,
    }
}

/// Stable from run to run: no names, numbers, ports or canaries.
fn id(finding: &Finding) -> String {
    let relation = if finding.owner == finding.bystander {
        "self".to_owned()
    } else {
        format!("{} > {}", finding.owner_role, finding.bystander_role)
    };
    let parts: [&str; 5] = [
        finding.kind.word(),
        &finding.surface,
        &finding.technique,
        &relation,
        &finding.state_class,
    ];
    // what they have in common points to another mistake in the stack, and is part of what the leak is
    let common = finding.in_common.iter().map(|common| common.relation.as_str());
    let parts: Vec<&str> = parts.into_iter().chain(common).collect();
    let digest = Sha256::digest(parts.join("\n").as_bytes());
    hex::encode(digest).chars().take(12).collect()
}
