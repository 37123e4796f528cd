//! Those who are alike try a thing once: of people with the same role, the same past and the same to do with a recording one is sent,
//! and for one of the recordings that are alike as well. From one surface to the next it is somebody else's turn. The same in every run.

use super::sampling::lot;
use super::{PlannedProbe, Requester, Sampling, relations};
use crate::cast::{NOBODY, WRONG_CREDENTIALS};
use crate::ledger::Claim;
use crate::plant::planting::Recording;
use crate::probe::probe_request::Variant;
use std::collections::{BTreeMap, BTreeSet};

/// Into so many parts at the most what a visitor with wrong credentials tries is shared out.
const PARTS: usize = 4;
/// The same of what whoever is not signed in tries, where others have a right to what they want: to them every state is nearly alike.
const OF_NOBODY: usize = 2;

/// What is known of people beside their names and roles.
pub struct PeopleFacts<'a> {
    /// What two of them have in common.
    pub common: &'a dyn Fn(&str, &str) -> Vec<String>,
    /// What somebody has done or has had happen to them since people were recorded.
    pub past: &'a dyn Fn(&str) -> Vec<String>,
}

/// What makes those who would try something alike, and what they would try it for.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct EquivalenceClass<'a> {
    surface: &'a str,
    technique: &'static str,
    variant: Variant,
    who: BystanderTraits<'a>,
    what: RecordingTraits<'a>,
}

/// A bystander without their name.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct BystanderTraits<'a> {
    role: &'a str,
    tenant: Option<&'a str>,
    past: Vec<String>,
    /// Whether they have recordings of their own: who has knows how a request looks.
    owns: bool,
}

/// A recording without its number, as the bystander sees it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct RecordingTraits<'a> {
    relations: BTreeSet<String>,
    owner: BystanderTraits<'a>,
    modality: &'static str,
    planted_in: u32,
    granted: &'a BTreeSet<String>,
    deleted: bool,
}

/// What is left of a plan when of those who are alike one tries; all of it when the run is thorough, or everybody is to try.
#[must_use]
pub fn once_for_all_alike(
    planned: Vec<PlannedProbe>,
    people: &[Requester],
    recordings: &[Recording],
    (known, claim): (&PeopleFacts<'_>, Claim),
    (spread, scenario): (&Sampling, u32),
) -> Vec<PlannedProbe> {
    if spread.thorough {
        return planned;
    }
    let place = spread.place(scenario);
    let parts = |most: usize| (spread.scenarios.len() / PARTS).clamp(1, most);
    let mut classes: BTreeMap<EquivalenceClass<'_>, Vec<usize>> = BTreeMap::new();
    let mut chosen = BTreeSet::new();
    for (index, one) in planned.iter().enumerate() {
        let turn = lot(&one.surface, one.technique.name) + place;
        if one.who == WRONG_CREDENTIALS {
            // what they carry is nobody's in every state alike
            if turn.is_multiple_of(parts(PARTS)) {
                chosen.insert(index);
            }
            continue;
        }
        let shared_out = one.who == NOBODY && claim == Claim::NoOneElse && !spread.all_personas;
        if shared_out && !turn.is_multiple_of(parts(OF_NOBODY)) {
            continue;
        }
        match class(one, people, recordings, known).filter(|_| !spread.all_personas) {
            Some(class) => classes.entry(class).or_default().push(index),
            None => {
                chosen.insert(index);
            }
        }
    }
    for (class, members) in &classes {
        // at one surface the same ones, whatever they do there: what is asked besides serves all of it
        let turn = lot(class.surface, "") + place;
        chosen.extend(members.get(turn % members.len().max(1)));
    }
    let numbered = planned.into_iter().enumerate();
    numbered
        .filter(|(index, _)| chosen.contains(index))
        .map(|(_, one)| one)
        .collect()
}

/// None for what is tried for no certain recording: one's own lists and events are everybody's own.
fn class<'a>(
    planned: &'a PlannedProbe,
    people: &'a [Requester],
    recordings: &'a [Recording],
    known: &PeopleFacts<'_>,
) -> Option<EquivalenceClass<'a>> {
    let number = planned.recording?;
    let recording = recordings.iter().find(|one| one.number == number)?;
    let owner = recording.owner.name.as_str();
    let common = match planned.who.as_str() {
        NOBODY => Vec::new(),
        who => (known.common)(who, owner),
    };
    let owns = |name: &str| recordings.iter().any(|one| one.owner.name == name);
    let who = |name: &'a str| {
        let asker = people.iter().find(|one| one.name == name);
        BystanderTraits {
            role: asker.map_or(NOBODY, |asker| asker.role.as_str()),
            tenant: asker.and_then(|asker| asker.tenant.as_deref()),
            past: (known.past)(name),
            owns: owns(name),
        }
    };
    Some(EquivalenceClass {
        surface: &planned.surface,
        technique: planned.technique.name,
        variant: planned.variant,
        who: who(&planned.who),
        what: RecordingTraits {
            relations: relations(&planned.who, recording, recordings, common),
            owner: who(owner),
            modality: recording.modality.word(),
            planted_in: recording.planted_in,
            granted: &recording.granted,
            deleted: recording.deleted,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{everybody, recording};
    use super::super::{Scope, plan};
    use super::*;
    use crate::ledger::Modality;
    use crate::profile::Profile;

    type TriedTechnique = BTreeSet<(String, Option<u32>)>;

    fn thinned(
        recordings: &[Recording],
        spread: &Sampling,
        past: &dyn Fn(&str) -> Vec<String>,
    ) -> Vec<PlannedProbe> {
        let Ok(profile) = Profile::clinic() else {
            unreachable!("the clinic's profile is read at every start")
        };
        let planned = plan(&profile, &everybody(), recordings, &Scope::all(Claim::NoOneElse));
        let known = PeopleFacts {
            common: &|_, _| Vec::new(),
            past,
        };
        once_for_all_alike(
            planned,
            &everybody(),
            recordings,
            (&known, Claim::NoOneElse),
            (spread, 1),
        )
    }

    fn at(planned: &[PlannedProbe], surface: &str, technique: &str) -> TriedTechnique {
        let here = planned
            .iter()
            .filter(|one| one.surface == surface && one.technique.name == technique);
        here.map(|one| (one.who.clone(), one.recording)).collect()
    }

    fn nothing(_: &str) -> Vec<String> {
        Vec::new()
    }

    #[test]
    fn of_those_who_are_alike_one_tries_and_every_sort_of_them_does() {
        let recordings = [recording(1, "Ada", None), recording(2, "Ben", None)];
        let all = thinned(
            &recordings,
            &Sampling {
                thorough: true,
                all_personas: false,
                scenarios: Vec::new(),
            },
            &nothing,
        );
        assert_eq!(
            at(&all, "item", "bola").len(),
            6,
            "Ada, Ben, Chloe and Dr Evans, for what is not theirs"
        );
        let some = thinned(&recordings, &Sampling::default(), &nothing);
        let tried = at(&some, "item", "bola");
        let who: Vec<&str> = tried.iter().map(|(who, _)| who.as_str()).collect();
        assert_eq!(tried.len(), 3, "{tried:?}");
        assert!(who.contains(&"Chloe") && who.contains(&"Dr Evans"), "{who:?}");
        assert!(who.contains(&"Ada") != who.contains(&"Ben"), "{who:?}");
        assert_eq!(at(&some, "item", "anonymous").len(), 1);
        assert_eq!(
            at(&some, "replays", "list-own"),
            at(&all, "replays", "list-own"),
            "everybody looks at their own list"
        );
        assert_eq!(
            some,
            thinned(&recordings, &Sampling::default(), &nothing),
            "the same each time"
        );
    }

    #[test]
    fn everybody_tries_where_that_is_wanted() {
        let recordings = [recording(1, "Ada", None), recording(2, "Ben", None)];
        let spread = Sampling {
            all_personas: true,
            ..Sampling::default()
        };
        let all = thinned(&recordings, &spread, &nothing);
        assert_eq!(at(&all, "item", "bola").len(), 6);
    }

    #[test]
    fn a_past_a_right_that_has_ended_a_modality_or_a_moment_tells_them_apart() {
        let alike = [recording(1, "Ada", None), recording(2, "Ada", None)];
        let tried = |recordings: &[Recording], past: &dyn Fn(&str) -> Vec<String>| {
            at(&thinned(recordings, &Sampling::default(), past), "item", "bola").len()
        };
        assert_eq!(tried(&alike, &nothing), 2, "a patient and a clinician");
        let switched = |name: &str| match name {
            "Ben" => vec!["audio → video".to_owned()],
            _ => Vec::new(),
        };
        assert_eq!(tried(&alike, &switched), 3, "who has switched tries as well");
        let mut former = alike.clone();
        former[0].former.insert("Chloe".to_owned());
        assert_eq!(tried(&former, &nothing), 3);
        let mut video = alike.clone();
        video[1].modality = Modality::Video;
        assert_eq!(tried(&video, &nothing), 4);
        let mut later = alike.clone();
        later[1].planted_in = 2;
        assert_eq!(tried(&later, &nothing), 4);
    }

    #[test]
    fn from_one_surface_to_the_next_it_is_somebody_elses_turn() {
        let recordings = [recording(1, "Ada", None), recording(2, "Ben", None)];
        let some = thinned(&recordings, &Sampling::default(), &nothing);
        let of: BTreeSet<Option<u32>> = some
            .iter()
            .filter(|one| one.who == "Chloe" && one.technique.name == "bola")
            .map(|one| one.recording)
            .collect();
        assert_eq!(of, [Some(1), Some(2)].into());
    }

    #[test]
    fn a_visitor_with_wrong_credentials_comes_by_in_some_scenarios_and_everywhere_in_the_run() {
        let Ok(profile) = Profile::clinic() else {
            unreachable!("the clinic's profile is read at every start")
        };
        let recordings = [recording(1, "Ada", None)];
        let people = [Requester::with_wrong_credentials()];
        let planned = plan(&profile, &people, &recordings, &Scope::all(Claim::NoOneElse));
        let wrong = |planned: &[PlannedProbe]| -> BTreeSet<String> {
            let theirs = planned.iter().filter(|one| one.who == WRONG_CREDENTIALS);
            theirs.map(|one| one.surface.clone()).collect()
        };
        let all = wrong(&planned);
        let spread = Sampling {
            thorough: false,
            all_personas: false,
            scenarios: (1..40).collect(),
        };
        let known = PeopleFacts {
            common: &|_, _| Vec::new(),
            past: &nothing,
        };
        let mut together = BTreeSet::new();
        for scenario in 1..5 {
            let some = wrong(&once_for_all_alike(
                planned.clone(),
                &people,
                &recordings,
                (&known, Claim::NoOneElse),
                (&spread, scenario),
            ));
            assert!(some.len() < all.len());
            together.extend(some);
        }
        assert_eq!(together, all);
    }

    #[test]
    fn whoever_is_not_signed_in_comes_by_in_every_other_scenario_and_everywhere_in_the_run() {
        let Ok(profile) = Profile::clinic() else {
            unreachable!("the clinic's profile is read at every start")
        };
        let recordings = [recording(1, "Ada", None)];
        let spread = Sampling {
            scenarios: (1..40).collect(),
            ..Sampling::default()
        };
        let known = PeopleFacts {
            common: &|_, _| Vec::new(),
            past: &nothing,
        };
        let tried = |claim: Claim, scenario: u32| -> BTreeSet<String> {
            let planned = plan(&profile, &[], &recordings, &Scope::all(claim));
            let some = once_for_all_alike(planned, &[], &recordings, (&known, claim), (&spread, scenario));
            some.into_iter().map(|one| one.surface).collect()
        };
        let (one, other) = (tried(Claim::NoOneElse, 1), tried(Claim::NoOneElse, 2));
        let all: BTreeSet<String> = one.union(&other).cloned().collect();
        assert!(one.len() < all.len() && other.len() < all.len());
        let nobody = plan(&profile, &[], &recordings, &Scope::all(Claim::NoOneElse));
        assert_eq!(all, nobody.into_iter().map(|planned| planned.surface).collect());
        // where nobody may see anything, whoever is not signed in may not either
        assert_eq!(tried(Claim::NoOne, 1), tried(Claim::NoOne, 2));
    }
}
