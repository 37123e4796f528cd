//! What stands in for a flag service: which snippets it is driven by, what they need to know, and how the app hears of the flag.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method};

use crate::binary::Trouble;
use crate::serving::Served;
use crate::targets_rows::shelf::Shelf;

/// The flag, by its name in the snippets.
pub(crate) const FLAG: &str = "audio-video-switch";

/// A service that stands ready.
pub(crate) struct Standing {
    /// The committed snippets; of two, the later wins.
    pub(crate) snippets: &'static [&'static str],
    /// What they read from the environment.
    pub(crate) environment: Vec<(&'static str, String)>,
    /// What the service says to the app.
    pub(crate) ask: Arc<dyn Fn() -> bool + Send + Sync>,
    /// Fails unless everything in the service is as it was in the beginning.
    pub(crate) as_it_was: Box<dyn Fn() -> Result<(), Trouble>>,
    /// What keeps it running.
    pub(crate) running: Vec<Box<dyn std::any::Any>>,
}

impl Standing {
    /// The same with other words in the environment.
    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.retain(|(known, _)| *known != name);
        self.environment.push((name, value.to_owned()));
        self
    }

    /// Keeps a server for as long as this stands.
    pub(crate) fn keep(&mut self, served: Served) {
        self.running.push(Box::new(served));
    }
}

/// What happened, in the order in which it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// The service was told to turn the flag on or off.
    Set(bool),
    /// The app showed what it believes.
    Shown(bool),
    /// The app was asked for an item while it believed this.
    Served(bool),
}

impl Told {
    /// Writes it down.
    pub(crate) fn note(self, shelf: &Shelf) {
        shelf.inside().seen.push(format!("{self:?}"));
    }

    /// Everything that was written down.
    pub(crate) fn all(shelf: &Shelf) -> Result<Vec<Self>, Trouble> {
        let seen = shelf.inside().seen.clone();
        seen.iter().map(|line| Self::read(line)).collect()
    }

    fn read(line: &str) -> Result<Self, Trouble> {
        let kinds: [fn(bool) -> Self; 3] = [Self::Set, Self::Shown, Self::Served];
        let mut all = kinds.into_iter().flat_map(|kind| [kind(true), kind(false)]);
        all.find(|one| format!("{one:?}") == line)
            .ok_or_else(|| format!("nobody writes `{line}`").into())
    }
}

/// A request as a service sees it.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    /// What stands between the slashes of its path.
    pub(crate) path: Vec<&'a str>,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
}

impl<'a> Asked<'a> {
    /// A header that is text.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        crate::targets_rows::shelf::of(self.headers, name)
    }

    /// The content type without its parameters, and these.
    pub(crate) fn content_type(&self) -> (String, Vec<(String, String)>) {
        let mut parts = self.header("content-type").unwrap_or_default().split(';');
        let kind = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let pairs = parts.filter_map(|part| part.trim().split_once('='));
        let parameters = pairs
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        (kind, parameters)
    }
}

/// Serves a service that answers each request by itself.
pub(crate) fn serve(
    answer: impl Fn(&Asked<'_>) -> axum::response::Response + Clone + Send + Sync + 'static,
) -> Result<Served, Trouble> {
    let handler = move |method: Method, uri: axum::http::Uri, headers: HeaderMap, body: Bytes| {
        let asked = Asked {
            method: &method,
            path: uri.path().split('/').skip(1).collect(),
            query: uri.query().unwrap_or_default(),
            headers: &headers,
            body: &body,
        };
        let answered = answer(&asked);
        async move { answered }
    };
    Served::start(axum::Router::new().fallback(handler), 0)
}
