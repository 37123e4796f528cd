//! Features: those compiled in, or a user's own files.

use cucumber::feature::Ext as _;
use cucumber::gherkin::{Feature, GherkinEnv};
use miette::{Diagnostic, NamedSource, SourceSpan};
use std::path::{Path, PathBuf};
use std::sync::Arc;

macro_rules! compiled_in {
    ($($name:literal),+ $(,)?) => {
        [$((concat!("features/", $name), include_str!(concat!("../../features/", $name)))),+]
    };
}

/// Path and text of every feature in `features/`; a test holds the list and the directory together.
const BUILT_IN: [(&str, &str); 23] = compiled_in![
    "bucket.feature",
    "changes.feature",
    "clinicians.feature",
    "cohorts.feature",
    "deletion.feature",
    "devices.feature",
    "discovery.feature",
    "families.feature",
    "fetching.feature",
    "gateway.feature",
    "graphql.feature",
    "kill_switch.feature",
    "links.feature",
    "listing.feature",
    "people.feature",
    "professions.feature",
    "recorder.feature",
    "replicas.feature",
    "sessions.feature",
    "sharing.feature",
    "support.feature",
    "switching.feature",
    "tenants.feature",
];

/// Features that cannot be read.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum FeatureError {
    /// A file or directory cannot be read.
    #[error("cannot read `{path}`: {source}")]
    #[diagnostic(help("`--features` takes a `.feature` file, or a directory with such files in it"))]
    Read { path: PathBuf, source: std::io::Error },
    /// A directory without features.
    #[error("there is no `.feature` file in `{path}`")]
    #[diagnostic(help("`--features` takes a `.feature` file, or a directory with such files in it"))]
    None { path: PathBuf },
    /// A file that is not Gherkin.
    #[error("`{path}` is not Gherkin: {what}")]
    Gherkin {
        path: String,
        what: String,
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("here")]
        place: SourceSpan,
    },
    /// Examples that do not fit their outline.
    #[error("the outline has a place for `<{name}>`, and its examples have no such column")]
    Outline {
        name: String,
        #[source_code]
        text: Arc<NamedSource<String>>,
        #[label("in this step")]
        place: SourceSpan,
    },
}

/// A feature with the text it was read from.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its path, as given or as compiled in.
    pub path: String,
    /// The file's text.
    pub text: String,
    /// The feature, its outlines expanded.
    pub feature: Feature,
}

/// The features compiled in.
///
/// # Errors
/// Never in a released binary: a test reads them.
pub fn built_in() -> Result<Vec<Source>, FeatureError> {
    BUILT_IN.iter().map(|(path, text)| parse(path, text)).collect()
}

/// The features of a file or of a directory and everything below it, in the order of their names.
///
/// # Errors
/// When something cannot be read, is not Gherkin, or is not there at all.
pub fn read(path: &Path) -> Result<Vec<Source>, FeatureError> {
    let mut files = Vec::new();
    collect(path, &mut files)?;
    files.sort();
    if files.is_empty() {
        return Err(FeatureError::None {
            path: path.to_owned(),
        });
    }
    files
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(&file).map_err(|source| FeatureError::Read {
                path: file.clone(),
                source,
            })?;
            parse(&file.display().to_string(), &text)
        })
        .collect()
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), FeatureError> {
    let failed = |source| FeatureError::Read {
        path: path.to_owned(),
        source,
    };
    if path.metadata().map_err(failed)?.is_file() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in path.read_dir().map_err(failed)? {
        let below = entry.map_err(failed)?.path();
        if below.is_dir() || below.extension().is_some_and(|extension| extension == "feature") {
            collect(&below, files)?;
        }
    }
    Ok(())
}

fn parse(path: &str, text: &str) -> Result<Source, FeatureError> {
    let mut feature = Feature::parse(text, GherkinEnv::default()).map_err(|error| {
        let (what, place) = mistake(text, &error.to_string());
        FeatureError::Gherkin {
            path: path.to_owned(),
            what,
            place,
            text: Arc::new(NamedSource::new(path, text.to_owned())),
        }
    })?;
    feature.path = Some(PathBuf::from(path));
    let feature = feature.expand_examples().map_err(|error| FeatureError::Outline {
        name: error.name.clone(),
        place: place(text, error.pos.line, error.pos.col),
        text: Arc::new(NamedSource::new(path, text.to_owned())),
    })?;
    Ok(Source {
        path: path.to_owned(),
        text: text.to_owned(),
        feature,
    })
}

/// What begins a line of Gherkin.
const KEYWORDS: [&str; 20] = [
    "Feature:",
    "Rule:",
    "Background:",
    "Scenario:",
    "Scenario Outline:",
    "Scenario Template:",
    "Example:",
    "Examples:",
    "Scenarios:",
    "Given ",
    "When ",
    "Then ",
    "And ",
    "But ",
    "* ",
    "@",
    "#",
    "|",
    "\"\"\"",
    "```",
];

/// The parser's message holds the furthest place that it came to, as `line:column`. A line without a keyword is found only
/// behind it, so it is looked for from there backwards.
fn mistake(text: &str, message: &str) -> (String, SourceSpan) {
    let place_of = |word: &str| {
        let (line, column) = word.split_once(':')?;
        let column = column.trim_end_matches(':');
        Some((line.parse::<usize>().ok()?, column.parse::<usize>().ok()?))
    };
    let found = message
        .split(|c: char| !(c.is_ascii_digit() || c == ':'))
        .find_map(place_of);
    let (line, column) = found.unwrap_or((1, 1));
    if text.trim().is_empty() {
        return ("there is nothing in it".to_owned(), place(text, 1, 1));
    }
    let is_odd = |line: &str| {
        !KEYWORDS
            .iter()
            .any(|keyword| line.trim_start().starts_with(keyword))
    };
    let before = || {
        let lines = text.lines().take(line).enumerate();
        lines.filter(|(_, line)| !line.trim().is_empty())
    };
    // at the end of the file the parser does not say what it missed
    let odd = if message.contains("unknown keyword") {
        before().filter(|(_, line)| is_odd(line)).last()
    } else {
        before().last().filter(|(_, line)| is_odd(line))
    };
    let Some((index, odd)) = odd else {
        return (message.to_owned(), place(text, line, column));
    };
    let start = place(text, index + 1, 1 + odd.len() - odd.trim_start().len());
    (
        "a line begins with none of its keywords".to_owned(),
        (start.offset(), odd.trim().len()).into(),
    )
}

fn place(text: &str, line: usize, column: usize) -> SourceSpan {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (start.saturating_add(column.saturating_sub(1)).min(text.len()), 0).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_of_the_directory_is_compiled_in_and_is_gherkin() -> Result<(), FeatureError> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let prefix = format!("{}/", root.display());
        let there: Vec<String> = read(&root.join("features"))?
            .iter()
            .map(|source| source.path.replace(&prefix, ""))
            .collect();
        let compiled_in: Vec<String> = built_in()?.into_iter().map(|source| source.path).collect();
        assert_eq!(compiled_in, there);
        Ok(())
    }

    #[test]
    fn what_is_not_gherkin_is_told_with_its_place() {
        let text = "Feature: replays\n  Scenario: one\n    Given Ada\n  Nonsense here\n";
        let told = match parse("mine.feature", text) {
            Err(FeatureError::Gherkin { place, .. }) => {
                text.get(place.offset()..place.offset() + place.len())
            }
            _ => None,
        };
        assert_eq!(told, Some("Nonsense here"));
    }
}
