//! The profile's addresses: whether somebody listens there.

use std::time::Duration;

use serde_json::Value as Json;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep, timeout};
use url::{Host, Url};

use super::error::ExternalStackError;
use super::filled::TemplateFiller;
use crate::http::guard;

/// How long a connection may take.
const CONNECTS_WITHIN: Duration = Duration::from_secs(2);
/// How long it may take until somebody listens.
pub(super) const LISTENS_WITHIN: Duration = Duration::from_secs(60);
/// How often a connection is tried.
const TRIED_EVERY: Duration = Duration::from_millis(50);

/// Addresses with their names.
pub(super) struct BaseAddresses {
    named: Vec<(String, Url)>,
    /// What is connected to instead of them, when there is one.
    proxy: Option<Url>,
}

impl BaseAddresses {
    /// Those of the profile.
    pub(super) fn of(filler: &TemplateFiller<'_>) -> Result<Self, ExternalStackError> {
        let profile = filler.profile();
        let mut named = Vec::new();
        for (name, text) in &profile.base {
            let place = format!("base.{name}");
            let addresses = match filler.value(&place, text)? {
                Json::Array(list) => list,
                one => vec![one],
            };
            for address in addresses {
                let address = address
                    .as_str()
                    .map_or_else(|| address.to_string(), str::to_owned);
                let why = |why: String| ExternalStackError::Part {
                    place: place.clone(),
                    why: format!("`{address}` is not an address ({why}), expected `http://HOST:PORT`"),
                };
                let url = Url::parse(&address).map_err(|error| why(error.to_string()))?;
                if url.host().is_none() || !matches!(url.scheme(), "http" | "https") {
                    return Err(why("neither http nor https".to_owned()));
                }
                named.push((name.clone(), url));
            }
        }
        let proxy = match &profile.connection.proxy {
            None => None,
            Some(text) => {
                let address = filler.text("connection.proxy", text)?;
                Some(Url::parse(&address).map_err(|error| ExternalStackError::Part {
                    place: "connection.proxy".to_owned(),
                    why: format!("`{address}` is not an address ({error})"),
                })?)
            }
        };
        Ok(Self { named, proxy })
    }

    /// Each belongs to a host that the profile may speak to.
    ///
    /// # Errors
    /// [`TargetError::NotAllowed`].
    pub(super) async fn may_be_spoken_to(
        &self,
        filler: &TemplateFiller<'_>,
    ) -> Result<(), ExternalStackError> {
        guard::check_each(filler.profile(), filler.templates(), &self.named).await?;
        Ok(())
    }

    /// One address a line.
    pub(super) fn listed(&self) -> String {
        let line = |(name, url): &(String, Url)| format!("{name:<9} {url}\n");
        self.named.iter().map(line).collect()
    }

    /// The first address at which nobody listens, in words.
    pub(super) async fn silent(&self) -> Option<String> {
        let silent = self.first_silent().await?;
        Some(format!(
            "nobody listens at `{}` (`{}`): {}",
            silent.1, silent.0, silent.2
        ))
    }

    /// Somebody listens at each address, now.
    ///
    /// # Errors
    /// [`TargetError::Silent`] for the first at which nobody does.
    pub(super) async fn answer_now(&self) -> Result<(), ExternalStackError> {
        match self.first_silent().await {
            None => Ok(()),
            Some((base, address, said)) => Err(ExternalStackError::Silent { base, address, said }),
        }
    }

    /// Somebody listens at each address, before long.
    ///
    /// # Errors
    /// In words, when nobody does.
    pub(super) async fn answer(&self) -> Result<(), String> {
        let began = Instant::now();
        while let Some(silent) = self.silent().await {
            if began.elapsed() > LISTENS_WITHIN {
                return Err(silent);
            }
            sleep(TRIED_EVERY).await;
        }
        Ok(())
    }

    async fn first_silent(&self) -> Option<(String, String, String)> {
        for (name, url) in &self.named {
            if let Err(said) = listens(self.proxy.as_ref().unwrap_or(url)).await {
                return Some((name.clone(), url.to_string(), said));
            }
        }
        None
    }
}

/// Whether a connection comes about.
async fn listens(url: &Url) -> Result<(), String> {
    let port = url.port_or_known_default().unwrap_or(80);
    let connecting = async {
        match url.host() {
            Some(Host::Ipv4(address)) => TcpStream::connect((address, port)).await,
            Some(Host::Ipv6(address)) => TcpStream::connect((address, port)).await,
            Some(Host::Domain(name)) => {
                let addresses = crate::http::resolve_host(name, port).await?;
                TcpStream::connect(addresses.as_slice()).await
            }
            None => Err(std::io::ErrorKind::InvalidInput.into()),
        }
    };
    match timeout(CONNECTS_WITHIN, connecting).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("no connection within {} s", CONNECTS_WITHIN.as_secs())),
    }
}
