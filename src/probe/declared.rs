//! What a profile says beforehand, as the judge reads it.

use super::plan::{surfaces, techniques};
use crate::ledger::{Coverable, Entry, Exception, Extent, Relation};
use crate::profile::Profile;

/// The profile's exceptions and relations, and what could be tried at its surfaces, as entries of the ledger.
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
        Entry::Relation(Relation {
            name: name.clone(),
            reads: relation
                .reads
                .clone()
                .unwrap_or_else(|| format!("has the same `{name}`")),
        })
    });
    let coverable = Coverable {
        techniques: techniques().map(|one| one.name.to_owned()).collect(),
        surfaces: surfaces(profile).map(|(name, _)| name.clone()).collect(),
    };
    let coverable = (!coverable.surfaces.is_empty()).then_some(Entry::Coverable(coverable));
    exceptions.chain(relations).chain(coverable)
}
