//! The Docker engine: finding it, and what has to be known about it.

use std::path::Path;
use std::time::Duration;

use testcontainers::bollard::Docker;
use testcontainers::bollard::errors::Error;
use testcontainers::core::client::docker_client_instance;
use tokio::time::timeout;

use super::error::DeployError;
use super::process;

/// How long an engine may take to say that it is there.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// An engine that answers.
#[derive(Clone)]
pub(super) struct DockerEngine {
    /// The connection.
    pub(super) docker: Docker,
    /// Its version.
    pub(super) version: String,
    /// Whether a path means the same file to the engine as to us, so that it can be mounted.
    pub(super) shares_our_files: bool,
}

impl DockerEngine {
    /// The engine that testcontainers would use, if it answers.
    ///
    /// # Errors
    /// [`DeployError::NoEngine`].
    pub(super) async fn connect() -> Result<Self, DeployError> {
        let none = |said: String| DeployError::NoEngine {
            address: address(),
            said,
        };
        let docker = docker_client_instance()
            .await
            .map_err(|error| none(error.to_string()))?;
        let negotiated = timeout(ANSWERS_WITHIN, docker.negotiate_version())
            .await
            .map_err(|_| none(format!("no answer within {} s", ANSWERS_WITHIN.as_secs())))?;
        let docker = negotiated.map_err(|error| none(cause(&error)))?;
        let info = docker.info().await.map_err(|error| none(cause(&error)))?;
        let local = address().starts_with("unix://")
            && info.name.as_deref() == Some(process::host().as_str())
            && info.docker_root_dir.is_some_and(|root| Path::new(&root).exists());
        Ok(Self {
            docker,
            version: info.server_version.unwrap_or_default(),
            shares_our_files: local,
        })
    }
}

/// Where the engine is looked for.
fn address() -> String {
    std::env::var("DOCKER_HOST")
        .ok()
        .filter(|host| !host.is_empty())
        .unwrap_or_else(|| "unix:///var/run/docker.sock".to_owned())
}

/// The innermost reason: the outer ones only say that a client failed.
fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The engine's own words, without the client's wrapping.
pub(super) fn words(error: &Error) -> String {
    match error {
        Error::DockerResponseServerError { message, .. } => message.trim().to_owned(),
        Error::DockerStreamError { error } => error.trim().to_owned(),
        other => cause(other),
    }
}

/// An error of the engine at something.
pub(super) fn failed(doing: impl Into<String>) -> impl FnOnce(Error) -> DeployError {
    move |error| DeployError::Engine {
        doing: doing.into(),
        said: words(&error),
    }
}

/// Whether the engine said that there is no such thing.
pub(super) fn is_missing(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 404, .. })
}

/// Whether the engine said that it is busy with it already.
pub(super) fn is_under_way(error: &Error) -> bool {
    matches!(error, Error::DockerResponseServerError { status_code: 409, .. })
}
