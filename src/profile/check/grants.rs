//! Rights that are given and end while the scenario runs.

use super::step::Where;
use super::{Checked, Checker, Known, keys};

impl Checker<'_> {
    pub(super) fn grants(&self) -> Checked {
        let surfaces = Known {
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
            let steps = grant.give.iter().chain(&grant.withdraw).chain(&grant.lapse);
            self.steps(steps, &Where::of_a_grant())?;
            grant
                .opens
                .iter()
                .try_for_each(|opened| self.known(opened, &surfaces))?;
        }
        let grants = Known {
            kind: "grant",
            names: keys(&self.profile.grant),
        };
        let mut named = self.profile.surface.values().flat_map(|surface| &surface.granted);
        named.try_for_each(|grant| self.known(grant, &grants))
    }
}
