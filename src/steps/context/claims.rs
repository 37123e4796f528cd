//! Claims: what a `Then` step says must be so, asked by `probe` and decided by `judge`.

use super::ScenarioContext;
use crate::judge::{AssertionVerdict, Judge};
use crate::ledger::{Claim, Entry, Follower, Verdict};
use crate::probe::{self, ProbeOptions, Scope};
use crate::steps::StepStopped;
use std::sync::{Mutex, PoisonError};

/// The scenario's own judge: it follows what is written, and says of each `Then` step whether it held.
#[derive(Debug, Default)]
pub struct StepJudge(Mutex<Judge>);

impl StepJudge {
    fn verdict(&self, assertion: u32) -> Option<AssertionVerdict> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .assertion(assertion)
    }
}

impl Follower for StepJudge {
    fn follow(&self, entry: &Entry) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .observe(entry);
    }
}

impl ScenarioContext {
    /// Numbers of somebody's recordings.
    pub(in crate::steps) fn recordings_of(&self, who: &str) -> Result<Vec<u32>, StepStopped> {
        self.known(who)?;
        let numbers: Vec<u32> = self
            .recordings
            .iter()
            .filter(|one| one.owner.name == who)
            .map(|one| one.number)
            .collect();
        if numbers.is_empty() {
            return Err(StepStopped::Written(format!(
                "{who} has no recording in this scenario"
            )));
        }
        Ok(numbers)
    }

    pub(in crate::steps) async fn claim(&mut self, scope: Scope, text: &str) -> Result<(), StepStopped> {
        if scope.claim != Claim::Reachable {
            self.check_askers(&scope).await?;
        }
        self.claim_with(scope, ProbeOptions::default(), text).await
    }

    /// Whoever a step names must be able to try, and have no right to what they are said not to get, unless nobody has: else the
    /// step would hold without them.
    async fn check_askers(&self, scope: &Scope) -> Result<(), StepStopped> {
        for name in &scope.askers {
            if !self.known(name)?.is_signed_in().await {
                return Err(StepStopped::Written(format!(
                    "{name} is signed out, and cannot try\nhint: say first that {name} signs in again"
                )));
            }
            if scope.claim == Claim::NoOne {
                continue;
            }
            let theirs = self
                .recordings
                .iter()
                .find(|one| scope.recordings.contains(&one.number) && one.may_be_seen_by(name));
            if let Some(one) = theirs {
                return Err(StepStopped::Written(format!(
                    "{name} has a right to a recording of {} that this step says they cannot get",
                    one.owner.name
                )));
            }
        }
        Ok(())
    }

    /// Claims that the session that somebody signed out of opens nothing any more.
    pub(in crate::steps) async fn claim_old_session(
        &mut self,
        who: &str,
        text: &str,
    ) -> Result<(), StepStopped> {
        let old = self.old_sessions.get(who).cloned().ok_or_else(|| {
            StepStopped::Written(format!(
                "{who} has not signed out in this scenario\nhint: say `When {who} signs out` first"
            ))
        })?;
        let scope = Scope {
            claim: Claim::NoOne,
            askers: vec![crate::cast::NOBODY.to_owned()],
            recordings: self.recordings_of(who)?,
            links_only: false,
        };
        self.claim_with(
            scope,
            ProbeOptions {
                old_session: Some(old),
            },
            text,
        )
        .await
    }

    /// Claims that nobody else can open what somebody finds by following links.
    pub(in crate::steps) async fn claim_discovered(
        &mut self,
        who: &str,
        text: &str,
    ) -> Result<(), StepStopped> {
        let number = probe::assert_discovered(&self.scene(), who, text).await?;
        self.check_claim(number)
    }

    async fn claim_with(&mut self, scope: Scope, with: ProbeOptions, text: &str) -> Result<(), StepStopped> {
        let number = probe::assert(&self.scene(), &scope, &with, text).await?;
        self.check_claim(number)
    }

    pub(super) fn check_claim(&self, number: u32) -> Result<(), StepStopped> {
        let said = self.judge.verdict(number);
        match said {
            Some(said) if said.verdict == Verdict::Held => Ok(()),
            // that it was noticed stands in the ledger; what comes later in the scenario is to be tried as well
            Some(_) if self.client.session.saboteur.is_some() => Ok(()),
            Some(said) => Err(StepStopped::Judged(said.in_words())),
            None => Err(StepStopped::Judged(
                "the judge knows nothing of this step".to_owned(),
            )),
        }
    }
}
