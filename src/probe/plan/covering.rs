//! What less plain techniques try: by default one bystander of each relation for each technique at each surface, shared out among the
//! scenarios of a run; all of it when thorough. The same in every run.

use super::{Asker, Planned, Scope, is_open_to, sample};
use crate::cast::{NOBODY, WRONG_CREDENTIALS};
use crate::ledger::Claim;
use crate::plant::planting::Recording;
use crate::probe::ask::Variant;
use crate::probe::technique::{CATALOGUE, Technique};
use crate::profile::{Profile, Sent, Surface};
use std::collections::BTreeMap;

/// Into so many parts at the most the pairs of a surface and a technique are shared out.
const PARTS: usize = 8;
/// So many scenarios try each part at the least: not every scenario asks what no one else may see, or has somebody who can try.
const SCENARIOS_A_PART: usize = 4;

/// How much of what less plain techniques could try is tried.
#[derive(Debug, Clone, Default)]
pub struct Spread {
    /// All of it, in every scenario.
    pub thorough: bool,
    /// The scenarios among which it is shared out, by number; with none, each scenario tries every pair.
    pub scenarios: Vec<u32>,
}

impl Spread {
    /// Whether this scenario tries this pair.
    fn takes(&self, scenario: u32, pair: usize) -> bool {
        let parts = (self.scenarios.len() / SCENARIOS_A_PART).clamp(1, PARTS);
        self.thorough || (pair + self.place(scenario)).is_multiple_of(parts)
    }

    fn place(&self, scenario: u32) -> usize {
        let place = self.scenarios.iter().position(|number| *number == scenario);
        place.unwrap_or(0)
    }
}

/// The techniques that write a request anew.
pub(in crate::probe) fn techniques() -> impl Iterator<Item = &'static Technique> {
    CATALOGUE.iter().filter(|technique| technique.rewriting.is_some())
}

/// The surfaces at which a request can be written anew: where one thing is fetched with one's own credentials, in one step.
pub(in crate::probe) fn surfaces(profile: &Profile) -> impl Iterator<Item = (&String, &Surface)> {
    profile.surface.iter().filter(|(_, surface)| {
        surface.list.is_none()
            && surface.write.is_none()
            && surface.stream.is_none()
            && surface.steps.is_empty()
            && surface.credentials == Sent::Own
            && surface.mentions("recording.id")
    })
}

/// What one scenario's step tries by less plain techniques. `common` says what two people have in common.
pub(in crate::probe) fn cover(
    profile: &Profile,
    people: &[Asker],
    recordings: &[Recording],
    scope: &Scope,
    (spread, scenario): (&Spread, u32),
    common: &dyn Fn(&str, &str) -> Vec<String>,
) -> Vec<Planned> {
    if scope.claim != Claim::NoOneElse || scope.links_only {
        return Vec::new();
    }
    let targets: Vec<&Recording> = recordings.iter().filter(|one| scope.covers(one.number)).collect();
    let targets = sample(&targets);
    let pairs = surfaces(profile).flat_map(|surface| techniques().map(move |technique| (surface, technique)));
    let taken = pairs
        .enumerate()
        .filter(|(pair, _)| spread.takes(scenario, *pair));
    let planned = taken.flat_map(|(pair, ((name, surface), technique))| {
        let candidates = candidates(profile, people, recordings, &targets, scope, surface);
        let chosen: Vec<(&Asker, u32)> = if spread.thorough {
            candidates
        } else {
            // from one surface to the next it is somebody else's turn
            let turn = pair + pair / techniques().count().max(1) + spread.place(scenario);
            one_of_each(&candidates, recordings, common, turn)
        };
        chosen.into_iter().map(|(asker, recording)| Planned {
            who: asker.name.clone(),
            technique: *technique,
            surface: name.clone(),
            variant: Variant::Rewritten(technique.name),
            recording: Some(recording),
        })
    });
    planned.collect()
}

/// Who could try it, for which recording: those with a recording of their own where there are any, since they know best how a
/// request looks.
fn candidates<'a>(
    profile: &Profile,
    people: &'a [Asker],
    recordings: &[Recording],
    targets: &[&Recording],
    scope: &Scope,
    surface: &Surface,
) -> Vec<(&'a Asker, u32)> {
    let asks = |asker: &&Asker| {
        ![NOBODY, WRONG_CREDENTIALS].contains(&asker.name.as_str())
            && scope.asks(&asker.name)
            && is_open_to(profile, asker, surface)
    };
    let meant =
        |role: &str| surface.roles.is_empty() || surface.roles.iter().any(|known| known.as_str() == role);
    let all: Vec<(&Asker, u32)> = people
        .iter()
        .filter(asks)
        .flat_map(|asker| {
            let others = targets
                .iter()
                .filter(|one| !one.may_be_seen_by(&asker.name) && meant(&one.owner.role));
            others.map(move |one| (asker, one.number))
        })
        .collect();
    let owns = |(asker, _): &&(&Asker, u32)| recordings.iter().any(|one| one.owner.name == asker.name);
    let owners: Vec<(&Asker, u32)> = all.iter().filter(owns).copied().collect();
    if owners.is_empty() { all } else { owners }
}

/// One of each class: of those of one role who have the same in common with the owner, whose turn it is.
fn one_of_each<'a>(
    candidates: &[(&'a Asker, u32)],
    recordings: &[Recording],
    common: &dyn Fn(&str, &str) -> Vec<String>,
    turn: usize,
) -> Vec<(&'a Asker, u32)> {
    let mut classes: BTreeMap<(&str, Vec<String>), Vec<(&Asker, u32)>> = BTreeMap::new();
    for (asker, number) in candidates {
        let owner = recordings.iter().find(|one| one.number == *number);
        let related = owner.map_or_else(Vec::new, |one| common(&asker.name, &one.owner.name));
        let class = classes.entry((asker.role.as_str(), related)).or_default();
        class.push((asker, *number));
    }
    classes
        .into_values()
        .filter_map(|class| class.get(turn % class.len().max(1)).copied())
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::super::tests::{everybody, recording};
    use super::*;
    use std::collections::BTreeSet;

    fn covered(spread: &Spread, scenario: u32) -> Vec<Planned> {
        let profile = Profile::clinic().unwrap();
        let recordings = [recording(1, "Ada", Some("Dr Evans")), recording(2, "Ben", None)];
        let scope = Scope::all(Claim::NoOneElse);
        let common = |_: &str, _: &str| Vec::new();
        let spread = (spread, scenario);
        cover(&profile, &everybody(), &recordings, &scope, spread, &common)
    }

    fn pairs(planned: &[Planned]) -> BTreeSet<(String, &'static str)> {
        let pairs = planned
            .iter()
            .map(|one| (one.surface.clone(), one.technique.name));
        pairs.collect()
    }

    fn all() -> BTreeSet<(String, &'static str)> {
        let profile = Profile::clinic().unwrap();
        let all = surfaces(&profile).flat_map(|(name, _)| techniques().map(|one| (name.clone(), one.name)));
        all.collect()
    }

    #[test]
    fn a_run_covers_every_technique_at_every_surface_and_no_scenario_has_to_do_it_alone() {
        let spread = Spread {
            thorough: false,
            scenarios: (1..70).filter(|number| number % 3 > 0).collect(),
        };
        let mut together = BTreeSet::new();
        for scenario in &spread.scenarios {
            let planned = pairs(&covered(&spread, *scenario));
            assert!(planned.len() <= all().len() / PARTS + 1, "{}", planned.len());
            together.extend(planned);
        }
        assert_eq!(together, all());
        assert!(!all().is_empty());
        let alone = Spread {
            thorough: false,
            scenarios: vec![7],
        };
        assert_eq!(
            pairs(&covered(&alone, 7)),
            all(),
            "one scenario by itself does it all"
        );
    }

    #[test]
    fn nobody_is_sent_for_what_they_may_see_and_one_of_each_role_is_enough() {
        let some = covered(&Spread::default(), 1);
        let everything = covered(
            &Spread {
                thorough: true,
                scenarios: Vec::new(),
            },
            1,
        );
        assert!(some.len() < everything.len());
        for one in &everything {
            let theirs = matches!(
                (one.who.as_str(), one.recording),
                ("Ada", Some(1)) | ("Ben", Some(2)) | ("Dr Evans", Some(1))
            );
            assert!(!theirs && one.who != NOBODY, "{one:?}");
        }
        assert!(some.iter().all(|one| everything.contains(one)));
        assert_eq!(some, covered(&Spread::default(), 1), "the same each time");
        let at_item = |one: &&Planned| one.surface == "item" && one.technique.name == "add-a-slash";
        let who: Vec<&str> = some.iter().filter(at_item).map(|one| one.who.as_str()).collect();
        assert_eq!(
            who.len(),
            1,
            "those with a recording of their own, who are of one role: {who:?}"
        );
    }

    #[test]
    fn where_nobody_may_see_anything_a_plain_request_says_it_all() {
        let profile = Profile::clinic().unwrap();
        let recordings = [recording(1, "Ada", None)];
        let scope = Scope::all(Claim::NoOne);
        let common = |_: &str, _: &str| Vec::new();
        let planned = cover(
            &profile,
            &everybody(),
            &recordings,
            &scope,
            (&Spread::default(), 1),
            &common,
        );
        assert_eq!(planned, []);
    }
}
