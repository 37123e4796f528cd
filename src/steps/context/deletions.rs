//! Recordings that are deleted while the scenario runs.

use super::ScenarioContext;
use super::attempts::action_of;
use crate::ledger::Change;
use crate::probe::{self, TwinPurpose};
use crate::steps::StepStopped;
use crate::toggle::{self, DELETE};
use std::sync::Arc;
use std::time::Duration;

impl ScenarioContext {
    /// Deletes somebody's latest recording. Whoever is about to lose a right to it has used it: pages, links and versions that were
    /// kept of it are tried afterwards.
    pub(in crate::steps) async fn delete(&mut self, owner: &str) -> Result<(), StepStopped> {
        self.known(owner)?;
        let theirs = |one: &&crate::plant::planting::Recording| one.owner.name == owner && !one.deleted;
        let latest = self.recordings.iter().rfind(theirs).cloned().ok_or_else(|| {
            StepStopped::Written(format!(
                "{owner} has no recording in this scenario that could be deleted"
            ))
        })?;
        probe::baseline(&self.scene(), TwinPurpose::Compared).await;
        for (grantee, _) in &latest.grantees {
            probe::use_right(&self.scene(), grantee, std::slice::from_ref(&latest)).await;
        }
        let witness = Arc::clone(&self.client);
        let attempts = self.try_to_delete(&latest).await;
        let deleted = toggle::delete(witness.site(), &*witness, &latest).await;
        self.done(attempts, &action_of(DELETE), deleted)?;
        let known = self.recordings.iter_mut().find(|one| one.number == latest.number);
        let ended = known.ok_or(StepStopped::NoStage)?.mark_deleted();
        for (grantee, why) in ended {
            self.note(latest.number, &grantee.name, &why, true);
        }
        let change = Change::Deleted {
            who: owner.to_owned(),
            recording: latest.number,
        };
        self.changed(change, Some(Duration::ZERO));
        Ok(())
    }

    /// Numbers of what somebody has deleted.
    pub(in crate::steps) fn deleted_of(&self, who: &str) -> Result<Vec<u32>, StepStopped> {
        self.known(who)?;
        let theirs = self
            .recordings
            .iter()
            .filter(|one| one.owner.name == who && one.deleted);
        let numbers: Vec<u32> = theirs.map(|one| one.number).collect();
        if numbers.is_empty() {
            return Err(StepStopped::Written(format!(
                "{who} has deleted no recording in this scenario\nhint: say `When {who} deletes her recording` first"
            )));
        }
        Ok(numbers)
    }
}
