//! What a consultation leaves behind.

use super::step::StepContext;
use super::{CheckResult, Checker, KnownNames, keys};
use crate::profile::RecordingMethod;

/// What carries a canary, as a template and as a body.
const CARRIERS: [(&str, &str); 6] = [
    ("canary.title", ""),
    ("canary.metadata", ""),
    ("canary.file_name", ""),
    ("media.base64", "media"),
    ("thumbnail.base64", "thumbnail"),
    ("transcript.base64", "transcript"),
];

impl Checker<'_> {
    pub(super) fn recording(&self) -> CheckResult {
        let Some(recording) = &self.profile.recording else {
            return Ok(());
        };
        self.steps(&recording.plant, &StepContext::planting())?;
        self.steps(&recording.delete, &StepContext::of_a_recording())?;
        self.template(&recording.missing)?;
        let place = || self.source.key(&["recording", "plant"]);
        if !recording
            .plant
            .iter()
            .any(|step| step.captured_names().any(|name| name == "id"))
        {
            let hint = "add `capture = { id = \"$.id\" }` to the step that returns it".to_owned();
            return self.fail(place(), "the steps of `plant` capture no `id`", "in here", hint);
        }
        if !CARRIERS
            .iter()
            .any(|(template, payload)| recording.sends(template, payload))
        {
            let what = "the steps of `plant` send no canary: nothing that comes out could be recognised";
            let hint = "put `{{ canary.title }}` or `{{ canary.metadata }}` into a field, or send `payload = \"media\"`".to_owned();
            return self.fail(place(), what, "in here", hint);
        }
        for (name, way) in &recording.way {
            self.way(name, way)?;
        }
        let mut names = keys(&self.profile.role);
        names.push("clinician");
        let known = KnownNames {
            kind: "part in a consultation",
            names,
        };
        for grant in &recording.grants {
            self.known_at(self.source.near(&grant.to, &place()), &grant.to, &known)?;
            self.expressions(&grant.when)?;
        }
        Ok(())
    }

    fn way(&self, name: &str, way: &RecordingMethod) -> CheckResult {
        self.steps(way.steps(), &StepContext::planting())?;
        self.steps(&way.stored, &StepContext::of_a_recording())?;
        let place = |part: &str| self.source.key(&["recording", "way", name, part]);
        if !way
            .begin
            .iter()
            .any(|step| step.captured_names().any(|name| name == "id"))
        {
            let what = format!("the steps of `begin` in `[recording.way.{name}]` capture no `id`");
            let hint = "add `capture = { id = \"$.id\" }` to the step that returns it".to_owned();
            return self.fail(place("begin"), what, "in here", hint);
        }
        if way.stored.is_some() && !way.sends("media.base64", "media") {
            let what =
                format!("`[recording.way.{name}]` sends no `media` that could be stored in another form");
            let hint = "send `payload = \"media\"` in one of its steps, or leave `stored` out".to_owned();
            return self.fail(place("stored"), what, "here", hint);
        }
        if !CARRIERS
            .iter()
            .any(|(template, payload)| way.sends(template, payload))
        {
            let what = format!(
                "the steps of `[recording.way.{name}]` send no canary: nothing that comes out could be recognised"
            );
            let hint = "put `{{ canary.title }}` into a field, or send `payload = \"media\"`".to_owned();
            return self.fail(place("begin"), what, "in here", hint);
        }
        Ok(())
    }
}
