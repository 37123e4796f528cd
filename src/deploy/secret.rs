//! Keys of a deployed stack: never printed.

use std::fmt;

/// A key that opens something. `Debug` and `Display` do not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// 256 random bits, in hexadecimal.
    #[must_use]
    pub fn random() -> Self {
        Self(hex::encode(rand::random::<[u8; 32]>()))
    }

    /// The key itself, for the one place that sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(key: String) -> Self {
        Self(key)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("…")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn is_never_printed() {
        let secret = Secret::from("open sesame".to_owned());
        assert_eq!(format!("{secret:?} {secret}"), "Secret(…) …");
        assert_eq!(secret.reveal(), "open sesame");
    }

    #[test]
    fn is_new_every_time() {
        assert_ne!(Secret::random(), Secret::random());
        assert_eq!(Secret::random().reveal().len(), 64);
    }
}
