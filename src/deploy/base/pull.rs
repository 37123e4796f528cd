//! Asking the registry for the base image, without waiting long for one that is not there.

use std::time::Duration;

use futures::StreamExt as _;
use testcontainers::bollard::query_parameters::CreateImageOptionsBuilder;
use tokio::time::{Instant, timeout};

use super::IMAGE;
use crate::deploy::engine::{DockerEngine, words};

/// How long the registry may be silent.
const SPEAKS_WITHIN: Duration = Duration::from_secs(15);
/// How long it may take in all.
const DONE_WITHIN: Duration = Duration::from_secs(240);

/// Pulls the image. The error is in the registry's or the engine's words.
pub(super) async fn pull(engine: &DockerEngine) -> Result<(), String> {
    let options = CreateImageOptionsBuilder::new().from_image(IMAGE).build();
    let mut events = Box::pin(engine.docker.create_image(Some(options), None, None));
    let started = Instant::now();
    loop {
        match timeout(SPEAKS_WITHIN, events.next()).await {
            Err(_) => {
                return Err(format!(
                    "the registry said nothing for {} s",
                    SPEAKS_WITHIN.as_secs()
                ));
            }
            Ok(None) => return Ok(()),
            Ok(Some(Err(error))) => return Err(words(&error)),
            Ok(Some(Ok(_))) if started.elapsed() > DONE_WITHIN => {
                return Err(format!("it was not done after {} s", DONE_WITHIN.as_secs()));
            }
            Ok(Some(Ok(_))) => {}
        }
    }
}
