//! Rights that are given and end while the scenario runs.

use super::step::StepContext;
use super::{CheckResult, Checker, KnownNames, keys};
use crate::profile::parts::{GrantPart, GrantScope, Step};

impl Checker<'_> {
    pub(super) fn grants(&self) -> CheckResult {
        let surfaces = KnownNames {
            kind: "surface",
            names: keys(&self.profile.surface),
        };
        for (name, grant) in &self.profile.grant {
            let ends = !grant.withdraw.is_empty() || !grant.lapse.is_empty();
            if grant.give.is_empty() && !ends {
                return self.fail(
                    self.source.key(&["grant", name]),
                    format!("the grant `{name}` is neither given nor taken back"),
                    "in here",
                    "`give` says how it is given, `withdraw` how it is taken back, `lapse` how it ends by itself"
                        .to_owned(),
                );
            }
            self.steps(grant.steps(), &StepContext::of_a_grant())?;
            self.check_person_grant(name, grant)?;
            self.without_a_right(name, grant)?;
            grant
                .opens
                .iter()
                .try_for_each(|opened| self.known(opened, &surfaces))?;
        }
        let grants = KnownNames {
            kind: "grant",
            names: keys(&self.profile.grant),
        };
        let mut named = self.profile.surface.values().flat_map(|surface| &surface.granted);
        named.try_for_each(|grant| self.known(grant, &grants))
    }

    /// Where there is no right, there is nothing that it opens, and none to end.
    fn without_a_right(&self, name: &str, grant: &GrantPart) -> CheckResult {
        let ends = !grant.withdraw.is_empty() || !grant.lapse.is_empty();
        if grant.right || (grant.opens.is_empty() && !ends) {
            return Ok(());
        }
        self.fail(
            self.source.key(&["grant", name, "right"]),
            format!("the grant `{name}` gives no right, and yet says what it opens or how it ends"),
            "no right to what?",
            "leave out `opens`, `withdraw` and `lapse`, or `right = false`".to_owned(),
        )
    }

    /// A grant between two people is about no recording in particular.
    fn check_person_grant(&self, name: &str, grant: &GrantPart) -> CheckResult {
        if grant.per == GrantScope::Recording || !grant.steps().any(speaks_of_a_recording) {
            return Ok(());
        }
        self.fail(
            self.source.key(&["grant", name, "per"]),
            "there is no `recording` and no `canary` in a grant `per` person: it is about all of them",
            "of which recording?",
            "speak of `owner` and `to`, or leave `per` out: then it is given for one recording at a time"
                .to_owned(),
        )
    }
}

fn speaks_of_a_recording(step: &Step) -> bool {
    let mut speaks = false;
    step.strings(&mut |text| speaks |= text.contains("recording.") || text.contains("canary."));
    speaks
}
