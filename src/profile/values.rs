//! Values of a profile that can be written in a short way.

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use std::fmt;
use std::time::Duration;

/// What must be true of an answer: a status (`201`) or an expression (`"status in [201, 204]"`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation(pub String);

impl<'de> Deserialize<'de> for Expectation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl Visitor<'_> for Either {
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
        deserializer.deserialize_any(Either)
    }
}

/// A length of time: `"250ms"`, `"10s"`, `"2m"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Within(pub Duration);

impl Within {
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

impl<'de> Deserialize<'de> for Within {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom(format!(
                "`{text}` is not a length of time such as `250ms`, `10s` or `2m`"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_needs_a_number_and_a_known_unit() {
        assert_eq!(Within::parse("250ms"), Some(Within(Duration::from_millis(250))));
        assert_eq!(Within::parse("2m"), Some(Within(Duration::from_secs(120))));
        for bad in ["", "10", "s", "10 parsecs", "-1s", "99999999999999999999s"] {
            assert_eq!(Within::parse(bad), None, "{bad}");
        }
    }
}
