//! A small client that keeps what it sends and gets as a HAR 1.2 recording, as a browser's network tab would.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Method, redirect};
use serde_json::{Value as Json, json};

use super::bench::Bench;
use crate::binary::Trouble;

/// What a request has for a body.
pub(crate) enum Body {
    Nothing,
    Json(Json),
    Form(&'static [&'static str], Vec<String>),
    Bytes(&'static str, Vec<u8>),
}

/// Somebody at the clinic, recorded.
pub(crate) struct Recorder<'a> {
    bench: &'a Bench,
    client: Client,
    entries: Vec<Json>,
}

impl<'a> Recorder<'a> {
    pub(crate) fn new(bench: &'a Bench) -> Result<Self, Trouble> {
        // another test may have installed one already, which does as well
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            bench,
            client: Client::builder()
                .no_proxy()
                .redirect(redirect::Policy::none())
                .build()?,
            entries: Vec::new(),
        })
    }

    /// Sends a request to the api, or to a whole address, and keeps it; hands back the JSON of the answer.
    pub(crate) fn send(
        &mut self,
        line: &str,
        headers: &[(&str, &str)],
        body: &Body,
    ) -> Result<Json, Trouble> {
        let (method, path) = line.split_once(' ').ok_or("no method")?;
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.bench.api())
        };
        let (media_type, bytes, text) = match body {
            Body::Nothing => (None, Vec::new(), None),
            Body::Json(json) => (
                Some("application/json"),
                json.to_string().into_bytes(),
                Some(json.to_string()),
            ),
            Body::Form(names, values) => {
                let pairs = names.iter().zip(values);
                let form: String = url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(pairs)
                    .finish();
                (
                    Some("application/x-www-form-urlencoded"),
                    form.clone().into_bytes(),
                    Some(form),
                )
            }
            // a browser keeps no bytes
            Body::Bytes(media_type, bytes) => (Some(*media_type), bytes.clone(), Some(String::new())),
        };
        let mut request = self
            .client
            .request(Method::from_bytes(method.as_bytes())?, &url)
            .body(bytes);
        let mut sent = vec![json!({ "name": "Accept", "value": "*/*" })];
        let own = media_type.map(|media_type| ("Content-Type", media_type));
        for (name, value) in headers.iter().copied().chain(own) {
            request = request.header(name, value);
            sent.push(json!({ "name": name, "value": value }));
        }
        let (status, answered, content) = self.bench.runtime.block_on(async {
            let answer = request.send().await?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            Ok::<_, reqwest::Error>((status, headers, answer.bytes().await?))
        })?;
        if !(status.is_success() || status.is_redirection()) {
            return Err(format!("{line}: {status} {}", String::from_utf8_lossy(&content)).into());
        }
        let received: Vec<Json> = answered
            .iter()
            .map(|(name, value)| json!({ "name": name.as_str(), "value": String::from_utf8_lossy(value.as_bytes()) }))
            .collect();
        let kind = answered
            .get("content-type")
            .and_then(|kind| kind.to_str().ok())
            .unwrap_or_default();
        let json: Json = serde_json::from_slice(&content).unwrap_or(Json::Null);
        let mut kept = json!({ "size": content.len(), "mimeType": kind });
        match std::str::from_utf8(&content) {
            Ok(text) => kept["text"] = json!(text),
            Err(_) => {
                kept["text"] = json!(STANDARD.encode(&content));
                kept["encoding"] = json!("base64");
            }
        }
        let mut asked = json!({
            "method": method, "url": url, "httpVersion": "HTTP/1.1", "headers": sent, "queryString": [], "cookies": [],
            "headersSize": -1, "bodySize": -1,
        });
        if let (Some(media_type), Some(text)) = (media_type, text) {
            asked["postData"] = json!({ "mimeType": media_type, "text": text });
        }
        self.entries.push(json!({
            "startedDateTime": jiff::Timestamp::now().to_string(), "time": 1, "cache": {}, "timings": {},
            "request": asked,
            "response": {
                "status": status.as_u16(), "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
                "headers": received, "content": kept, "redirectURL": "", "headersSize": -1, "bodySize": -1,
            },
        }));
        Ok(json)
    }

    /// Writes the recording into a file.
    pub(crate) fn save(self, name: &str) -> Result<PathBuf, Trouble> {
        let path = self.bench.file(name);
        let creator = json!({ "name": "test", "version": "1" });
        let har = json!({ "log": { "version": "1.2", "creator": creator, "entries": self.entries } });
        std::fs::write(&path, har.to_string())?;
        Ok(path)
    }
}
