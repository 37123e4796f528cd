//! One recorded request with its answer.

use super::super::contract::BodyKind;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::Regex;
use serde_json::{Map, Value as Json};
use std::sync::LazyLock;
use url::Url;

/// A field of a multipart body as it stands in a recorded text.
static FIELD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i)content-disposition: form-data; name="([^"]+)"(; filename="[^"]*")?"#).ok()
});

/// One recorded request with its answer.
#[derive(Debug, Clone)]
pub(super) struct HarEntry {
    /// In which recording.
    pub(super) who: usize,
    /// `GET`.
    pub(super) method: String,
    /// Its address.
    pub(super) url: Url,
    /// Its headers, names in small letters.
    pub(super) headers: Vec<(String, String)>,
    /// Its body.
    pub(super) body: Option<RecordedBody>,
    /// The status of its answer.
    pub(super) status: u16,
    /// The media type of its answer.
    pub(super) kind: String,
    /// The JSON in it.
    pub(super) json: Option<Json>,
    /// The headers of its answer.
    pub(super) answered: Vec<(String, String)>,
}

/// A recorded body.
#[derive(Debug, Clone)]
pub(super) struct RecordedBody {
    /// How it is written.
    pub(super) kind: BodyKind,
    /// Its media type.
    pub(super) media_type: String,
    /// Its fields; a file is null.
    pub(super) fields: Json,
}

impl HarEntry {
    /// Reads one; none when it is nothing that an API would be asked for: a script, a style, a page, a preflight.
    pub(super) fn read(who: usize, entry: &Json) -> Option<Self> {
        let request = entry.get("request")?;
        let response = entry.get("response")?;
        let method = request.get("method")?.as_str()?.to_uppercase();
        let url = Url::parse(request.get("url")?.as_str()?).ok()?;
        let status = u16::try_from(response.get("status")?.as_u64()?).ok()?;
        let content = response.get("content").unwrap_or(&Json::Null);
        let kind = media_type(content.get("mimeType"));
        let page = ["javascript", "css", "font", "html"]
            .iter()
            .any(|word| kind.contains(word));
        if status < 100 || page || method == "OPTIONS" || !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        let json = kind.contains("json").then(|| text_of(content)).flatten();
        Some(Self {
            who,
            method,
            url,
            headers: headers(request),
            body: request.get("postData").and_then(sent),
            status,
            json: json.and_then(|text| serde_json::from_str(&text).ok()),
            kind,
            answered: headers(response),
        })
    }

    /// The first value of a request header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The cookies that it sent.
    pub(super) fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers
            .iter()
            .filter(|(name, _)| name == "cookie")
            .flat_map(|(_, value)| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
    }

    /// The cookies that its answer set.
    pub(super) fn set_cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.answered
            .iter()
            .filter(|(name, _)| name == "set-cookie")
            .flat_map(|(_, value)| value.lines())
            .filter_map(|cookie| cookie.split(';').next()?.trim().split_once('='))
            .filter(|(_, value)| !value.is_empty())
    }

    /// The segments of its path.
    pub(super) fn segments(&self) -> Vec<&str> {
        self.url
            .path()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect()
    }

    /// `http://127.0.0.1:8080`.
    pub(super) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

fn media_type(value: Option<&Json>) -> String {
    let text = value.and_then(Json::as_str).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_lowercase()
}

fn text_of(content: &Json) -> Option<String> {
    let text = content.get("text")?.as_str()?;
    if content.get("encoding").and_then(Json::as_str) == Some("base64") {
        return String::from_utf8(STANDARD.decode(text).ok()?).ok();
    }
    Some(text.to_owned())
}

fn headers(of: &Json) -> Vec<(String, String)> {
    let given = of.get("headers").and_then(Json::as_array);
    given
        .into_iter()
        .flatten()
        .filter_map(|header| {
            let name = header.get("name")?.as_str()?.to_lowercase();
            Some((name, header.get("value")?.as_str()?.to_owned()))
        })
        .collect()
}

fn sent(data: &Json) -> Option<RecordedBody> {
    let media_type = media_type(data.get("mimeType"));
    let text = data.get("text").and_then(Json::as_str).unwrap_or_default();
    if media_type.is_empty() && text.is_empty() {
        return None;
    }
    let params = data
        .get("params")
        .and_then(Json::as_array)
        .filter(|params| !params.is_empty());
    let (kind, fields) = if media_type.contains("json") {
        (BodyKind::Json, serde_json::from_str(text).unwrap_or(Json::Null))
    } else if media_type.contains("x-www-form-urlencoded") {
        let fields = match params {
            Some(params) => params_of(params),
            None => url::form_urlencoded::parse(text.as_bytes())
                .map(|(name, value)| (name.into_owned(), Json::from(value.into_owned())))
                .collect(),
        };
        (BodyKind::Form, Json::Object(fields))
    } else if media_type.contains("multipart/form-data") {
        let fields = params.map_or_else(|| parts(text), |params| params_of(params));
        (BodyKind::Multipart, Json::Object(fields))
    } else {
        (BodyKind::Bytes, Json::Null)
    };
    Some(RecordedBody {
        kind,
        media_type,
        fields,
    })
}

fn params_of(params: &[Json]) -> Map<String, Json> {
    let one = |param: &Json| {
        let name = param.get("name")?.as_str()?.to_owned();
        let file = param.get("fileName").is_some();
        let value = param.get("value").filter(|_| !file).cloned();
        Some((name, value.unwrap_or(Json::Null)))
    };
    params.iter().filter_map(one).collect()
}

fn parts(text: &str) -> Map<String, Json> {
    let Some(field) = FIELD.as_ref() else {
        return Map::new();
    };
    let mut fields = Map::new();
    for found in field.captures_iter(text) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else {
            continue;
        };
        let rest = text.get(whole.end()..).unwrap_or_default();
        let value = rest
            .split_once("\r\n\r\n")
            .and_then(|(_, body)| body.split_once("\r\n--"))
            .map(|(value, _)| Json::from(value));
        let file = found.get(2).is_some();
        let value = value.filter(|_| !file).unwrap_or(Json::Null);
        fields.insert(name.as_str().to_owned(), value);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_multipart_text_is_taken_apart() {
        let text = "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nA call\r\n--b\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"x.wav\"\r\n\r\nRIFF\r\n--b--";
        let fields = parts(text);
        assert_eq!(fields.get("title"), Some(&Json::from("A call")));
        assert_eq!(fields.get("file"), Some(&Json::Null));
    }
}
