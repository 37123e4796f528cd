//! Canaries: unguessable tokens, minted here and nowhere else.

use std::{fmt, str::FromStr};

use rand::{Rng, TryRng, rngs::SysRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::token::TokenBits;

/// An unguessable token, one per recording and facet. It never prints: what may be written down is its
/// [`Fingerprint`].
#[derive(Clone, PartialEq, Eq)]
pub struct Canary {
    bits: TokenBits,
    token: String,
}

impl Canary {
    /// A new canary, from the operating system's randomness.
    #[must_use]
    pub fn mint() -> Self {
        let mut random = [0; 16];
        if SysRng.try_fill_bytes(&mut random).is_err() {
            // The thread's generator was seeded by the same source and is unguessable as well.
            rand::rng().fill_bytes(&mut random);
        }
        Self::from_bits(TokenBits::new(u128::from_be_bytes(random)))
    }

    /// The canary with these random bits; for tests and measurements, which must be repeatable.
    #[must_use]
    pub fn from_bits(bits: TokenBits) -> Self {
        Self {
            bits,
            token: bits.token(),
        }
    }

    /// The token in clear: for planting only.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The random part, by which a registry finds it.
    #[must_use]
    pub fn bits(&self) -> TokenBits {
        self.bits
    }

    /// What may be written down about it.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.token.as_bytes())
    }
}

impl fmt::Debug for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Canary({})", self.fingerprint())
    }
}

impl fmt::Display for Canary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "canary {}", self.fingerprint())
    }
}

/// The first 16 bytes of a canary's SHA-256, in hex: enough to tell canaries apart, useless for finding one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The fingerprint of a token in lower case, or of a stack's own id in lower case.
    #[must_use]
    pub fn of(secret: &[u8]) -> Self {
        let digest = Sha256::digest(secret);
        let mut head = [0; 16];
        head.copy_from_slice(&digest[..16]);
        Self(head)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// A fingerprint is 32 hex digits, and this was not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 32 hex digits, found {found} characters that are not")]
pub struct NotAFingerprint {
    found: usize,
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut head = [0; 16];
        match hex::decode_to_slice(text, &mut head) {
            Ok(()) => Ok(Self(head)),
            Err(_) => Err(NotAFingerprint {
                found: text.chars().count(),
            }),
        }
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NotAFingerprint;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canary_never_prints() {
        let canary = Canary::mint();
        let body = &canary.token()[8..];
        for shown in [
            format!("{canary}"),
            format!("{canary:?}"),
            format!("{:?}", canary.fingerprint()),
        ] {
            assert!(!shown.contains(body), "{shown}");
        }
    }

    #[test]
    fn no_two_are_alike() {
        assert_ne!(Canary::mint(), Canary::mint());
        assert_ne!(Canary::mint().fingerprint(), Canary::mint().fingerprint());
    }

    #[test]
    fn a_fingerprint_goes_through_the_ledger() -> Result<(), serde_json::Error> {
        let fingerprint = Canary::mint().fingerprint();
        let written = serde_json::to_string(&fingerprint)?;
        assert_eq!(written.len(), 34);
        assert_eq!(serde_json::from_str::<Fingerprint>(&written)?, fingerprint);
        assert!(serde_json::from_str::<Fingerprint>("\"0123\"").is_err());
        Ok(())
    }
}
