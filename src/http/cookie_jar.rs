//! A cookie jar: what answers have set, sent back to whoever set it and to nobody else.

use super::device::BrowserCache;
use crate::profile::Vars;
use cookie::Cookie;
use reqwest::Url;
use reqwest::header::{HeaderMap, SET_COOKIE};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Cookies that answers have set (RFC 6265). A cookie goes back to the origin that set it; one with `Domain` also to the hosts below
/// that domain. Clones share their cookies. They are secrets, so they never print.
#[derive(Clone, Default)]
pub struct CookieJar {
    cookies: Arc<Mutex<Vec<StoredCookie>>>,
    frozen: bool,
    /// What the device keeps beside its cookies.
    pub(super) pages: BrowserCache,
}

#[derive(Clone, PartialEq, Eq)]
struct StoredCookie {
    name: String,
    value: String,
    origin: CookieOrigin,
    domain: Option<String>,
    path: String,
    secure: bool,
    /// Unix seconds.
    until: Option<i64>,
}

#[derive(Clone, PartialEq, Eq)]
struct CookieOrigin {
    scheme: String,
    host: String,
    port: Option<u16>,
}

impl CookieOrigin {
    fn of(url: &Url) -> Self {
        Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_ascii_lowercase(),
            port: url.port_or_known_default(),
        }
    }

    fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.starts_with("127.") || self.host == "[::1]"
    }
}

impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.stored().iter().map(|cookie| &cookie.name))
            .finish()
    }
}

impl PartialEq for CookieJar {
    fn eq(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.cookies, &other.cookies) {
            return true;
        }
        let own = self.stored().clone();
        own == *other.stored()
    }
}

impl CookieJar {
    /// Takes over what an answer sets, and lets go of what it deletes.
    pub fn learn(&self, url: &Url, headers: &HeaderMap) {
        if self.frozen {
            return;
        }
        for header in headers.get_all(SET_COOKIE) {
            let text = String::from_utf8_lossy(header.as_bytes());
            if let Ok(cookie) = Cookie::parse(text.as_ref()) {
                self.set(url, &cookie);
            }
        }
    }

    fn set(&self, url: &Url, cookie: &Cookie<'_>) {
        let origin = CookieOrigin::of(url);
        let domain = match cookie.domain().map(str::to_ascii_lowercase) {
            None => None,
            Some(domain) if domain == origin.host => Some(domain),
            // a top-level domain, an address, or somebody else's host: such a cookie is refused, as browsers do
            Some(domain) if domain.contains('.') && is_below(&origin.host, &domain) => Some(domain),
            Some(_) => return,
        };
        let now = now();
        let until = match (cookie.max_age(), cookie.expires_datetime()) {
            (Some(age), _) => Some(now.saturating_add(age.whole_seconds())),
            (None, Some(date)) => Some(date.unix_timestamp()),
            (None, None) => None,
        };
        let path = cookie
            .path()
            .filter(|path| path.starts_with('/'))
            .map_or_else(|| default_path(url), str::to_owned);
        let kept = StoredCookie {
            name: cookie.name().to_owned(),
            value: cookie.value().to_owned(),
            origin,
            domain,
            path,
            secure: cookie.secure().unwrap_or(false),
            until,
        };
        let mut cookies = self.stored();
        cookies.retain(|old| {
            let same = old.name == kept.name
                && old.origin == kept.origin
                && old.domain == kept.domain
                && old.path == kept.path;
            !same
        });
        if until.is_none_or(|until| until > now) {
            cookies.push(kept);
        }
    }

    /// The cookies that go to an address, those with the longer paths first.
    #[must_use]
    pub fn cookies_for(&self, url: &Url) -> Vec<(String, String)> {
        let now = now();
        let cookies = self.stored();
        let mut found: Vec<&StoredCookie> = cookies
            .iter()
            .filter(|cookie| cookie.is_alive(now) && cookie.goes_to(url))
            .collect();
        found.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        found
            .into_iter()
            .map(|cookie| (cookie.name.clone(), cookie.value.clone()))
            .collect()
    }

    /// All cookies by name, as they stand in templates under `jar`; of two with one name, the one that was set last.
    #[must_use]
    pub fn vars(&self) -> Vars {
        let now = now();
        let mut vars = Vars::default();
        for cookie in self.stored().iter().filter(|cookie| cookie.is_alive(now)) {
            vars.set(&cookie.name, cookie.value.as_str());
        }
        vars
    }

    /// The same cookies, kept as they are now whatever answers set later.
    #[must_use]
    pub fn frozen(&self) -> Self {
        self.mapped(str::to_owned)
    }

    /// The same cookies with other values, kept so whatever answers set later.
    #[must_use]
    pub fn mapped(&self, change: impl Fn(&str) -> String) -> Self {
        let mut cookies = self.stored().clone();
        for cookie in &mut cookies {
            cookie.value = change(&cookie.value);
        }
        Self {
            cookies: Arc::new(Mutex::new(cookies)),
            frozen: true,
            pages: BrowserCache::default(),
        }
    }

    /// The cookies of both, kept as they are now.
    #[must_use]
    pub(super) fn and(&self, other: &Self) -> Self {
        let both = self.frozen();
        let others = other.stored().clone();
        let mut kept = both.stored();
        for cookie in others {
            if !kept.contains(&cookie) {
                kept.push(cookie);
            }
        }
        drop(kept);
        both
    }

    fn stored(&self) -> MutexGuard<'_, Vec<StoredCookie>> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StoredCookie {
    fn is_alive(&self, now: i64) -> bool {
        self.until.is_none_or(|until| until > now)
    }

    fn goes_to(&self, url: &Url) -> bool {
        let origin = CookieOrigin::of(url);
        let host = match &self.domain {
            None => origin == self.origin,
            Some(domain) => {
                origin.host == *domain || (domain.contains('.') && is_below(&origin.host, domain))
            }
        };
        // loopback counts as secure, as it does in browsers
        let secure = !self.secure || origin.scheme == "https" || origin.is_loopback();
        host && secure && path_matches(url.path(), &self.path)
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    let is_address = host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    !is_address && host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// RFC 6265, section 5.1.4.
fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(end) => url.path()[..end].to_owned(),
    }
}

fn path_matches(asked: &str, path: &str) -> bool {
    asked == path
        || asked
            .strip_prefix(path)
            .is_some_and(|rest| path.ends_with('/') || rest.starts_with('/'))
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

#[cfg(test)]
mod tests;
