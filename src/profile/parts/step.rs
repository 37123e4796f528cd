//! One step: a request with its expectation and what is kept of the answer; or a command, or a change of a file.

use super::super::{Expectation, HumanDuration, Text};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// One templated HTTP request with its expectation and captures. Instead of `request` it can have `run` (a command), `edit` (a
/// value in a JSON file is set) or `read` (a file is read as if it were an answer).
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// On whose behalf: a role without a person (`admin`), `owner`, or a part in the consultation (`clinician`); absent: the
    /// person whose step it is; `nobody`: without credentials.
    #[serde(rename = "as")]
    pub by: Option<Text>,
    /// Base address by name; absent: the default.
    pub base: Option<Text>,
    /// `METHOD /path` or `METHOD address`.
    pub request: Option<Text>,
    /// A command with its arguments, run in the profile's directory; its exit code is the `status` (0 is success), its standard
    /// output the body.
    #[serde(default)]
    pub run: Vec<Text>,
    /// Sets one value in a JSON file.
    pub edit: Option<JsonEdit>,
    /// A file that is read as if it were the body of an answer with status 200.
    pub read: Option<Text>,
    /// Only when this expression is true.
    pub when: Option<Text>,
    /// Further headers.
    #[serde(default)]
    pub headers: BTreeMap<String, Text>,
    /// Query parameters, percent-encoded; further ones may stand in `request`.
    #[serde(default)]
    pub query: BTreeMap<String, Text>,
    /// A JSON body; a string that is one `{{ … }}` keeps its value's type; keys are templates too.
    #[schemars(with = "Option<serde_json::Value>")]
    pub json: Option<toml::Value>,
    /// A form body (`application/x-www-form-urlencoded`).
    pub form: Option<BTreeMap<String, Text>>,
    /// A `multipart/form-data` body.
    #[serde(default)]
    pub multipart: Vec<FieldPart>,
    /// A body of text.
    pub body: Option<Text>,
    /// A body of bytes by name: `media`, `thumbnail`, `transcript`.
    pub payload: Option<Text>,
    /// A body that is a file's content.
    pub file: Option<Text>,
    /// The body's content type, when it is not the usual one.
    #[serde(rename = "type")]
    pub content_type: Option<Text>,
    /// What must be true of the answer: a status or an expression; absent: a status below 400 (of a command: 0).
    #[schemars(with = "Option<Expectation>")]
    pub expect: Option<Spanned<Expectation>>,
    /// Name to what is kept: `$.json.path`, `header NAME`, `cookie NAME`, `body`; with ` ~ REGEX`, the first group of it (or all
    /// that matched). A name that ends in `?` may find nothing. Each is a template: `$.flags['{{ flag }}'].state`.
    #[serde(default)]
    pub capture: BTreeMap<String, Text>,
    /// Asked again until this expression is true …
    pub until: Option<Text>,
    /// … for at most this long (10 s when absent) …
    pub within: Option<HumanDuration>,
    /// … with this much time in between (25 ms when absent).
    pub every: Option<HumanDuration>,
    /// Redirects that stay on the hosts of the profile are followed; to another origin without credentials.
    #[serde(default)]
    pub follow: bool,
}

/// Sets one value in a JSON file. Everything else in it stays as it was written, and the file is replaced at once.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JsonEdit {
    /// The file.
    pub file: Text,
    /// JSON pointer (RFC 6901) of the value, as a template: `/flags/{{ flag }}/defaultVariant`.
    pub pointer: Text,
    /// What it is set to; a string that is one `{{ … }}` keeps its value's type.
    #[schemars(with = "serde_json::Value")]
    pub to: toml::Value,
}

/// One field of a multipart body: `text`, `json`, `payload` or `file`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldPart {
    /// Its name.
    pub name: Text,
    /// Text.
    pub text: Option<Text>,
    /// JSON.
    #[schemars(with = "Option<serde_json::Value>")]
    pub json: Option<toml::Value>,
    /// Bytes by name: `media`, `thumbnail`, `transcript`.
    pub payload: Option<Text>,
    /// A file's content.
    pub file: Option<Text>,
    /// The file name that is sent along.
    pub file_name: Option<Text>,
    /// The field's content type.
    #[serde(rename = "type")]
    pub content_type: Option<Text>,
}

impl Step {
    /// The request as it stands in the profile; empty when it is none.
    #[must_use]
    pub fn request_text(&self) -> &str {
        self.request.as_ref().map_or("", Text::as_str)
    }

    /// What it does, as it stands in the profile: for messages.
    #[must_use]
    pub fn line(&self) -> String {
        if let Some(request) = &self.request {
            return request.to_string();
        }
        if let Some(edit) = &self.edit {
            return format!("edit {}", edit.file);
        }
        if let Some(read) = &self.read {
            return format!("read {read}");
        }
        let words: Vec<&str> = self.run.iter().map(Text::as_str).collect();
        format!("run {}", words.join(" "))
    }

    /// What must be true of its answer: a status below 400, or of a command, success, when the profile does not say.
    #[must_use]
    pub fn expected(&self) -> &str {
        match &self.expect {
            Some(expect) => &expect.get_ref().0,
            None if self.run.is_empty() => "status < 400",
            None => "status == 0",
        }
    }

    /// The names of what it captures.
    pub fn captured_names(&self) -> impl Iterator<Item = &str> {
        self.capture.keys().map(|name| name.trim_end_matches('?'))
    }

    /// Calls `see` with every template and expression in it.
    pub fn strings<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
        let single = [
            &self.request,
            &self.read,
            &self.when,
            &self.body,
            &self.file,
            &self.content_type,
            &self.until,
        ];
        single.into_iter().flatten().for_each(|text| see(text));
        self.run.iter().for_each(|text| see(text));
        let maps = [
            Some(&self.headers),
            Some(&self.query),
            self.form.as_ref(),
            Some(&self.capture),
        ];
        maps.into_iter()
            .flatten()
            .flat_map(|map| map.values())
            .for_each(|text| see(text));
        if let Some(expect) = &self.expect {
            see(&expect.get_ref().0);
        }
        if let Some(json) = &self.json {
            strings_of(json, see);
        }
        if let Some(edit) = &self.edit {
            see(&edit.file);
            see(&edit.pointer);
            strings_of(&edit.to, see);
        }
        for field in &self.multipart {
            let single = [&field.text, &field.file, &field.file_name, &field.content_type];
            single.into_iter().flatten().for_each(|text| see(text));
            if let Some(json) = &field.json {
                strings_of(json, see);
            }
        }
    }

    /// The bodies of bytes that it sends, by name.
    pub fn payloads(&self) -> impl Iterator<Item = &Text> {
        let fields = self.multipart.iter().filter_map(|field| field.payload.as_ref());
        self.payload.iter().chain(fields)
    }
}

/// Calls `see` with every string in a body, keys included.
pub(crate) fn strings_of<'a>(value: &'a toml::Value, see: &mut dyn FnMut(&'a str)) {
    match value {
        toml::Value::String(text) => see(text),
        toml::Value::Array(items) => items.iter().for_each(|item| strings_of(item, see)),
        toml::Value::Table(fields) => {
            for (name, value) in fields {
                see(name);
                strings_of(value, see);
            }
        }
        _ => {}
    }
}
