//! Which techniques were tried at which surfaces, of those that write a request anew, and which were not and why.

use super::techniques;
use crate::ledger::{Coverable, Exchange, LeftOut, Purpose};
use crate::technique::RequestShape;
use serde::Serialize;
use std::collections::BTreeMap;

/// A technique at a surface.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TechniqueCoverage {
    /// The technique.
    pub technique: String,
    /// The surface.
    pub surface: String,
    /// In how many requests it was tried.
    pub probed: u64,
    /// Why it does not apply there, in plain words: the stack does not understand it for the owner either, or there is nothing to write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Coverage(BTreeMap<(String, String), TechniqueCoverage>);

impl Coverage {
    /// What could be tried.
    pub(super) fn expect(&mut self, coverable: &Coverable) {
        for technique in &coverable.techniques {
            for surface in &coverable.surfaces {
                self.entry(technique, surface);
            }
        }
    }

    pub(super) fn probe(&mut self, exchange: &Exchange) {
        if let (Purpose::Probe { technique, .. }, Some(surface)) = (&exchange.part, &exchange.surface)
            && is_rewritten(technique)
        {
            self.entry(technique, surface).probed += 1;
        }
    }

    /// Takes in what was left out, if it is of this kind.
    pub(super) fn left_out(&mut self, one: &LeftOut) -> bool {
        let mine = is_rewritten(&one.technique);
        if mine {
            self.entry(&one.technique, &one.surface)
                .not_applicable
                .get_or_insert_with(|| one.why.clone());
        }
        mine
    }

    fn entry(&mut self, technique: &str, surface: &str) -> &mut TechniqueCoverage {
        // a part of it is asked for at the same surface
        let surface = surface.strip_suffix("-range").unwrap_or(surface);
        let key = (technique.to_owned(), surface.to_owned());
        self.0.entry(key).or_insert_with(|| TechniqueCoverage {
            technique: technique.to_owned(),
            surface: surface.to_owned(),
            probed: 0,
            not_applicable: None,
        })
    }

    /// What was tried applies.
    pub(super) fn into_report(self) -> Vec<TechniqueCoverage> {
        let told = self.0.into_values().map(|one| TechniqueCoverage {
            not_applicable: one.not_applicable.filter(|_| one.probed == 0),
            ..one
        });
        told.collect()
    }
}

fn is_rewritten(technique: &str) -> bool {
    techniques::plainness(technique) == RequestShape::Rewritten
}
