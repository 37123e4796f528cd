//! Reading an answer as the profile says: expressions over it, and captures from it.

use super::message::Reply;
use super::patterns;
use crate::ledger::OutcomeClass;
use crate::profile::{Outcomes, TemplateError, Templates, Text, Vars, has_templates};
use minijinja::Value;
use serde_json::Value as Json;
use serde_json_path::JsonPath;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// Something the profile wants from an answer is not there.
#[derive(Debug, thiserror::Error)]
pub enum ResponseError {
    /// A capture matched nothing.
    #[error("nothing to capture at `{path}` as `{name}`: {reply}")]
    Nothing {
        name: String,
        path: String,
        reply: String,
    },
    /// A template in it cannot be filled in.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The profile's path is not one.
    #[error("`{path}` is not a JSONPath: {why}")]
    Path { path: String, why: String },
    /// The profile's regular expression is not one.
    #[error("`{pattern}` is not a regular expression: {why}")]
    Regex { pattern: String, why: String },
}

/// An answer with its JSON, read at most once.
pub struct ResponseView<'a> {
    reply: &'a Reply,
    json: OnceLock<Option<Arc<Json>>>,
}

impl<'a> ResponseView<'a> {
    /// Looks at an answer.
    #[must_use]
    pub fn new(reply: &'a Reply) -> Self {
        Self {
            reply,
            json: OnceLock::new(),
        }
    }

    /// The body as JSON, when it is that.
    #[must_use]
    pub fn json(&self) -> Option<&Json> {
        self.shared().as_deref()
    }

    fn shared(&self) -> &Option<Arc<Json>> {
        self.json
            .get_or_init(|| serde_json::from_slice(&self.reply.body).ok().map(Arc::new))
    }

    /// Whether an expression over `status`, `body`, `json('$.path')`, `header('name')` and `cookie('name')` is true of it. What is
    /// not there is none.
    ///
    /// # Errors
    /// When the expression cannot be worked out.
    pub fn holds(&self, templates: &Templates, expression: &str, vars: &Vars) -> Result<bool, TemplateError> {
        // only what the expression names is put together: most look at the status, and a recording has many megabytes
        let mut known = vec![("status", Value::from(self.reply.status))];
        if expression.contains("json") {
            let body = self.shared().clone();
            let json = Value::from_function(move |path: String| -> Result<Value, minijinja::Error> {
                let path = JsonPath::parse(&path).map_err(|error| {
                    minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, error.to_string())
                })?;
                let found = body.as_deref().and_then(|body| path.query(body).first().cloned());
                Ok(found.map_or(Value::from(()), Value::from_serialize))
            });
            known.push(("json", json));
        }
        if expression.contains("header") {
            let headers = self.reply.headers.clone();
            let header = Value::from_function(move |name: String| -> Value {
                let value = headers.get(&name).and_then(|value| value.to_str().ok());
                value.map_or(Value::from(()), Value::from)
            });
            known.push(("header", header));
        }
        if expression.contains("cookie") {
            let cookies: BTreeMap<String, String> = self.cookies();
            let cookie = Value::from_function(move |name: String| -> Value {
                cookies.get(&name).map_or(Value::from(()), Value::from)
            });
            known.push(("cookie", cookie));
        }
        if expression.contains("body") {
            known.push(("body", Value::from(self.reply.text())));
        }
        templates.holds(expression, vars, &known)
    }

    /// The class of the answer by the profile's outcomes.
    #[must_use]
    pub fn class(&self, templates: &Templates, outcomes: &Outcomes) -> OutcomeClass {
        let says = |expression: &str| {
            self.holds(templates, expression, &Vars::default())
                .unwrap_or(false)
        };
        if self.reply.status == 0 {
            OutcomeClass::Broken
        } else if says(outcomes.throttled.as_str()) {
            OutcomeClass::Throttled
        } else if says(outcomes.no_session.as_str()) {
            OutcomeClass::NoSession
        } else if says(outcomes.denied.as_str()) {
            OutcomeClass::Denied
        } else if self.reply.status >= 500 {
            OutcomeClass::Broken
        } else if (200..300).contains(&self.reply.status) || matches!(self.reply.status, 101 | 304) {
            OutcomeClass::Served
        } else {
            OutcomeClass::Other
        }
    }

    /// All values at a JSONPath; none when the body is not JSON.
    ///
    /// # Errors
    /// When the path is not one.
    pub fn query(&self, path: &str) -> Result<Option<Vec<&Json>>, ResponseError> {
        let parsed = JsonPath::parse(path).map_err(|error| ResponseError::Path {
            path: path.to_owned(),
            why: error.to_string(),
        })?;
        Ok(self.json().map(|body| parsed.query(body).all()))
    }

    /// Captures `$.path`, `header NAME`, `cookie NAME` or `body`; with ` ~ REGEX`, the first group of it, or all that matched.
    ///
    /// # Errors
    /// When there is nothing to capture.
    pub fn capture(&self, name: &str, from: &str) -> Result<Json, ResponseError> {
        self.find(from)?.ok_or_else(|| ResponseError::Nothing {
            name: name.to_owned(),
            path: from.to_owned(),
            reply: self.reply.in_words(),
        })
    }

    /// Everything that a step captures; a name that ends in `?` may find nothing.
    ///
    /// # Errors
    /// When there is nothing to capture for a name that wants something, or a template cannot be filled in.
    pub fn captures(
        &self,
        templates: &Templates,
        captures: &BTreeMap<String, Text>,
        vars: &Vars,
    ) -> Result<Vec<(String, Json)>, ResponseError> {
        let mut found = Vec::new();
        for (name, from) in captures {
            let from: Cow<'_, str> = if has_templates(from) {
                templates.fill(from, vars)?.into()
            } else {
                from.as_str().into()
            };
            match name.strip_suffix('?') {
                Some(name) => found.extend(self.find(&from)?.map(|value| (name.to_owned(), value))),
                None => found.push((name.clone(), self.capture(name, &from)?)),
            }
        }
        Ok(found)
    }

    /// The same, where there may be nothing.
    ///
    /// # Errors
    /// When the path or the regular expression cannot be read.
    pub fn find(&self, from: &str) -> Result<Option<Json>, ResponseError> {
        let Some((place, pattern)) = from.split_once(" ~ ") else {
            return self.at(from);
        };
        let pattern = patterns::read(pattern.trim()).map_err(|error| ResponseError::Regex {
            pattern: pattern.to_owned(),
            why: error.to_string(),
        })?;
        let text = match self.at(place)? {
            Some(Json::String(text)) => text,
            Some(other) => other.to_string(),
            None => return Ok(None),
        };
        let found = pattern
            .captures(&text)
            .and_then(|groups| groups.get(1).or(groups.get(0)));
        Ok(found.map(|found| Json::from(found.as_str())))
    }

    fn at(&self, place: &str) -> Result<Option<Json>, ResponseError> {
        let place = place.trim();
        if place == "body" {
            return Ok(Some(Json::from(self.reply.text())));
        }
        if let Some(header) = place.strip_prefix("header ") {
            return Ok(self.reply.header(header.trim()).map(Json::from));
        }
        if let Some(cookie) = place.strip_prefix("cookie ") {
            return Ok(self.cookies().remove(cookie.trim()).map(Json::from));
        }
        let found = self
            .query(place)?
            .and_then(|values| values.first().map(|value| (*value).clone()));
        Ok(found.filter(|value| !value.is_null()))
    }

    /// The cookies that it sets.
    fn cookies(&self) -> BTreeMap<String, String> {
        let headers = self.reply.headers.get_all("set-cookie").iter().rev();
        let pairs = headers.filter_map(|header| {
            let (name, value) = header.to_str().ok()?.split(';').next()?.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        });
        pairs.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Delivery;
    use reqwest::header::{HeaderMap, HeaderValue, SET_COOKIE};
    use serde_json::json;

    fn reply(status: u16, body: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, HeaderValue::from_static("other=1; Path=/"));
        headers.append(
            SET_COOKIE,
            HeaderValue::from_static("clinic_session=abc; HttpOnly"),
        );
        Reply {
            status,
            headers,
            body: body.as_bytes().to_vec(),
            ..Reply::none(Delivery::Whole)
        }
    }

    #[test]
    fn captures_come_from_json_headers_and_cookies() -> Result<(), ResponseError> {
        let reply = reply(200, r#"{"items":[{"id":7}],"gone":null}"#);
        let view = ResponseView::new(&reply);
        assert_eq!(view.capture("id", "$.items[0].id")?, json!(7));
        assert_eq!(view.capture("cookie", "cookie clinic_session")?, json!("abc"));
        assert_eq!(
            view.capture("header", "header set-cookie")?,
            json!("other=1; Path=/")
        );
        Ok(())
    }

    #[test]
    fn what_is_absent_or_null_is_no_capture() {
        let reply = reply(200, r#"{"gone":null}"#);
        let view = ResponseView::new(&reply);
        for from in ["$.gone", "$.never", "header nothing", "cookie nothing", "$.["] {
            assert!(view.capture("it", from).is_err(), "{from}");
        }
    }

    #[test]
    fn expressions_see_status_body_and_variables() -> Result<(), TemplateError> {
        let templates = Templates::default();
        let reply = reply(200, r#"{"enabled":true}"#);
        let vars = Vars::default().with("wanted", true);
        let view = ResponseView::new(&reply);
        assert!(view.holds(&templates, "status == 200 and json('$.enabled') == wanted", &vars)?);
        assert!(!view.holds(&templates, "json('$.nothing') == wanted", &vars)?);
        for (expression, wanted) in [
            ("'enabled' in body and cookie('clinic_session') == 'abc'", true),
            ("cookie('none') is none and header('none') is none", true),
            ("body == ''", false),
        ] {
            assert_eq!(view.holds(&templates, expression, &vars)?, wanted, "{expression}");
        }
        assert!(
            view.holds(&templates, "nobody == 1", &vars).is_err(),
            "what is not there is an error, not false"
        );
        Ok(())
    }

    #[test]
    fn what_is_not_json_holds_nothing() -> Result<(), TemplateError> {
        let reply = reply(200, "<html>");
        let view = ResponseView::new(&reply);
        assert!(view.holds(&Templates::default(), "json('$.id') is none", &Vars::default())?);
        Ok(())
    }

    #[test]
    fn a_server_error_is_never_a_refusal() {
        let templates = Templates::default();
        let class = |status| ResponseView::new(&reply(status, "")).class(&templates, &Outcomes::default());
        assert_eq!(class(500), OutcomeClass::Broken);
        assert_eq!(class(0), OutcomeClass::Broken);
        assert_eq!(class(404), OutcomeClass::Denied);
        assert_eq!(class(401), OutcomeClass::NoSession);
        assert_eq!(class(429), OutcomeClass::Throttled);
        assert_eq!(class(206), OutcomeClass::Served);
        assert_eq!(class(302), OutcomeClass::Other);
    }
}
