//! Words of the vocabulary that stand for something: people, a modality, on and off.

use crate::ledger::Modality;
use std::str::FromStr;

/// One or more people: `Ada`, `Ada and Ben`, `Ada, Ben and Dr Evans`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamesArg(pub(super) Vec<String>);

/// A word that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct WordError(String);

impl FromStr for NamesArg {
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

impl NamesArg {
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

/// One or more of those that a stack works for: `private service`, `public service and the private service`. In the profile their
/// names have hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tenants(pub(super) Vec<String>);

impl FromStr for Tenants {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let names = text.split(" and the ").map(|name| name.trim().replace(' ', "-"));
        Ok(Self(names.collect()))
    }
}

/// By what a consultation is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ModalityArg(pub(super) Modality);

impl FromStr for ModalityArg {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        Modality::from_word(text)
            .map(Self)
            .ok_or_else(|| WordError(format!("`{text}` is not `text`, `audio` or `video`")))
    }
}

/// `on` or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SwitchArg(pub(super) bool);

impl FromStr for SwitchArg {
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
pub(super) struct MadeOrUndone(pub(super) bool);

impl FromStr for MadeOrUndone {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        match text {
            "made" => Ok(Self(true)),
            "undone" => Ok(Self(false)),
            _ => Err(WordError(format!("`{text}` is not `made` or `undone`"))),
        }
    }
}

/// What somebody is who is neither a patient nor a clinician: a role of the profile, as one says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoleArg(pub(super) &'static str);

impl RoleArg {
    /// Words, and the roles that they stand for.
    const ALL: [(&'static str, &'static str); 3] = [
        ("support agent", "support"),
        ("pharmacist", "pharmacist"),
        ("insurer", "insurer"),
    ];

    /// The role that a sentence like `Sam is a support agent` speaks of.
    pub(super) fn named_in(sentence: &str) -> Option<Self> {
        let named = |word: &str| sentence.trim_end_matches('s').ends_with(word);
        Self::ALL
            .into_iter()
            .find(|(word, _)| named(word))
            .map(|(_, role)| Self(role))
    }
}

impl FromStr for RoleArg {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        Self::named_in(text).ok_or_else(|| {
            let words = Self::ALL.map(|(word, _)| format!("`{word}`"));
            WordError(format!("`{text}` is not {}", words.join(" or ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_listed_as_one_says_them() -> Result<(), WordError> {
        assert_eq!("Ada".parse::<NamesArg>()?.0, ["Ada"]);
        assert_eq!(
            "Ada, Ben and Dr Evans".parse::<NamesArg>()?.0,
            ["Ada", "Ben", "Dr Evans"]
        );
        assert_eq!("Ada and Ben".parse::<NamesArg>()?.0, ["Ada", "Ben"]);
        Ok(())
    }

    #[test]
    fn what_is_not_a_name_is_refused() {
        for bad in ["", "ada", "Ada and then", "everyone", "Ada 2"] {
            assert!(bad.parse::<NamesArg>().is_err(), "{bad}");
        }
    }
}
