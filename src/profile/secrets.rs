//! What a profile needs and does not hold: values of the environment, and files that hold secrets.

use super::error::ProfileError;
use super::source::ProfileSource;
use minijinja::value::Value;
use minijinja::{Error, ErrorKind};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// What is made unreadable stands as this.
const MASKED: &str = "***";
/// Shorter values are no secrets, and occur by chance.
const LEAST_SECRET: usize = 4;

/// `env.NAME`, `env['NAME']`; and whether `| default` follows.
static MENTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"\benv(?:\.|\[\s*['"])([A-Za-z_][A-Za-z0-9_]*)(?:['"]\s*\])?(\s*\|\s*default\b)?"#).ok()
});
/// What stands between the braces of a template.
static BRACES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?s)\{\{.*?\}\}|\{%.*?%\}").ok());

/// The environment variables that a profile mentions, as they were when it was loaded. They never print.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(BTreeMap<String, String>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Secrets {
    /// Looks every name up that the profile mentions. A variable that is empty counts as not set: that is how a CI system hands
    /// over a secret that it does not have.
    pub(super) fn from_environment(
        source: &ProfileSource<'_>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ProfileError> {
        let mut found = BTreeMap::new();
        for string in source.strings() {
            for (name, has_default) in mentions(&string.text, string.is_expression()) {
                match environment(&name).filter(|value| !value.is_empty()) {
                    Some(value) => {
                        found.insert(name, value);
                    }
                    None if has_default => {}
                    None => {
                        let hint = format!(
                            "set it before you start: `export {name}=…`; or give it a value here: `{{{{ env.{name} | default('…') }}}}`"
                        );
                        return Err(source.mistake(
                            string.place.clone(),
                            format!("the environment variable `{name}` is not set"),
                            "wanted here",
                            Some(hint),
                        ));
                    }
                }
            }
        }
        Ok(Self(found))
    }

    /// As it stands in templates: `env`.
    pub(super) fn as_value(&self) -> Value {
        Value::from_serialize(&self.0)
    }

    pub(super) fn mask(&self, text: &str) -> String {
        masked(text, self.0.values())
    }
}

fn mentions(text: &str, is_expression: bool) -> Vec<(String, bool)> {
    let (Some(mention), Some(braces)) = (&*MENTION, &*BRACES) else {
        return Vec::new();
    };
    let within = |part: &str| -> Vec<(String, bool)> {
        mention
            .captures_iter(part)
            .map(|found| (found[1].to_owned(), found.get(2).is_some()))
            .collect()
    };
    if is_expression && !text.contains("{{") {
        return within(text);
    }
    braces
        .find_iter(text)
        .flat_map(|part| within(part.as_str()))
        .collect()
}

/// The parts of a template that stand between braces.
pub(super) fn between_braces(text: &str) -> Vec<&str> {
    let found = BRACES.as_ref().map(|braces| braces.find_iter(text));
    found.into_iter().flatten().map(|part| part.as_str()).collect()
}

/// A text with a plain word for every part that stands between braces.
pub(super) fn without_braces(text: &str) -> String {
    let braces = BRACES.as_ref();
    braces.map_or_else(
        || text.to_owned(),
        |braces| braces.replace_all(text, "x").into_owned(),
    )
}

fn masked<'a>(text: &str, secrets: impl Iterator<Item = &'a String>) -> String {
    let mut longest_first: Vec<&String> = secrets.filter(|value| value.len() >= LEAST_SECRET).collect();
    longest_first.sort_by_key(|value| std::cmp::Reverse(value.len()));
    longest_first.into_iter().fold(text.to_owned(), |text, value| {
        text.replace(value.as_str(), MASKED)
    })
}

/// Files that templates read, and what stood in them.
#[derive(Clone)]
pub(super) struct FileSecrets {
    directory: PathBuf,
    contents: Arc<Mutex<BTreeSet<String>>>,
}

impl FileSecrets {
    pub(super) fn new(directory: &Path) -> Self {
        Self {
            directory: directory.to_path_buf(),
            contents: Arc::default(),
        }
    }

    /// What stands in a file, without the space around it.
    pub(super) fn read(&self, name: &str) -> Result<String, Error> {
        let path = self.directory.join(name);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            let why = format!("the file `{}` cannot be read: {error}", path.display());
            Error::new(ErrorKind::InvalidOperation, why)
        })?;
        let text = text.trim().to_owned();
        self.contents
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(text.clone());
        Ok(text)
    }

    pub(super) fn mask(&self, text: &str) -> String {
        masked(
            text,
            self.contents
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .iter(),
        )
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::profile::{Templates, Vars};

    fn look_up(text: &str) -> Result<Secrets, ProfileError> {
        let source = ProfileSource::read("profile.toml", text)?;
        Secrets::from_environment(&source, &|name| match name {
            "TOKEN" => Some("t0ken-of-the-day".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        })
    }

    #[test]
    fn every_mention_is_looked_up_wherever_it_stands() {
        let text = r#"
            # {{ env.IN_A_COMMENT }} is not wanted
            a = ["{{ env.TOKEN }}", "{{ env['OTHER'] | default('x') }}", "env.NOT_A_TEMPLATE"]
            json = { "{{ env.TOKEN }}" = 1 }
            when = "env.MODE | default('a') == 'b'"
        "#;
        assert_eq!(format!("{:?}", look_up(text).unwrap()), r#"{"TOKEN"}"#);
        for wanting in [
            "a = '{{ env.NONE }}'",
            "a = { b = ['x {{ (env.NONE ~ 1) | base64 }}'] }",
            "a = '{{ env.EMPTY }}'",
            "until = \"env.NONE == 'x'\"",
            "[json]\n'{{ env.NONE }}' = 1",
        ] {
            let error = look_up(wanting).unwrap_err().to_string();
            assert!(error.contains("is not set"), "{wanting}: {error}");
        }
    }

    #[test]
    fn templates_see_them_and_nothing_prints_them() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret.txt"), "f1le-secret\n").unwrap();
        let secrets = look_up("a = '{{ env.TOKEN }}'").unwrap();
        let templates = Templates::new(folder.path(), &secrets);
        let fill = |text: &str| templates.fill(text, &Vars::default());
        assert_eq!(fill("Bearer {{ env.TOKEN }}").unwrap(), "Bearer t0ken-of-the-day");
        assert_eq!(fill("{{ env.NONE | default('x') }}").unwrap(), "x");
        assert_eq!(fill("<{{ file('secret.txt') }}>").unwrap(), "<f1le-secret>");
        assert_eq!(
            templates
                .value("{{ file('secret.txt') }}", &Vars::default())
                .unwrap(),
            "f1le-secret"
        );
        assert!(
            templates
                .holds("env.TOKEN == 't0ken-of-the-day'", &Vars::default(), &[])
                .unwrap()
        );
        assert_eq!(
            templates.mask("said t0ken-of-the-day and f1le-secret"),
            "said *** and ***"
        );
        let error = fill("{{ env.TOKEN | unbase64 }} {{ file('none.txt') }}").unwrap_err();
        assert!(!format!("{error} {error:?} {templates:?} {secrets:?}").contains("t0ken-of"));
        let error = fill("{{ file('none.txt') }}").unwrap_err().to_string();
        assert!(error.contains("none.txt"), "{error}");
    }
}
