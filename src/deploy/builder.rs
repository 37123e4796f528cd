//! Building an image by the engine's classic builder, which is everywhere, and keeping the end of what it says.

use std::collections::HashMap;

use futures::StreamExt as _;
use testcontainers::bollard::body_full;
use testcontainers::bollard::query_parameters::{BuildImageOptions, BuilderVersion};

use super::engine::{DockerEngine, words};
use super::tail::OutputTail;

/// An image that is to be built.
pub(super) struct ImageBuild {
    /// Its name, with the tag.
    pub(super) image: String,
    /// The archive of the files that it is built from, the `Dockerfile` among them.
    pub(super) context: Vec<u8>,
    /// Arguments.
    pub(super) arguments: HashMap<String, String>,
    /// Labels.
    pub(super) labels: HashMap<String, String>,
}

/// Why an image was not built.
pub(super) struct BuildError {
    /// What the engine said.
    pub(super) said: String,
    /// The end of the build's output.
    pub(super) output: OutputTail,
}

/// Builds an image.
///
/// # Errors
/// With the end of the build's output.
pub(super) async fn build(engine: &DockerEngine, build: ImageBuild) -> Result<(), BuildError> {
    let options = BuildImageOptions {
        dockerfile: "Dockerfile".to_owned(),
        t: Some(build.image),
        buildargs: Some(build.arguments),
        labels: Some(build.labels),
        rm: true,
        forcerm: true,
        version: BuilderVersion::BuilderV1,
        ..BuildImageOptions::default()
    };
    let context = body_full(build.context.into());
    let mut events = Box::pin(engine.docker.build_image(options, None, Some(context)));
    let mut output = OutputTail::default();
    let mut line = String::new();
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => {
                // The engine sends pieces; only whole lines make a readable tail.
                line.push_str(event.stream.as_deref().unwrap_or_default());
                if let Some(end) = line.rfind('\n') {
                    output.push(&line[..end]);
                    line.drain(..=end);
                }
            }
            Err(error) => {
                output.push(&line);
                return Err(BuildError {
                    said: words(&error),
                    output,
                });
            }
        }
    }
    Ok(())
}

/// The proxies that this host uses, as arguments of a build: they leave no trace in the image.
pub(super) fn proxies() -> HashMap<String, String> {
    let names = [
        "http_proxy",
        "https_proxy",
        "no_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "NO_PROXY",
    ];
    names
        .into_iter()
        .filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)))
        .collect()
}
