//! Reading an answer as the profile says: expressions over it, and captures from it.

use super::message::Reply;
use crate::ledger::Class;
use crate::profile::{Outcomes, TemplateError, Templates, Vars};
use minijinja::Value;
use serde_json::Value as Json;
use serde_json_path::JsonPath;
use std::sync::{Arc, OnceLock};

/// Something the profile wants from an answer is not there.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// A capture matched nothing.
    #[error("nothing to capture at `{path}` as `{name}`: {reply}")]
    Nothing {
        name: String,
        path: String,
        reply: String,
    },
    /// The profile's path is not one.
    #[error("`{path}` is not a JSONPath: {why}")]
    Path { path: String, why: String },
}

/// An answer with its JSON, read at most once.
pub struct View<'a> {
    reply: &'a Reply,
    json: OnceLock<Option<Arc<Json>>>,
}

impl<'a> View<'a> {
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

    /// Whether an expression over `status`, `json('$.path')` and `header('name')` is true of it.
    ///
    /// # Errors
    /// When the expression cannot be worked out.
    pub fn holds(&self, templates: &Templates, expression: &str, vars: &Vars) -> Result<bool, TemplateError> {
        let body = self.shared().clone();
        let headers = self.reply.headers.clone();
        let json = Value::from_function(move |path: String| -> Result<Value, minijinja::Error> {
            let path = JsonPath::parse(&path).map_err(|error| {
                minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, error.to_string())
            })?;
            let found = body.as_deref().and_then(|body| path.query(body).first().cloned());
            Ok(found.map_or(Value::from(()), Value::from_serialize))
        });
        let header = Value::from_function(move |name: String| -> Value {
            let value = headers.get(&name).and_then(|value| value.to_str().ok());
            value.map_or(Value::from(()), Value::from)
        });
        templates.holds(
            expression,
            vars,
            &[
                ("status", Value::from(self.reply.status)),
                ("json", json),
                ("header", header),
            ],
        )
    }

    /// The class of the answer by the profile's outcomes.
    #[must_use]
    pub fn class(&self, templates: &Templates, outcomes: &Outcomes) -> Class {
        let says = |expression: &str| {
            self.holds(templates, expression, &Vars::default())
                .unwrap_or(false)
        };
        if self.reply.status == 0 {
            Class::Broken
        } else if says(outcomes.throttled.get_ref()) {
            Class::Throttled
        } else if says(outcomes.no_session.get_ref()) {
            Class::NoSession
        } else if says(outcomes.denied.get_ref()) {
            Class::Denied
        } else if self.reply.status >= 500 {
            Class::Broken
        } else if (200..300).contains(&self.reply.status) || self.reply.status == 304 {
            Class::Served
        } else {
            Class::Other
        }
    }

    /// All values at a JSONPath; none when the body is not JSON.
    ///
    /// # Errors
    /// When the path is not one.
    pub fn query(&self, path: &str) -> Result<Option<Vec<&Json>>, AnswerError> {
        let parsed = JsonPath::parse(path).map_err(|error| AnswerError::Path {
            path: path.to_owned(),
            why: error.to_string(),
        })?;
        Ok(self.json().map(|body| parsed.query(body).all()))
    }

    /// Captures `$.path`, `header NAME` or `cookie NAME`.
    ///
    /// # Errors
    /// When there is nothing to capture.
    pub fn capture(&self, name: &str, from: &str) -> Result<Json, AnswerError> {
        let nothing = || AnswerError::Nothing {
            name: name.to_owned(),
            path: from.to_owned(),
            reply: self.reply.in_words(),
        };
        if let Some(header) = from.strip_prefix("header ") {
            return self
                .reply
                .header(header.trim())
                .map(Json::from)
                .ok_or_else(nothing);
        }
        if let Some(cookie) = from.strip_prefix("cookie ") {
            return self.cookie(cookie.trim()).map(Json::from).ok_or_else(nothing);
        }
        let found = self
            .query(from)?
            .and_then(|values| values.first().map(|value| (*value).clone()));
        found.filter(|value| !value.is_null()).ok_or_else(nothing)
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        self.reply
            .headers
            .get_all("set-cookie")
            .iter()
            .find_map(|header| {
                let (found, value) = header.to_str().ok()?.split(';').next()?.split_once('=')?;
                (found.trim() == name).then_some(value.trim())
            })
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
    fn captures_come_from_json_headers_and_cookies() -> Result<(), AnswerError> {
        let reply = reply(200, r#"{"items":[{"id":7}],"gone":null}"#);
        let view = View::new(&reply);
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
        let view = View::new(&reply);
        for from in ["$.gone", "$.never", "header nothing", "cookie nothing", "$.["] {
            assert!(view.capture("it", from).is_err(), "{from}");
        }
    }

    #[test]
    fn expressions_see_status_body_and_variables() -> Result<(), TemplateError> {
        let templates = Templates::default();
        let reply = reply(200, r#"{"enabled":true}"#);
        let vars = Vars::default().with("wanted", true);
        let view = View::new(&reply);
        assert!(view.holds(&templates, "status == 200 and json('$.enabled') == wanted", &vars)?);
        assert!(!view.holds(&templates, "json('$.nothing') == wanted", &vars)?);
        assert!(
            view.holds(&templates, "nobody == 1", &vars).is_err(),
            "what is not there is an error, not false"
        );
        Ok(())
    }

    #[test]
    fn a_server_error_is_never_a_refusal() {
        let templates = Templates::default();
        let class = |status| View::new(&reply(status, "")).class(&templates, &Outcomes::default());
        assert_eq!(class(500), Class::Broken);
        assert_eq!(class(0), Class::Broken);
        assert_eq!(class(404), Class::Denied);
        assert_eq!(class(401), Class::NoSession);
        assert_eq!(class(429), Class::Throttled);
        assert_eq!(class(206), Class::Served);
        assert_eq!(class(302), Class::Other);
    }
}
