//! Values of a profile that can be written in a short way.

use super::parts::Role;
use super::{TemplateError, Templates, Vars};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// What must be true of an answer: a status (`201`) or an expression (`"status in [201, 204]"`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation(pub String);

impl<'de> Deserialize<'de> for Expectation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ExpectationVisitor;
        impl Visitor<'_> for ExpectationVisitor {
            type Value = Expectation;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a status such as `201`, or an expression such as `\"status in [201, 204]\"`")
            }
            fn visit_i64<E: Error>(self, status: i64) -> Result<Expectation, E> {
                if (100..=599).contains(&status) {
                    Ok(Expectation(format!("status == {status}")))
                } else {
                    Err(E::custom(format!(
                        "`{status}` is not an HTTP status (100 to 599)"
                    )))
                }
            }
            fn visit_str<E: Error>(self, expression: &str) -> Result<Expectation, E> {
                Ok(Expectation(expression.to_owned()))
            }
        }
        deserializer.deserialize_any(ExpectationVisitor)
    }
}

impl JsonSchema for Expectation {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Expectation".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "integer", "minimum": 0, "maximum": 599 }, { "type": "string" }] })
    }
}

/// The files that a profile is like: one (`"other.toml"`) or a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parents(pub Vec<String>);

impl<'de> Deserialize<'de> for Parents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ParentsVisitor;
        impl<'de> Visitor<'de> for ParentsVisitor {
            type Value = Parents;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a file such as `\"other.toml\"`, or a list of files")
            }
            fn visit_str<E: Error>(self, one: &str) -> Result<Parents, E> {
                Ok(Parents(vec![one.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Parents, A::Error> {
                let mut files = Vec::new();
                while let Some(file) = list.next_element()? {
                    files.push(file);
                }
                Ok(Parents(files))
            }
        }
        deserializer.deserialize_any(ParentsVisitor)
    }
}

impl JsonSchema for Parents {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Likes".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
    }
}

/// A length of time: `"250ms"`, `"10s"`, `"2m"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HumanDuration(pub Duration);

impl HumanDuration {
    /// Reads a number and a unit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let split = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = text.split_at(split);
        let number: u64 = number.parse().ok()?;
        let time = match unit.trim() {
            "ms" => Duration::from_millis(number),
            "s" => Duration::from_secs(number),
            "m" => Duration::from_secs(number.checked_mul(60)?),
            _ => return None,
        };
        Some(Self(time))
    }
}

impl JsonSchema for HumanDuration {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Within".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]+ ?(ms|s|m)$" })
    }
}

impl<'de> Deserialize<'de> for HumanDuration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!(
                "`{text}` is not a length of time such as `250ms`, `10s` or `2m`"
            ))
        })
    }
}

/// How long a session of this role lasts, by its template `lives`: seconds, or a length of time. None when it does not say.
///
/// # Errors
/// When it cannot be filled in, or is no length of time.
pub fn lifetime(role: &Role, templates: &Templates, vars: &Vars) -> Result<Option<Duration>, TemplateError> {
    let Some(template) = &role.lives else {
        return Ok(None);
    };
    let filled = templates.fill(template, vars)?;
    let text = filled.trim();
    let seconds = text
        .parse::<f64>()
        .ok()
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let time = seconds.or_else(|| HumanDuration::parse(text).map(|HumanDuration(time)| time));
    time.map(Some).ok_or_else(|| TemplateError::Fill {
        template: template.to_string(),
        why: "what comes out is neither a number of seconds nor a length of time such as `60s`".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Text;

    #[test]
    fn a_session_lives_for_seconds_or_a_length_of_time() {
        let lives = |template: &str| {
            let role = Role {
                lives: Some(Text::new(template)),
                ..Role::default()
            };
            let me = Vars::default().with("n", 3600).with("text", "90");
            lifetime(
                &role,
                &Templates::default(),
                &Vars::default().with("me", me.as_value()),
            )
            .ok()
            .flatten()
        };
        assert_eq!(lives("{{ me.n }}"), Some(Duration::from_secs(3600)));
        assert_eq!(lives("{{ me.text }}"), Some(Duration::from_secs(90)));
        assert_eq!(lives("2m"), Some(Duration::from_secs(120)));
        for bad in ["soon", "-1", "{{ me.none }}"] {
            assert_eq!(lives(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_length_of_time_needs_a_number_and_a_known_unit() {
        assert_eq!(
            HumanDuration::parse("250ms"),
            Some(HumanDuration(Duration::from_millis(250)))
        );
        assert_eq!(
            HumanDuration::parse("2m"),
            Some(HumanDuration(Duration::from_secs(120)))
        );
        for bad in ["", "10", "s", "10 parsecs", "-1s", "99999999999999999999s"] {
            assert_eq!(HumanDuration::parse(bad), None, "{bad}");
        }
    }
}
