//! What the fields of a request stand for.

use super::super::contract::{ShapeValue, ValueType};
use super::ProfileGuess;
use super::fill::{StepPurpose, StepText, braces};
use super::words::{self, is, says};
use serde_json::Value as Json;

impl ProfileGuess<'_> {
    /// The value of a field or a parameter; nothing when it may be left out and means nothing to us.
    pub(crate) fn value(
        &self,
        name: &str,
        leaf: &ShapeValue,
        required: bool,
        doing: StepPurpose<'_>,
        step: &mut StepText,
    ) -> Option<Json> {
        if let Some(template) = self.meaning(name, leaf, doing) {
            return Some(Json::String(template));
        }
        let traced = leaf.from.as_ref().and_then(|origin| self.known.get(origin));
        if let Some(known) = traced {
            return Some(Json::String(braces(known)));
        }
        if !required {
            return None;
        }
        let example = leaf
            .known
            .clone()
            .or_else(|| leaf.choices.first().cloned().map(Json::String));
        if let Some(example) = example {
            step.taken.push(format!("`{name}` is the example's"));
            return Some(example);
        }
        step.blanks.push(format!("`{name}`"));
        Some(match leaf.kind {
            ValueType::Truth => Json::Bool(true),
            ValueType::Number => Json::from(1),
            ValueType::Text | ValueType::Bytes => Json::String("fill in".to_owned()),
        })
    }

    /// What a name stands for.
    fn meaning(&self, name: &str, leaf: &ShapeValue, doing: StepPurpose<'_>) -> Option<String> {
        let template = match doing {
            StepPurpose::SigningUp(role) => {
                if let Some(role) = role
                    && leaf.choices.iter().any(|choice| choice == role)
                {
                    return Some(role.to_owned());
                }
                person(name, leaf)?
            }
            StepPurpose::Being => person(name, leaf)?,
            StepPurpose::Setting if leaf.kind == ValueType::Truth || is(name, words::ENABLED) => "wanted",
            StepPurpose::Setting | StepPurpose::Asking => return None,
            StepPurpose::Consulting => self.consulting(name, leaf)?,
            StepPurpose::Planting => planting(name, leaf).or_else(|| self.consulting(name, leaf))?,
        };
        Some(braces(template))
    }

    fn consulting(&self, name: &str, leaf: &ShapeValue) -> Option<&'static str> {
        let recorded = leaf.known.as_ref().and_then(Json::as_str);
        let has = |word: &str| leaf.choices.iter().any(|choice| choice == word) || recorded == Some(word);
        if is(name, words::MODALITY) || has("video") || has("audio") {
            return Some("modality");
        }
        if says(name, words::CLINICIAN) && self.people.has_clinician() {
            return Some("clinician.id");
        }
        if says(name, words::PATIENT) || is(name, &["ownerid", "owner"]) {
            return Some("me.id");
        }
        if is(name, words::WHEN) && leaf.format == "date-time" {
            return Some("iso_now()");
        }
        if is(name, words::SLOT) || (is(name, words::WHEN) && leaf.kind == ValueType::Text) {
            return Some("slot");
        }
        (says(name, words::BOOKING) && self.actions.book.is_some()).then_some("consultation")
    }
}

/// What is made up for a person.
fn person(name: &str, leaf: &ShapeValue) -> Option<&'static str> {
    if says(name, words::PASSWORD) || leaf.format == "password" {
        Some("me.password")
    } else if is(name, words::EMAIL) || leaf.format == "email" {
        Some("me.email")
    } else if is(name, words::NHS) {
        Some("me.nhs_number")
    } else if is(name, words::NAME) {
        Some("me.name")
    } else if is(name, words::USER) && leaf.kind == ValueType::Text && leaf.choices.is_empty() {
        Some("me.email")
    } else {
        None
    }
}

/// What a recording carries.
fn planting(name: &str, leaf: &ShapeValue) -> Option<&'static str> {
    if leaf.kind == ValueType::Bytes {
        return Some("media.base64");
    }
    let text = leaf.kind == ValueType::Text && leaf.choices.is_empty();
    if text && is(name, words::FILE_NAME) {
        Some("canary.file_name")
    } else if text && (is(name, words::TITLE) || is(name, &["name"])) {
        Some("canary.title")
    } else if text && is(name, words::NOTES) {
        Some("canary.metadata")
    } else if is(name, &["contenttype", "mimetype", "mime", "mediatype"]) {
        Some("media.type")
    } else if is(name, &["size", "byte", "length", "contentlength", "filesize"]) {
        Some("media.size")
    } else if is(name, &["sha256", "checksum", "hash", "digest"]) {
        Some("media.sha256")
    } else {
        None
    }
}
