//! What every test needs: a runtime, the engine, and looking for what is there.

use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use bystander::deploy::{DeployOptions, Mode, Progress, Stack, up};
use testcontainers::bollard::Docker;
use testcontainers::bollard::models::ContainerSummary;
use testcontainers::bollard::query_parameters::{ListContainersOptionsBuilder, ListNetworksOptionsBuilder};
use testcontainers::core::client::docker_client_instance;
use tokio::runtime::Runtime;

/// How a test ends.
pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// Says nothing.
pub(crate) struct Quiet;

impl Progress for Quiet {
    fn say(&self, _: &str) {}
}

/// A test's own runtime and run.
pub(crate) struct Bench {
    /// What everything runs on.
    pub(crate) runtime: Runtime,
    /// The id of the test's run, unlike any other.
    pub(crate) run: String,
}

impl Bench {
    /// A new one.
    pub(crate) fn new() -> Result<Self, String> {
        Self::of(&format!(
            "test-{}",
            &uuid::Uuid::new_v4().simple().to_string()[..12]
        ))
    }

    /// Of this run.
    pub(crate) fn of(run: &str) -> Result<Self, String> {
        let runtime = Runtime::new().map_err(|error| error.to_string())?;
        Ok(Self {
            runtime,
            run: run.to_owned(),
        })
    }

    /// Why nothing can be tried in containers; none where an engine answers.
    pub(crate) fn no_engine() -> Option<String> {
        static ANSWERS: LazyLock<bool> = LazyLock::new(|| {
            Runtime::new().is_ok_and(|runtime| {
                runtime.block_on(async {
                    let answer = tokio::time::timeout(Duration::from_secs(5), async {
                        engine().await.ok()?.ping().await.ok()
                    });
                    answer.await.ok().flatten().is_some()
                })
            })
        });
        (!*ANSWERS).then(|| "no Docker engine answers".to_owned())
    }

    /// What is asked of `up`.
    pub(crate) fn options(&self) -> DeployOptions {
        DeployOptions {
            mode: Mode::Containers,
            faults: Vec::new(),
            run: self.run.clone(),
            keep: false,
            bootstrap: true,
            executable: Some(PathBuf::from(env!("CARGO_BIN_EXE_bystander"))),
        }
    }

    /// The sound clinic in containers.
    pub(crate) fn up(&self) -> Result<Stack, Box<dyn Error>> {
        Ok(self.runtime.block_on(up(&self.options(), &Quiet))?)
    }

    /// The containers of the test's run.
    pub(crate) fn containers(&self) -> Result<Vec<ContainerSummary>, Box<dyn Error>> {
        containers(&self.runtime, &self.run)
    }

    /// Fails if anything of the test's run is there.
    pub(crate) fn nothing_is_left(&self) -> Outcome {
        let containers = self.containers()?;
        let networks = networks(&self.runtime, &self.run)?;
        if containers.is_empty() && networks == 0 {
            return Ok(());
        }
        let names: Vec<_> = containers
            .iter()
            .filter_map(|container| container.names.clone())
            .flatten()
            .collect();
        Err(format!("left behind: {names:?} and {networks} networks").into())
    }
}

/// The engine.
async fn engine() -> Result<Docker, Box<dyn Error>> {
    Ok(docker_client_instance().await?.negotiate_version().await?)
}

/// By the label of a run, as documented.
const LABEL: &str = "org.bystander.run";

fn filter() -> HashMap<String, Vec<String>> {
    HashMap::from([("label".to_owned(), vec![LABEL.to_owned()])])
}

/// Of the run itself, or of a clinic beside its own.
fn is_of(run: &str, labels: Option<&HashMap<String, String>>) -> bool {
    let rest = labels.and_then(|labels| labels.get(LABEL)?.strip_prefix(run));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// All containers of a run, running or not.
pub(crate) fn containers(runtime: &Runtime, run: &str) -> Result<Vec<ContainerSummary>, Box<dyn Error>> {
    let options = ListContainersOptionsBuilder::new()
        .all(true)
        .filters(&filter())
        .build();
    let mut found = runtime.block_on(async {
        engine()
            .await?
            .list_containers(Some(options))
            .await
            .map_err(Box::<dyn Error>::from)
    })?;
    found.retain(|one| is_of(run, one.labels.as_ref()));
    Ok(found)
}

/// The number of networks of a run.
fn networks(runtime: &Runtime, run: &str) -> Result<usize, Box<dyn Error>> {
    let options = ListNetworksOptionsBuilder::new().filters(&filter()).build();
    let found = runtime.block_on(async {
        engine()
            .await?
            .list_networks(Some(options))
            .await
            .map_err(Box::<dyn Error>::from)
    })?;
    Ok(found.iter().filter(|one| is_of(run, one.labels.as_ref())).count())
}

/// An error with this text unless `holds`.
pub(crate) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Outcome {
    if holds { Ok(()) } else { Err(otherwise().into()) }
}

/// A client without a proxy.
pub(crate) fn client() -> Result<reqwest::Client, reqwest::Error> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build()
}
