//! The hosts that may be spoken to: those of the profile that are loopback or private, and others only if `allow_hosts` names them.
//!
//! It is asked three times: once for all base addresses before anything is sent ([`check`]), for every request, and whenever a name
//! is looked up, so that a name that leads elsewhere all of a sudden is refused as well.

use super::hosts::{AllowedHosts, HostKind, all_near, near, resolve_host};
use super::stack_client::StackClient;
use crate::profile::{Profile, TemplateError, Templates};
use reqwest::Url;
use std::collections::BTreeSet;
use std::net::IpAddr;
use url::Host;

/// A host that must not be spoken to.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// It is neither loopback nor private, and nobody has allowed it.
    #[error(
        "{what} goes to `{host}`, which is {why}\n\
         hint: if it is a system for tests, where synthetic patients may be created, add `allow_hosts = [\"{host}\"]` to `[limits]` of the profile"
    )]
    NotAllowed {
        /// What goes there: `` `[base] api` ``, or the request.
        what: String,
        /// The host, with its port where only another one is allowed.
        host: String,
        /// What is known of it.
        why: String,
    },
    /// A pattern that is none.
    #[error(
        "`{pattern}` in `limits.allow_hosts` names no host, expected `api.example.org`, `*.example.org`, or one of them with `:PORT`"
    )]
    Pattern {
        /// What stands there.
        pattern: String,
    },
    /// A template that cannot be filled in.
    #[error("`limits.allow_hosts`: {0}")]
    Template(#[from] TemplateError),
}

/// Something that is told before the first request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostNotice {
    /// The host.
    pub host: String,
    /// What is about to happen, in one sentence.
    pub text: String,
}

/// Looks at all base addresses of the profile before anything is sent, and says which hosts that are not near are spoken to.
///
/// # Errors
/// With the first host that needs `allow_hosts`, and the line to add.
pub async fn check(profile: &Profile, site: &StackClient) -> Result<Vec<HostNotice>, GuardError> {
    let mut named = Vec::new();
    for base in profile.base.keys() {
        let addresses = site.addresses(Some(base)).unwrap_or_default();
        named.extend(addresses.iter().map(|url| (base.clone(), url.clone())));
    }
    check_each(profile, &site.templates, &named).await
}

/// The same for addresses with their names.
///
/// # Errors
/// As [`check`].
pub async fn check_each(
    profile: &Profile,
    templates: &Templates,
    named: &[(String, Url)],
) -> Result<Vec<HostNotice>, GuardError> {
    let hosts = AllowedHosts::of(profile, templates)?;
    let mut seen = BTreeSet::new();
    let mut announced = Vec::new();
    for (base, url) in named {
        let Some(host) = url.host_str() else { continue };
        let port = url.port_or_known_default().unwrap_or_default();
        if !seen.insert((host.to_owned(), port)) {
            continue;
        }
        let refused = |why: String| GuardError::NotAllowed {
            what: format!("`[base] {base}`"),
            host: host.to_owned(),
            why,
        };
        match hosts.known(url) {
            HostKind::May => {}
            HostKind::MayNot(why) => return Err(refused(why)),
            HostKind::LookUp(name) => match resolve_host(&name, port).await {
                Ok(addresses) => all_near(&addresses).map_err(refused)?,
                Err(error) => return Err(refused(format!("not known to be private: {error}"))),
            },
        }
        if hosts.allows(host, port) && !is_near(url).await {
            announced.push(announce(profile, host));
        }
    }
    Ok(announced)
}

fn announce(profile: &Profile, host: &str) -> HostNotice {
    let limits = &profile.limits;
    let rate = limits.requests_per_second.map_or_else(
        || "as fast as they come (`[limits] requests_per_second` sets a bound)".to_owned(),
        |rate| format!("at most {rate} a second"),
    );
    HostNotice {
        host: host.to_owned(),
        text: format!("about to send requests to {host} as synthetic patients; {rate}"),
    }
}

async fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => near(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => near(IpAddr::V6(address)),
        Some(Host::Domain(name)) => resolve_host(name, 0)
            .await
            .is_ok_and(|addresses| all_near(&addresses).is_ok()),
        None => false,
    }
}
