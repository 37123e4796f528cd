//! What people are about to do is tried by others first.

use super::ScenarioContext;
use crate::cast::Persona;
use crate::ledger::Modality;
use crate::plant::planting::Recording;
use crate::probe::{self, AttemptResults, PendingAction};
use crate::steps::StepStopped;
use crate::toggle::{self, Consultation, GrantSubject, ToggleError};
use std::sync::Arc;
use std::time::Duration;

impl ScenarioContext {
    /// Has others try to act in somebody's consultation, who is about to do so.
    pub(super) async fn try_to_act(
        &self,
        consultation: &Consultation,
        action: &str,
        modality: Modality,
    ) -> AttemptResults {
        let Some(part) = self.client.site().profile.action.get(action) else {
            return AttemptResults::default();
        };
        let (patient, clinician) = (&consultation.patient, &consultation.clinician);
        let mut partakers = self.partakers(patient);
        partakers.extend(clinician.iter().map(|clinician| clinician.name.clone()));
        let deed = PendingAction {
            owner: patient,
            partakers,
            recording: None,
            steps: &part.steps,
            settled: part.settled.as_ref(),
            vars: consultation.variables(modality),
            parties: consultation.parties(self.client.site()).await,
            gives: false,
            surface: action_of(action),
            settles_in: self.defaults.settling.longest(&action_of(action)),
        };
        probe::attempt(&self.scene(), &deed).await
    }

    /// Has others try to delete a recording whose owner is about to.
    pub(super) async fn try_to_delete(&self, recording: &Recording) -> AttemptResults {
        let Some(part) = self.client.site().profile.action.get(toggle::DELETE) else {
            return AttemptResults::default();
        };
        let mut partakers = self.partakers(&recording.owner);
        partakers.extend(recording.people.values().map(|one| one.name.clone()));
        let deed = PendingAction {
            owner: &recording.owner,
            partakers,
            recording: Some(recording.number),
            steps: &part.steps,
            settled: part.settled.as_ref(),
            vars: toggle::seen_by_deletion(recording),
            parties: recording.parties(self.client.site()).await,
            gives: false,
            surface: action_of(toggle::DELETE),
            settles_in: self.defaults.settling.longest(&action_of(toggle::DELETE)),
        };
        probe::attempt(&self.scene(), &deed).await
    }

    /// Has others try to give themselves a right that the owner is about to give to somebody.
    pub(super) async fn try_to_give(
        &self,
        grant: &str,
        matter: GrantSubject<'_>,
        to: &Persona,
    ) -> AttemptResults {
        let Some(part) = self.client.site().profile.grant.get(grant) else {
            return AttemptResults::default();
        };
        let mut partakers = self.partakers(matter.owner());
        partakers.push(to.name.clone());
        let deed = PendingAction {
            owner: matter.owner(),
            partakers,
            recording: matter.number(),
            steps: &part.give,
            settled: part.settled.as_ref(),
            vars: matter.variables(),
            parties: matter.parties(self.client.site()).await,
            gives: true,
            surface: grant_of(grant),
            settles_in: self.defaults.settling.longest(&grant_of(grant)),
        };
        probe::attempt(&self.scene(), &deed).await
    }

    /// Takes what the owner has done then as the other half of what was tried, and remembers how long it took. What has been done in their
    /// place they need not do again, so that they may be refused.
    pub(super) fn done<E: Into<ToggleError>>(
        &self,
        attempts: AttemptResults,
        what: &str,
        done: Result<Duration, E>,
    ) -> Result<(), StepStopped> {
        match done {
            Ok(time) => {
                self.defaults.settling.record(what, attempts.settled_in(time));
                attempts.conclude(&self.client, true);
                Ok(())
            }
            Err(error) => {
                let done_already = attempts.done();
                attempts.conclude(&self.client, false);
                if done_already {
                    Ok(())
                } else {
                    Err(error.into().into())
                }
            }
        }
    }

    /// By name, everybody with a right to something of somebody's: what they may do there is for the stack to say.
    fn partakers(&self, owner: &Persona) -> Vec<String> {
        let theirs = self.recordings.iter().filter(|one| one.owner.name == owner.name);
        let grantees = theirs.flat_map(|one| &one.grantees).map(|(grantee, _)| grantee);
        let standing = self.grants.to_all_of(&owner.name);
        let standing = standing.iter().map(|(_, grantee)| grantee);
        let names = grantees
            .chain(standing)
            .map(|grantee: &Arc<Persona>| grantee.name.clone());
        names.collect()
    }
}

/// What an action is called where it is tried.
pub(super) fn action_of(name: &str) -> String {
    format!("action.{name}")
}

/// The same for a grant.
pub(super) fn grant_of(name: &str) -> String {
    format!("grant.{name}")
}
