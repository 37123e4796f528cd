//! What a request carries beside its address: headers, query and body, of a step and of a surface alike.

use super::message::Request;
use super::multipart::{MultipartPart, assemble};
use super::stack_client::{StackClient, StackClientError, insert};
use crate::profile::{FieldPart, Step, Surface, Text, Vars, percent_encoded};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A body of bytes with its type.
#[derive(Debug, Clone)]
pub struct Payload {
    /// Content type.
    pub mime: &'static str,
    /// The bytes.
    pub bytes: Arc<[u8]>,
}

/// Bodies of bytes by name.
pub type Payloads = BTreeMap<&'static str, Payload>;

/// What a step or a surface of the profile says about headers, query and body.
#[derive(Clone, Copy, Default)]
pub struct RequestContent<'a> {
    headers: Option<&'a BTreeMap<String, Text>>,
    query: Option<&'a BTreeMap<String, Text>>,
    json: Option<&'a toml::Value>,
    form: Option<&'a BTreeMap<String, Text>>,
    multipart: &'a [FieldPart],
    body: Option<&'a Text>,
    payload: Option<&'a Text>,
    file: Option<&'a Text>,
    content_type: Option<&'a Text>,
    payloads: Option<&'a Payloads>,
}

impl<'a> RequestContent<'a> {
    /// The same where there are bodies of bytes.
    #[must_use]
    pub fn with(mut self, payloads: &'a Payloads) -> Self {
        self.payloads = Some(payloads);
        self
    }
}

impl<'a> From<&'a Step> for RequestContent<'a> {
    fn from(step: &'a Step) -> Self {
        Self {
            headers: Some(&step.headers),
            query: Some(&step.query),
            json: step.json.as_ref(),
            form: step.form.as_ref(),
            multipart: &step.multipart,
            body: step.body.as_ref(),
            payload: step.payload.as_ref(),
            file: step.file.as_ref(),
            content_type: step.content_type.as_ref(),
            payloads: None,
        }
    }
}

impl<'a> From<&'a Surface> for RequestContent<'a> {
    fn from(surface: &'a Surface) -> Self {
        Self {
            headers: Some(&surface.headers),
            query: Some(&surface.query),
            json: surface.json.as_ref(),
            form: surface.form.as_ref(),
            body: surface.body.as_ref(),
            content_type: surface.content_type.as_ref(),
            ..Self::default()
        }
    }
}

/// A body and its usual type.
struct EncodedBody {
    bytes: Arc<[u8]>,
    mime: Cow<'static, str>,
}

impl EncodedBody {
    fn new(bytes: Vec<u8>, mime: impl Into<Cow<'static, str>>) -> Self {
        Self {
            bytes: Arc::from(bytes),
            mime: mime.into(),
        }
    }
}

impl StackClient {
    /// Gives a request the headers, the query and the body that a step or a surface wants.
    ///
    /// # Errors
    /// When a template cannot be filled in, or a file or a body of bytes is not there.
    pub fn fill_payload<'a>(
        &self,
        request: &mut Request,
        content: impl Into<RequestContent<'a>>,
        vars: &Vars,
    ) -> Result<(), StackClientError> {
        let content = content.into();
        let seen = request.keys.seen_in(vars);
        let vars = &*seen;
        for (name, template) in content.headers.into_iter().flatten() {
            insert(&mut request.headers, name, &self.templates.fill(template, vars)?)?;
        }
        self.add_query(request, content.query.into_iter().flatten(), vars)?;
        let Some(body) = self.body(&content, vars)? else {
            return Ok(());
        };
        let mime = match content.content_type {
            Some(template) => {
                let filled = self.templates.fill(template, vars)?;
                match (&content.multipart, body.mime.split_once("; boundary=")) {
                    ([_, ..], Some((_, boundary))) => Some(format!("{filled}; boundary={boundary}")),
                    _ => Some(filled),
                }
            }
            None if request.headers.contains_key(CONTENT_TYPE) => None,
            None => Some(body.mime.into_owned()),
        };
        if let Some(mime) = mime {
            let value = HeaderValue::from_str(&mime).map_err(|error| StackClientError::Form {
                what: "the content type".to_owned(),
                why: error.to_string(),
            })?;
            request.headers.insert(CONTENT_TYPE, value);
        }
        request.body = body.bytes;
        Ok(())
    }

    fn add_query<'a>(
        &self,
        request: &mut Request,
        query: impl Iterator<Item = (&'a String, &'a Text)>,
        vars: &Vars,
    ) -> Result<(), StackClientError> {
        for (name, template) in query {
            let name = percent_encoded(name);
            let value = percent_encoded(&self.templates.fill(template, vars)?);
            let pair = format!("{name}={value}");
            let all = match request.url.query() {
                Some(before) if !before.is_empty() => format!("{before}&{pair}"),
                _ => pair,
            };
            request.url.set_query(Some(&all));
            let sign = if request.asked.url.contains('?') { '&' } else { '?' };
            request.asked.url.push_str(&format!("{sign}{name}={template}"));
        }
        Ok(())
    }

    fn body(
        &self,
        content: &RequestContent<'_>,
        vars: &Vars,
    ) -> Result<Option<EncodedBody>, StackClientError> {
        if let Some(json) = content.json {
            let text = self.json(json, vars)?.to_string();
            return Ok(Some(EncodedBody::new(text.into_bytes(), "application/json")));
        }
        if let Some(form) = content.form {
            let mut body = url::form_urlencoded::Serializer::new(String::new());
            for (name, template) in form {
                body.append_pair(name, &self.templates.fill(template, vars)?);
            }
            let bytes = body.finish().into_bytes();
            return Ok(Some(EncodedBody::new(bytes, "application/x-www-form-urlencoded")));
        }
        if !content.multipart.is_empty() {
            let parts: Result<Vec<MultipartPart>, StackClientError> = content
                .multipart
                .iter()
                .map(|field| self.part(field, content.payloads, vars))
                .collect();
            let (bytes, mime) = assemble(&parts?);
            return Ok(Some(EncodedBody::new(bytes, mime)));
        }
        if let Some(text) = content.body {
            let bytes = self.templates.fill(text, vars)?.into_bytes();
            return Ok(Some(EncodedBody::new(bytes, "text/plain; charset=utf-8")));
        }
        if let Some(name) = content.payload {
            let payload = payload(content.payloads, name)?;
            return Ok(Some(EncodedBody {
                bytes: Arc::clone(&payload.bytes),
                mime: payload.mime.into(),
            }));
        }
        match content.file {
            Some(file) => Ok(Some(EncodedBody::new(
                self.read_file(file, vars)?.1,
                "application/octet-stream",
            ))),
            None => Ok(None),
        }
    }

    fn part(
        &self,
        field: &FieldPart,
        payloads: Option<&Payloads>,
        vars: &Vars,
    ) -> Result<MultipartPart, StackClientError> {
        let fill = |template: &Text| self.templates.fill(template, vars);
        let (bytes, mime, file_name): (Arc<[u8]>, Option<&str>, Option<String>) =
            if let Some(text) = &field.text {
                (Arc::from(fill(text)?.into_bytes()), None, None)
            } else if let Some(json) = &field.json {
                let text = self.json(json, vars)?.to_string();
                (Arc::from(text.into_bytes()), Some("application/json"), None)
            } else if let Some(name) = &field.payload {
                let payload = payload(payloads, name)?;
                // without a file name many servers take a part for text
                (
                    Arc::clone(&payload.bytes),
                    Some(payload.mime),
                    Some(name.to_string()),
                )
            } else if let Some(file) = &field.file {
                let (name, bytes) = self.read_file(file, vars)?;
                (Arc::from(bytes), Some("application/octet-stream"), Some(name))
            } else {
                return Err(StackClientError::Form {
                    what: format!("the field {}", field.name),
                    why: "it has none of `text`, `json`, `payload`, `file`".to_owned(),
                });
            };
        let file_name = match &field.file_name {
            Some(template) => Some(fill(template)?),
            None => file_name,
        };
        let mime = match &field.content_type {
            Some(template) => Some(fill(template)?),
            None => mime.map(str::to_owned),
        };
        Ok(MultipartPart {
            name: fill(&field.name)?,
            file_name,
            mime,
            bytes,
        })
    }

    fn read_file(&self, file: &Text, vars: &Vars) -> Result<(String, Vec<u8>), StackClientError> {
        let path = self.path(&self.templates.fill(file, vars)?);
        let bytes = std::fs::read(&path).map_err(|error| StackClientError::File {
            file: path.display().to_string(),
            why: error.to_string(),
        })?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok((name.unwrap_or_default(), bytes))
    }

    /// A JSON value from its template: strings are filled in, keys too.
    ///
    /// # Errors
    /// When a template cannot be filled in.
    pub(super) fn json(&self, template: &toml::Value, vars: &Vars) -> Result<Json, StackClientError> {
        Ok(match template {
            toml::Value::String(text) => self.templates.value(text, vars)?,
            toml::Value::Integer(number) => Json::from(*number),
            toml::Value::Float(number) => Json::from(*number),
            toml::Value::Boolean(truth) => Json::from(*truth),
            toml::Value::Datetime(time) => Json::from(time.to_string()),
            toml::Value::Array(items) => {
                let items: Result<_, _> = items.iter().map(|item| self.json(item, vars)).collect();
                Json::Array(items?)
            }
            toml::Value::Table(fields) => {
                let mut object = serde_json::Map::new();
                for (name, value) in fields {
                    object.insert(self.templates.fill(name, vars)?, self.json(value, vars)?);
                }
                Json::Object(object)
            }
        })
    }
}

fn payload<'a>(payloads: Option<&'a Payloads>, name: &Text) -> Result<&'a Payload, StackClientError> {
    payloads
        .and_then(|payloads| payloads.get(name.as_str()))
        .ok_or_else(|| StackClientError::Payload(name.to_string()))
}

#[cfg(test)]
mod tests;
