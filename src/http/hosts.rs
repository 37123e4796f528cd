//! Which hosts are near, which are allowed, and what a name may lead to.

use super::guard::GuardError;
use crate::profile::{Profile, Templates, Vars};
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use url::Host;

/// Which hosts may be spoken to.
#[derive(Debug, Clone, Default)]
pub(super) struct AllowedHosts {
    allowed: Vec<HostPattern>,
    /// A proxy looks names up, so what they lead to cannot be seen from here.
    proxied: bool,
}

#[derive(Debug, Clone)]
struct HostPattern {
    /// In small letters; of `*.example.org`, what follows the star.
    name: String,
    below: bool,
    port: Option<u16>,
}

/// What a host is without asking anybody.
pub(super) enum HostKind {
    /// It may be spoken to.
    May,
    /// The name's addresses have to be looked at.
    LookUp(String),
    /// It must not, for this reason.
    MayNot(String),
}

impl AllowedHosts {
    pub(super) fn of(profile: &Profile, templates: &Templates) -> Result<Self, GuardError> {
        let mut allowed = Vec::new();
        for text in &profile.limits.allow_hosts {
            let text = templates.fill(text, &Vars::default())?;
            allowed.push(HostPattern::read(&text).ok_or(GuardError::Pattern { pattern: text })?);
        }
        Ok(Self {
            allowed,
            proxied: profile.connection.proxy.is_some(),
        })
    }

    /// Whether a request may go there, as far as that can be said before its name is looked up.
    ///
    /// # Errors
    /// When it must not.
    pub(super) fn may(&self, url: &Url, what: &str) -> Result<(), GuardError> {
        match self.known(url) {
            HostKind::May | HostKind::LookUp(_) => Ok(()),
            HostKind::MayNot(why) => Err(GuardError::NotAllowed {
                what: what.to_owned(),
                host: url.host_str().unwrap_or_default().to_owned(),
                why,
            }),
        }
    }

    pub(super) fn known(&self, url: &Url) -> HostKind {
        let port = url.port_or_known_default().unwrap_or_default();
        let Some(host) = url.host() else {
            return HostKind::MayNot("no host".to_owned());
        };
        if self.allows(&host.to_string(), port) {
            return HostKind::May;
        }
        let address = match host {
            Host::Ipv4(address) => IpAddr::V4(address),
            Host::Ipv6(address) => IpAddr::V6(address),
            Host::Domain(name) if self.names(name) => {
                return HostKind::MayNot(format!("allowed with another port than {port}"));
            }
            Host::Domain("localhost") => return HostKind::May,
            Host::Domain(name) if self.proxied => {
                return HostKind::MayNot(format!(
                    "looked up by the proxy, so that `{name}` is not known to be private"
                ));
            }
            Host::Domain(name) if is_this_machine(name) => return HostKind::May,
            Host::Domain(name) => return HostKind::LookUp(name.to_owned()),
        };
        if near(address) {
            HostKind::May
        } else {
            HostKind::MayNot("neither loopback nor private".to_owned())
        }
    }

    pub(super) fn allows(&self, host: &str, port: u16) -> bool {
        self.allowed
            .iter()
            .any(|pattern| pattern.matches(host) && pattern.port.is_none_or(|only| only == port))
    }

    /// Whether it is allowed with some port.
    fn names(&self, host: &str) -> bool {
        self.allowed.iter().any(|pattern| pattern.matches(host))
    }
}

impl HostPattern {
    fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        // the colons of an IPv6 address stand in brackets
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name.to_owned(), Some(port.parse().ok()?)),
            _ => (text, None),
        };
        let below = name.starts_with("*.");
        let name = name
            .strip_prefix("*.")
            .unwrap_or(&name)
            .trim_end_matches('.')
            .to_owned();
        let is_name = Host::parse(&name).is_ok() && !name.contains(['*', '/', '@']);
        is_name.then_some(Self { name, below, port })
    }

    fn matches(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if self.below {
            host.strip_suffix(&self.name)
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
        } else {
            host == self.name
        }
    }
}

/// Loopback or private: what nobody outside of this machine, or of the network that it is in, is reached by.
pub(super) fn near(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => near_v4(address),
        IpAddr::V6(address) => near_v6(address),
    }
}

/// RFC 1918, and link-local.
fn near_v4(address: Ipv4Addr) -> bool {
    address.is_loopback() || address.is_private() || address.is_link_local() || address.is_unspecified()
}

/// RFC 4193, and link-local.
fn near_v6(address: Ipv6Addr) -> bool {
    address.to_ipv4_mapped().map_or_else(
        || {
            address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address.is_unspecified()
        },
        near_v4,
    )
}

/// # Errors
/// With what is known of the first that is not near.
pub(super) fn all_near(addresses: &[SocketAddr]) -> Result<(), String> {
    match addresses.iter().find(|address| !near(address.ip())) {
        None if addresses.is_empty() => Err("no address at all".to_owned()),
        None => Ok(()),
        Some(address) => Err(format!("neither loopback nor private ({})", address.ip())),
    }
}

/// Names below `localhost` are this machine's, whoever is asked for them (RFC 6761, section 6.3).
fn is_this_machine(name: &str) -> bool {
    name.trim_end_matches('.')
        .to_ascii_lowercase()
        .ends_with(".localhost")
}

pub(crate) async fn resolve_host(name: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
    if is_this_machine(name) {
        let near: [IpAddr; 2] = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        return Ok(near.map(|address| SocketAddr::new(address, port)).to_vec());
    }
    Ok(tokio::net::lookup_host((name, port)).await?.collect())
}

/// Looks names up, and hands out only addresses that may be spoken to.
#[derive(Debug)]
pub(super) struct AllowedResolver {
    pub(super) hosts: Arc<AllowedHosts>,
    /// The proxy's own name, which the user has given.
    pub(super) proxy: Option<String>,
}

impl Resolve for AllowedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let free = self.hosts.names(name.as_str()) || self.proxy.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let addresses = resolve_host(name.as_str(), 0).await?;
            if !free {
                all_near(&addresses).map_err(|why| {
                    let host = name.as_str();
                    format!("`{host}` is {why}, and `allow_hosts` does not name it: nothing was sent")
                })?;
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn hosts(allowed: &[&str]) -> AllowedHosts {
        AllowedHosts {
            allowed: allowed
                .iter()
                .map(|text| HostPattern::read(text).unwrap())
                .collect(),
            proxied: false,
        }
    }

    fn may(hosts: &AllowedHosts, url: &str) -> bool {
        !matches!(hosts.known(&Url::parse(url).unwrap()), HostKind::MayNot(_))
    }

    #[test]
    fn what_is_near_needs_no_leave() {
        for url in [
            "http://127.0.0.1:80",
            "http://127.8.9.1",
            "http://[::1]:9",
            "http://10.1.2.3",
            "http://172.31.0.1",
            "http://192.168.0.9",
            "http://169.254.1.1",
            "http://[fd00::1]",
            "http://[fe80::1]",
            "http://[::ffff:10.0.0.1]",
            "http://localhost:4000",
        ] {
            assert!(may(&hosts(&[]), url), "{url}");
        }
    }

    #[test]
    fn what_is_elsewhere_needs_leave_by_name() {
        for url in [
            "http://93.184.215.14",
            "http://172.32.0.1",
            "http://100.64.0.1",
            "http://[2001:db8::1]",
            "http://[::ffff:8.8.8.8]",
            "http://0x5db8d70e",
        ] {
            assert!(!may(&hosts(&["example.org"]), url), "{url}");
        }
        assert!(may(&hosts(&["93.184.215.14:8080"]), "http://93.184.215.14:8080"));
        assert!(!may(&hosts(&["93.184.215.14:8080"]), "http://93.184.215.14"));
        assert!(may(&hosts(&["[2001:db8::1]:9"]), "http://[2001:db8::1]:9"));
    }

    #[test]
    fn a_star_stands_for_what_comes_before_and_a_port_for_itself() {
        let hosts = hosts(&["*.Example.org", "api.example.com:8443"]);
        assert!(hosts.allows("a.b.example.org", 443) && hosts.allows("A.EXAMPLE.ORG.", 1));
        for (host, port) in [
            ("example.org", 443),
            (".example.org", 443),
            ("evilexample.org", 443),
            ("example.org.evil.net", 443),
            ("api.example.com", 443),
        ] {
            assert!(!hosts.allows(host, port), "{host}:{port}");
        }
        assert!(hosts.allows("api.example.com", 8443));
        assert!(!may(&hosts, "https://api.example.com"), "another port");
    }

    #[test]
    fn what_names_no_host_is_no_pattern() {
        for text in [
            "",
            "*",
            "*.",
            "http://a.example",
            "a*.example",
            "a.example:x",
            "a.example:99999",
            "a b",
        ] {
            assert!(HostPattern::read(text).is_none(), "{text:?}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_elsewhere_is_refused_when_it_is_looked_up() {
        assert!(all_near(&["127.0.0.1:0".parse().unwrap(), "8.8.8.8:0".parse().unwrap()]).is_err());
        assert!(all_near(&[]).is_err());
        let lookup = AllowedResolver {
            hosts: Arc::new(hosts(&[])),
            proxy: None,
        };
        let found = lookup.resolve("localhost".parse().unwrap()).await.unwrap();
        assert!(found.into_iter().all(|address| address.ip().is_loopback()));
    }

    #[tokio::test]
    async fn names_below_localhost_are_of_this_machine_and_nobody_is_asked() {
        assert!(may(&hosts(&[]), "http://private.clinic.localhost:8080"));
        let found = resolve_host("private.clinic.localhost", 8080).await.unwrap();
        assert_eq!(found.first(), Some(&"127.0.0.1:8080".parse().unwrap()));
        assert!(found.iter().all(|address| address.ip().is_loopback()));
        assert!(!is_this_machine("localhost.example.test") && !is_this_machine("notlocalhost"));
    }

    #[test]
    fn behind_a_proxy_only_names_that_are_allowed_count() {
        let proxied = AllowedHosts {
            proxied: true,
            ..hosts(&["a.example.test"])
        };
        assert!(may(&proxied, "http://a.example.test") && may(&proxied, "http://10.0.0.1"));
        assert!(!may(&proxied, "http://b.example.test"));
    }
}
