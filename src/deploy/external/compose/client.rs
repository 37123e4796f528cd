//! The Compose client: whether it is there, what it says of a file, and having it bring up the file's project.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use testcontainers::compose::DockerCompose;
use tokio::process::Command;
use tokio::time::timeout;

use super::super::composed::ResolvedCompose;
use super::super::error::ExternalStackError;
use super::super::filled::TemplateFiller;
use crate::deploy::tail::OutputTail;
use crate::deploy::{label, pending_starts};
use crate::profile::ComposePart;

/// How long the client may take to say something about itself or the file.
const SAYS_WITHIN: Duration = Duration::from_secs(30);
/// What every Compose file is given.
const RUN: &str = "BYSTANDER_RUN";
const EXECUTABLE: &str = "BYSTANDER_EXECUTABLE";

/// What the client is given.
#[derive(Clone)]
pub(super) struct ComposeClient {
    /// The file.
    pub(super) file: PathBuf,
    project: String,
    environment: BTreeMap<String, String>,
    build: bool,
}

/// The client is there, and is one that can be used.
///
/// # Errors
/// [`TargetError::NoCompose`].
pub(super) async fn check_installed() -> Result<(), ExternalStackError> {
    let Err(said) = version("docker", &["compose", "version"]).await else {
        return Ok(());
    };
    let found = match version("docker-compose", &["version", "--short"]).await {
        Ok(version) if version.starts_with("1.") => format!(
            "; the `docker-compose` {version} that is here is version 1, which is no longer kept and cannot be used"
        ),
        Ok(version) => format!(
            "; there is a `docker-compose` {version}: link it as `~/.docker/cli-plugins/docker-compose`"
        ),
        Err(_) => String::new(),
    };
    Err(ExternalStackError::NoCompose { said, found })
}

/// What a program says of its version; the error is what came instead.
async fn version(program: &str, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(SAYS_WITHIN, command.output())
        .await
        .map_err(|_| format!("no answer within {} s", SAYS_WITHIN.as_secs()))?
        .map_err(|error| format!("`{program}`: {error}"))?;
    let said = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        text.trim().lines().next().unwrap_or_default().to_owned()
    };
    if output.status.success() {
        Ok(said(&output.stdout))
    } else {
        Err(said(&output.stderr))
    }
}

impl ComposeClient {
    /// For a file of the profile.
    ///
    /// # Errors
    /// With the place in the profile of what cannot be used.
    pub(super) fn new(
        filler: &TemplateFiller<'_>,
        part: &ComposePart,
        run: &str,
    ) -> Result<Self, ExternalStackError> {
        let place = "deploy.compose.file";
        let file = filler.path(place, &part.file)?;
        let file = file.canonicalize().map_err(|error| ExternalStackError::Part {
            place: place.to_owned(),
            why: format!("`{}`: {error}", file.display()),
        })?;
        let mut environment = BTreeMap::from([(RUN.to_owned(), run.to_owned())]);
        if std::env::var_os(EXECUTABLE).is_none()
            && let Ok(executable) = std::env::current_exe()
        {
            environment.insert(EXECUTABLE.to_owned(), executable.display().to_string());
        }
        environment.extend(filler.table("deploy.compose.environment", &part.environment)?);
        Ok(Self {
            file,
            project: label::project(run),
            environment,
            build: part.build,
        })
    }

    /// What the file comes to.
    ///
    /// # Errors
    /// [`TargetError::Compose`] in the client's own words.
    pub(super) async fn composed(&self) -> Result<ResolvedCompose, ExternalStackError> {
        let fails = |said: &str| ExternalStackError::Compose {
            doing: "config",
            file: self.file.display().to_string(),
            output: OutputTail::of(said),
        };
        let mut command = Command::new("docker");
        command
            .args(["compose", "--project-name", &self.project, "-f"])
            .arg(&self.file)
            .args(["config", "--format", "json"])
            .current_dir(self.directory())
            .envs(&self.environment)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let output = timeout(SAYS_WITHIN, command.output())
            .await
            .map_err(|_| fails("(it did not end)"))?
            .map_err(|error| fails(&error.to_string()))?;
        if !output.status.success() {
            return Err(fails(&String::from_utf8_lossy(&output.stderr)));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| fails(&format!("what it said cannot be read: {error}")))
    }

    fn directory(&self) -> &Path {
        self.file.parent().unwrap_or_else(|| "/".as_ref())
    }

    /// Brings the project up; the client goes on if nobody waits for it any more, until `leftovers` tells it to end.
    ///
    /// # Errors
    /// [`TargetError::Compose`] or [`TargetError::ComposeLate`].
    pub(super) async fn up(&self, run: &str, within: Duration) -> Result<(), ExternalStackError> {
        let client = self.clone();
        let raised = pending_starts::of(run).spawn(async move {
            let mut compose = DockerCompose::with_local_client(&[&client.file])
                .with_project_name(&client.project)
                .with_env_vars(client.environment.into_iter().collect())
                .with_build(client.build)
                // each service is waited for by ourselves: one that has done its work may end, and a failure shows its log
                .with_wait(false);
            let raised = compose.up().await.map_err(|error| error.to_string());
            // Its `Drop` blocks, panics outside a runtime, and would end a stack that is to be kept.
            // Whatever it started is removed by its label instead: see `leftovers`.
            std::mem::forget(compose);
            raised
        });
        let file = self.file.display().to_string();
        match timeout(within, raised).await {
            Err(_) => Err(ExternalStackError::ComposeLate { file, after: within }),
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(Ok(Err(said))) => Err(ExternalStackError::Compose {
                doing: "up",
                file,
                output: OutputTail::of(&said),
            }),
            Ok(Err(error)) => Err(ExternalStackError::Compose {
                doing: "up",
                file,
                output: OutputTail::of(&error.to_string()),
            }),
        }
    }
}
