//! Strings of `[deploy]` with their templates filled in, and files that count from the profile's directory.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value as Json;

use super::error::ExternalStackError;
use crate::profile::{Profile, Templates, Text, Vars};

/// Fills in what stands in `[base]` and `[deploy]`.
pub(super) struct TemplateFiller<'a> {
    profile: &'a Profile,
    templates: &'a Templates,
    vars: Vars,
}

impl<'a> TemplateFiller<'a> {
    /// With nothing known of the stack yet. The templates are the same for all of it: they remember the secrets that they have read.
    pub(super) fn new(profile: &'a Profile, templates: &'a Templates) -> Self {
        Self {
            profile,
            templates,
            vars: Vars::default(),
        }
    }

    /// The same with this much known of the stack.
    pub(super) fn with(&self, stack: &Vars) -> Self {
        Self {
            vars: Vars::default().with("stack", stack.as_value()),
            ..*self
        }
    }

    /// The profile.
    pub(super) fn profile(&self) -> &'a Profile {
        self.profile
    }

    /// What fills it in.
    pub(super) fn templates(&self) -> &'a Templates {
        self.templates
    }

    /// One string.
    pub(super) fn text(&self, place: &str, text: &Text) -> Result<String, ExternalStackError> {
        self.templates
            .fill(text, &self.vars)
            .map_err(|source| ExternalStackError::Fill {
                place: place.to_owned(),
                source,
            })
    }

    /// One value, which may be a list.
    pub(super) fn value(&self, place: &str, text: &Text) -> Result<Json, ExternalStackError> {
        self.templates
            .value(text, &self.vars)
            .map_err(|source| ExternalStackError::Fill {
                place: place.to_owned(),
                source,
            })
    }

    /// Several strings.
    pub(super) fn texts(&self, place: &str, texts: &[Text]) -> Result<Vec<String>, ExternalStackError> {
        texts.iter().map(|text| self.text(place, text)).collect()
    }

    /// Named strings.
    pub(super) fn table(
        &self,
        place: &str,
        table: &BTreeMap<String, Text>,
    ) -> Result<BTreeMap<String, String>, ExternalStackError> {
        let filled = table
            .iter()
            .map(|(name, text)| Ok((name.clone(), self.text(&format!("{place}.{name}"), text)?)));
        filled.collect()
    }

    /// A file or a directory.
    pub(super) fn path(&self, place: &str, text: &Text) -> Result<PathBuf, ExternalStackError> {
        Ok(self.directory(place)?.join(self.text(place, text)?))
    }

    /// The profile's directory.
    pub(super) fn directory(&self, place: &str) -> Result<PathBuf, ExternalStackError> {
        let directory = Some(self.profile.directory.as_path()).filter(|path| !path.as_os_str().is_empty());
        std::path::absolute(directory.unwrap_or_else(|| ".".as_ref())).map_err(|error| {
            ExternalStackError::Part {
                place: place.to_owned(),
                why: format!("there is no working directory: {error}"),
            }
        })
    }
}

/// A command as the profile has it: what is filled in may be secret.
pub(super) fn joined_words(words: &[Text]) -> String {
    words.iter().map(Text::as_str).collect::<Vec<_>>().join(" ")
}
