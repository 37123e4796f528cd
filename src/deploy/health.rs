//! Asking a part whether it is well, once or until it is.

use std::time::Duration;

use futures::StreamExt as _;
use reqwest::StatusCode;
use testcontainers::bollard::exec::{CreateExecOptions, StartExecResults};
use tokio::time::{Instant, sleep, timeout};

use super::engine::{DockerEngine, words};
use super::error::{DeployError, FailedWait};
use super::logs;
use super::part::{HealthCheck, PORT};
use super::start::RunningContainer;

/// How long a part may take to become healthy.
const HEALTHY_WITHIN: Duration = Duration::from_secs(60);
/// How long one answer may take.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
/// How often it is asked.
const ASKED_EVERY: Duration = Duration::from_millis(40);
/// After how many questions it is looked whether the container still runs.
const LOOKED_EVERY: u32 = 8;

/// The client that asks over HTTP. It uses no proxy and goes nowhere else: everything it asks is on loopback.
///
/// # Errors
/// In the words of the client's builder.
pub(super) fn client() -> Result<reqwest::Client, String> {
    // Another part of the program may have installed one already, which does as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(ANSWERS_WITHIN)
        .build()
        .map_err(|error| error.to_string())
}

/// Asks once.
///
/// # Errors
/// What came instead of "well", in a few words.
pub(super) async fn probe_health(
    engine: &DockerEngine,
    client: &reqwest::Client,
    part: &RunningContainer,
    check: HealthCheck,
) -> Result<(), String> {
    match (check, part.port) {
        (HealthCheck::Http, Some(port)) => probe_over_http(client, &format!("http://127.0.0.1:{port}")).await,
        (HealthCheck::Http, None) => Err(format!("its port {PORT} is not published")),
        (HealthCheck::Command(command), _) => {
            timeout(ANSWERS_WITHIN, probe_by_command(engine, &part.id, command))
                .await
                .unwrap_or_else(|_| Err(format!("no answer within {} s", ANSWERS_WITHIN.as_secs())))
        }
    }
}

/// `GET /health`, which answers 200 when all is well.
///
/// # Errors
/// What came instead, in a few words.
pub(super) async fn probe_over_http(client: &reqwest::Client, address: &str) -> Result<(), String> {
    let response = client
        .get(format!("{address}/health"))
        .send()
        .await
        .map_err(|error| {
            if error.is_timeout() {
                format!("no answer within {} s", ANSWERS_WITHIN.as_secs())
            } else {
                innermost(&error)
            }
        })?;
    let status = response.status();
    if status == StatusCode::OK {
        return Ok(());
    }
    let body: String = response
        .text()
        .await
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect();
    Err(format!("{status} {body}").trim_end().to_owned())
}

/// Runs a command inside the container, which succeeds when all is well.
async fn probe_by_command(engine: &DockerEngine, container: &str, command: &[&str]) -> Result<(), String> {
    let options = CreateExecOptions {
        cmd: Some(command.to_vec()),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        ..CreateExecOptions::default()
    };
    let docker = &engine.docker;
    let exec = docker
        .create_exec(container, options)
        .await
        .map_err(|error| words(&error))?;
    let mut said = Vec::new();
    if let StartExecResults::Attached { mut output, .. } = docker
        .start_exec(&exec.id, None)
        .await
        .map_err(|error| words(&error))?
    {
        while let Some(Ok(piece)) = output.next().await {
            said.extend_from_slice(&piece.into_bytes());
        }
    }
    match docker
        .inspect_exec(&exec.id)
        .await
        .map_err(|error| words(&error))?
        .exit_code
    {
        Some(0) => Ok(()),
        code => {
            let said = String::from_utf8_lossy(&said);
            Err(format!(
                "`{}` gave {} {}",
                command.join(" "),
                code.unwrap_or(-1),
                said.trim()
            )
            .trim_end()
            .to_owned())
        }
    }
}

/// Asks until the part is well, ends, or takes too long.
///
/// # Errors
/// [`DeployError::Ended`] or [`DeployError::NotReady`], with the end of its log.
pub(super) async fn wait(
    engine: &DockerEngine,
    client: &reqwest::Client,
    part: &RunningContainer,
    check: HealthCheck,
) -> Result<(), DeployError> {
    let what = match check {
        HealthCheck::Http => "`GET /health` to answer 200".to_owned(),
        HealthCheck::Command(command) => format!("`{}` to succeed", command.join(" ")),
    };
    let began = Instant::now();
    for asked in 1_u32.. {
        let Err(answer) = probe_health(engine, client, part, check).await else {
            return Ok(());
        };
        let after = began.elapsed();
        let ended = if asked % LOOKED_EVERY == 0 {
            logs::exit_code(engine, &part.id).await
        } else {
            None
        };
        if ended.is_some() || after > HEALTHY_WITHIN {
            let log = logs::tail(engine, &part.id).await;
            let waited = Box::new(FailedWait {
                part: part.part,
                what,
                after,
                log,
            });
            return Err(match ended {
                Some(code) => DeployError::Ended { code, waited },
                None => DeployError::NotReady { answer, waited },
            });
        }
        sleep(ASKED_EVERY).await;
    }
    Ok(())
}

/// The innermost reason.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}
