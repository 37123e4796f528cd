//! The stack of a run, the clinic or a user's own: brought up, described, watched over, and taken down.

use crate::cast::NOBODY;
use crate::deploy::external::{ExternalStack, ExternalStackKind};
use crate::deploy::{self, DeployError, DeploymentKind, Mode, Stack};
use crate::http::{ActingAs, Credentials, Sender, StackClient, StepRunner, StepSender, UnrecordedTransport};
use crate::ledger::Entry;
use crate::probe::StackSession;
use crate::profile::{Profile, Vars};
use crate::run::{ExtraStack, SessionFactory, StackProvider, StackWatch};
use crate::toggle::StackGuard;
use async_trait::async_trait;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// A stack that is up.
pub(in crate::cli) enum RunningStack {
    /// The clinic.
    Clinic(Box<Stack>),
    /// RecordingTraits a user's profile describes.
    Target(Box<ExternalStack>),
}

impl RunningStack {
    /// Brings up what the options and the profile say.
    ///
    /// # Errors
    /// When it does not come up.
    pub(in crate::cli) async fn up(
        own: Option<&Profile>,
        options: &deploy::DeployOptions,
        progress: &dyn deploy::Progress,
    ) -> Result<Self, DeployError> {
        match own {
            None => deploy::up(options, progress)
                .await
                .map(|stack| Self::Clinic(Box::new(stack))),
            Some(profile) => deploy::external::up(profile, &options.run, options.keep, progress)
                .await
                .map(|stack| Self::Target(Box::new(stack))),
        }
    }

    /// RecordingTraits it hands to the profile as `stack.*`.
    pub(in crate::cli) fn vars(&self) -> Vars {
        match self {
            Self::Clinic(stack) => vars(stack),
            Self::Target(stack) => stack.vars.clone(),
        }
    }

    /// How it was deployed, for the ledger.
    fn kind(&self) -> String {
        match self {
            Self::Clinic(stack) => stack.kind.to_string(),
            Self::Target(stack) => stack.kind.to_string(),
        }
    }

    /// Why in this way: one clause.
    fn why(&self) -> &str {
        match self {
            Self::Clinic(stack) => &stack.why,
            Self::Target(stack) => &stack.why,
        }
    }

    /// The ledger's entry for it; `began` is when it was started.
    pub(in crate::cli) fn entry(&self, profile: &Arc<Profile>, began: Instant) -> Entry {
        Entry::Stack(crate::ledger::Stack {
            kind: self.kind(),
            why: self.why().to_owned(),
            target: profile.target.name.clone(),
            addresses: StackClient::new(Arc::clone(profile), &self.vars())
                .map(|site| site.bases())
                .unwrap_or_default(),
            ready_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }

    /// The first line of a run: what is tested, and where it is.
    pub(in crate::cli) fn introduced(&self, profile: &Profile) -> String {
        match self {
            Self::Clinic(stack) if stack.kind == DeploymentKind::Containers => {
                format!("The clinic runs in containers: {}.", stack.why)
            }
            Self::Clinic(stack) => format!("The clinic runs embedded in this process: {}.", stack.why),
            Self::Target(stack) => format!("Testing {}: {}.", profile.target.name, stack.why),
        }
    }

    /// Waits until everything of `[deploy].ready` is so, or a part of the stack has ended.
    ///
    /// # Errors
    /// ProbeOptions what was waited for, or which part has ended.
    pub(in crate::cli) async fn ready(&self, site: &StackClient, sender: &Sender) -> Result<(), String> {
        let Self::Target(stack) = self else { return Ok(()) };
        let Some(deploy) = site
            .profile
            .deploy
            .as_ref()
            .filter(|deploy| !deploy.ready.is_empty())
        else {
            return Ok(());
        };
        let (keys, parties, payloads) = (Credentials::none(), ActingAs::new(), BTreeMap::new());
        let traveller = StepRunner {
            site,
            carrier: &UnrecordedTransport { site, sender },
            caller: StepSender {
                who: NOBODY,
                keys: &keys,
            },
            doing: "see that the stack is ready",
            payloads: &payloads,
            parties: &parties,
        };
        let mut vars = Vars::default();
        tokio::select! {
            walked = traveller.run(&deploy.ready, &mut vars) => walked.map_err(|error| error.to_string()),
            ended = stack.lost_stack_details() => Err(ended),
        }
    }

    /// Whether scenarios that need a gateway and replicas can run.
    pub(in crate::cli) fn is_deployed(&self) -> bool {
        match self {
            Self::Clinic(stack) => stack.kind == DeploymentKind::Containers,
            Self::Target(_) => true,
        }
    }

    /// Whether it is the clinic, which Bystander can bring up once more.
    pub(in crate::cli) fn is_clinic(&self) -> bool {
        matches!(self, Self::Clinic(_))
    }

    /// Whether it was up before the run, and stays when that has ended.
    pub(in crate::cli) fn stays(&self) -> bool {
        matches!(self, Self::Target(stack) if stack.kind == ExternalStackKind::Given)
    }

    /// Whether it ends with this process whatever is wanted.
    pub(in crate::cli) fn is_embedded(&self) -> bool {
        matches!(self, Self::Clinic(stack) if stack.kind == DeploymentKind::Embedded)
    }

    /// How to reach it by hand, and how to remove it.
    pub(in crate::cli) fn how_to_reach(&self) -> String {
        match self {
            Self::Clinic(stack) => stack.how_to_reach(),
            Self::Target(stack) => stack.how_to_reach(),
        }
    }

    /// Takes it down.
    ///
    /// # Errors
    /// When something of it does not go.
    pub(in crate::cli) async fn down(self) -> Result<(), DeployError> {
        match self {
            Self::Clinic(stack) => stack.down().await,
            Self::Target(stack) => stack.down().await,
        }
    }
}

impl RunningStack {
    /// The first part of it that is not well, with what is wrong with it.
    pub(in crate::cli) async fn first_unhealthy_part(&self) -> Option<String> {
        match self {
            Self::Clinic(stack) => first_unhealthy_part(stack).await,
            Self::Target(stack) => stack.first_unhealthy_part().await,
        }
    }
}

/// There is no other.
#[async_trait]
impl StackWatch for RunningStack {
    async fn first_unhealthy_part(&self, _: &Arc<StackSession>) -> Option<String> {
        self.first_unhealthy_part().await
    }
}

/// The first part of a clinic that is not well, with what is wrong with it.
pub(super) async fn first_unhealthy_part(stack: &Stack) -> Option<String> {
    let parts = stack.health().await.into_iter();
    parts
        .filter_map(|(part, health)| health.err().map(|why| format!("{part}: {why}")))
        .next()
}

/// RecordingTraits the clinic hands to its profile as `stack.*`.
pub(super) fn vars(stack: &Stack) -> Vars {
    let addresses = &stack.addresses;
    let replicas: Vec<Json> = addresses
        .replicas
        .iter()
        .map(|url| Json::from(url.as_str()))
        .collect();
    Vars::default()
        .with("api", addresses.api.as_str())
        .with("objects", addresses.objects.as_str())
        .with("flags", addresses.flags.as_str())
        .with("replicas", replicas)
        .with("admin_key", addresses.admin_key.reveal())
        .with("service_key", addresses.service_key.reveal())
}

/// Raises further embedded clinics.
pub(super) struct EmbeddedStacks {
    stations: SessionFactory,
    options: deploy::DeployOptions,
}

impl EmbeddedStacks {
    /// For a run, and clinics with these faults.
    pub(super) fn new(stations: SessionFactory, run: &str, faults: &[String]) -> Self {
        Self {
            stations,
            options: deploy::DeployOptions {
                mode: Mode::Embedded,
                faults: faults.to_vec(),
                run: run.to_owned(),
                keep: false,
                bootstrap: false,
                executable: None,
            },
        }
    }
}

#[async_trait]
impl StackProvider for EmbeddedStacks {
    async fn another(&self) -> Result<ExtraStack, String> {
        let stack = deploy::up(&self.options, &NoProgress)
            .await
            .map_err(|error| error.to_string())?;
        let station = self
            .stations
            .station(&vars(&stack))
            .map_err(|error| error.to_string())?;
        Ok(ExtraStack {
            session: station,
            hold: StackGuard::Own(Box::new(stack)),
        })
    }
}

/// Nobody is told about a stack that is up in an instant.
struct NoProgress;

impl deploy::Progress for NoProgress {
    fn say(&self, _: &str) {}
}
