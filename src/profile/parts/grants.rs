//! Rights that are given and end while the scenario runs.

use super::super::Text;
use super::step::Step;
use schemars::JsonSchema;
use serde::Deserialize;

/// A right to somebody else's recording that is given, taken back, or ends by itself while the scenario runs. In its templates
/// `recording` is what it is about (of one `per` recording), `owner` whose that is, `to` who has the right; what `give` captured is
/// known to the others.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantPart {
    /// Why whoever has it may see the recording: `shared by its patient`. The same words as in `[recording].grants` mean the same
    /// right.
    pub why: String,
    /// What one of them is about: a single recording, or a person with all of their recordings, also those that come later.
    #[serde(default)]
    pub per: GrantScope,
    /// Whether whoever it is given to has a right to the recording at all. `false`: they are brought into the consultation without
    /// one, as a pharmacist is by a prescription; surfaces with `granted` show the recording to its owner, and to them nothing of it.
    #[serde(default = "yes")]
    pub right: bool,
    /// The requests that give it, as the recording's owner unless a step says `as` (`to` is who gets it). Absent: it comes with
    /// the consultation.
    #[serde(default)]
    pub give: Vec<Step>,
    /// How its owner sees that it has been given: a step with `until`. Somebody else then tries to give it to themselves before it is
    /// given, and the owner looks whether they could.
    pub settled: Option<Step>,
    /// The requests that take it back.
    #[serde(default)]
    pub withdraw: Vec<Step>,
    /// The requests that have it end by itself, the last being the step with `until` that shows that it has. Before that one, whoever
    /// has it asks for links once more: these must not outlive it.
    #[serde(default)]
    pub lapse: Vec<Step>,
    /// The surfaces at which whoever has it gets the recording; absent: wherever they can ask.
    #[serde(default)]
    pub opens: Vec<Text>,
}

impl GrantPart {
    /// Every step in it.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        let ends = self.withdraw.iter().chain(&self.lapse);
        self.give.iter().chain(&self.settled).chain(ends)
    }
}

fn yes() -> bool {
    true
}

/// What one grant is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GrantScope {
    /// One recording.
    #[default]
    Recording,
    /// A person: every recording of theirs, also those that are made while it stands.
    Person,
}
