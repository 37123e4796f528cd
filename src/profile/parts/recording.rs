//! What a consultation leaves behind.

use super::super::Text;
use super::step::Step;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a consultation leaves behind. The facets that carry a canary are those that the steps of `plant` send:
/// `{{ canary.title }}`, `{{ canary.metadata }}`, `{{ canary.file_name }}`, and the bodies `media`, `thumbnail`, `transcript`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordingPart {
    /// The requests that make one, as its owner unless a step says `as`; must capture `id`. What else they capture stands in
    /// templates as `recording.NAME`.
    pub plant: Vec<Step>,
    /// Further ways in which one is made, by name: `recorder`, …
    #[serde(default)]
    pub way: BTreeMap<String, RecordingMethod>,
    /// The requests that delete it when the scenario is over, as its owner unless a step says `as`.
    #[serde(default)]
    pub delete: Vec<Step>,
    /// An id of the same form that does not exist.
    pub missing: Text,
    /// Who else has a right to it.
    #[serde(default)]
    pub grants: Vec<Grantee>,
}

/// A further way in which a recording is made, with a time in between in which it is there and not finished. Sentences name it: "that
/// the recorder has recorded" is by `[recording.way.recorder]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordingMethod {
    /// The requests after which it is there and not finished, as its owner unless a step says `as`; must capture `id`.
    pub begin: Vec<Step>,
    /// The requests that finish it; the last may ask `until` it is.
    pub finish: Vec<Step>,
    /// The request that gets its owner the media as the stack has stored them, where they are not what was sent; `recording.id` is
    /// its id. They must still show the canary, as tones or in a picture; pieces of them are recognised wherever they come out later.
    pub stored: Option<Step>,
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
        send(&self.plant, template, payload)
    }
}

impl RecordingMethod {
    /// The same of this way.
    #[must_use]
    pub fn sends(&self, template: &str, payload: &str) -> bool {
        send(self.steps(), template, payload)
    }

    /// Every step that makes one.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.begin.iter().chain(&self.finish)
    }
}

fn send<'a>(steps: impl IntoIterator<Item = &'a Step>, template: &str, payload: &str) -> bool {
    steps.into_iter().any(|step| {
        let mut found = false;
        step.strings(&mut |text| found |= text.contains(template));
        found || step.payloads().any(|name| name.as_str() == payload)
    })
}
