//! The plan, on people and recordings that were never anywhere.

use super::*;
use crate::cast::Persona;
use crate::ledger::Modality;
use crate::profile::Vars;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

const PEOPLE: [(&str, &str); 4] = [
    ("Ada", "patient"),
    ("Ben", "patient"),
    ("Chloe", "patient"),
    ("Dr Evans", "clinician"),
];

pub(super) fn recording(number: u32, owner: &str, grantee: Option<&str>) -> Recording {
    Recording {
        number,
        owner: Persona::stand_in(owner, "patient"),
        people: std::collections::BTreeMap::new(),
        captured: Vars::default(),
        finished: true,
        grantees: grantee
            .map(|name| (Persona::stand_in(name, "clinician"), "treating".to_owned()))
            .into_iter()
            .collect(),
        former: BTreeSet::new(),
        granted: BTreeSet::new(),
        deleted: false,
        modality: Modality::Audio,
        planted_in: 0,
        slot: None,
        id: format!("id-{number}"),
        media_bytes: 1,
        marks: Vec::new(),
        canary: Vars::default(),
    }
}

pub(super) fn everybody() -> Vec<Requester> {
    PEOPLE
        .iter()
        .map(|(name, role)| Requester {
            name: (*name).to_owned(),
            role: (*role).to_owned(),
            tenant: None,
        })
        .collect()
}

fn clinic() -> Arc<Profile> {
    Arc::new(Profile::clinic().unwrap())
}

fn recordings() -> impl Strategy<Value = Vec<Recording>> {
    prop::collection::vec((0..3_usize, any::<bool>()), 0..24).prop_map(|owned| {
        let numbered = owned.into_iter().zip(1..);
        numbered
            .map(|((owner, held), number)| recording(number, PEOPLE[owner].0, held.then_some("Dr Evans")))
            .collect()
    })
}

proptest! {
    /// Nobody is sent for what they have a right to, and nothing that somebody has no right to is forgotten: of an owner with
    /// more than six recordings the first and the last, else all, at every surface that is fetched from.
    #[test]
    fn everything_forbidden_is_tried_and_nothing_else(recordings in recordings()) {
        let profile = clinic();
        let planned = plan(&profile, &everybody(), &recordings, &Scope::all(Claim::NoOneElse));
        let of = |number: u32| recordings.iter().find(|one| one.number == number).unwrap();
        for one in &planned {
            if let Some(number) = one.recording {
                prop_assert!(!of(number).may_be_seen_by(&one.who), "{one:?}");
            }
        }
        let names = PEOPLE.iter().map(|(name, _)| *name).chain([NOBODY]);
        for name in names {
            for (surface, part) in profile.surface.iter().filter(|(_, part)| part.list.is_none() && !part.is_listened_to()) {
                for (owner, _) in &PEOPLE {
                    let all: Vec<u32> = recordings
                        .iter()
                        .filter(|one| one.owner.name == *owner)
                        .map(|one| one.number)
                        .collect();
                    let one_by_one =
                        if all.len() > 6 { vec![all[0], all[all.len() - 1]] } else { all };
                    let wanted: BTreeSet<u32> =
                        one_by_one.into_iter().filter(|number| !of(*number).may_be_seen_by(name)).collect();
                    let tried: BTreeSet<u32> = planned
                        .iter()
                        .filter(|one| one.who == name && one.surface == *surface)
                        .filter_map(|one| one.recording)
                        .filter(|number| of(*number).owner.name == *owner)
                        .collect();
                    prop_assert_eq!(&tried, &wanted, "{} at {} ({:?})", name, surface, part.link);
                }
            }
        }
    }

    /// When nobody may see anything, the owners are sent for their own too.
    #[test]
    fn when_no_one_may_the_owner_is_tried_as_well(recordings in recordings()) {
        let planned = plan(&clinic(), &everybody(), &recordings, &Scope::all(Claim::NoOne));
        for one in &recordings {
            let tried = |surface: &str, technique: Technique| {
                planned.iter().any(|probe| {
                    probe.who == one.owner.name && probe.surface == surface && probe.technique == technique
                })
            };
            prop_assert!(tried("media", technique::LIST_OWN));
            prop_assert!(tried("signed-link", technique::STALE_LINK));
            prop_assert!(!planned.iter().any(|probe| probe.surface == "rename"), "nothing is written where nobody may");
        }
    }
}

#[test]
fn behind_the_app_everybody_is_a_bystander_to_what_is_somebody_elses() {
    let recordings = [recording(1, "Ada", Some("Dr Evans")), recording(2, "Ben", None)];
    let planned = plan(
        &clinic(),
        &everybody(),
        &recordings,
        &Scope::all(Claim::NoOneElse),
    );
    let at = |surface: &str| -> BTreeSet<(&str, &str, Option<u32>)> {
        planned
            .iter()
            .filter(|one| one.surface == surface)
            .map(|one| (one.who.as_str(), one.technique.name, one.recording))
            .collect()
    };
    let (behind, unsigned) = (technique::DIRECT_STORAGE_ACCESS.name, technique::ANONYMOUS.name);
    assert_eq!(
        at("bucket"),
        BTreeSet::from([
            ("Ada", behind, None),
            ("Ben", behind, None),
            ("Chloe", behind, None),
            ("Dr Evans", behind, None),
            (NOBODY, unsigned, None),
        ])
    );
    assert_eq!(
        at("object"),
        BTreeSet::from([
            ("Ada", behind, Some(2)),
            ("Ben", behind, Some(1)),
            ("Chloe", behind, Some(1)),
            ("Chloe", behind, Some(2)),
            ("Dr Evans", behind, Some(2)),
            (NOBODY, unsigned, Some(1)),
            (NOBODY, unsigned, Some(2)),
        ])
    );
}

#[test]
fn a_list_is_looked_at_by_everybody_whose_session_fits() {
    let planned = plan(
        &clinic(),
        &everybody(),
        &[recording(1, "Ada", None)],
        &Scope::all(Claim::NoOneElse),
    );
    let at = |surface: &str| -> BTreeSet<&str> {
        planned
            .iter()
            .filter(|one| one.surface == surface)
            .map(|one| one.who.as_str())
            .collect()
    };
    assert_eq!(
        at("replays"),
        BTreeSet::from(["Ada", "Ben", "Chloe", "Dr Evans", NOBODY])
    );
    assert_eq!(
        at("replays-web"),
        BTreeSet::from(["Ada", "Ben", "Chloe"]),
        "clinicians have no web session"
    );
}

#[test]
fn a_scope_narrows_who_asks_and_for_what() {
    let recordings = [recording(1, "Ada", None), recording(2, "Ben", None)];
    let scope = Scope {
        claim: Claim::NoOneElse,
        askers: vec!["Chloe".to_owned()],
        recordings: vec![2],
        links_only: true,
    };
    let planned = plan(&clinic(), &everybody(), &recordings, &scope);
    assert!(!planned.is_empty());
    for one in planned {
        assert_eq!((one.who.as_str(), one.recording), ("Chloe", Some(2)));
        assert!(
            ["hls-segment", "signed-link"].contains(&one.surface.as_str()),
            "{one:?}"
        );
    }
}

#[test]
fn wrong_credentials_are_tried_once_at_each_surface() {
    let recordings = [recording(1, "Ada", None), recording(2, "Ben", None)];
    let mut people = everybody();
    people.push(Requester::with_wrong_credentials());
    let theirs = |scope: &Scope| -> Vec<PlannedProbe> {
        plan(&clinic(), &people, &recordings, scope)
            .into_iter()
            .filter(|one| one.who == WRONG_CREDENTIALS)
            .collect()
    };
    let planned = theirs(&Scope::all(Claim::NoOneElse));
    let surfaces: BTreeSet<&str> = planned.iter().map(|one| one.surface.as_str()).collect();
    assert_eq!(surfaces.len(), planned.len(), "once each: {planned:#?}");
    assert!(surfaces.contains("media") && surfaces.contains("replays") && surfaces.contains("rename"));
    assert!(!surfaces.contains("replays-web"), "they have no session");
    for one in &planned {
        assert_eq!(
            (one.technique, one.variant),
            (technique::INVALID_CREDENTIALS, Variant::Whole)
        );
    }
    let mut narrow = Scope::all(Claim::NoOneElse);
    narrow.askers = vec!["Chloe".to_owned()];
    assert!(theirs(&narrow).is_empty());
}

#[test]
fn who_had_a_right_goes_on_using_their_link_and_what_shows_shares_is_asked_for_shares_only() {
    let techniques = |one: &Recording| -> BTreeSet<&str> {
        let planned = plan(
            &clinic(),
            &everybody(),
            std::slice::from_ref(one),
            &Scope::all(Claim::NoOneElse),
        );
        let of_ben = planned.iter().filter(|probe| probe.who == "Ben");
        let at = ["signed-link", "shares"];
        of_ben
            .filter(|probe| at.contains(&probe.surface.as_str()))
            .map(|probe| probe.technique.name)
            .collect()
    };
    let mut shared = recording(1, "Ada", None);
    assert_eq!(
        techniques(&shared),
        BTreeSet::from(["bola", "leaked-link"]),
        "nothing was shared: there is no list of shares to look at"
    );
    shared.grant("share", &Persona::stand_in("Ben", "patient"), "shared");
    assert!(shared.may_be_seen_by("Ben"));
    assert_eq!(techniques(&shared), BTreeSet::from(["list-own"]));
    shared.revoke("Ben", "shared");
    assert!(!shared.may_be_seen_by("Ben"));
    assert_eq!(
        techniques(&shared),
        BTreeSet::from(["stale-link", "list-own", "bola", "leaked-link"])
    );
}
