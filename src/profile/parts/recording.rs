//! What a consultation leaves behind.

use super::super::Text;
use super::step::Step;
use schemars::JsonSchema;
use serde::Deserialize;

/// What a consultation leaves behind. The facets that carry a canary are those that the steps of `plant` send:
/// `{{ canary.title }}`, `{{ canary.metadata }}`, `{{ canary.file_name }}`, and the bodies `media`, `thumbnail`, `transcript`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordingPart {
    /// The requests that make one, as its owner unless a step says `as`; must capture `id`. What else they capture stands in
    /// templates as `recording.NAME`.
    pub plant: Vec<Step>,
    /// The requests that delete it when the scenario is over, as its owner unless a step says `as`.
    #[serde(default)]
    pub delete: Vec<Step>,
    /// An id of the same form that does not exist.
    pub missing: Text,
    /// Who else has a right to it.
    #[serde(default)]
    pub grants: Vec<Grantee>,
}

/// Somebody with a right to somebody else's recording.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grantee {
    /// Their part in the consultation: `clinician`.
    pub to: String,
    /// Why.
    pub why: String,
    /// Only when this expression is true of `to` and `owner`; absent: always.
    pub when: Option<Text>,
}

impl RecordingPart {
    /// Whether a step of `plant` sends this: a template such as `canary.title`, or a body such as `media`.
    #[must_use]
    pub fn sends(&self, template: &str, payload: &str) -> bool {
        self.plant.iter().any(|step| {
            let mut found = false;
            step.strings(&mut |text| found |= text.contains(template));
            found || step.payloads().any(|name| name.as_str() == payload)
        })
    }
}
