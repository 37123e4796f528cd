//! Rights that are given and end while the scenario runs.

use super::ScenarioContext;
use super::attempts::grant_of;
use crate::cast::Persona;
use crate::http::Transport;
use crate::ledger::{Change, Entry, Grant};
use crate::plant::planting::Recording;
use crate::probe;
use crate::profile::{GrantPart, GrantScope};
use crate::steps::StepStopped;
use crate::toggle::{GrantEnd, GrantSubject};
use std::sync::Arc;
use std::time::Duration;

impl ScenarioContext {
    /// Gives somebody a right to the owner's latest recording, or where the profile says so, to all of the owner's.
    pub(in crate::steps) async fn grant(
        &mut self,
        grant: &str,
        owner: &str,
        to: &str,
    ) -> Result<(), StepStopped> {
        let witness = Arc::clone(&self.client);
        let per = self.part(grant).map_or_else(GrantScope::default, |part| part.per);
        let of = match per {
            GrantScope::Recording => {
                self.recordings_of(owner)?;
                self.known(owner)?
            }
            GrantScope::Person => self.person(owner).await?,
        };
        let to = self.person(to).await?;
        let mut theirs = self
            .recordings
            .iter()
            .filter(|one| one.owner.name == owner && !one.deleted);
        let numbers: Vec<u32> = match per {
            GrantScope::Recording => {
                let latest = theirs.next_back().ok_or(StepStopped::NoStage)?;
                let matter = GrantSubject::Recording(latest);
                let attempts = self.try_to_give(grant, matter, &to).await;
                let by = (witness.site(), &*witness as &dyn Transport);
                let given = self.grants.grant(by, grant, matter, &to).await;
                let number = latest.number;
                self.done(attempts, &grant_of(grant), given)?;
                vec![number]
            }
            GrantScope::Person => {
                let numbers = theirs.map(|one| one.number).collect();
                let matter = GrantSubject::Person(&of);
                let attempts = self.try_to_give(grant, matter, &to).await;
                let by = (witness.site(), &*witness as &dyn Transport);
                let given = self.grants.grant(by, grant, matter, &to).await;
                self.done(attempts, &grant_of(grant), given)?;
                numbers
            }
        };
        let (why, right) = (self.why(grant), self.is_a_right(grant));
        for number in numbers {
            let known = self.recordings.iter_mut().find(|one| one.number == number);
            let known = known.ok_or(StepStopped::NoStage)?;
            if right {
                known.grant(grant, &to, &why);
                self.note(number, &to.name, &why, false);
            } else {
                known.bring_in(grant);
            }
        }
        self.regranted(grant, owner, &to.name, "given");
        Ok(())
    }

    /// Ends every right of this kind that somebody has to the owner's recordings.
    pub(in crate::steps) async fn end_grant(
        &mut self,
        grant: &str,
        owner: &str,
        to: &str,
        end: GrantEnd,
    ) -> Result<(), StepStopped> {
        let of = self.known(owner)?;
        let (to, why) = (self.known(to)?, self.why(grant));
        let has = |one: &&Recording| {
            let is_theirs =
                |(grantee, reason): &(Arc<Persona>, String)| grantee.name == to.name && *reason == why;
            one.owner.name == owner && one.grantees.iter().any(is_theirs)
        };
        let theirs: Vec<Recording> = self.recordings.iter().filter(has).cloned().collect();
        let to_all = self.grants.to_all_of(owner);
        let to_all = to_all
            .iter()
            .any(|(known, grantee)| known == grant && grantee.name == to.name);
        if theirs.is_empty() && !to_all {
            return Err(StepStopped::Written(format!(
                "{} has no right to a recording of {owner} that could end\nhint: say first how they came by it",
                to.name
            )));
        }
        // whoever is about to lose a right has used it: what was kept of it is tried afterwards
        probe::use_right(&self.scene(), &to, &theirs).await;
        probe::keep_listening(&self.scene(), &to).await;
        let witness = Arc::clone(&self.client);
        let matters = match to_all {
            true => vec![GrantSubject::Person(&of)],
            false => theirs.iter().map(GrantSubject::Recording).collect(),
        };
        for matter in matters {
            let scene = self.scene();
            // what is handed out in the last moments must not outlive them
            let just_before = probe::keep_links(&scene, &to, &theirs);
            let by = (witness.site(), &*witness as &dyn Transport);
            self.grants
                .revoke(by, grant, matter, &to, end, just_before)
                .await?;
            self.grants.forget(grant, matter, &to);
        }
        for ended in &theirs {
            let known = self.recordings.iter_mut().find(|one| one.number == ended.number);
            known.ok_or(StepStopped::NoStage)?.revoke(&to.name, &why);
            self.note(ended.number, &to.name, &why, true);
        }
        self.regranted(grant, owner, &to.name, end.word());
        Ok(())
    }

    /// Ends a right of this kind for everybody who has it to everything of the owner's.
    pub(in crate::steps) async fn end_grants(
        &mut self,
        grant: &str,
        owner: &str,
        end: GrantEnd,
    ) -> Result<(), StepStopped> {
        self.known(owner)?;
        let standing = self.grants.to_all_of(owner);
        let who: Vec<_> = standing.iter().filter(|(known, _)| known == grant).collect();
        if who.is_empty() {
            return Err(StepStopped::Written(format!(
                "nobody has a right to {owner}'s recordings that could end\nhint: say first who has one"
            )));
        }
        for (_, to) in who {
            self.end_grant(grant, owner, &to.name, end).await?;
        }
        Ok(())
    }

    /// Gives those who have a right to everything of the owner's a right to what has just been made.
    pub(super) fn apply_standing_grants(&self, recording: &mut Recording) {
        for (grant, to) in self.grants.to_all_of(&recording.owner.name) {
            if self.is_a_right(&grant) {
                recording.grant(&grant, &to, &self.why(&grant));
            } else {
                recording.bring_in(&grant);
            }
        }
    }

    fn is_a_right(&self, grant: &str) -> bool {
        self.part(grant).is_none_or(|part| part.right)
    }

    fn part(&self, grant: &str) -> Option<&GrantPart> {
        self.client.site().profile.grant.get(grant)
    }

    fn why(&self, grant: &str) -> String {
        self.part(grant).map_or_else(String::new, |part| part.why.clone())
    }

    pub(super) fn note(&self, recording: u32, to: &str, why: &str, revoked: bool) {
        self.client.write(&Entry::Grant(Grant {
            scenario: self.client.scenario,
            recording,
            to: to.to_owned(),
            why: why.to_owned(),
            revoked,
        }));
    }

    fn regranted(&mut self, grant: &str, of: &str, to: &str, how: &str) {
        let change = Change::Grant {
            grant: grant.to_owned(),
            of: of.to_owned(),
            to: to.to_owned(),
            how: how.to_owned(),
        };
        self.changed(change, Some(Duration::ZERO));
    }
}
