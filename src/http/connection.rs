//! The HTTP client as `[connection]` wants it: certificates, proxy and HTTP version.

use super::hosts::{AllowedHosts, AllowedResolver};
use super::sender::SenderError;
use crate::profile::{HttpVersion, Profile, Templates, Text, Vars};
use reqwest::{Certificate, ClientBuilder, Identity, Proxy, Url};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A client that follows no redirect, decompresses nothing and uses no proxy of the environment.
pub(super) fn plain(hosts: Arc<AllowedHosts>, proxy: Option<String>) -> ClientBuilder {
    // a second installation is refused, and does no harm
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .dns_resolver(AllowedResolver { hosts, proxy })
        .pool_idle_timeout(Duration::from_secs(20))
}

/// The client of a profile.
///
/// # Errors
/// With the place in the profile of what cannot be used.
pub(super) fn from_profile(
    profile: &Profile,
    templates: &Templates,
    hosts: Arc<AllowedHosts>,
) -> Result<reqwest::Client, SenderError> {
    let connection = &profile.connection;
    let filled = |place: &'static str, text: &Text| {
        templates
            .fill(text, &Vars::default())
            .map_err(|error| SenderError::Part {
                place,
                why: error.to_string(),
            })
    };
    let read = |place: &'static str, text: &Text| {
        let path: PathBuf = profile.directory.join(filled(place, text)?);
        std::fs::read(&path).map_err(|error| SenderError::Part {
            place,
            why: format!("`{}`: {error}", path.display()),
        })
    };
    let bad = |place: &'static str| {
        move |error: reqwest::Error| SenderError::Part {
            place,
            why: super::sender::root_cause(&error),
        }
    };
    let proxy = connection
        .proxy
        .as_ref()
        .map(|text| filled("connection.proxy", text))
        .transpose()?;
    let proxy_host = proxy
        .as_deref()
        .and_then(|address| Some(Url::parse(address).ok()?.host_str()?.to_owned()));
    let mut builder = plain(hosts, proxy_host);
    if let Some(text) = &connection.ca {
        let place = "connection.ca";
        let certificates = Certificate::from_pem_bundle(&read(place, text)?).map_err(bad(place))?;
        if certificates.is_empty() {
            return Err(SenderError::Part {
                place,
                why: "there is no certificate in it, expected PEM (`-----BEGIN CERTIFICATE-----`)".to_owned(),
            });
        }
        builder = builder.tls_certs_merge(certificates);
    }
    if let Some(text) = &connection.client_certificate {
        let place = "connection.client_certificate";
        let identity = Identity::from_pem(&read(place, text)?).map_err(|error| SenderError::Part {
            place,
            why: format!(
                "{}; expected a certificate and its key, both PEM",
                super::sender::root_cause(&error)
            ),
        })?;
        builder = builder.identity(identity);
    }
    if let Some(address) = proxy {
        let place = "connection.proxy";
        builder = builder.proxy(Proxy::all(&address).map_err(bad(place))?);
    }
    builder = match connection.http.unwrap_or(HttpVersion::Http1) {
        HttpVersion::Http1 => builder.http1_only(),
        HttpVersion::Http2 => builder.http2_prior_knowledge(),
    };
    Ok(builder.build()?)
}
