//! What less plain techniques try: by default one bystander of each relation for each technique at each surface, shared out among the
//! scenarios of a run; all of it when thorough. The same in every run.

use super::pairs::pairs;
use super::{PER_OWNER, PlannedProbe, Requester, Scope, is_open_to, relations, sample};
use crate::cast::{NOBODY, WRONG_CREDENTIALS};
use crate::ledger::Claim;
use crate::plant::planting::Recording;
use crate::probe::probe_request::Variant;
use crate::probe::rewriting::Rewriting;
use crate::profile::{Profile, Surface};
use crate::spelling::first_name;
use crate::technique::{self, Technique};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Into so many parts at the most the pairs of a surface and a technique are shared out.
const PARTS: usize = 8;
/// So many scenarios try each part at the least: not every scenario asks what no one else may see, or has somebody who can try.
const SCENARIOS_A_PART: usize = 4;

/// How much of what less plain techniques could try is tried.
#[derive(Debug, Clone, Default)]
pub struct Sampling {
    /// All of it, in every scenario.
    pub thorough: bool,
    /// What is plain is tried by everybody, also by those who are alike.
    pub all_personas: bool,
    /// The scenarios among which it is shared out, by number; with none, each scenario tries every pair.
    pub scenarios: Vec<u32>,
}

impl Sampling {
    /// The same, and by everybody, while replicas may differ: that somebody who is alike got nothing says nothing about which of them was
    /// asked.
    #[must_use]
    pub fn with_repeats(&self, uneven: bool) -> Cow<'_, Self> {
        if !uneven || self.all_personas {
            return Cow::Borrowed(self);
        }
        Cow::Owned(Self {
            all_personas: true,
            ..self.clone()
        })
    }

    /// Whether this scenario tries this pair.
    fn takes(&self, scenario: u32, pair: usize) -> bool {
        let parts = (self.scenarios.len() / SCENARIOS_A_PART).clamp(1, PARTS);
        self.thorough || (pair + self.place(scenario)).is_multiple_of(parts)
    }

    pub(super) fn place(&self, scenario: u32) -> usize {
        let place = self.scenarios.iter().position(|number| *number == scenario);
        place.unwrap_or(0)
    }
}

/// A number that stays the same whatever else a profile or the catalogue of techniques comes to hold, and when a technique is renamed: the
/// scenarios of a run then sample the same.
pub(super) fn lot(name: &str, technique: &str) -> usize {
    let letters = name.bytes().chain(first_name(technique).bytes());
    letters.fold(0, |lot, letter| (lot * 31 + usize::from(letter)) % 9973)
}

/// What one scenario's step tries by less plain techniques. `common` says what two people have in common.
#[must_use]
pub fn cover(
    profile: &Profile,
    people: &[Requester],
    recordings: &[Recording],
    scope: &Scope,
    (spread, scenario): (&Sampling, u32),
    common: &dyn Fn(&str, &str) -> Vec<String>,
) -> Vec<PlannedProbe> {
    if scope.claim != Claim::NoOneElse || scope.links_only {
        return Vec::new();
    }
    // of what was deleted its owner can show no more how a request for it would look
    let targets: Vec<&Recording> = recordings
        .iter()
        .filter(|one| scope.covers(one.number) && !one.deleted)
        .collect();
    let targets = sample(&targets);
    let taken = pairs(profile)
        .into_iter()
        .enumerate()
        .filter(|(pair, (_, _, technique))| {
            // few scenarios have a list with more than one page
            let rare = **technique == technique::CURSOR_SWAP && is_long(&targets, recordings);
            rare || needs_other_tenant(technique) || spread.takes(scenario, *pair)
        });
    let planned = taken.flat_map(|(pair, (name, surface, technique))| {
        let mut candidates = candidates(profile, people, recordings, &targets, scope, surface);
        if needs_other_tenant(technique) {
            let mut strangers = candidates.clone();
            strangers.retain(|(asker, number)| is_of_another_tenant(profile, asker, recordings, *number));
            // few scenarios have people of several tenants, so that each of these tries all of it; where there is nobody else's, it
            // does not apply, which is told as seldom as anything else is tried
            if !strangers.is_empty() || !spread.takes(scenario, pair) {
                candidates = strangers;
            }
        }
        // from one surface to the next, and from one technique to the next, it is somebody else's turn
        let turn = lot(name, technique.name) + spread.place(scenario);
        let chosen: Vec<(&Requester, u32)> = if spread.thorough {
            candidates
        } else if *technique == technique::CURSOR_SWAP {
            one_for_a_long_list(candidates, recordings, turn)
        } else {
            one_of_each(
                &candidates,
                recordings,
                common,
                (turn, needs_other_tenant(technique)),
            )
        };
        chosen.into_iter().map(|(asker, recording)| PlannedProbe {
            who: asker.name.clone(),
            technique: *technique,
            surface: name.clone(),
            variant: Variant::Rewritten(technique.name),
            recording: Some(recording),
        })
    });
    planned.collect()
}

/// Whether it only means something between people of two tenants.
fn needs_other_tenant(technique: &Technique) -> bool {
    Rewriting::of(technique).is_some_and(|rewriting| rewriting.of_other_tenants)
}

/// Whether a recording's owner asks at another address.
fn is_of_another_tenant(profile: &Profile, asker: &Requester, recordings: &[Recording], number: u32) -> bool {
    let address = |tenant: Option<&str>| {
        let tenant = tenant.and_then(|name| profile.tenant.get(name));
        tenant.and_then(|tenant| tenant.base.clone())
    };
    let owner = recordings.iter().find(|one| one.number == number);
    let owners = owner.map(|one| one.owner.me());
    let owners = owners.as_ref().and_then(|me| address(me.text("tenant")));
    owners != address(asker.tenant.as_deref())
}

/// Who could try it, for which recording: those with a recording of their own where there are any, since they know best how a
/// request looks.
fn candidates<'a>(
    profile: &Profile,
    people: &'a [Requester],
    recordings: &[Recording],
    targets: &[&Recording],
    scope: &Scope,
    surface: &Surface,
) -> Vec<(&'a Requester, u32)> {
    let asks = |asker: &&Requester| {
        ![NOBODY, WRONG_CREDENTIALS].contains(&asker.name.as_str())
            && scope.asks(&asker.name)
            && is_open_to(profile, asker, surface)
    };
    let meant =
        |role: &str| surface.roles.is_empty() || surface.roles.iter().any(|known| known.as_str() == role);
    let all: Vec<(&Requester, u32)> = people
        .iter()
        .filter(asks)
        .flat_map(|asker| {
            let others = targets
                .iter()
                .filter(|one| !one.may_be_seen_by(&asker.name) && meant(&one.owner.role));
            others.map(move |one| (asker, one.number))
        })
        .collect();
    let owns = |(asker, _): &&(&Requester, u32)| recordings.iter().any(|one| one.owner.name == asker.name);
    let owners: Vec<(&Requester, u32)> = all.iter().filter(owns).copied().collect();
    if owners.is_empty() { all } else { owners }
}

/// Whether anybody whose recordings these are has so many that they come in pages.
fn is_long(targets: &[&Recording], recordings: &[Recording]) -> bool {
    targets.iter().any(|target| {
        let theirs = |one: &&Recording| one.owner.name == target.owner.name;
        recordings.iter().filter(theirs).count() > PER_OWNER
    })
}

/// Whoever has most is the likeliest to have been given a cursor. Somebody whose turn it is goes on by it, for the first of the
/// recordings and for the last: one of the two stands on a further page, whichever way round the list is.
fn one_for_a_long_list<'a>(
    mut candidates: Vec<(&'a Requester, u32)>,
    recordings: &[Recording],
    turn: usize,
) -> Vec<(&'a Requester, u32)> {
    let owner = |number: u32| {
        let recording = recordings.iter().find(|one| one.number == number);
        recording.map(|one| one.owner.name.as_str())
    };
    let has = |number: u32| {
        let theirs = |one: &&Recording| Some(one.owner.name.as_str()) == owner(number);
        recordings.iter().filter(theirs).count()
    };
    let most = candidates.iter().map(|(_, number)| has(*number)).max();
    candidates.retain(|(_, number)| Some(has(*number)) == most);
    let chosen = candidates.get(turn % candidates.len().max(1)).copied();
    candidates.retain(|(asker, number)| {
        chosen.is_some_and(|(who, of)| who.name == asker.name && owner(of) == owner(*number))
    });
    candidates
}

/// One of each class: of those of one role (and `by_tenant`, of one tenant) who have the same to do with a recording, whose turn it is.
fn one_of_each<'a>(
    candidates: &[(&'a Requester, u32)],
    recordings: &[Recording],
    common: &dyn Fn(&str, &str) -> Vec<String>,
    (turn, by_tenant): (usize, bool),
) -> Vec<(&'a Requester, u32)> {
    type SampleClass<'a> = (&'a str, Option<&'a str>, BTreeSet<String>);
    let mut classes: BTreeMap<SampleClass<'_>, Vec<(&Requester, u32)>> = BTreeMap::new();
    for (asker, number) in candidates {
        let Some(recording) = recordings.iter().find(|one| one.number == *number) else {
            continue;
        };
        let common = common(&asker.name, &recording.owner.name);
        let related = relations(&asker.name, recording, recordings, common);
        let tenant = asker.tenant.as_deref().filter(|_| by_tenant);
        let class = classes.entry((asker.role.as_str(), tenant, related)).or_default();
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

    fn covered(spread: &Sampling, scenario: u32) -> Vec<PlannedProbe> {
        let profile = Profile::clinic().unwrap();
        let recordings = [recording(1, "Ada", Some("Dr Evans")), recording(2, "Ben", None)];
        let scope = Scope::all(Claim::NoOneElse);
        let common = |_: &str, _: &str| Vec::new();
        let spread = (spread, scenario);
        cover(&profile, &everybody(), &recordings, &scope, spread, &common)
    }

    fn pairs(planned: &[PlannedProbe]) -> BTreeSet<(String, &'static str)> {
        let pairs = planned
            .iter()
            .map(|one| (one.surface.clone(), one.technique.name));
        pairs.collect()
    }

    fn all() -> BTreeSet<(String, &'static str)> {
        let profile = Profile::clinic().unwrap();
        let all = super::pairs(&profile).into_iter();
        all.map(|(name, _, technique)| (name.clone(), technique.name))
            .collect()
    }

    #[test]
    fn a_run_covers_every_technique_at_every_surface_and_no_scenario_has_to_do_it_alone() {
        let spread = Sampling {
            thorough: false,
            all_personas: false,
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
        let alone = Sampling {
            thorough: false,
            all_personas: false,
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
        let some = covered(&Sampling::default(), 1);
        let everything = covered(
            &Sampling {
                thorough: true,
                all_personas: false,
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
        assert_eq!(some, covered(&Sampling::default(), 1), "the same each time");
        let at_item =
            |one: &&PlannedProbe| one.surface == "item" && one.technique.name == "path-trailing-slash";
        let who: Vec<&str> = some.iter().filter(at_item).map(|one| one.who.as_str()).collect();
        assert_eq!(
            who.len(),
            1,
            "those with a recording of their own, who are of one role: {who:?}"
        );
    }

    #[test]
    fn one_of_each_relation_is_enough_and_none_is_left_out() {
        let profile = Profile::clinic().unwrap();
        let mut recordings = [
            recording(1, "Ada", None),
            recording(2, "Ben", None),
            recording(3, "Chloe", None),
        ];
        let scope = Scope {
            recordings: vec![1],
            ..Scope::all(Claim::NoOneElse)
        };
        let common = |_: &str, _: &str| Vec::new();
        let who = |recordings: &[Recording]| -> BTreeSet<String> {
            let spread = (&Sampling::default(), 1);
            let planned = cover(&profile, &everybody(), recordings, &scope, spread, &common);
            let at_item = planned
                .into_iter()
                .filter(|one| one.surface == "item" && one.technique.name == "path-trailing-slash");
            at_item.map(|one| one.who).collect()
        };
        assert_eq!(who(&recordings).len(), 1, "two strangers");
        recordings[0].former.insert("Chloe".to_owned());
        assert_eq!(who(&recordings), ["Ben".to_owned(), "Chloe".to_owned()].into());
    }

    #[test]
    fn a_long_list_is_gone_on_in_whichever_scenario_it_is_of() {
        let profile = Profile::clinic().unwrap();
        let mut recordings: Vec<Recording> = (1..9).map(|number| recording(number, "Ada", None)).collect();
        recordings.push(recording(9, "Ben", None));
        let scope = Scope::all(Claim::NoOneElse);
        let common = |_: &str, _: &str| Vec::new();
        let spread = Sampling {
            thorough: false,
            all_personas: false,
            scenarios: (1..70).collect(),
        };
        for scenario in 1..9 {
            let spread = (&spread, scenario);
            let planned = cover(&profile, &everybody(), &recordings, &scope, spread, &common);
            let cursors = planned
                .iter()
                .filter(|one| one.technique == technique::CURSOR_SWAP);
            let who: BTreeSet<(&str, Option<u32>)> =
                cursors.map(|one| (one.who.as_str(), one.recording)).collect();
            assert!(
                !who.is_empty() && who.iter().all(|(who, _)| *who == "Ben"),
                "{who:?}"
            );
        }
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
            (&Sampling::default(), 1),
            &common,
        );
        assert_eq!(planned, []);
    }
}
