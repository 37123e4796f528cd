//! Flags and changes.

use super::step::StepContext;
use super::{CheckResult, Checker};
use crate::profile::parts::{ChangeScope, FlagPart, FlagTargeting};

impl Checker<'_> {
    pub(super) fn flag(&self) -> CheckResult {
        let Some(flag) = &self.profile.flag else {
            return Ok(());
        };
        let place = self.source.key(&["flag"]);
        let both = !flag.on.is_empty() && !flag.off.is_empty();
        let either = !flag.on.is_empty() || !flag.off.is_empty();
        if flag.set.is_empty() && !both {
            let hint =
                "`set` with `wanted` (true or false) in its templates, or both `on` and `off`".to_owned();
            return self.fail(place, "`[flag]` does not say how a flag is set", "in here", hint);
        }
        if !flag.set.is_empty() && either {
            let hint = "keep either `set`, or `on` and `off`".to_owned();
            return self.fail(place, "`[flag]` says twice how a flag is set", "in here", hint);
        }
        if flag.settled.is_none() && flag.wait.is_none() {
            let hint =
                "`settled` is a step with `until` that shows it; where nothing does, `wait = \"500ms\"`"
                    .to_owned();
            return self.fail(
                place,
                "`[flag]` does not say how to see that a change has settled",
                "in here",
                hint,
            );
        }
        self.read(flag)?;
        if !flag.back.is_empty() && flag.read.is_none() {
            let hint = "with `read`, what it captures stands in `before`".to_owned();
            let what = "`back` puts a flag back as `read` found it, and there is no `read`";
            return self.fail(self.source.key(&["flag", "back"]), what, "as it was when?", hint);
        }
        for (name, some) in [("person", &flag.person), ("tenant", &flag.tenant)] {
            if let Some(some) = some {
                self.for_some(name, some)?;
            }
        }
        if let (Some(_), true) = (&flag.tenant, self.profile.tenant.is_empty()) {
            let hint = "`[tenant.NAME]` says which tenants there are".to_owned();
            let what = "`[flag.tenant]` sets a flag for tenants, and the profile has none";
            return self.fail(self.source.key(&["flag", "tenant"]), what, "for whom?", hint);
        }
        self.steps(flag.steps(), &StepContext::alone())
    }

    /// How a flag is set for some, which has to be said as it is for everybody.
    fn for_some(&self, name: &str, some: &FlagTargeting) -> CheckResult {
        let place = || self.source.key(&["flag", name]);
        let both = !some.on.is_empty() && !some.off.is_empty();
        let either = !some.on.is_empty() || !some.off.is_empty();
        if (some.set.is_empty() && !both) || (!some.set.is_empty() && either) {
            let hint = "either `set` with `wanted` (true or false) in its templates, or both `on` and `off`";
            let what = format!("`[flag.{name}]` does not say in one way how a flag is set for them");
            return self.fail(place(), what, "in here", hint.to_owned());
        }
        if some.settled.is_none() && some.wait.is_none() {
            let hint = "`[flag].settled` says nothing of them: give it a `settled` of its own, or a `wait`";
            let what = format!("`[flag.{name}]` does not say how to see that a change has settled");
            return self.fail(place(), what, "in here", hint.to_owned());
        }
        Ok(())
    }

    fn read(&self, flag: &FlagPart) -> CheckResult {
        if let Some(is_on) = &flag.is_on {
            if flag.read.is_none() {
                let what = "`is_on` is about the answer of `read`, and there is no `read`";
                return self.fail(is_on.span(), what, "of which answer?", None);
            }
            return self.expression(is_on);
        }
        let captures = |name: &str| {
            flag.read
                .iter()
                .any(|read| read.captured_names().any(|one| one == name))
        };
        if flag.read.is_some() && !captures("enabled") {
            let hint = "`capture = { enabled = \"$.enabled\" }`, or `is_on = \"json('$.state') == 'on'\"`"
                .to_owned();
            let place = self.source.key(&["flag", "read"]);
            return self.fail(
                place,
                "`read` does not say whether the flag is on",
                "in here",
                hint,
            );
        }
        Ok(())
    }

    pub(super) fn changes(&self) -> CheckResult {
        for (name, change) in &self.profile.change {
            let place = || self.source.key(&["change", name]);
            if change.there.is_empty() {
                return self.fail(
                    place(),
                    format!("the change `{name}` has no steps"),
                    "in here",
                    None,
                );
            }
            if change.settled.is_some() && change.wait.is_some() {
                let hint = "`settled` shows it, and `wait` is for where nothing does: keep one".to_owned();
                let what = format!("the change `{name}` has both `settled` and `wait`");
                return self.fail(place(), what, "in here", hint);
            }
            if !(1..=10).contains(&change.repeat) {
                let hint = "1 where all replicas answer alike, 4 where two of them may differ, and never more than 10".to_owned();
                let what = format!(
                    "`repeat = {}` of the change `{name}` is not between 1 and 10",
                    change.repeat
                );
                return self.fail(
                    self.source.key(&["change", name, "repeat"]),
                    what,
                    "so many times",
                    hint,
                );
            }
            let at = match change.per {
                ChangeScope::Stack => StepContext::alone(),
                ChangeScope::Recording => StepContext::of_a_recording(),
            };
            self.steps(
                change.there.iter().chain(&change.back).chain(&change.settled),
                &at,
            )?;
        }
        Ok(())
    }
}
