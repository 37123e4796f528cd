//! Where a document is: in a file, or at an address that may be spoken to.

use super::InitError;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;
use url::{Host, Url};

/// The longest document that is read.
const MOST_BYTES: usize = 32 << 20;

/// How long fetching one may take.
const WITHIN: Duration = Duration::from_secs(20);

/// Where a document is.
#[derive(Debug, Clone)]
pub enum DocumentSource {
    /// In a file.
    File(PathBuf),
    /// At an address.
    Address(Url),
}

impl DocumentSource {
    /// A file or an address; an address that is neither loopback nor private only when its host is allowed.
    ///
    /// # Errors
    /// When the address may not be spoken to.
    pub fn new(text: &str, allowed: &[String]) -> Result<Self, InitError> {
        match Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let host = url.host_str().unwrap_or_default();
                if near(&url) || allowed.iter().any(|one| one.eq_ignore_ascii_case(host)) {
                    Ok(Self::Address(url))
                } else {
                    Err(InitError::Host {
                        host: host.to_owned(),
                    })
                }
            }
            _ => Ok(Self::File(PathBuf::from(text))),
        }
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Address(url) => {
                let mut plain = url.clone();
                plain.set_query(None);
                plain.set_fragment(None);
                // what cannot be taken out is not there
                let _ = plain.set_username("").and_then(|()| plain.set_password(None));
                plain.to_string()
            }
        }
    }

    /// The address, if it is one.
    pub(crate) fn address(&self) -> Option<&Url> {
        match self {
            Self::File(_) => None,
            Self::Address(url) => Some(url),
        }
    }

    /// The document's text.
    pub(crate) async fn read(&self) -> Result<String, InitError> {
        match self {
            Self::File(path) => std::fs::read_to_string(path).map_err(|source| InitError::Read {
                path: path.clone(),
                source,
            }),
            Self::Address(url) => self.fetch(url).await,
        }
    }

    async fn fetch(&self, url: &Url) -> Result<String, InitError> {
        let failed = |why: String| InitError::Fetch {
            address: self.name(),
            why,
        };
        // another part of the program may have installed one already, which does as well
        let _ = rustls::crypto::ring::default_provider().install_default();
        // a redirect could lead to a host that may not be spoken to
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(WITHIN)
            .build()
            .map_err(|error| failed(error.to_string()))?;
        let mut answer = client
            .get(url.clone())
            .send()
            .await
            .map_err(|error| failed(error.without_url().to_string()))?;
        if !answer.status().is_success() {
            return Err(failed(format!("it answered {}", answer.status())));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| failed(error.without_url().to_string()))?
        {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MOST_BYTES {
                return Err(failed(format!("it is longer than {MOST_BYTES} bytes")));
            }
        }
        String::from_utf8(bytes).map_err(|_| failed("it is not text".to_owned()))
    }
}

/// Whether an address is on this machine or in a private network.
fn near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => private(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => private(IpAddr::V6(address)),
        None => false,
    }
}

fn private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => four.is_loopback() || four.is_private(),
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => private(IpAddr::V4(four)),
            None => six.is_loopback() || six.is_unique_local(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_addresses_are_spoken_to_unasked() {
        for near in [
            "http://127.0.0.1:1/x",
            "http://[::1]/x",
            "http://10.1.2.3/x",
            "http://localhost/x",
            "http://[::ffff:10.0.0.1]/",
        ] {
            assert!(
                matches!(DocumentSource::new(near, &[]), Ok(DocumentSource::Address(_))),
                "{near}"
            );
        }
        for far in [
            "https://api.example.org/x",
            "http://8.8.8.8/",
            "http://127.0.0.1.example.org/",
        ] {
            assert!(
                matches!(DocumentSource::new(far, &[]), Err(InitError::Host { .. })),
                "{far}"
            );
        }
        let allowed = ["api.example.org".to_owned()];
        assert!(DocumentSource::new("https://api.example.org/x", &allowed).is_ok());
        assert!(matches!(
            DocumentSource::new("openapi.json", &[]),
            Ok(DocumentSource::File(_))
        ));
    }
}
