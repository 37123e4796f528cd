//! What people do, and how the stack itself is changed.

use super::super::{HumanDuration, Text};
use super::step::Step;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What people do.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// The requests.
    pub steps: Vec<Step>,
    /// How to see that it has taken effect.
    pub settled: Option<Step>,
}

/// Feature flags. In its templates `flag` is the stack's name of the flag, and `wanted` is true or false.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagPart {
    /// Sets `flag` to `wanted`; or else `on` and `off`.
    #[serde(default)]
    pub set: Vec<Step>,
    /// Turns it on.
    #[serde(default)]
    pub on: Vec<Step>,
    /// Turns it off.
    #[serde(default)]
    pub off: Vec<Step>,
    /// Reads the value, so that it can be put back.
    pub read: Option<Step>,
    /// Puts the flag back as `read` found it, where on and off do not say all: what `read` captured stands in `before`. Absent: as it
    /// is turned on or off.
    #[serde(default)]
    pub back: Vec<Step>,
    /// Whether the flag is on, as an expression about the answer of `read`; absent: what `read` captured as `enabled`.
    pub is_on: Option<Text>,
    /// How to see that it has settled; or else `wait`.
    pub settled: Option<Step>,
    /// How long to wait until it has settled, where nothing shows it.
    pub wait: Option<HumanDuration>,
    /// The flags of this stack: the name in scenarios to the name in the stack. Absent: every name is the stack's own. A scenario
    /// with a flag that is not here does not apply.
    pub names: Option<BTreeMap<String, Text>>,
    /// How it is set for certain people, and not for others: walked once for each of them, who is `person`.
    pub person: Option<FlagTargeting>,
    /// How it is set for the people of certain tenants: walked once for each tenant, whose name in the profile is `tenant`.
    pub tenant: Option<FlagTargeting>,
}

/// How a flag is set for some. It is put back as a whole, so `[flag]` must put back what was set for some as well: by `back`, or
/// because setting a flag for everybody forgets for whom it was set otherwise.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagTargeting {
    /// Sets `flag` to `wanted` for them; or else `on` and `off`.
    #[serde(default)]
    pub set: Vec<Step>,
    /// Turns it on for them.
    #[serde(default)]
    pub on: Vec<Step>,
    /// Turns it off for them.
    #[serde(default)]
    pub off: Vec<Step>,
    /// How to see that it has settled for them; or else `wait`.
    pub settled: Option<Step>,
    /// How long to wait until it has settled, where nothing shows it.
    pub wait: Option<HumanDuration>,
}

impl FlagTargeting {
    /// Every step in it.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let steps = self.set.iter().chain(&self.on).chain(&self.off);
        steps.chain(&self.settled)
    }
}

impl FlagPart {
    /// Every step in it.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let steps = self.set.iter().chain(&self.on).chain(&self.off);
        let steps = steps.chain(&self.read).chain(&self.back).chain(&self.settled);
        let some = self.person.iter().chain(&self.tenant);
        steps.chain(some.flat_map(FlagTargeting::steps))
    }
}

/// A change of the stack that is no flag: a setting, a restart, a permission.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePart {
    /// How it is made.
    pub there: Vec<Step>,
    /// How it is undone; a restart has no way back.
    #[serde(default)]
    pub back: Vec<Step>,
    /// How to see that it has settled; in its templates `wanted` is true on the way there and false on the way back.
    pub settled: Option<Step>,
    /// How long to wait until it has settled, where nothing shows it.
    pub wait: Option<HumanDuration>,
    /// `recording`: the steps are walked once for each recording of the scenario, with `recording.id` and `owner`.
    #[serde(default)]
    pub per: ChangeScope,
    /// While it is made nothing may come out at all, of one's own neither: maintenance, a part that is down and must not be
    /// taken for one that says yes. The built-in scenarios then expect that, and everybody's own again afterwards.
    #[serde(default)]
    pub closes: bool,
    /// So many times what is plain is asked while it is made, and by everybody, since replicas may differ meanwhile, and which of them
    /// answers is chance: 1 to 10.
    #[serde(default = "once")]
    #[schemars(range(min = 1, max = 10))]
    pub repeat: u8,
}

fn once() -> u8 {
    1
}

/// What a change is made to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeScope {
    /// The stack as a whole.
    #[default]
    Stack,
    /// Each recording.
    Recording,
}
