//! What a Compose file comes to, in the Compose client's own words: which service publishes what, and stands on which image.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::build::uses_base_image;
use super::error::ExternalStackError;
use crate::deploy::base;

/// A Compose file with everything filled in (`docker compose config`).
#[derive(Debug, Deserialize)]
pub(super) struct ResolvedCompose {
    #[serde(default)]
    services: BTreeMap<String, ServicePart>,
}

#[derive(Debug, Deserialize)]
struct ServicePart {
    image: Option<String>,
    build: Option<BuildPart>,
    network_mode: Option<String>,
    #[serde(default)]
    ports: Vec<PortPart>,
}

#[derive(Debug, Deserialize)]
struct BuildPart {
    #[serde(default)]
    context: String,
    dockerfile: Option<String>,
}

#[derive(Debug, Deserialize)]
struct PortPart {
    #[serde(default)]
    host_ip: String,
    target: u16,
}

impl ResolvedCompose {
    /// Refuses what can be reached from outside of this machine, before anything is started.
    ///
    /// # Errors
    /// [`TargetError::Exposed`].
    pub(super) fn refuse_exposed(&self, file: &Path) -> Result<(), ExternalStackError> {
        for (name, service) in &self.services {
            let exposed = |how: String, port: String| ExternalStackError::Exposed {
                service: name.clone(),
                file: file.display().to_string(),
                how,
                port,
            };
            if service.network_mode.as_deref() == Some("host") {
                return Err(exposed("`network_mode: host`".to_owned(), "PORT".to_owned()));
            }
            if let Some(port) = service.ports.iter().find(|port| !is_loopback(&port.host_ip)) {
                let address = Some(port.host_ip.as_str()).filter(|ip| !ip.is_empty());
                let how = format!(
                    "port {} is published on {}",
                    port.target,
                    address.unwrap_or("every address")
                );
                return Err(exposed(how, port.target.to_string()));
            }
        }
        Ok(())
    }

    /// Whether a service stands on our base image, which no registry may have to give.
    pub(super) fn uses_base_image(&self) -> bool {
        self.services.values().any(|service| {
            let built = service.build.as_ref().is_some_and(|build| {
                let name = build.dockerfile.as_deref().unwrap_or("Dockerfile");
                let path: PathBuf = Path::new(&build.context).join(name);
                std::fs::read_to_string(path).is_ok_and(|text| uses_base_image(&text))
            });
            built || (service.build.is_none() && service.image.as_deref() == Some(base::IMAGE))
        })
    }
}

/// Whether an address to publish on can be reached from this machine only.
pub(super) fn is_loopback(address: &str) -> bool {
    address
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::ResolvedCompose;
    use std::path::Path;

    fn refused(service: &str) -> Option<String> {
        let text = format!(r#"{{"name":"x","services":{{"web":{service}}}}}"#);
        let composed: ResolvedCompose = serde_json::from_str(&text).unwrap();
        let refused = composed.refuse_exposed(Path::new("compose.yaml"));
        refused.err().map(|error| error.to_string())
    }

    #[test]
    fn only_loopback_is_published_on() {
        assert_eq!(refused(r#"{"image":"a"}"#), None);
        assert_eq!(
            refused(r#"{"ports":[{"mode":"ingress","host_ip":"127.0.0.1","target":80,"protocol":"tcp"}]}"#),
            None
        );
        assert_eq!(refused(r#"{"ports":[{"host_ip":"::1","target":80}]}"#), None);
        for exposed in [
            r#"{"ports":[{"host_ip":"127.0.0.1","target":81},{"target":80,"published":"8080"}]}"#,
            r#"{"ports":[{"host_ip":"0.0.0.0","target":80}]}"#,
            r#"{"ports":[{"host_ip":"192.168.1.5","target":80}]}"#,
        ] {
            let said = refused(exposed).unwrap();
            assert!(
                said.contains("`web`") && said.contains("127.0.0.1::80"),
                "{exposed}: {said}"
            );
        }
        assert!(
            refused(r#"{"network_mode":"host"}"#)
                .unwrap()
                .contains("network_mode")
        );
    }

    #[test]
    fn the_base_image_is_seen_in_an_image_and_in_a_dockerfile() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Own"), "FROM debian:trixie-slim\n").unwrap();
        let stands = |service: String| {
            let text = format!(r#"{{"services":{{"a":{service}}}}}"#);
            serde_json::from_str::<ResolvedCompose>(&text)
                .unwrap()
                .uses_base_image()
        };
        assert!(stands(r#"{"image":"debian:trixie-slim"}"#.to_owned()));
        assert!(!stands(r#"{"image":"debian:trixie"}"#.to_owned()));
        assert!(stands(format!(
            r#"{{"build":{{"context":"{}","dockerfile":"Own"}}}}"#,
            folder.path().display()
        )));
    }
}
