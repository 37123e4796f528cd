//! Finding canaries again in any bytes, in all the forms that data takes on the way out of a stack.
//!
//! One pass looks for a small constant set of marks: the canaries' anchor as it stands in plain, hex, UTF-16 and
//! base64 text, and the first bytes of containers (`marks`). Whatever can be unwrapped is unwrapped and looked at
//! again, down to a depth: escapes (`escapes`), base64 and hex (`runs`), UTF-16 (`wide`), compressed data and
//! archives (`containers`), pictures (`pictures`) and sound (`sounds`). Since only the anchor is searched for, the cost does not
//! depend on how many canaries there are.

mod alphabet;
mod budget;
mod containers;
mod escapes;
mod marks;
mod pass;
mod pictures;
mod runs;
mod sounds;
mod wide;

use std::{collections::HashSet, sync::Arc};

use super::{canary::Fingerprint, facet::Facet, form::Form, registry::Registry};
use budget::Buffers;
use marks::FormatMarks;
use pass::ScanPass;

pub use budget::Limits;
pub(super) use pictures::codes_in;

/// Looks for the canaries of one registry.
pub struct Scanner {
    registry: Arc<Registry>,
    marks: FormatMarks,
    limits: Limits,
    buffers: Buffers,
}

/// What the caller knows about the bytes. Only hints: bytes are looked at for what they are.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hint<'a> {
    /// The `Content-Type`, if there is one.
    pub content_type: Option<&'a str>,
    /// The `Content-Encoding` that has **not** been undone yet, if there is one.
    pub content_encoding: Option<&'a str>,
}

/// What was seen in one body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scan {
    /// One for each canary and form, in the order of their offsets.
    pub sightings: Vec<Sighting>,
    /// Why not all of it could be looked at: then seeing nothing proves nothing.
    pub unfinished: Option<Unfinished>,
}

/// A canary, or a stack's own id of a recording, that stood in the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// Whose it is; `None` for a well-formed canary that this run did not plant.
    pub recording: Option<u32>,
    /// The canary's fingerprint.
    pub fingerprint: Fingerprint,
    /// What it was planted in; `None` when this run did not plant it.
    pub facet: Option<Facet>,
    /// How it was wrapped.
    pub form: Form,
    /// Where in the bytes it stands, or the outermost thing that it is wrapped in begins.
    pub offset: usize,
    /// How often it was seen in this form.
    pub count: usize,
}

/// Why a scan did not look at everything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfinished {
    /// One of the [`Limits`] was reached.
    #[error("stopped at a limit of {limit} ({form})")]
    Limit {
        /// Which, with its unit.
        limit: String,
        /// What was being unwrapped.
        form: Form,
    },
    /// It began like something, or was said to be something, that it then was not.
    #[error("could not read all of what looked like {form}: {reason}")]
    Corrupt {
        /// What it looked like.
        form: Form,
        /// What was wrong.
        reason: String,
    },
    /// A decoder gave up by panic.
    #[error("the decoder of {form} broke down")]
    Crash {
        /// What it was decoding.
        form: Form,
    },
}

/// The canaries and ids that stood in a request: seeing them in the answer is no evidence.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Echo(HashSet<Fingerprint>);

impl Scanner {
    /// A scanner for the canaries of `registry`, present and future, with the default limits.
    #[must_use]
    pub fn new(registry: Arc<Registry>) -> Self {
        Self::with_limits(registry, Limits::default())
    }

    /// A scanner with limits of its own.
    #[must_use]
    pub fn with_limits(registry: Arc<Registry>, limits: Limits) -> Self {
        Self {
            registry,
            marks: FormatMarks::new(),
            limits,
            buffers: Buffers::default(),
        }
    }

    /// Looks for canaries in a whole body, header value, URL or message.
    #[must_use]
    pub fn scan(&self, bytes: &[u8], hint: Hint<'_>) -> Scan {
        ScanPass::new(self, bytes.len()).run(bytes, hint)
    }

    /// What stands in the parts of a request (its URL, headers, body), in whatever form.
    #[must_use]
    pub fn echo(&self, request: &[&[u8]]) -> Echo {
        let seen = request
            .iter()
            .flat_map(|part| self.scan(part, Hint::default()).sightings);
        Echo(seen.map(|sighting| sighting.fingerprint).collect())
    }
}

impl Scan {
    /// Takes out what stood in the request already, and says how many sightings that were.
    pub fn without_echo(&mut self, echo: &Echo) -> usize {
        let before = self.sightings.len();
        self.sightings
            .retain(|sighting| !echo.0.contains(&sighting.fingerprint));
        before - self.sightings.len()
    }
}

impl Echo {
    /// Whether this canary or id stood in the request.
    #[must_use]
    pub fn contains(&self, fingerprint: &Fingerprint) -> bool {
        self.0.contains(fingerprint)
    }
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scanner({} canaries)", self.registry.len())
    }
}

#[cfg(test)]
mod tests;
