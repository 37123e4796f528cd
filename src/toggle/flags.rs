//! Feature flags: set, seen to have settled, and put back.

use super::ToggleError;
use crate::profile::{Flag, Vars};
use crate::wire::{Caller, Carrier, Site, Traveller};
use reqwest::header::HeaderMap;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The flags that a scenario has touched, with the values that they had before.
#[derive(Debug, Default)]
pub struct Flags {
    before: BTreeMap<String, bool>,
}

impl Flags {
    /// Sets a flag and waits until every replica uses the value.
    ///
    /// # Errors
    /// When the profile has no flags, the stack refuses, or the change does not settle in time.
    pub async fn set(
        &mut self,
        site: &Site,
        carrier: &dyn Carrier,
        flag: &str,
        on: bool,
    ) -> Result<Duration, ToggleError> {
        let part = part(site)?;
        if !self.before.contains_key(flag) {
            let doing = format!("read the feature `{flag}`");
            let mut vars = vars(flag, on);
            traveller(site, carrier, &doing)
                .step(&part.read, &mut vars)
                .await?;
            let enabled = vars
                .get("enabled")
                .and_then(serde_json::Value::as_bool)
                .unwrap_or(false);
            self.before.insert(flag.to_owned(), enabled);
        }
        change(site, carrier, flag, on).await
    }

    /// Puts every touched flag back.
    ///
    /// # Errors
    /// With the first that could not be put back.
    pub async fn put_back(&mut self, site: &Site, carrier: &dyn Carrier) -> Result<(), ToggleError> {
        for (flag, on) in std::mem::take(&mut self.before) {
            change(site, carrier, &flag, on).await?;
        }
        Ok(())
    }
}

async fn change(site: &Site, carrier: &dyn Carrier, flag: &str, on: bool) -> Result<Duration, ToggleError> {
    let part = part(site)?;
    let doing = format!("turn the feature `{flag}` {}", if on { "on" } else { "off" });
    let traveller = traveller(site, carrier, &doing);
    let mut vars = vars(flag, on);
    traveller.walk(&part.set, &mut vars).await?;
    let began = Instant::now();
    traveller.step(&part.settled, &mut vars).await?;
    Ok(began.elapsed())
}

fn part(site: &Site) -> Result<&Flag, ToggleError> {
    site.profile
        .flag
        .as_ref()
        .ok_or_else(|| ToggleError::Missing("flag".to_owned(), "turn features on and off".to_owned()))
}

fn vars(flag: &str, on: bool) -> Vars {
    Vars::default().with("flag", flag).with("wanted", on)
}

fn traveller<'a>(site: &'a Site, carrier: &'a dyn Carrier, doing: &'a str) -> Traveller<'a> {
    static NONE: std::sync::LazyLock<HeaderMap> = std::sync::LazyLock::new(HeaderMap::new);
    static NO_PAYLOADS: BTreeMap<&str, crate::wire::Payload> = BTreeMap::new();
    Traveller {
        site,
        carrier,
        caller: Caller {
            who: "admin",
            headers: &NONE,
        },
        doing,
        payloads: &NO_PAYLOADS,
    }
}
