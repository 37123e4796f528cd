//! The plan: who tries what, where. A pure function of the profile, the people and the recordings.

mod dedupe;
mod pairs;
mod relationship;
mod repeats;
mod sampling;

pub use dedupe::{PeopleFacts, once_for_all_alike};
pub(super) use pairs::pairs;
pub use relationship::relations;
pub use repeats::several_times;
pub use sampling::{Sampling, cover};

use super::probe_request::Variant;
use super::twins::variants;
use crate::cast::{NOBODY, WRONG_CREDENTIALS};
use crate::ledger::Claim;
use crate::plant::planting::Recording;
use crate::profile::{Profile, SentCredentials, Surface};
use crate::technique::{self, Technique};
use std::collections::BTreeMap;

/// So many recordings of one owner are reached for one by one; of an owner with more, the first and the last. Lists are
/// judged against all.
const PER_OWNER: usize = 6;

/// What an assertion is about.
#[derive(Debug, Clone)]
pub struct Scope {
    /// What is claimed.
    pub claim: Claim,
    /// Only these people ask; empty: everyone, and nobody.
    pub askers: Vec<String>,
    /// Only these recordings are asked for; empty: all.
    pub recordings: Vec<u32>,
    /// Only surfaces whose addresses can be handed out.
    pub links_only: bool,
}

impl Scope {
    /// Everyone, everything.
    #[must_use]
    pub fn all(claim: Claim) -> Self {
        Self {
            claim,
            askers: Vec::new(),
            recordings: Vec::new(),
            links_only: false,
        }
    }

    /// Whether nobody at all should get what this is about, its owner included.
    pub(crate) fn is_for_nobody(&self) -> bool {
        matches!(self.claim, Claim::NoOne | Claim::Gone)
    }

    fn asks(&self, name: &str) -> bool {
        self.askers.is_empty() || self.askers.iter().any(|asker| asker == name)
    }

    pub(super) fn covers(&self, recording: u32) -> bool {
        self.recordings.is_empty() || self.recordings.contains(&recording)
    }

    pub(super) fn takes(&self, surface: &Surface) -> bool {
        !self.links_only || surface.link
    }
}

/// One thing to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedProbe {
    /// Who tries it.
    pub who: String,
    /// How.
    pub technique: Technique,
    /// Where: the surface's name in the profile.
    pub surface: String,
    /// And in which variant.
    pub variant: Variant,
    /// What for; none: whatever the list holds.
    pub recording: Option<u32>,
}

/// Somebody who can ask.
#[derive(Debug, Clone)]
pub struct Requester {
    /// Name in the scenario.
    pub name: String,
    /// Role in the profile.
    pub role: String,
    /// The tenant at whose address they ask; none: at the default one.
    pub tenant: Option<String>,
}

impl Requester {
    /// The visitor with wrong credentials.
    #[must_use]
    pub fn with_wrong_credentials() -> Self {
        Self {
            name: WRONG_CREDENTIALS.to_owned(),
            role: String::new(),
            tenant: None,
        }
    }

    /// Whoever is not signed in, and has what somebody of a role was signed in with.
    #[must_use]
    pub fn with_an_old_session(role: &str) -> Self {
        Self {
            name: NOBODY.to_owned(),
            role: role.to_owned(),
            tenant: None,
        }
    }
}

/// Makes the plan of an assertion.
///
/// Whoever is not signed in asks too; where they are among `people`, it is with what somebody of their role carried once.
#[must_use]
pub fn plan(
    profile: &Profile,
    people: &[Requester],
    recordings: &[Recording],
    scope: &Scope,
) -> Vec<PlannedProbe> {
    let targets: Vec<&Recording> = recordings.iter().filter(|one| scope.covers(one.number)).collect();
    let nobody = Requester {
        name: NOBODY.to_owned(),
        role: String::new(),
        tenant: None,
    };
    let nobody = Some(&nobody).filter(|_| !people.iter().any(|one| one.name == NOBODY));
    people
        .iter()
        .chain(nobody)
        .filter(|asker| scope.asks(&asker.name))
        .flat_map(|asker| plan_for_requester(profile, asker, recordings, &targets, scope))
        .collect()
}

fn plan_for_requester(
    profile: &Profile,
    asker: &Requester,
    recordings: &[Recording],
    targets: &[&Recording],
    scope: &Scope,
) -> Vec<PlannedProbe> {
    let no_one = scope.is_for_nobody();
    let not_yet = scope.claim == Claim::NotYet;
    // sampled before it is asked whose they are, so that the twins are of the same recordings
    let sampled: Vec<&Recording> = sample(targets)
        .into_iter()
        .filter(|one| no_one || !one.may_be_seen_by(&asker.name))
        .collect();
    if asker.name == WRONG_CREDENTIALS {
        return plan_for_visitor(profile, &sampled, scope);
    }
    let owns_a_link = recordings.iter().any(|one| one.owner.name == asker.name);
    let mut planned = Vec::new();
    for (name, surface) in &profile.surface {
        if !scope.takes(surface)
            || !is_open_to(profile, asker, surface)
            || !targets.iter().any(|one| one.is_shown_at(surface))
            || (surface.write.is_some() && (no_one || not_yet))
            // what is told as it happens is told when it is finished
            || (surface.stream.is_some() && not_yet)
            // what is not finished has not been put there
            || (surface.twin.is_some() && not_yet)
        {
            continue;
        }
        let mut add = |technique, variant, recording| {
            planned.push(PlannedProbe {
                who: asker.name.clone(),
                technique,
                surface: name.clone(),
                variant,
                recording,
            });
        };
        if surface.twin.is_some() {
            let technique = signed_in(asker, technique::DIRECT_STORAGE_ACCESS);
            if surface.list.is_some() {
                add(technique, Variant::Whole, None);
                continue;
            }
            for recording in &sampled {
                for variant in variants(surface) {
                    add(technique, variant, Some(recording.number));
                }
            }
            continue;
        }
        if surface.list.is_some() {
            add(signed_in(asker, technique::LIST_OWN), Variant::Whole, None);
            continue;
        }
        if surface.is_listened_to() {
            // there is nothing more to be told of what was deleted
            if targets.iter().all(|one| one.deleted) {
                continue;
            }
            add(signed_in(asker, technique::LISTEN), Variant::Whole, None);
            continue;
        }
        let sampled = sampled.iter().filter(|one| one.is_shown_at(surface));
        if surface.write.is_some() {
            for recording in sampled.filter(|one| !one.deleted) {
                add(technique::BOLA_WRITE, Variant::Whole, Some(recording.number));
            }
            continue;
        }
        for recording in sampled {
            let number = Some(recording.number);
            let own = recording.may_be_seen_by(&asker.name);
            let asked = if own {
                technique::LIST_OWN
            } else {
                signed_in(asker, technique::BOLA)
            };
            add(asked, Variant::Whole, number);
            if surface.ranges {
                add(
                    if own {
                        technique::LIST_OWN
                    } else {
                        signed_in(asker, technique::RANGE_REQUEST)
                    },
                    Variant::Range,
                    number,
                );
            }
            if surface.head {
                add(
                    if own {
                        technique::LIST_OWN
                    } else {
                        signed_in(asker, technique::HEAD_REQUEST)
                    },
                    Variant::Head,
                    number,
                );
            }
            // of what is not finished nobody has been handed a link
            if surface.link && !not_yet {
                let kept = if recording.owner.name == asker.name {
                    technique::STALE_LINK
                } else {
                    technique::LEAKED_LINK
                };
                add(kept, Variant::Whole, number);
                if recording.former.contains(&asker.name) {
                    add(technique::STALE_LINK, Variant::Whole, number);
                }
                if owns_a_link && !own {
                    add(technique::SIGNED_LINK_TAMPERING, Variant::Whole, number);
                }
            }
        }
    }
    planned
}

/// Credentials that nobody ever held are tried once at each surface, since some stacks lock an address out after a few.
fn plan_for_visitor(profile: &Profile, sampled: &[&Recording], scope: &Scope) -> Vec<PlannedProbe> {
    let first = |surface: &Surface| {
        let to_be_tried = |one: &&&Recording| {
            // what was deleted nobody reads back
            let is_gone = surface.write.is_some() && one.deleted;
            one.is_shown_at(surface) && !is_gone
        };
        sampled.iter().find(to_be_tried)
    };
    let no_one = scope.is_for_nobody();
    let surfaces = profile.surface.iter().filter(|(_, surface)| {
        // where nothing of theirs goes along, it is what nobody tries already
        let carries = surface.credentials == SentCredentials::Own || !surface.steps.is_empty();
        first(surface).is_some()
            && scope.takes(surface)
            && surface.session.is_none()
            && carries
            && !(surface.write.is_some() && (no_one || scope.claim == Claim::NotYet))
            && !((surface.stream.is_some() || surface.twin.is_some()) && scope.claim == Claim::NotYet)
    });
    let planned = surfaces.filter_map(|(name, surface)| {
        Some(PlannedProbe {
            who: WRONG_CREDENTIALS.to_owned(),
            technique: technique::INVALID_CREDENTIALS,
            surface: name.clone(),
            variant: Variant::Whole,
            recording: match surface.list.is_some() || surface.is_listened_to() {
                true => None,
                false => Some(first(surface)?.number),
            },
        })
    });
    planned.collect()
}

/// Nobody has nothing to swap: what they do is to ask without signing in.
fn signed_in(asker: &Requester, technique: Technique) -> Technique {
    if asker.name == NOBODY {
        technique::ANONYMOUS
    } else {
        technique
    }
}

/// A surface that wants a session which the role does not have is not theirs; nobody is tried where no session is named.
fn is_open_to(profile: &Profile, asker: &Requester, surface: &Surface) -> bool {
    let Some(session) = &surface.session else {
        return true;
    };
    profile
        .role
        .get(&asker.role)
        .is_some_and(|role| role.session.contains_key(session.as_str()))
}

/// The recordings that are reached for one by one.
pub(super) fn sample<'a>(recordings: &[&'a Recording]) -> Vec<&'a Recording> {
    let mut by_owner: BTreeMap<&str, Vec<&Recording>> = BTreeMap::new();
    for recording in recordings {
        by_owner.entry(&recording.owner.name).or_default().push(recording);
    }
    by_owner
        .into_values()
        .flat_map(|mut theirs| {
            if theirs.len() > PER_OWNER {
                theirs = theirs.first().into_iter().chain(theirs.last()).copied().collect();
            }
            theirs
        })
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests;
