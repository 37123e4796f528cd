//! What somebody has to do with somebody else's recording. Those who have the same to do with it are of one class: where one of them
//! gets nothing by a technique, another would get nothing either.

use crate::plant::planting::Recording;
use std::collections::BTreeSet;

/// Who has nothing to do with it at all.
const STRANGER: &str = "stranger";

/// Of what sort somebody is to a recording, as far as a scenario tells: `common` are the relations of the profile that they are in with
/// its owner.
#[must_use]
pub fn relations(
    who: &str,
    recording: &Recording,
    all: &[Recording],
    common: Vec<String>,
) -> BTreeSet<String> {
    let mut relations: BTreeSet<String> = common.into_iter().collect();
    let mut add = |holds: bool, relation: &str| {
        if holds {
            relations.insert(relation.to_owned());
        }
    };
    let clinician = |one: &Recording| {
        one.people
            .get("clinician")
            .map(|clinician| clinician.name.clone())
    };
    let theirs = |one: &&Recording| one.owner.name == who;
    let with_the_same = |one: &&Recording| clinician(one).is_some() && clinician(one) == clinician(recording);
    let in_the_same = |one: &&Recording| one.slot.is_some() && one.slot == recording.slot;
    let of_the_owner = |one: &&Recording| one.owner.name == recording.owner.name;
    add(recording.owner.name == who, "owner");
    add(
        recording.grantees.iter().any(|(grantee, _)| grantee.name == who),
        "grantee",
    );
    add(recording.former.contains(who), "former grantee");
    add(
        all.iter().filter(theirs).any(|one| with_the_same(&one)),
        "same clinician",
    );
    add(
        all.iter()
            .filter(theirs)
            .any(|one| with_the_same(&one) && in_the_same(&one)),
        "same slot",
    );
    add(
        all.iter()
            .filter(of_the_owner)
            .any(|one| one.number != recording.number && one.may_be_seen_by(who)),
        "grantee of another of the owner's",
    );
    if relations.is_empty() {
        relations.insert(STRANGER.to_owned());
    }
    relations
}

#[cfg(test)]
mod tests {
    use super::super::tests::recording;
    use super::*;

    fn held(number: u32, owner: &str, clinician: &str, slot: &str) -> Recording {
        let mut recording = recording(number, owner, None);
        let clinician = crate::cast::Persona::stand_in(clinician, "clinician");
        recording.people.insert("clinician".to_owned(), clinician);
        recording.slot = Some(slot.to_owned());
        recording
    }

    fn relations_in_words(who: &str, recording: &Recording, all: &[Recording]) -> Vec<String> {
        relations(who, recording, all, Vec::new()).into_iter().collect()
    }

    #[test]
    fn what_people_have_in_common_with_an_owner() {
        let all = [
            held(1, "Ada", "Dr Evans", "10:00"),
            held(2, "Ben", "Dr Evans", "10:00"),
            held(3, "Chloe", "Dr Evans", "11:00"),
            held(4, "Dan", "Dr Flynn", "10:00"),
        ];
        assert_eq!(
            relations_in_words("Ada", &all[0], &all),
            ["owner", "same clinician", "same slot"]
        );
        assert_eq!(
            relations_in_words("Ben", &all[0], &all),
            ["same clinician", "same slot"]
        );
        assert_eq!(relations_in_words("Chloe", &all[0], &all), ["same clinician"]);
        assert_eq!(
            relations_in_words("Dan", &all[0], &all),
            [STRANGER],
            "the same time with another is not the same slot"
        );
        assert_eq!(relations_in_words("Eve", &all[0], &all), [STRANGER]);
        let common = vec!["same-practice".to_owned()];
        let related = relations("Dan", &all[0], &all, common);
        assert_eq!(related, BTreeSet::from(["same-practice".to_owned()]));
    }

    #[test]
    fn what_was_given_to_them() {
        let mut all = [recording(1, "Ada", None), recording(2, "Ada", Some("Dr Evans"))];
        assert_eq!(
            relations_in_words("Dr Evans", &all[0], &all),
            ["grantee of another of the owner's"]
        );
        all[0].former.insert("Ben".to_owned());
        assert_eq!(relations_in_words("Ben", &all[0], &all), ["former grantee"]);
        assert_eq!(relations_in_words("Dr Evans", &all[1], &all), ["grantee"]);
    }
}
