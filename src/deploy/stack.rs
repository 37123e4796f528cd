//! A stack that is up: where it is, how it is, and taking it down.

use std::fmt;

use url::Url;

use super::containers::ClinicContainers;
use super::embedded::EmbeddedClinic;
use super::error::DeployError;
use super::part::container;
use super::secret::Secret;

/// How a stack was deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeploymentKind {
    /// The clinic, in containers.
    Containers,
    /// The clinic, inside this process.
    Embedded,
    /// Somebody else's: it was there already, and stays.
    Given,
}

impl fmt::Display for DeploymentKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Containers => "containers",
            Self::Embedded => "embedded",
            Self::Given => "given",
        })
    }
}

/// Where a stack is reached, and with which keys.
#[derive(Debug, Clone)]
pub struct StackAddresses {
    /// What patients and clinicians speak to: the gateway, or the api itself.
    pub api: Url,
    /// The object store, as links name it.
    pub objects: Url,
    /// The flags, with their admin endpoint.
    pub flags: Url,
    /// Each replica by itself, for what each of them says of the flags.
    pub replicas: Vec<Url>,
    /// The key of the admin endpoints.
    pub admin_key: Secret,
    /// The recorder's key.
    pub service_key: Secret,
}

/// A stack that is up and healthy.
pub struct Stack {
    /// How it was deployed.
    pub kind: DeploymentKind,
    /// Why in this way: one clause.
    pub why: String,
    /// Where it is reached.
    pub addresses: StackAddresses,
    /// The names of its parts, as `stop_part` and `logs` take them.
    pub parts: Vec<String>,
    /// The run that it belongs to.
    run: String,
    /// What has to be taken down.
    inner: DeployedParts,
}

/// What there is to take down.
pub(super) enum DeployedParts {
    /// Containers and a network.
    Containers(ClinicContainers),
    /// Tasks of this process.
    Embedded(Box<EmbeddedClinic>),
    /// Nothing.
    Given,
}

impl Stack {
    /// A stack that is up.
    pub(super) fn new(run: &str, why: String, addresses: StackAddresses, inner: DeployedParts) -> Self {
        let (kind, parts) = match &inner {
            DeployedParts::Containers(containers) => (DeploymentKind::Containers, containers.names()),
            DeployedParts::Embedded(_) => (
                DeploymentKind::Embedded,
                ["api", "objects", "flags"].map(str::to_owned).to_vec(),
            ),
            DeployedParts::Given => (DeploymentKind::Given, Vec::new()),
        };
        Self {
            kind,
            why,
            addresses,
            parts,
            run: run.to_owned(),
            inner,
        }
    }

    /// A stack that is there already, and that is not taken down.
    #[must_use]
    pub fn from_addresses(why: String, addresses: StackAddresses) -> Self {
        Self::new("", why, addresses, DeployedParts::Given)
    }

    /// Takes it down, whatever was to be kept. Nothing of it is left afterwards.
    ///
    /// # Errors
    /// [`DeployError::Left`] when something does not go; [`DeployError::Embedded`] when a role ended badly.
    pub async fn down(self) -> Result<(), DeployError> {
        match self.inner {
            DeployedParts::Containers(containers) => containers.down(&self.run).await,
            DeployedParts::Embedded(embedded) => embedded.down().await,
            DeployedParts::Given => Ok(()),
        }
    }

    /// Asks every part whether it is well; what came instead, if it is not.
    pub async fn health(&self) -> Vec<(String, Result<(), String>)> {
        match &self.inner {
            DeployedParts::Containers(containers) => containers.health().await,
            DeployedParts::Embedded(embedded) => embedded.health().await,
            DeployedParts::Given => Vec::new(),
        }
    }

    /// How to reach it by hand, and how to remove it.
    #[must_use]
    pub fn how_to_reach(&self) -> String {
        let StackAddresses {
            api,
            objects,
            flags,
            replicas,
            ..
        } = &self.addresses;
        let replicas: Vec<_> = replicas.iter().map(Url::as_str).collect();
        let places = format!(
            "api       {api}\nobjects   {objects}\nflags     {flags}\nreplicas  {}\n",
            replicas.join(" ")
        );
        let ends = match &self.inner {
            DeployedParts::Containers(_) => format!(
                "keys      CLINIC_ADMIN_KEY and CLINIC_SERVICE_KEY: `docker exec {} env`\nremove    `bystander clean {}`",
                container(&self.run, "api-1"),
                self.run
            ),
            DeployedParts::Embedded(_) => "remove    it ends with this process".to_owned(),
            DeployedParts::Given => "remove    it is not ours to remove".to_owned(),
        };
        places + &ends
    }

    /// Stops one part, as if it had failed.
    ///
    /// # Errors
    /// [`DeployError::NoPart`] when there is none of this name, or the stack is not in containers.
    pub async fn stop_part(&self, part: &str) -> Result<(), DeployError> {
        match &self.inner {
            DeployedParts::Containers(containers) => containers.stop(part).await,
            DeployedParts::Embedded(_) | DeployedParts::Given => Err(no_part(part)),
        }
    }

    /// The end of what a part said.
    ///
    /// # Errors
    /// [`DeployError::NoPart`] when there is none of this name, or the stack is not in containers.
    pub async fn logs(&self, part: &str) -> Result<String, DeployError> {
        match &self.inner {
            DeployedParts::Containers(containers) => Ok(containers.log(part).await?.to_string()),
            DeployedParts::Embedded(_) | DeployedParts::Given => Err(no_part(part)),
        }
    }
}

/// Only containers can be handled one by one.
fn no_part(part: &str) -> DeployError {
    DeployError::NoPart {
        part: part.to_owned(),
        known: "none, for only containers can".to_owned(),
    }
}

impl fmt::Debug for Stack {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            kind,
            why,
            addresses,
            parts,
            run,
            ..
        } = self;
        let mut shown = formatter.debug_struct("Stack");
        shown
            .field("kind", kind)
            .field("why", why)
            .field("addresses", addresses);
        shown
            .field("parts", parts)
            .field("run", run)
            .finish_non_exhaustive()
    }
}
