//! `bystander init`: a first target profile, as complete as it can be, from an OpenAPI document, from recordings of a browser or an
//! app (HAR), or from answers to questions.
//!
//! Each source gives the same thing, a contract: which requests there are, what they take and answer. From a contract the same
//! guesses follow, and each stands in the profile with a comment.

mod contract;
mod error;
mod fetch;
mod guess;
mod har;
mod interview;
mod openapi;
mod profile_writer;

pub use error::InitError;
pub use fetch::DocumentSource;

use self::contract::ApiContract;
use crate::profile::Profile;
use std::io::{BufRead, Write};
use std::path::{Path, PathBuf};

/// A profile that was written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// What is left to fill in.
    pub blanks: Vec<String>,
    /// How many guesses stand in it.
    pub guesses: usize,
}

/// Writes a profile from an OpenAPI 3 document.
///
/// # Errors
/// When it cannot be fetched or read.
pub async fn from_openapi(source: &DocumentSource) -> Result<Draft, InitError> {
    let document = source.read().await?;
    let contract = openapi::read(&source.name(), &document, source.address())?;
    draft(&contract)
}

/// Writes a profile from one recording or two (HAR 1.2), the owner's first.
///
/// # Errors
/// When one cannot be read, or nothing can be made of them.
pub fn from_har(files: &[PathBuf]) -> Result<Draft, InitError> {
    let mut recordings = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(path).map_err(|source| InitError::Read {
            path: path.clone(),
            source,
        })?;
        recordings.push((path.display().to_string(), text));
    }
    draft(&har::read(&recordings)?)
}

/// Writes a profile from answers to questions.
///
/// # Errors
/// When nobody answers.
pub fn from_answers(from: &mut dyn BufRead, to: &mut dyn Write) -> Result<Draft, InitError> {
    draft(&interview::contract(from, to)?)
}

/// Puts a draft into its file.
///
/// # Errors
/// When there is one already and it may not be overwritten, or it cannot be written.
pub fn save(draft: &Draft, path: &Path, force: bool) -> Result<(), InitError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let written = options
        .open(path)
        .and_then(|mut file| file.write_all(draft.text.as_bytes()));
    written.map_err(|source| {
        let path = path.to_path_buf();
        if source.kind() == std::io::ErrorKind::AlreadyExists {
            InitError::Exists { path }
        } else {
            InitError::Write { path, source }
        }
    })
}

/// The guesses, as a profile that can be read and holds no secret.
fn draft(contract: &ApiContract) -> Result<Draft, InitError> {
    let paper = guess::profile(contract);
    let (blanks, guesses) = (paper.blanks.clone(), paper.guesses);
    let text = paper.into_text();
    if betrays(&text, &contract.secrets) {
        return Err(InitError::Secret);
    }
    // what the environment has to give is not there yet
    let set = |name: &str| Some(format!("the value of {name}"));
    Profile::parse_with("the new profile", &text, &set).map_err(|error| InitError::Unusable {
        why: format!("{:?}", miette::Report::new(error)),
    })?;
    Ok(Draft {
        text,
        blanks,
        guesses,
    })
}

/// Whether a secret of a recording stands in a profile, templates aside. A short one counts only as a whole value: it may well be
/// a word that something else is called by.
fn betrays(text: &str, secrets: &[String]) -> bool {
    let plain: String = text
        .split("{{")
        .enumerate()
        .map(|(number, part)| match part.split_once("}}") {
            Some((_, after)) if number > 0 => after,
            _ => part,
        })
        .collect();
    secrets.iter().any(|secret| {
        if secret.len() < 8 {
            plain.contains(&format!("= \"{secret}\""))
        } else {
            plain.contains(secret.as_str())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_seen_outside_templates_only() {
        let secrets = ["marigold-1".to_owned(), "pass".to_owned()];
        assert!(betrays("title = \"x marigold-1\"", &secrets));
        assert!(betrays("password = \"pass\"", &secrets));
        assert!(!betrays("password = \"{{ me.password }}\" # marigold", &secrets));
        assert!(betrays("a = \"{{ me.x }}marigold-1\"", &secrets));
    }
}
