//! What a profile says beforehand, as the judge reads it.

use super::plan::pairs;
use crate::ledger::{Coverable, Entry, Exception, Extent, Lists, Operator, SharedAttribute};
use crate::profile::Profile;
use std::collections::{BTreeMap, BTreeSet};

/// The profile's exceptions and relations, its lists, and what could be tried at its surfaces, as entries of the ledger.
pub fn entries(profile: &Profile) -> impl Iterator<Item = Entry> + '_ {
    let exceptions = profile.exception.iter().map(|exception| {
        Entry::Exception(Exception {
            surface: exception.surface.to_string(),
            who: exception.who.clone(),
            to: exception.to.iter().map(ToString::to_string).collect(),
            technique: exception.technique.as_ref().map(ToString::to_string),
            // a word that is none allows as little as can be
            extent: exception
                .extent
                .as_ref()
                .map(|word| Extent::from_word(word).unwrap_or(Extent::Existence)),
            reason: exception.reason.clone(),
        })
    });
    let relations = profile.relation.iter().map(|(name, relation)| {
        Entry::Relation(SharedAttribute {
            name: name.clone(),
            reads: relation
                .reads
                .clone()
                .unwrap_or_else(|| format!("has the same `{name}`")),
        })
    });
    let coverable = coverable(profile).into_iter().map(Entry::Coverable);
    let twins: BTreeSet<&str> = profile
        .surface
        .values()
        .filter_map(|surface| surface.twin.as_deref())
        .collect();
    let twins = twins.into_iter().map(|role| {
        Entry::Operator(Operator {
            role: role.to_owned(),
        })
    });
    let lists = profile
        .surface
        .iter()
        .filter(|(_, surface)| surface.list.is_some());
    let surfaces: Vec<String> = lists.map(|(name, _)| name.clone()).collect();
    let lists = (!surfaces.is_empty()).then_some(Entry::Lists(Lists { surfaces }));
    let before = exceptions.chain(relations).chain(twins);
    before.chain(lists).chain(coverable)
}

/// The techniques with the surfaces at which they can be tried; those with the same surfaces together.
pub fn coverable(profile: &Profile) -> Vec<Coverable> {
    let mut surfaces: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, _, technique) in pairs(profile) {
        surfaces.entry(technique.name).or_default().push(name.clone());
    }
    let mut coverable: Vec<Coverable> = Vec::new();
    for (technique, surfaces) in surfaces {
        match coverable.iter_mut().find(|known| known.surfaces == surfaces) {
            Some(known) => known.techniques.push(technique.to_owned()),
            None => coverable.push(Coverable {
                techniques: vec![technique.to_owned()],
                surfaces,
            }),
        }
    }
    coverable
}
