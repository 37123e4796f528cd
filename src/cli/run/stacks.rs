//! How the stack that `deploy` brought up is spoken to and watched over, and how further ones are raised.

use crate::deploy::{self, Mode, Stack};
use crate::ledger::Ledger;
use crate::plant::registry::Registry;
use crate::plant::scan::Scanner;
use crate::probe::{Numbers, Station};
use crate::profile::{Profile, Vars};
use crate::run::{Another, Raise, StackWatch};
use crate::wire::{Sender, Site, SiteError};
use async_trait::async_trait;
use serde_json::Value as Json;
use std::sync::{Arc, RwLock};

/// What `deploy` hands to the profile as `stack.*`.
fn vars(stack: &Stack) -> Vars {
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

/// Raises further embedded clinics, and says how a stack is spoken to.
pub(super) struct Embedded {
    profile: Arc<Profile>,
    sender: Arc<Sender>,
    registry: Arc<Registry>,
    scanner: Arc<Scanner>,
    ledger: Arc<Ledger>,
    numbers: Arc<Numbers>,
    options: deploy::Options,
}

impl Embedded {
    /// For a run, and a clinic with these faults.
    pub(super) fn new(
        profile: Arc<Profile>,
        sender: Sender,
        ledger: Arc<Ledger>,
        run: &str,
        faults: &[String],
    ) -> Self {
        let registry = Arc::new(Registry::new());
        Self {
            profile,
            sender: Arc::new(sender),
            scanner: Arc::new(Scanner::new(Arc::clone(&registry))),
            registry,
            ledger,
            numbers: Arc::new(Numbers::default()),
            options: deploy::Options {
                mode: Mode::Embedded,
                faults: faults.to_vec(),
                run: run.to_owned(),
                keep: false,
                bootstrap: false,
                executable: None,
            },
        }
    }

    /// How a stack is spoken to.
    ///
    /// # Errors
    /// When an address of the profile is not one.
    pub(super) fn station(&self, stack: &Stack) -> Result<Arc<Station>, SiteError> {
        Ok(Arc::new(Station {
            site: Site::new(Arc::clone(&self.profile), &vars(stack))?,
            sender: Arc::clone(&self.sender),
            registry: Arc::clone(&self.registry),
            scanner: Arc::clone(&self.scanner),
            ledger: Arc::clone(&self.ledger),
            numbers: Arc::clone(&self.numbers),
            known_ids: RwLock::default(),
        }))
    }
}

#[async_trait]
impl Raise for Embedded {
    async fn another(&self) -> Result<Another, String> {
        let stack = deploy::up(&self.options, &Silent)
            .await
            .map_err(|error| error.to_string())?;
        let station = self.station(&stack).map_err(|error| error.to_string())?;
        Ok(Another {
            station,
            stack: Box::new(stack),
        })
    }
}

/// Nobody is told about a stack that is up in an instant.
struct Silent;

impl deploy::Progress for Silent {
    fn say(&self, _: &str) {}
}

/// Watches over the stack that `deploy` brought up.
pub(super) struct Watch(pub(super) Arc<Stack>);

#[async_trait]
impl StackWatch for Watch {
    async fn ailing(&self) -> Option<String> {
        let parts = self.0.health().await;
        parts
            .into_iter()
            .find_map(|(part, health)| health.err().map(|why| format!("{part}: {why}")))
    }
}
