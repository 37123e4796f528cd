//! Why no profile could be written.

use std::path::PathBuf;

/// No profile could be written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// There is a file already.
    #[error(
        "`{path}` is there already, and is left as it is\nhint: name another with `--out FILE`, or overwrite it with `--force`"
    )]
    Exists { path: PathBuf },
    /// A file cannot be read.
    #[error("`{path}` cannot be read: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    /// The profile cannot be written.
    #[error("`{path}` cannot be written: {source}\nhint: name another place with `--out FILE`")]
    Write { path: PathBuf, source: std::io::Error },
    /// An address is one that is not spoken to unasked.
    #[error(
        "`{host}` is neither loopback nor private\nhint: allow it with `--allow-host {host}`, or download the document and give its file"
    )]
    Host { host: String },
    /// An address does not answer with a document.
    #[error("`{address}` did not give its document: {why}")]
    Fetch { address: String, why: String },
    /// YAML.
    #[error(
        "`{name}` is not JSON; it looks like YAML, which is not read here\nhint: convert it first, for example with `yq -o=json . openapi.yaml > openapi.json`"
    )]
    Yaml { name: String },
    /// It is JSON, or nearly, but not what it should be.
    #[error("`{name}` is not {wanted}: {why}\nhint: {hint}")]
    Form {
        name: String,
        wanted: &'static str,
        why: String,
        hint: &'static str,
    },
    /// Nothing to make a profile of.
    #[error("`{name}` describes no requests, so that there is nothing to write a profile from")]
    Empty { name: String },
    /// Nobody answered.
    #[error(
        "nobody answered the questions\nhint: run it on a terminal or pipe the answers in, a line each; or give `--openapi FILE` or `--har FILE`"
    )]
    NoAnswers,
    /// A secret was about to be written down.
    #[error(
        "a password, a token or a key of the recording would have stood in the profile, so that nothing was written\nhint: take the request with it in its address or body out of the recording"
    )]
    Secret,
    /// What was written cannot be read: a bug.
    #[error("the profile that was made cannot be used, which is a bug in Bystander: {why}")]
    Unusable { why: String },
}
