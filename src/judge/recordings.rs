//! Whose recording is whose, over the whole run: a few bytes each, kept when its scenario has ended, because a recording may
//! come out in another scenario later.

use super::scenario_facts::PersonaFacts;
use crate::ledger::{Modality, Plant};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What has to be known of a recording to judge that it came out.
#[derive(Debug, Clone)]
pub(super) struct RecordingFacts {
    pub(super) scenario: u32,
    pub(super) owner: Arc<str>,
    pub(super) role: Arc<str>,
    /// What the owner goes by in each relation.
    pub(super) traits: Arc<BTreeMap<String, String>>,
    pub(super) modality: Modality,
    pub(super) media_bytes: u64,
}

#[derive(Debug, Default)]
pub(super) struct Recordings {
    known: HashMap<u32, RecordingFacts>,
    /// The same few names come back in every scenario.
    names: HashSet<Arc<str>>,
}

impl Recordings {
    pub(super) fn plant(&mut self, plant: &Plant, owner: &PersonaFacts) {
        let known = RecordingFacts {
            scenario: plant.scenario,
            owner: self.intern(&plant.owner),
            role: self.intern(&owner.role),
            traits: Arc::clone(&owner.traits),
            modality: plant.modality,
            media_bytes: plant.media_bytes,
        };
        self.known.entry(plant.recording).or_insert(known);
    }

    /// The stack keeps it in a form of its own, by whose length it is told what is whole.
    pub(super) fn stored(&mut self, recording: u32, media_bytes: u64) {
        if let Some(known) = self.known.get_mut(&recording) {
            known.media_bytes = media_bytes;
        }
    }

    pub(super) fn get(&self, recording: u32) -> Option<&RecordingFacts> {
        self.known.get(&recording)
    }

    fn intern(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.names.insert(Arc::clone(&name));
        name
    }
}
