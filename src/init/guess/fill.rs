//! Steps: a request with its parameters and body filled in, what is expected, what is captured.

use super::super::contract::{ApiOperation, BodyKind, ParameterPlace, Shape, ValueType, is_parameter};
use super::super::profile_writer::{key, quoted, table};
use super::ProfileGuess;
use super::words::{self, is, says};
use serde_json::Value as Json;

/// What a step is for: it decides what a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepPurpose<'a> {
    /// Somebody comes to exist, in this role as the stack calls it.
    SigningUp(Option<&'a str>),
    /// Somebody signs in or out, or is taken away.
    Being,
    /// A consultation.
    Consulting,
    /// A recording is made.
    Planting,
    /// A recording is asked for or changed.
    Asking,
    /// A flag is read or set.
    Setting,
}

/// A step as text, and what must be said about it.
#[derive(Debug, Clone, Default)]
pub(crate) struct StepText {
    /// `as`, `request`, `json`, …, with values that are TOML already.
    pub(crate) entries: Vec<(&'static str, String)>,
    /// What was taken from an example.
    pub(crate) taken: Vec<String>,
    /// What has to be filled in.
    pub(crate) blanks: Vec<String>,
}

impl StepText {
    /// The inline table.
    pub(crate) fn text(&self) -> String {
        table(self.entries.iter().map(|(name, value)| (*name, value.clone())))
    }

    /// Whether it captures something already.
    pub(crate) fn captures(&self) -> bool {
        self.entries.iter().any(|(name, _)| *name == "capture")
    }

    /// With captures: name to place.
    pub(crate) fn capturing(mut self, captures: &[(&str, String)]) -> Self {
        if !captures.is_empty() {
            let captures = table(captures.iter().map(|(name, place)| (*name, quoted(place))));
            self.entries.push(("capture", captures));
        }
        self
    }
}

impl ProfileGuess<'_> {
    /// The step that asks for an operation.
    pub(crate) fn step(&mut self, index: usize, doing: StepPurpose<'_>) -> StepText {
        self.step_with(index, doing, &[])
    }

    /// The same with some holes of the path filled in already.
    pub(crate) fn step_with(
        &mut self,
        index: usize,
        doing: StepPurpose<'_>,
        holes: &[(&str, &str)],
    ) -> StepText {
        self.used.insert(index);
        let operation = self.operation(index).clone();
        let mut step = StepText::default();
        if let Some(role) = self.people.role_for(&operation) {
            step.entries.push(("as", quoted(&role)));
        }
        if let Some(base) = &operation.base {
            step.entries.push(("base", quoted(base)));
        }
        let path = self.path(&operation, doing, holes, &mut step);
        step.entries
            .push(("request", quoted(&format!("{} {path}", operation.method))));
        self.body(&operation, doing, &mut step);
        if let Some(expected) = expected(&operation) {
            step.entries.push(("expect", expected));
        }
        step
    }

    /// The path with templates in its holes, and the query that must be there.
    pub(crate) fn path(
        &self,
        operation: &ApiOperation,
        doing: StepPurpose<'_>,
        holes: &[(&str, &str)],
        step: &mut StepText,
    ) -> String {
        let mut path = String::new();
        for segment in operation.segments() {
            let mut filled = segment.to_owned();
            if is_parameter(segment) {
                let name = segment.trim_matches(['{', '}']);
                let given = holes.iter().find(|(hole, _)| *hole == name);
                let template = given
                    .map(|(_, value)| (*value).to_owned())
                    .or_else(|| self.hole(operation, name, doing))
                    .or_else(|| {
                        let place = self.place_in_a_recording(operation, name)?;
                        step.taken.push(format!("`{name}` is the first"));
                        Some(place)
                    });
                filled = template.unwrap_or_else(|| {
                    step.blanks.push(format!("`{name}` in `{}`", operation.line()));
                    format!("{{{{ me.{} }}}}", variable(name))
                });
            }
            path = format!("{path}/{filled}");
        }
        if operation.path.ends_with('/') {
            path.push('/');
        }
        let mut joint = if operation.path.contains('?') { '&' } else { '?' };
        for parameter in operation.query().filter(|parameter| parameter.required) {
            let value = self.value(&parameter.name, &parameter.leaf, true, doing, step);
            let value = value.map_or_else(String::new, |value| match value {
                Json::String(text) => text,
                other => other.to_string(),
            });
            path = format!("{path}{joint}{}={value}", parameter.name);
            joint = '&';
        }
        path
    }

    /// What stands in a hole of a path.
    fn hole(&self, operation: &ApiOperation, name: &str, doing: StepPurpose<'_>) -> Option<String> {
        let place = operation.parameter(name);
        let prefix = prefix(&operation.path, name);
        let last = prefix.rsplit('/').next().unwrap_or_default();
        let traced = || {
            let origin = place?.leaf.from.as_ref()?;
            self.known.get(origin).map(|name| braces(name))
        };
        let of_collection = self
            .collection
            .as_ref()
            .is_some_and(|collection| collection.path == prefix);
        if of_collection {
            let id = if doing == StepPurpose::Planting {
                "id"
            } else {
                "recording.id"
            };
            return Some(braces(id));
        }
        let consults = matches!(doing, StepPurpose::Consulting | StepPurpose::Planting);
        let booked = self.actions.book.map(|book| self.operation(book).path.as_str());
        if consults && booked == Some(prefix) {
            return Some(braces("consultation"));
        }
        if let Some(traced) = traced() {
            return Some(traced);
        }
        if consults && self.actions.book.is_some() && says(last, words::BOOKING) {
            return Some(braces("consultation"));
        }
        if doing == StepPurpose::Setting && (says(last, words::FLAG) || says(name, words::FLAG)) {
            return Some(braces("flag"));
        }
        if self.people.lives_at(self.contract, prefix) || says(last, &["people", "person", "user", "account"])
        {
            return Some(braces("me.id"));
        }
        if says(name, &["modality", "kind"]) && consults {
            return Some(braces("modality"));
        }
        // a place that only ever had one value is a word, not an id
        place
            .and_then(|place| place.leaf.choices.first())
            .filter(|_| doing != StepPurpose::Asking)
            .cloned()
    }

    /// The first of the parts that a recording has by number: a segment, a page.
    fn place_in_a_recording(&self, operation: &ApiOperation, name: &str) -> Option<String> {
        let leaf = &operation.parameter(name)?.leaf;
        let below = format!("{}/", self.collection.as_ref()?.path);
        let is_one = leaf.kind == ValueType::Number && prefix(&operation.path, name).starts_with(&below);
        let known = leaf.known.as_ref().and_then(Json::as_i64);
        is_one.then(|| known.unwrap_or(1).to_string())
    }

    fn body(&self, operation: &ApiOperation, doing: StepPurpose<'_>, step: &mut StepText) {
        let Some(body) = &operation.body else { return };
        match (body.kind, &body.shape) {
            (BodyKind::Bytes, _) => {
                let payload = payload(operation.last_word(), &body.types);
                step.entries.push(("payload", quoted(payload)));
            }
            (BodyKind::Json, shape) => {
                if let Some(text) = self.json(shape, operation.last_word(), doing, step) {
                    step.entries.push(("json", text));
                }
            }
            (BodyKind::Form, Shape::Object(fields)) => {
                let mut entries = Vec::new();
                for (name, field) in fields {
                    if let Shape::Leaf(leaf) = &field.shape
                        && let Some(value) = self.value(name, leaf, field.required, doing, step)
                    {
                        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                        entries.push((name.as_str(), quoted(&text)));
                    }
                }
                step.entries.push(("form", table(entries)));
            }
            (BodyKind::Multipart, Shape::Object(fields)) => {
                let mut parts = Vec::new();
                for (name, field) in fields {
                    let Shape::Leaf(leaf) = &field.shape else { continue };
                    let named = ("name", quoted(name));
                    if leaf.kind == ValueType::Bytes {
                        let payload = ("payload", quoted(payload(name, &[])));
                        let file_name = ("file_name", quoted(&braces("canary.file_name")));
                        parts.push(table([named, payload, file_name]));
                    } else if let Some(value) = self.value(name, leaf, field.required, doing, step) {
                        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                        parts.push(table([named, ("text", quoted(&text))]));
                    }
                }
                step.entries
                    .push(("multipart", format!("[{}]", parts.join(", "))));
            }
            _ => {}
        }
    }

    /// A JSON body as TOML; nothing when there is nothing to send.
    fn json(&self, shape: &Shape, name: &str, doing: StepPurpose<'_>, step: &mut StepText) -> Option<String> {
        match shape {
            Shape::Object(fields) => {
                let mut entries = Vec::new();
                for (name, field) in fields {
                    let text = match &field.shape {
                        Shape::Leaf(leaf) => self
                            .value(name, leaf, field.required, doing, step)
                            .map(|value| toml_of(&value)),
                        inner @ Shape::Object(_) => self
                            .json(inner, name, doing, step)
                            .filter(|text| field.required || text != "{}"),
                        _ if field.required => Some("[]".to_owned()),
                        _ => None,
                    };
                    entries.extend(text.map(|text| (name.as_str(), text)));
                }
                Some(table(entries))
            }
            Shape::Leaf(leaf) => self
                .value(name, leaf, true, doing, step)
                .map(|value| toml_of(&value)),
            Shape::Array(_) => Some("[]".to_owned()),
            Shape::Unknown => None,
        }
    }
}

/// Which bytes are meant by a name, or else by media types.
pub(crate) fn payload(name: &str, types: &[String]) -> &'static str {
    let only = |kind: &str| !types.is_empty() && types.iter().all(|one| one.starts_with(kind));
    if says(name, &["thumbnail", "poster", "picture", "preview", "image"]) || only("image/") {
        "thumbnail"
    } else if says(name, &["transcript", "caption", "subtitle"]) || only("text/") {
        "transcript"
    } else {
        "media"
    }
}

/// `{{ name }}`.
pub(crate) fn braces(name: &str) -> String {
    format!("{{{{ {name} }}}}")
}

/// A name that can stand after a dot in a template.
pub(crate) fn variable(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .collect();
    if plain.starts_with(|first: char| first.is_ascii_digit()) || plain.is_empty() {
        format!("v_{plain}")
    } else {
        plain
    }
}

/// The path up to a hole: `/v1/replays` for `{id}` in `/v1/replays/{id}/media`.
pub(crate) fn prefix<'a>(path: &'a str, hole: &str) -> &'a str {
    path.split_once(&format!("/{{{hole}}}"))
        .map_or(path, |(prefix, _)| prefix)
}

/// What is expected of the answer: the statuses that are good.
fn expected(operation: &ApiOperation) -> Option<String> {
    let mut good: Vec<u16> = operation.good().map(|answer| answer.status).collect();
    good.sort_unstable();
    good.dedup();
    match good.as_slice() {
        [] => None,
        [one] => Some(one.to_string()),
        many => {
            let statuses: Vec<String> = many.iter().map(u16::to_string).collect();
            Some(quoted(&format!("status in [{}]", statuses.join(", "))))
        }
    }
}

/// JSON as TOML; null has no form there, and an empty text stands for it.
fn toml_of(value: &Json) -> String {
    match value {
        Json::Null => quoted(""),
        Json::String(text) => quoted(text),
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(toml_of).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{} = {}", key(name), toml_of(value)))
                .collect();
            format!("{{ {} }}", fields.join(", "))
        }
        other => other.to_string(),
    }
}

/// Whether any query parameter means this; its name.
pub(crate) fn query_named<'a>(operation: &'a ApiOperation, list: &[&str]) -> Option<&'a str> {
    operation
        .parameters
        .iter()
        .filter(|parameter| parameter.place == ParameterPlace::Query)
        .map(|parameter| parameter.name.as_str())
        .find(|name| is(name, list))
}
