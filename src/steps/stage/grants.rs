//! Rights that are given and end while the scenario runs.

use super::Stage;
use crate::cast::Persona;
use crate::ledger::{Change, Entry, Grant};
use crate::plant::planting::Recording;
use crate::probe;
use crate::steps::Stopped;
use crate::toggle::End;
use std::sync::Arc;
use std::time::Duration;

impl Stage {
    /// Gives somebody a right to the owner's latest recording.
    pub(in crate::steps) async fn give(&mut self, grant: &str, owner: &str, to: &str) -> Result<(), Stopped> {
        self.recordings_of(owner)?;
        let to = self.person(to).await?;
        let witness = Arc::clone(&self.witness);
        let why = self.why(grant);
        let latest = self.recordings.iter_mut().rfind(|one| one.owner.name == owner);
        let recording = latest.ok_or(Stopped::NoStage)?;
        self.grants
            .give(witness.site(), &*witness, grant, recording, &to)
            .await?;
        recording.give(grant, &to, &why);
        let number = recording.number;
        self.note(number, &to.name, &why, false);
        self.regranted(grant, owner, &to.name, "given");
        Ok(())
    }

    /// Ends every right of this kind that somebody has to the owner's recordings.
    pub(in crate::steps) async fn end_grant(
        &mut self,
        grant: &str,
        owner: &str,
        to: &str,
        end: End,
    ) -> Result<(), Stopped> {
        self.known(owner)?;
        let (to, why) = (self.known(to)?, self.why(grant));
        let has = |one: &&Recording| {
            let is_theirs =
                |(grantee, reason): &(Arc<Persona>, String)| grantee.name == to.name && *reason == why;
            one.owner.name == owner && one.grantees.iter().any(is_theirs)
        };
        let theirs: Vec<Recording> = self.recordings.iter().filter(has).cloned().collect();
        if theirs.is_empty() {
            return Err(Stopped::Written(format!(
                "{} has no right to a recording of {owner} that could end\nhint: say first how they came by it",
                to.name
            )));
        }
        // whoever is about to lose a right has used it: what was kept of it is tried afterwards
        probe::use_right(&self.scene(), &to, &theirs).await;
        let witness = Arc::clone(&self.witness);
        for recording in &theirs {
            self.grants
                .end(witness.site(), &*witness, grant, recording, &to, end)
                .await?;
        }
        for ended in &theirs {
            let known = self.recordings.iter_mut().find(|one| one.number == ended.number);
            known.ok_or(Stopped::NoStage)?.take_back(&to.name, &why);
            self.note(ended.number, &to.name, &why, true);
        }
        self.regranted(grant, owner, &to.name, end.word());
        Ok(())
    }

    fn why(&self, grant: &str) -> String {
        let part = self.witness.site().profile.grant.get(grant);
        part.map_or_else(String::new, |part| part.why.clone())
    }

    fn note(&self, recording: u32, to: &str, why: &str, revoked: bool) {
        self.witness.write(&Entry::Grant(Grant {
            scenario: self.witness.scenario,
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
