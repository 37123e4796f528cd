//! The labels that everything of ours carries, so that it is found again after any kind of end.

use std::collections::HashMap;

use super::process::Process;

/// The run that a container or a network belongs to.
pub(super) const RUN: &str = "org.bystander.run";
/// The part of the stack that a container is.
pub(super) const PART: &str = "org.bystander.part";
/// The process of the run.
pub(super) const PID: &str = "org.bystander.pid";
/// When that process was started.
pub(super) const STARTED: &str = "org.bystander.started";
/// The host that the process runs on.
pub(super) const HOST: &str = "org.bystander.host";
/// The run is to be kept (the value is `yes`), until it is named.
pub(super) const KEPT: &str = "org.bystander.kept";
/// The part that an image was made for.
pub(super) const IMAGE: &str = "org.bystander.image";

/// The project that a Compose client has made something for.
pub(super) const COMPOSE: &str = "com.docker.compose.project";
/// The service that it has made a container for.
pub(super) const SERVICE: &str = "com.docker.compose.service";

/// The name of a run's Compose project, which takes small letters only.
pub(super) fn project(run: &str) -> String {
    format!("bystander-{}", run.to_ascii_lowercase())
}

/// The labels of everything that this process starts for a run.
pub(super) fn labels_of_run(run: &str, keep: bool) -> HashMap<String, String> {
    let kept = keep.then(|| (KEPT.to_owned(), "yes".to_owned()));
    Process::this()
        .labels()
        .into_iter()
        .chain([(RUN.to_owned(), run.to_owned())])
        .chain(kept)
        .collect()
}
