//! What is wrong with a profile: the place, what was expected there, and the nearest valid name.

use super::source::ProfileSource;
use crate::spelling::{NameKind, new_name};
use miette::{Diagnostic, NamedSource, SourceSpan};
use std::ops::Range;
use std::sync::Arc;

/// A mistake in a profile.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("the target profile cannot be used: {what}")]
pub struct ProfileError {
    what: String,
    #[source_code]
    text: Arc<NamedSource<String>>,
    #[label("{label}")]
    place: Option<SourceSpan>,
    label: String,
    #[help]
    hint: Option<String>,
}

impl ProfileError {
    pub(super) fn unread(path: &std::path::Path, error: &std::io::Error) -> Self {
        let name = path.display().to_string();
        Self {
            what: format!("`{name}` cannot be read: {error}"),
            text: Arc::new(NamedSource::new(name, String::new())),
            place: None,
            label: String::new(),
            hint: Some("name the file with `--profile FILE`; `bystander init` writes one".to_owned()),
        }
    }

    pub(super) fn at(
        source: &ProfileSource<'_>,
        place: Range<usize>,
        what: String,
        label: &str,
        hint: Option<String>,
    ) -> Self {
        Self {
            what,
            text: Arc::new(NamedSource::new(source.name, source.text.to_owned())),
            place: Some(to_span(place)),
            label: label.to_owned(),
            hint,
        }
    }

    pub(super) fn from_toml(name: &str, text: &str, error: &toml::de::Error) -> Self {
        let message = error.message().to_owned();
        Self {
            hint: nearest_in_message(&message),
            what: message,
            text: Arc::new(NamedSource::new(name, text.to_owned())),
            place: error.span().map(to_span),
            label: "here".to_owned(),
        }
    }
}

impl ProfileError {
    /// A mistake in the text of several files in a row: [`ProfileError::shown_in`] says in which.
    pub(super) fn in_text(place: Range<usize>, what: String, hint: Option<String>) -> Self {
        Self {
            what,
            text: Arc::new(NamedSource::new("", String::new())),
            place: Some(to_span(place)),
            label: "here".to_owned(),
            hint,
        }
    }

    /// Where it begins.
    pub(super) fn start(&self) -> usize {
        self.place.map_or(0, |place| place.offset())
    }

    /// The same in this file, which begins at `begins` of the whole.
    pub(super) fn shown_in(mut self, name: &str, text: &str, begins: usize) -> Self {
        self.text = Arc::new(NamedSource::new(name, text.to_owned()));
        self.place = self
            .place
            .map(|place| (place.offset().saturating_sub(begins), place.len()).into());
        self
    }
}

fn to_span(range: Range<usize>) -> SourceSpan {
    (range.start, range.len()).into()
}

pub(super) fn listed(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The name most like `wanted`, if one is like it at all.
pub(crate) fn nearest<'a>(wanted: &str, names: &[&'a str]) -> Option<&'a str> {
    names
        .iter()
        .map(|name| (strsim::normalized_damerau_levenshtein(wanted, name), *name))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

/// The reader's message names the unknown field and the valid ones in back quotes: the first against the rest.
fn nearest_in_message(message: &str) -> Option<String> {
    if !message.starts_with("unknown field") {
        return None;
    }
    let mut quoted = message.split('`').skip(1).step_by(2);
    let wanted = quoted.next()?;
    if let Some(new) = new_name(NameKind::ProfileKey, wanted) {
        return Some(format!("it is called `{new}` now"));
    }
    let names: Vec<&str> = quoted.collect();
    nearest(wanted, &names).map(|near| format!("did you mean `{near}`?"))
}
