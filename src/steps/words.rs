//! Words of the vocabulary that stand for something: people, a modality, on and off.

use crate::ledger::Modality;
use std::str::FromStr;

/// One or more people: `Ada`, `Ada and Ben`, `Ada, Ben and Dr Evans`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct People(pub(super) Vec<String>);

/// A word that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct WordError(String);

impl FromStr for People {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let names: Vec<String> = text
            .split(',')
            .flat_map(|part| part.split(" and "))
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .collect();
        match names.iter().find(|name| !is_name(name)) {
            None if !names.is_empty() => Ok(Self(names)),
            _ => Err(WordError(format!(
                "`{text}` is not one or more people\nhint: write names like `Ada`, `Ada and Ben`, `Ada, Ben and Dr Evans`"
            ))),
        }
    }
}

impl People {
    /// Each of them with each of the others.
    pub(super) fn with_each<'a>(&'a self, others: &'a Self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = |one: &'a String| others.0.iter().map(move |other| (one.as_str(), other.as_str()));
        self.0.iter().flat_map(pairs)
    }
}

fn is_name(name: &str) -> bool {
    let own = name.strip_prefix("Dr ").unwrap_or(name);
    own.starts_with(|letter: char| letter.is_uppercase())
        && own
            .chars()
            .all(|letter| letter.is_alphabetic() || letter == '\'' || letter == '-')
}

/// By what a consultation is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct By(pub(super) Modality);

impl FromStr for By {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        Modality::from_word(text)
            .map(Self)
            .ok_or_else(|| WordError(format!("`{text}` is not `text`, `audio` or `video`")))
    }
}

/// `on` or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Switch(pub(super) bool);

impl FromStr for Switch {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        match text {
            "on" => Ok(Self(true)),
            "off" => Ok(Self(false)),
            _ => Err(WordError(format!("`{text}` is not `on` or `off`"))),
        }
    }
}

/// `made` or `undone`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way(pub(super) bool);

impl FromStr for Way {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        match text {
            "made" => Ok(Self(true)),
            "undone" => Ok(Self(false)),
            _ => Err(WordError(format!("`{text}` is not `made` or `undone`"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_listed_as_one_says_them() -> Result<(), WordError> {
        assert_eq!("Ada".parse::<People>()?.0, ["Ada"]);
        assert_eq!(
            "Ada, Ben and Dr Evans".parse::<People>()?.0,
            ["Ada", "Ben", "Dr Evans"]
        );
        assert_eq!("Ada and Ben".parse::<People>()?.0, ["Ada", "Ben"]);
        Ok(())
    }

    #[test]
    fn what_is_not_a_name_is_refused() {
        for bad in ["", "ada", "Ada and then", "everyone", "Ada 2"] {
            assert!(bad.parse::<People>().is_err(), "{bad}");
        }
    }
}
