//! What a request carries to show who sends it.

use super::cookie_jar::CookieJar;
use crate::profile::Vars;
use reqwest::Url;
use reqwest::header::{COOKIE, HeaderMap, HeaderValue};
use std::borrow::Cow;
use std::fmt;

/// Headers, cookies and query parameters that show who sends a request. They are secrets, so they never print.
#[derive(Clone, Default)]
pub struct Credentials {
    headers: HeaderMap,
    cookies: Vec<(String, String)>,
    query: Vec<(String, String)>,
    jar: Option<CookieJar>,
    /// Where they belong: requests that go to no other base go there. It is no secret, and shows nothing.
    home: HomeAddress,
}

/// Where whoever carries keys asks.
#[derive(Clone, Debug, Default)]
enum HomeAddress {
    /// They are nobody's in particular.
    #[default]
    Unsaid,
    /// At the default base.
    Default,
    /// At their tenant's.
    At(Url),
}

/// Keys are the same that carry the same.
impl PartialEq for Credentials {
    fn eq(&self, other: &Self) -> bool {
        self.headers == other.headers
            && self.cookies == other.cookies
            && self.query == other.query
            && self.jar == other.jar
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cookies = self.cookies.iter().map(|(name, _)| name);
        let query = self.query.iter().map(|(name, _)| name);
        f.debug_list()
            .entries(self.headers.keys())
            .entries(cookies)
            .entries(query)
            .finish()
    }
}

impl Credentials {
    /// None at all.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The same with a cookie jar: what it holds for an address goes there, and what answers set is kept in it.
    #[must_use]
    pub fn with_jar(mut self, jar: Option<CookieJar>) -> Self {
        self.jar = jar;
        self
    }

    /// The same of somebody who asks at their tenant's address; of none, at the default one.
    #[must_use]
    pub fn with_home(mut self, home: Option<&Url>) -> Self {
        self.home = home.map_or(HomeAddress::Default, |url| HomeAddress::At(url.clone()));
        self
    }

    /// The same, asked at this address where nothing says where whoever carries them belongs.
    #[must_use]
    pub fn or_at(self, home: Option<&Url>) -> Self {
        match self.home {
            HomeAddress::Unsaid => self.with_home(home),
            HomeAddress::Default | HomeAddress::At(_) => self,
        }
    }

    /// Their tenant's address, if it is another than the default one.
    #[must_use]
    pub fn home(&self) -> Option<&Url> {
        match &self.home {
            HomeAddress::At(url) => Some(url),
            HomeAddress::Unsaid | HomeAddress::Default => None,
        }
    }

    /// The same as they are now, whatever answers set later.
    #[must_use]
    pub fn frozen(mut self) -> Self {
        self.jar = self.jar.map(|jar| jar.frozen());
        self
    }

    /// What goes along to another origin: nothing, but the jar knows what it holds for that one.
    #[must_use]
    pub(super) fn abroad(&self) -> Self {
        Self::none().with_jar(self.jar.clone())
    }

    /// The jar that goes along.
    pub(super) fn jar(&self) -> Option<&CookieJar> {
        self.jar.as_ref()
    }

    /// Keeps the cookies that an answer sets, if there is a jar.
    pub fn learn(&self, url: &Url, headers: &HeaderMap) {
        if let Some(jar) = &self.jar {
            jar.learn(url, headers);
        }
    }

    /// Templates see the jar as `jar`.
    #[must_use]
    pub fn seen_in<'a>(&self, vars: &'a Vars) -> Cow<'a, Vars> {
        match &self.jar {
            None => Cow::Borrowed(vars),
            Some(jar) => Cow::Owned(vars.clone().with("jar", jar.vars().as_value())),
        }
    }

    /// Adds headers.
    pub fn add_headers(&mut self, headers: HeaderMap) {
        self.headers.extend(headers);
    }

    /// Adds a cookie; one of the same name is replaced.
    pub fn add_cookie(&mut self, name: &str, value: String) {
        self.cookies.retain(|(known, _)| known != name);
        self.cookies.push((name.to_owned(), value));
    }

    /// Adds a query parameter.
    pub fn add_query(&mut self, name: &str, value: String) {
        self.query.push((name.to_owned(), value));
    }

    /// Takes over everything of `other`: what stands in both is the other's.
    pub fn extend(&mut self, other: Self) {
        self.headers.extend(other.headers);
        for (name, value) in other.cookies {
            self.add_cookie(&name, value);
        }
        self.query
            .retain(|(name, _)| !other.query.iter().any(|(new, _)| new == name));
        self.query.extend(other.query);
        self.home = other.home;
        self.jar = match (self.jar.take(), other.jar) {
            (Some(one), Some(two)) => Some(one.and(&two)),
            (one, two) => one.or(two),
        };
    }

    /// Takes out of a request what [`Self::put_into`] has put there, and every cookie with it.
    pub(super) fn take_out_of(&self, url: &mut Url, headers: &mut HeaderMap) {
        for name in self.headers.keys() {
            headers.remove(name);
        }
        headers.remove(COOKIE);
        if !self.query.is_empty() {
            let others: Vec<(String, String)> = url
                .query_pairs()
                .into_owned()
                .filter(|(name, _)| !self.query.iter().any(|(known, _)| known == name))
                .collect();
            url.set_query(None);
            if !others.is_empty() {
                url.query_pairs_mut().extend_pairs(others);
            }
        }
    }

    /// Puts everything into a request; a cookie header that stands in `headers` already is kept in front.
    pub(super) fn put_into(&self, url: &mut Url, headers: &mut HeaderMap) {
        headers.extend(self.headers.clone());
        let mut cookies = self.cookies.clone();
        for (name, value) in self.jar.iter().flat_map(|jar| jar.cookies_for(url)) {
            if !self.cookies.iter().any(|(known, _)| *known == name) {
                cookies.push((name, value));
            }
        }
        if !cookies.is_empty() {
            let mut pairs: Vec<String> = headers
                .get(COOKIE)
                .and_then(|value| value.to_str().ok())
                .map(str::to_owned)
                .into_iter()
                .collect();
            pairs.extend(cookies.iter().map(|(name, value)| format!("{name}={value}")));
            // a cookie that is no header value was refused when it was captured
            if let Ok(mut value) = HeaderValue::from_str(&pairs.join("; ")) {
                value.set_sensitive(true);
                headers.insert(COOKIE, value);
            }
        }
        for (name, value) in &self.query {
            if !url.query_pairs().any(|(known, _)| known == *name) {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
    }
}
