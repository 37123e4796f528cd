//! What is excepted: exceptions that the profile declares. A leak that one covers makes nothing worse, and is told.

use super::content::Leak;
use super::finding::FindingKind;
use super::judgement::Excepted;
use crate::ledger::Exception;
use std::collections::BTreeSet;

/// To whom an exception without a word about it applies.
const ANYONE: &str = "anyone";
/// The surface of an exception for all of them.
const EVERYWHERE: &str = "*";

/// The exceptions of a run, with the exchanges that each was seen in.
#[derive(Debug, Default)]
pub(super) struct Exceptions(Vec<(Exception, BTreeSet<u64>)>);

/// One leak, as far as an exception may depend on it.
pub(super) struct LeakCase<'a> {
    pub(super) exchange: u64,
    pub(super) surface: &'a str,
    pub(super) technique: &'a str,
    pub(super) who: &'a str,
    /// The role of who got it; empty when unknown.
    pub(super) role: &'a str,
    /// What they have in common with the owner.
    pub(super) relations: &'a [String],
    pub(super) leak: &'a Leak,
}

impl Exceptions {
    pub(super) fn declare(&mut self, exception: &Exception) {
        if !self.0.iter().any(|(known, _)| known == exception) {
            self.0.push((exception.clone(), BTreeSet::new()));
        }
    }

    /// Whether a leak is excepted; the first exception that covers it has been seen once more.
    pub(super) fn covers(&mut self, case: &LeakCase<'_>) -> bool {
        // what this run did not plant belongs to real people
        let somebodys = case.leak.recording.is_some() || case.leak.owner.is_some();
        if !somebodys || case.leak.kind == FindingKind::Stranger {
            return false;
        }
        let covering = self.0.iter_mut().find(|(exception, _)| applies(exception, case));
        covering.is_some_and(|(_, seen)| {
            seen.insert(case.exchange);
            true
        })
    }

    pub(super) fn into_report(self) -> Vec<Excepted> {
        let told = self.0.into_iter().map(|(exception, seen)| Excepted {
            surface: exception.surface,
            who: exception.who,
            to: exception.to,
            technique: exception.technique,
            extent: exception.extent,
            reason: exception.reason,
            seen: seen.len() as u64,
        });
        told.collect()
    }
}

fn applies(exception: &Exception, case: &LeakCase<'_>) -> bool {
    let here = match exception.surface.as_str() {
        // that everybody may read everywhere does not let anybody write
        EVERYWHERE => !case.leak.kind.is_a_change(),
        name => {
            let rest = case.surface.strip_prefix(name);
            matches!(rest, Some("" | "-range" | "-head"))
        }
    };
    let to = exception.to.is_empty()
        || exception.to.iter().any(|to| {
            to == ANYONE
                || to == case.who
                || (!case.role.is_empty() && to == case.role)
                || case.relations.contains(to)
        });
    let technique = exception
        .technique
        .as_deref()
        .is_none_or(|name| name == case.technique);
    let extent = exception.extent.is_none_or(|most| case.leak.extent <= most);
    here && to && technique && extent
}
