//! What a scenario says beforehand: who will be there and what will have been recorded when each of its claims is made. As far as its
//! sentences tell; no stack is asked.

use super::vocabulary::sentence;
use super::words::{ModalityArg, NamesArg};
use crate::cast::{NOBODY, Persona};
use crate::ledger::{Claim, Modality};
use crate::plant::planting::Recording;
use crate::probe::{Requester, Scope};
use crate::profile::{Profile, Vars};
use cucumber::gherkin::Step;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The clinician of consultations for which the scenario names none.
const ON_DUTY: &str = "Dr Grey";

/// A claim, and what it will be about.
#[derive(Debug)]
pub struct PreviewedClaim {
    /// As it is written.
    pub text: String,
    /// Where.
    pub line: usize,
    /// What has happened since people were recorded, the latest last.
    pub moments: Vec<String>,
    /// The changes that are made then, by their names in the profile.
    pub made: BTreeSet<String>,
    /// What is claimed; none when that is known only when it is asked.
    pub scope: Option<Scope>,
    /// It is about credentials of a session that somebody of this role has signed out of.
    pub old_session: Option<String>,
    /// Who will be signed in.
    pub people: Vec<Requester>,
    /// What will have been recorded.
    pub recordings: Vec<Recording>,
}

impl PreviewedClaim {
    /// Whether it is that nobody gets something, its owner included, as far as that can be told: what they get is then compared with what
    /// they got before.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        let for_nobody = self.scope.as_ref().is_none_or(Scope::is_for_nobody);
        for_nobody || self.old_session.is_some()
    }

    /// What has happened in which somebody is named, without their name.
    #[must_use]
    pub fn past_of(&self, name: &str) -> Vec<String> {
        let moments = self.moments.iter().filter(|moment| moment.contains(name));
        moments.map(|moment| moment.replace(name, "")).collect()
    }
}

/// Reads the steps of a scenario.
#[must_use]
pub fn foresee<'a>(steps: impl IntoIterator<Item = &'a Step>, profile: &Profile) -> Vec<PreviewedClaim> {
    let mut stage = Preview {
        profile,
        people: BTreeMap::new(),
        signed_out: BTreeSet::new(),
        booked: Vec::new(),
        recordings: Vec::new(),
        moments: Vec::new(),
        made: BTreeSet::new(),
    };
    steps.into_iter().flat_map(|step| stage.read(step)).collect()
}

/// A consultation that was booked.
struct PreviewedConsultation {
    patient: String,
    clinician: Option<String>,
    slot: String,
    by: Modality,
}

/// A stage on which nothing happens.
struct Preview<'a> {
    profile: &'a Profile,
    people: BTreeMap<String, Arc<Persona>>,
    signed_out: BTreeSet<String>,
    booked: Vec<PreviewedConsultation>,
    recordings: Vec<Recording>,
    moments: Vec<String>,
    made: BTreeSet<String>,
}

impl Preview<'_> {
    /// Takes a step in; a claim is handed back.
    fn read(&mut self, step: &Step) -> Vec<PreviewedClaim> {
        let Some((example, words)) = sentence(step) else {
            return Vec::new();
        };
        let people = |at: usize| words.get(at).map_or_else(Vec::new, |names| read_people(names));
        let by = |at: usize| {
            let by = words.get(at).and_then(|word| word.parse::<ModalityArg>().ok());
            by.map_or(Modality::Audio, |by| by.0)
        };
        let first = people(0);
        match example {
            "Ada and Ben are signed in" | "Ada signs in again" | "Ben signs in on Ada's device" => {
                self.sign_in(&first)
            }
            "Ada, Ben and Chloe each have a finished audio consultation that was recorded" => {
                self.recorded(&first, (by(1), None, None), 1);
            }
            "Ada has 60 finished audio consultations that were recorded" => {
                let times = words.get(1).and_then(|times| times.parse().ok()).unwrap_or(1);
                self.recorded(&first, (by(2), None, None), times);
            }
            "Ada and Ben each had a video consultation with Dr Evans in the slot \"Monday 10:00\" that was recorded" =>
            {
                let (with, slot) = (words.get(2).cloned(), words.get(3).cloned());
                self.recorded(&first, (by(1), with, slot), 1);
            }
            "Dr Evans held an audio consultation with Ada that was recorded" => {
                self.recorded(&people(2), (by(1), words.first().cloned(), None), 1);
            }
            "Dan has booked an audio consultation" | "Dan has booked an audio consultation and joined it" => {
                for who in &first {
                    self.book(who, (by(1), None, None));
                }
            }
            "Ada and Ben each have a finished video consultation that the recorder has recorded" => {
                self.recorded(&first, (by(1), None, None), 1);
            }
            "the recorder begins on Ada's consultation" => {
                for who in people(1) {
                    self.record(&who);
                    if let Some(begun) = self.recordings.last_mut() {
                        begun.finished = false;
                        begun.grantees.clear();
                    }
                }
            }
            "the recorder is done with Ada's consultation" => {
                people(1).iter().for_each(|who| self.finish(who))
            }
            "no one else is told of Ada's recording before it is finished" => {
                let claims = self.claims(step, example, &words);
                first.iter().for_each(|who| self.finish(who));
                return claims;
            }
            "Dan's consultation is recorded" => first.iter().for_each(|who| self.record(who)),
            "Ada has shared her recording with Ben" => self.share(&first, &people(1)),
            "Ada withdraws the share from Ben" | "Ada's share with Ben runs out" => {
                self.take_back("share", &first, &people(1));
            }
            "Ada deletes her recording" => first.iter().for_each(|who| self.delete(who)),
            "Ada is no longer treated by Dr Grey" => self.take_back("treatment", &first, &people(1)),
            "Ada signs out" => self.signed_out.extend(first),
            "the change \"open-reading\" is made" => match words.get(1).map(String::as_str) {
                Some("made") => self.made.extend(words.first().cloned()),
                _ => self.made.retain(|name| Some(name) != words.first()),
            },
            _ if step.ty == cucumber::gherkin::StepType::Then => return self.claims(step, example, &words),
            _ => {}
        }
        if step.ty == cucumber::gherkin::StepType::When {
            self.moments.push(step.value.clone());
        }
        Vec::new()
    }

    fn claims(&self, step: &Step, example: &str, words: &[String]) -> Vec<PreviewedClaim> {
        let people = |at: usize| words.get(at).map_or_else(Vec::new, |names| read_people(names));
        let of = |owners: &[String]| -> Vec<u32> {
            let theirs = self
                .recordings
                .iter()
                .filter(|one| owners.contains(&one.owner.name));
            theirs.map(|one| one.number).collect()
        };
        let scope = |claim, askers: Vec<String>, recordings, links_only| Scope {
            claim,
            askers,
            recordings,
            links_only,
        };
        let first = people(0);
        let role = first
            .first()
            .and_then(|who| self.people.get(who))
            .map(|one| one.role.clone());
        let old_session = role.filter(|_| example == "Ada's old session opens nothing");
        let scope = match example {
            "no one can list or fetch anybody else's recordings" => Some(Scope::all(Claim::NoOneElse)),
            "no one can list or fetch any recording" => Some(Scope::all(Claim::NoOne)),
            "no one can list or fetch Ada's deleted recording" => {
                let deleted = self.recordings.iter().filter(|one| one.deleted);
                let theirs = deleted.filter(|one| first.contains(&one.owner.name));
                let theirs = theirs.map(|one| one.number).collect();
                Some(scope(Claim::Gone, Vec::new(), theirs, false))
            }
            "everyone can still list and fetch their own" => Some(Scope::all(Claim::Reachable)),
            "Ada's link no longer opens" => Some(scope(Claim::NoOne, Vec::new(), of(&first), true)),
            "Ada's link opens for nobody else" => Some(scope(Claim::NoOneElse, Vec::new(), of(&first), true)),
            "no one else is told of Ada's recording before it is finished" => {
                let theirs = self
                    .recordings
                    .iter()
                    .filter(|one| !one.finished && first.contains(&one.owner.name));
                let theirs = theirs.map(|one| one.number).collect();
                Some(scope(Claim::NotYet, Vec::new(), theirs, false))
            }
            "Dr Evans can list and fetch Ada's recording" => {
                Some(scope(Claim::Reachable, first, of(&people(1)), false))
            }
            "Dr Evans cannot list or fetch Ben's recording" => {
                Some(scope(Claim::NoOneElse, first, of(&people(1)), false))
            }
            "Ben cannot list or fetch any recording" => Some(scope(Claim::NoOne, first, Vec::new(), false)),
            "Ada can list and fetch her own recordings" => {
                let theirs = of(&first);
                Some(scope(Claim::Reachable, first, theirs, false))
            }
            "Ada's old session opens nothing" => {
                let nobody = vec![NOBODY.to_owned()];
                Some(scope(Claim::NoOne, nobody, of(&first), false))
            }
            _ => None,
        };
        let is_not_yet = scope.as_ref().is_some_and(|scope| scope.claim == Claim::NotYet);
        let signed_in = self
            .people
            .values()
            .filter(|one| !self.signed_out.contains(&one.name));
        vec![PreviewedClaim {
            text: step.value.clone(),
            line: step.position.line,
            moments: self.moments.clone(),
            made: self.made.clone(),
            scope,
            old_session,
            people: signed_in
                .map(|one| Requester {
                    name: one.name.clone(),
                    role: one.role.clone(),
                    tenant: one.me().text("tenant").map(str::to_owned),
                })
                .collect(),
            recordings: self
                .recordings
                .iter()
                .filter(|one| one.finished || is_not_yet)
                .cloned()
                .collect(),
        }]
    }

    fn person(&mut self, name: &str) -> Arc<Persona> {
        let role = if name.starts_with("Dr ") {
            "clinician"
        } else {
            "patient"
        };
        let person = self.people.entry(name.to_owned());
        Arc::clone(person.or_insert_with(|| Persona::stand_in(name, role)))
    }

    fn sign_in(&mut self, people: &[String]) {
        for who in people {
            self.person(who);
            self.signed_out.remove(who);
        }
    }

    fn recorded(
        &mut self,
        people: &[String],
        (by, with, slot): (Modality, Option<String>, Option<String>),
        times: u32,
    ) {
        for who in people {
            for _ in 0..times {
                self.book(who, (by, with.clone(), slot.clone()));
                self.record(who);
            }
        }
    }

    fn book(&mut self, who: &str, (by, with, slot): (Modality, Option<String>, Option<String>)) {
        self.person(who);
        let has_clinicians = self.profile.role.contains_key("clinician");
        let clinician = with.or_else(|| has_clinicians.then(|| ON_DUTY.to_owned()));
        if let Some(clinician) = &clinician {
            self.person(clinician);
        }
        let slot = slot.unwrap_or_else(|| format!("slot {}", self.booked.len() + 1));
        self.booked.push(PreviewedConsultation {
            patient: who.to_owned(),
            clinician,
            slot,
            by,
        });
    }

    /// The latest consultation of somebody leaves a recording behind.
    fn record(&mut self, who: &str) {
        let latest = self.booked.iter().rev().find(|one| one.patient == who);
        let Some(latest) = latest else { return };
        let (by, slot, clinician) = (latest.by, latest.slot.clone(), latest.clinician.clone());
        let number = u32::try_from(self.recordings.len())
            .unwrap_or(u32::MAX)
            .saturating_add(1);
        let owner = self.person(who);
        let people: BTreeMap<String, Arc<Persona>> = clinician
            .iter()
            .map(|name| ("clinician".to_owned(), self.person(name)))
            .collect();
        let id = format!("recording-{number}");
        let mut recording = Recording::again(number, id, owner, people, Vars::default());
        recording.modality = by;
        recording.planted_in = u32::try_from(self.moments.len()).unwrap_or(u32::MAX);
        recording.slot = Some(slot);
        entitle(&mut recording, self.profile);
        self.recordings.push(recording);
    }

    /// What was begun of somebody's is finished.
    fn finish(&mut self, who: &str) {
        let mut unfinished = self.recordings.iter_mut().rev();
        if let Some(begun) = unfinished.find(|one| !one.finished && one.owner.name == who) {
            begun.finished = true;
            entitle(begun, self.profile);
        }
    }

    fn share(&mut self, owners: &[String], with: &[String]) {
        let why = self.why("share");
        for name in with {
            let grantee = self.person(name);
            for owner in owners {
                let latest = self
                    .recordings
                    .iter_mut()
                    .rev()
                    .find(|one| one.owner.name == *owner);
                if let Some(latest) = latest {
                    latest.grant("share", &grantee, &why);
                }
            }
        }
    }

    fn delete(&mut self, owner: &str) {
        let theirs = |one: &&mut Recording| one.owner.name == owner && !one.deleted;
        if let Some(latest) = self.recordings.iter_mut().rev().find(theirs) {
            latest.mark_deleted();
        }
    }

    fn take_back(&mut self, grant: &str, owners: &[String], from: &[String]) {
        let why = self.why(grant);
        for one in self
            .recordings
            .iter_mut()
            .filter(|one| owners.contains(&one.owner.name))
        {
            from.iter().for_each(|name| one.revoke(name, &why));
        }
    }

    fn why(&self, grant: &str) -> String {
        let grant = self.profile.grant.get(grant);
        grant.map(|grant| grant.why.clone()).unwrap_or_default()
    }
}

/// Whoever has a right to a recording by its consultation.
fn entitle(recording: &mut Recording, profile: &Profile) {
    for grant in profile.recording.iter().flat_map(|part| &part.grants) {
        if let Some(grantee) = recording.people.get(grant.to.as_str()).map(Arc::clone) {
            recording.grantees.push((grantee, grant.why.clone()));
        }
    }
}

fn read_people(names: &str) -> Vec<String> {
    names
        .parse::<NamesArg>()
        .map_or_else(|_| Vec::new(), |people| people.0)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use cucumber::gherkin::{Feature, GherkinEnv};

    fn foreseen(steps: &str) -> Vec<PreviewedClaim> {
        let text = format!("Feature: f\n  Scenario: s\n{steps}");
        let feature = Feature::parse(text, GherkinEnv::default()).unwrap();
        foresee(&feature.scenarios[0].steps, &Profile::clinic().unwrap())
    }

    fn names(foreseen: &PreviewedClaim) -> Vec<&str> {
        foreseen.people.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn people_recordings_and_what_has_happened() {
        let claims = foreseen(
            "Given Ada and Ben each had a video consultation with Dr Evans in the slot \"9:00\" that was recorded\n\
             And Chloe has 3 finished audio consultations that were recorded\n\
             And Dan is signed in\n\
             Then no one can list or fetch anybody else's recordings\n\
             When Ben signs out\n\
             Then Ada cannot list or fetch Ben's recording\n\
             And Ben's old session opens nothing\n",
        );
        assert_eq!(claims.len(), 3, "{claims:?}");
        let (first, second, third) = (&claims[0], &claims[1], &claims[2]);
        assert_eq!(
            names(first),
            ["Ada", "Ben", "Chloe", "Dan", "Dr Evans", "Dr Grey"]
        );
        assert_eq!(first.recordings.len(), 5);
        assert!(first.recordings[0].may_be_seen_by("Dr Evans") && !first.recordings[0].may_be_seen_by("Ben"));
        assert_eq!(first.recordings[1].slot.as_deref(), Some("9:00"));
        assert!(first.moments.is_empty());
        assert!(!names(second).contains(&"Ben"));
        assert_eq!(second.moments, ["Ben signs out"]);
        let scope = second.scope.as_ref().unwrap();
        assert_eq!((scope.claim, &scope.recordings), (Claim::NoOneElse, &vec![2]));
        assert_eq!(scope.askers, ["Ada"]);
        assert_eq!(
            (third.old_session.as_deref(), &first.old_session),
            (Some("patient"), &None)
        );
    }

    #[test]
    fn what_is_changed_is_so_until_it_is_undone() {
        let claims = foreseen(
            "Given Ada has a finished audio consultation that was recorded\n\
             When the change \"a-replica-is-late\" is made\n\
             Then no one can list or fetch anybody else's recordings\n\
             When the change \"a-replica-is-late\" is undone\n\
             Then no one can list or fetch anybody else's recordings\n",
        );
        let made: Vec<bool> = claims
            .iter()
            .map(|one| one.made.contains("a-replica-is-late"))
            .collect();
        assert_eq!(made, [true, false]);
    }

    #[test]
    fn what_is_deleted_is_nobodys() {
        let claims = foreseen(
            "Given Ada has 2 finished audio consultations that were recorded\n\
             When Ada deletes her recording\n\
             Then no one can list or fetch Ada's deleted recording\n",
        );
        let deleted: Vec<bool> = claims[0].recordings.iter().map(|one| one.deleted).collect();
        assert_eq!(deleted, [false, true]);
        assert!(claims[0].recordings[1].former.contains("Dr Grey"));
        let scope = claims[0].scope.as_ref().unwrap();
        assert_eq!((scope.claim, &scope.recordings), (Claim::Gone, &vec![2]));
    }

    #[test]
    fn rights_that_are_given_and_end() {
        let claims = foreseen(
            "Given Ada has a finished audio consultation that was recorded\n\
             And Ada has shared her recording with Ben\n\
             Then Ben can list and fetch Ada's recording\n\
             When Ada withdraws the share from Ben\n\
             And Ada is no longer treated by Dr Grey\n\
             Then no one can list or fetch anybody else's recordings\n",
        );
        assert!(claims[0].recordings[0].may_be_seen_by("Ben"));
        let after = &claims[1].recordings[0];
        assert!(!after.may_be_seen_by("Ben") && !after.may_be_seen_by("Dr Grey"));
        assert!(after.former.contains("Ben") && after.former.contains("Dr Grey"));
    }
}
