//! Waiting until a container is up, and seeing whether it still is.

use std::time::Duration;

use futures::StreamExt as _;
use reqwest::StatusCode;
use testcontainers::bollard::models::{ContainerState, HealthStatusEnum};
use testcontainers::bollard::query_parameters::{InspectContainerOptions, LogsOptionsBuilder};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};

use super::error::ExternalStackError;
use super::spec::ReadyConditions;
use crate::deploy::engine::DockerEngine;
use crate::deploy::logs;

/// How often it is asked.
const ASKED_EVERY: Duration = Duration::from_millis(150);
/// How long a connection has to stay open to count: the engine's proxy accepts every one, and closes those that nobody is behind.
const STAYS_OPEN: Duration = Duration::from_millis(120);

/// A container, as far as waiting for it goes.
#[derive(Debug, Clone)]
pub(super) struct AwaitedContainer {
    /// What it is called in messages: ``container `db` ``.
    pub(super) title: String,
    /// The engine's id of it.
    pub(super) id: String,
    /// It is published, so it has to go on; else it may end with success when it has done its work.
    pub(super) serves: bool,
}

/// Waits until it is up.
///
/// # Errors
/// [`TargetError::Ended`] or [`TargetError::NotReady`], with the end of its log.
pub(super) async fn until_up(
    engine: &DockerEngine,
    client: &reqwest::Client,
    container: &AwaitedContainer,
    wanted: &ReadyConditions,
    within: Duration,
) -> Result<(), ExternalStackError> {
    let began = Instant::now();
    loop {
        let state = state(engine, &container.id).await;
        let Err(answer) = probe_http(engine, client, container, wanted, state.as_ref()).await else {
            return Ok(());
        };
        let after = began.elapsed();
        if let Some(code) = ended(state.as_ref()) {
            return Err(ExternalStackError::Ended {
                part: container.title.clone(),
                code,
                log: logs::tail(engine, &container.id).await,
            });
        }
        if after > within {
            return Err(ExternalStackError::NotReady {
                part: container.title.clone(),
                after,
                answer,
                log: logs::tail(engine, &container.id).await,
            });
        }
        sleep(ASKED_EVERY).await;
    }
}

/// What is wrong with a container that was up.
pub(super) async fn first_unhealthy_part(
    engine: &DockerEngine,
    container: &AwaitedContainer,
) -> Option<String> {
    let code = ended(state(engine, &container.id).await.as_ref())?;
    if code == 0 && !container.serves {
        return None;
    }
    let error = ExternalStackError::Ended {
        part: container.title.clone(),
        code,
        log: logs::tail(engine, &container.id).await,
    };
    Some(error.to_string())
}

/// Asks once; the error is what came instead.
async fn probe_http(
    engine: &DockerEngine,
    client: &reqwest::Client,
    container: &AwaitedContainer,
    wanted: &ReadyConditions,
    state: Option<&ContainerState>,
) -> Result<(), String> {
    let over = ended(state);
    if over.is_some() && (over != Some(0) || container.serves) {
        return Err("it has ended".to_owned());
    }
    if over.is_none() && state.and_then(|state| state.running) != Some(true) {
        return Err("it has not started".to_owned());
    }
    if let Some(text) = &wanted.log
        && !logged(engine, &container.id, text).await
    {
        return Err(format!("its log does not hold `{text}`"));
    }
    if let Some((port, path)) = &wanted.http {
        let answer = client.get(format!("http://127.0.0.1:{port}{path}")).send().await;
        match answer.map(|answer| answer.status()) {
            Ok(status) if status < StatusCode::BAD_REQUEST => {}
            Ok(status) => return Err(format!("`GET {path}` answers {status}")),
            Err(error) => return Err(format!("`GET {path}`: {}", innermost(&error))),
        }
    }
    if wanted.healthy {
        match state
            .and_then(|state| state.health.as_ref())
            .and_then(|health| health.status)
        {
            Some(HealthStatusEnum::HEALTHY) => {}
            Some(HealthStatusEnum::STARTING) => return Err("its health check has not passed yet".to_owned()),
            Some(HealthStatusEnum::UNHEALTHY) => return Err("its health check fails".to_owned()),
            _ => return Err("it has no health check: its image needs a `HEALTHCHECK`".to_owned()),
        }
    }
    for port in &wanted.listens {
        if !listens(*port).await {
            return Err(format!("nobody in it listens behind 127.0.0.1:{port}"));
        }
    }
    Ok(())
}

/// Its state; none if the engine cannot say.
pub(super) async fn state(engine: &DockerEngine, id: &str) -> Option<ContainerState> {
    let inspected = engine
        .docker
        .inspect_container(id, None::<InspectContainerOptions>)
        .await;
    inspected.ok()?.state
}

/// With which code it has ended, if it has.
fn ended(state: Option<&ContainerState>) -> Option<i64> {
    let state = state?;
    let over = state.running == Some(false) && state.restarting != Some(true);
    // one that has not been started yet has never finished either
    let finished = state
        .finished_at
        .as_deref()
        .is_some_and(|at| !at.starts_with("0001-"));
    (over && finished).then(|| state.exit_code.unwrap_or(-1))
}

/// Whether its log holds a text.
async fn logged(engine: &DockerEngine, id: &str, text: &str) -> bool {
    let options = LogsOptionsBuilder::new().stdout(true).stderr(true).build();
    let mut pieces = Box::pin(engine.docker.logs(id, Some(options)));
    let mut line = String::new();
    while let Some(Ok(piece)) = pieces.next().await {
        line.push_str(&String::from_utf8_lossy(&piece.into_bytes()));
        if line.contains(text) {
            return true;
        }
        if let Some(end) = line.rfind('\n') {
            line.drain(..=end);
        }
    }
    false
}

/// Whether somebody listens behind a published port.
async fn listens(port: u16) -> bool {
    let Ok(mut connection) = TcpStream::connect(("127.0.0.1", port)).await else {
        return false;
    };
    let mut byte = [0];
    match timeout(STAYS_OPEN, connection.read(&mut byte)).await {
        // a server that speaks first, or that waits for us
        Ok(Ok(1)) | Err(_) => true,
        Ok(_) => false,
    }
}

/// The innermost reason.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
