//! One step.

use super::{CheckResult, Checker, KnownNames, keys};
use crate::profile::Text;
use crate::profile::parts::{FieldPart, Step};
use reqwest::header::HeaderName;
use std::collections::BTreeMap;
use std::ops::Range;

/// Where a step stands: that decides on whose behalf it can be, and what it can send.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepContext {
    owner: bool,
    clinician: bool,
    to: bool,
    payloads: bool,
}

impl StepContext {
    /// Where there are only roles.
    pub(super) fn alone() -> Self {
        Self {
            owner: false,
            clinician: false,
            to: false,
            payloads: false,
        }
    }

    /// Where there are a patient and a clinician.
    pub(super) fn in_a_consultation() -> Self {
        Self {
            clinician: true,
            ..Self::alone()
        }
    }

    /// Where there is a recording.
    pub(super) fn of_a_recording() -> Self {
        Self {
            owner: true,
            ..Self::in_a_consultation()
        }
    }

    /// Where somebody is given a right to a recording.
    pub(super) fn of_a_grant() -> Self {
        Self {
            to: true,
            ..Self::of_a_recording()
        }
    }

    /// Where there is a recording to be made.
    pub(super) fn planting() -> Self {
        Self {
            payloads: true,
            ..Self::of_a_recording()
        }
    }
}

impl Checker<'_> {
    pub(super) fn steps<'b>(
        &self,
        steps: impl IntoIterator<Item = &'b Step>,
        place: &StepContext,
    ) -> CheckResult {
        steps.into_iter().try_for_each(|step| self.step(step, place))
    }

    pub(super) fn step(&self, step: &Step, place: &StepContext) -> CheckResult {
        let at = place_of(step);
        let what = [
            ("request", step.request.is_some()),
            ("run", !step.run.is_empty()),
            ("edit", step.edit.is_some()),
            ("read", step.read.is_some()),
        ];
        self.one_of(at.clone(), "a step", &what)?;
        if let Some(by) = &step.by {
            self.by(by, place)?;
        }
        if let Some(request) = &step.request {
            self.request(request, step.base.as_ref())?;
        }
        self.content(step, &at, place)?;
        self.templates(&step.run)?;
        self.templates(&step.read)?;
        if let Some(edit) = &step.edit {
            self.template(&edit.file)?;
            self.template(&edit.pointer)?;
            let pointer = edit.pointer.as_str();
            if !(pointer.is_empty() || pointer.starts_with('/') || pointer.starts_with("{{")) {
                let hint = "write it as `/flags/name/value`".to_owned();
                let what = format!("`{pointer}` is not a JSON pointer (RFC 6901)");
                return self.fail(edit.pointer.span(), what, "it begins with `/`", hint);
            }
            self.body(&edit.to, &edit.pointer.span())?;
        }
        self.captures(step)?;
        self.expressions(step.when.iter().chain(&step.until))?;
        match &step.expect {
            Some(expect) => self.expression(&Text::at(expect.span(), expect.get_ref().0.as_str())),
            None => Ok(()),
        }
    }

    fn by(&self, by: &Text, place: &StepContext) -> CheckResult {
        let mut names = keys(&self.profile.role);
        names.push("nobody");
        if place.clinician {
            names.push("clinician");
        }
        if place.owner {
            names.push("owner");
        }
        if place.to {
            names.push("to");
        }
        if by.as_str() == "owner" && !place.owner {
            let hint = "there is an owner in `[recording]` and in a change with `per = \"recording\"`; here a step is the person's own unless `as` names a role".to_owned();
            return self.fail(by.span(), "there is no `owner` here", "of which recording?", hint);
        }
        self.known(by, &KnownNames { kind: "role", names })
    }

    pub(super) fn request(&self, request: &Text, base: Option<&Text>) -> CheckResult {
        if let Some(base) = base {
            let names = self.profile.base.keys().map(String::as_str).collect();
            self.known(
                base,
                &KnownNames {
                    kind: "base address",
                    names,
                },
            )?;
        }
        let text = request.as_str();
        let form = text.split_once(' ').is_some_and(|(method, path)| {
            !method.is_empty()
                && method.bytes().all(|byte| byte.is_ascii_uppercase())
                && (path.starts_with('/') || path.starts_with("{{") || path.starts_with("http"))
        });
        if !form {
            let hint = "write it as `GET /path`, the method in capitals".to_owned();
            let what = format!("`{text}` is not a request");
            return self.fail(request.span(), what, "expected METHOD and path", hint);
        }
        self.template(request)
    }

    fn content(&self, step: &Step, at: &Range<usize>, place: &StepContext) -> CheckResult {
        let bodies = [
            ("json", step.json.is_some()),
            ("form", step.form.is_some()),
            ("multipart", !step.multipart.is_empty()),
            ("body", step.body.is_some()),
            ("payload", step.payload.is_some()),
            ("file", step.file.is_some()),
        ];
        self.bodies(at, "a step", &bodies)?;
        if step.request.is_none() && bodies.iter().any(|(_, is)| *is) {
            return self.fail(at.clone(), "a body needs a `request` to go with", "in here", None);
        }
        self.headers(&step.headers)?;
        self.templates(step.query.values())?;
        self.templates(step.form.iter().flat_map(BTreeMap::values))?;
        self.templates(step.body.iter().chain(&step.file).chain(&step.content_type))?;
        if let Some(json) = &step.json {
            self.body(json, at)?;
        }
        for field in &step.multipart {
            self.field(field)?;
        }
        step.payloads()
            .try_for_each(|payload| self.payload(payload, place))
    }

    /// At most one body.
    pub(super) fn bodies(&self, at: &Range<usize>, what: &str, bodies: &[(&str, bool)]) -> CheckResult {
        if bodies.iter().filter(|(_, is)| *is).count() > 1 {
            return self.one_of(at.clone(), what, bodies);
        }
        Ok(())
    }

    pub(super) fn headers(&self, headers: &BTreeMap<String, Text>) -> CheckResult {
        for (name, value) in headers {
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                let place = self.source.near(name, &value.span());
                return self.fail(
                    place,
                    format!("`{name}` is not the name of a header"),
                    "here",
                    None,
                );
            }
            self.template(value)?;
        }
        Ok(())
    }

    fn field(&self, field: &FieldPart) -> CheckResult {
        let what = [
            ("text", field.text.is_some()),
            ("json", field.json.is_some()),
            ("payload", field.payload.is_some()),
            ("file", field.file.is_some()),
        ];
        self.one_of(field.name.span(), &format!("the field `{}`", field.name), &what)?;
        let single = [&field.text, &field.file, &field.file_name, &field.content_type];
        self.template(&field.name)?;
        self.templates(single.into_iter().flatten())?;
        match &field.json {
            Some(json) => self.body(json, &field.name.span()),
            None => Ok(()),
        }
    }

    fn payload(&self, payload: &Text, place: &StepContext) -> CheckResult {
        let known = KnownNames {
            kind: "payload",
            names: vec!["media", "thumbnail", "transcript"],
        };
        self.known(payload, &known)?;
        if place.payloads {
            return Ok(());
        }
        let hint = "`media`, `thumbnail` and `transcript` are made for a recording: send them in `[recording].plant`".to_owned();
        self.fail(
            payload.span(),
            format!("there is no `{payload}` to send here"),
            "of which recording?",
            hint,
        )
    }

    fn captures(&self, step: &Step) -> CheckResult {
        for (name, capture) in &step.capture {
            let plain = name.strip_suffix('?').unwrap_or(name);
            let is_name = plain.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && plain
                    .chars()
                    .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
            if !is_name {
                let place = self.source.near(name, &capture.span());
                let hint = format!("letters, digits and `_`: `{}`", as_name(plain));
                let what = format!("`{name}` cannot stand in a template");
                return self.fail(place, what, "the name of a capture", hint);
            }
            self.capture(capture)?;
        }
        Ok(())
    }
}

fn as_name(text: &str) -> String {
    let plain = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter
        } else {
            '_'
        }
    };
    text.chars().map(plain).collect()
}

/// Where a step stands: its first string.
fn place_of(step: &Step) -> Range<usize> {
    let edit = step.edit.iter().map(|edit| &edit.file);
    let single = [
        &step.request,
        &step.read,
        &step.by,
        &step.base,
        &step.body,
        &step.payload,
        &step.file,
        &step.when,
        &step.until,
    ];
    let maps = [&step.headers, &step.query, &step.capture];
    let strings = step.run.iter().chain(edit).chain(single.into_iter().flatten());
    let mut strings = strings
        .chain(maps.into_iter().flat_map(|map| map.values()))
        .chain(step.form.iter().flat_map(BTreeMap::values))
        .chain(step.multipart.iter().map(|field| &field.name));
    let expect = step.expect.as_ref().map(toml::Spanned::span);
    strings.next().map(Text::span).or(expect).unwrap_or(0..0)
}
