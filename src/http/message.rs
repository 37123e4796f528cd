//! A request ready to be sent, and an answer as it arrived.

use super::credentials::Credentials;
use crate::ledger::{Delivery, RequestSent};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Url};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// A request ready to be sent. It holds credentials, so it prints only what the ledger may hold.
#[derive(Clone)]
pub struct Request {
    /// HTTP method.
    pub method: Method,
    /// Address with every placeholder filled in.
    pub url: Url,
    /// All headers, credentials among them.
    pub headers: HeaderMap,
    /// The body.
    pub body: Arc<[u8]>,
    /// What shows who sends it; it stands in `url` and `headers` already.
    pub keys: Credentials,
    /// The same for the ledger: the template, no values.
    pub asked: RequestSent,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.asked.method, self.asked.url)
    }
}

impl Request {
    /// The same request with one header more.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The same request as somebody else would send it, who carries these keys.
    #[must_use]
    pub fn carrying(mut self, keys: &Credentials) -> Self {
        self.keys.take_out_of(&mut self.url, &mut self.headers);
        keys.put_into(&mut self.url, &mut self.headers);
        self.keys = keys.clone();
        self
    }

    /// Every byte that goes out: what is found in an answer and stood here is an echo, and no evidence.
    #[must_use]
    pub fn outgoing(&self) -> Vec<u8> {
        let mut bytes = self.url.as_str().as_bytes().to_vec();
        for value in self.headers.values() {
            bytes.push(b'\n');
            bytes.extend_from_slice(value.as_bytes());
        }
        bytes.push(b'\n');
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// An answer as it arrived: undecoded.
#[derive(Clone)]
pub struct Reply {
    /// HTTP status; 0 when there was no answer.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body, as far as it came.
    pub body: Vec<u8>,
    /// How it arrived.
    pub delivery: Delivery,
    /// When it was sent, in milliseconds of the ledger's clock; set by the carrier.
    pub at_ms: u64,
    /// Milliseconds until the body was complete.
    pub elapsed_ms: u64,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} with {} bytes, {:?}",
            self.status,
            self.body.len(),
            self.delivery
        )
    }
}

impl Reply {
    /// No answer.
    #[must_use]
    pub fn none(delivery: Delivery) -> Self {
        Self {
            status: 0,
            headers: HeaderMap::new(),
            body: Vec::new(),
            delivery,
            at_ms: 0,
            elapsed_ms: 0,
        }
    }

    /// Whether it arrived whole.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.delivery == Delivery::Whole
    }

    /// A header's value, when it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Content type without parameters, in lower case.
    #[must_use]
    pub fn content_type(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase()
    }

    /// The body as text. What is no UTF-8 and does not say that it is text is taken byte by byte, each as the character of that number:
    /// the names in an archive, say, are read that way too, and a long one is read in no time.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        let says_text = || {
            let kind = self.content_type();
            kind.starts_with("text/") || ["json", "xml", "html"].iter().any(|text| kind.contains(text))
        };
        match std::str::from_utf8(&self.body) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) if says_text() => String::from_utf8_lossy(&self.body),
            Err(_) => self.body.iter().map(|&byte| char::from(byte)).collect(),
        }
    }

    /// One clause about it, for people.
    #[must_use]
    pub fn in_words(&self) -> String {
        match &self.delivery {
            Delivery::Whole => format!("it answered {}", self.status),
            Delivery::Truncated { why } => format!("its answer {} broke off: {why}", self.status),
            Delivery::TimedOut { after_ms } => format!("it did not answer within {after_ms} ms"),
            Delivery::Unreachable { why } => format!("it could not be reached: {why}"),
            Delivery::Unscanned { why } => format!("its answer could not be read to the end: {why}"),
            Delivery::NotSent { why } => format!("the request was not sent: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content_type: &'static str, body: &[u8]) -> String {
        let mut reply = Reply::none(Delivery::Whole);
        reply
            .headers
            .insert("content-type", HeaderValue::from_static(content_type));
        reply.body = body.to_vec();
        reply.text().into_owned()
    }

    #[test]
    fn names_in_an_archive_are_read_and_so_is_text_that_is_broken() {
        let archive = b"PK\x03\x04\xff\x80\xe9replays/7/replay.json\x00\xc3";
        assert!(text("application/zip", archive).contains("\u{e9}replays/7/replay.json"));
        assert_eq!(text("application/zip", "Zoë".as_bytes()), "Zoë", "it is UTF-8");
        assert_eq!(
            text("text/html; charset=utf-8", b"Zo\xc3\xab \xff"),
            "Zoë \u{fffd}"
        );
    }
}
