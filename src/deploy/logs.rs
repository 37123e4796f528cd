//! What a container said, and what can be known of its state.

use futures::StreamExt as _;
use testcontainers::bollard::query_parameters::{InspectContainerOptions, LogsOptionsBuilder};

use super::engine::DockerEngine;
use super::tail::OutputTail;

/// The end of a container's log; empty when there is no such container.
pub(super) async fn tail(engine: &DockerEngine, container: &str) -> OutputTail {
    let options = LogsOptionsBuilder::new()
        .stdout(true)
        .stderr(true)
        .tail("40")
        .build();
    let mut pieces = Box::pin(engine.docker.logs(container, Some(options)));
    let mut text = Vec::new();
    while let Some(Ok(piece)) = pieces.next().await {
        text.extend_from_slice(&piece.into_bytes());
    }
    OutputTail::of(&String::from_utf8_lossy(&text))
}

/// The exit code of a container that has ended; `None` while it runs.
pub(super) async fn exit_code(engine: &DockerEngine, container: &str) -> Option<i64> {
    let state = engine
        .docker
        .inspect_container(container, None::<InspectContainerOptions>)
        .await
        .ok()?
        .state?;
    if state.running == Some(true) {
        None
    } else {
        state.exit_code
    }
}
