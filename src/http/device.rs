//! What a device keeps beside its cookies: pages that an answer allowed a browser to keep. They are shown again to whoever sits in
//! front of it, without the stack being asked.
//!
//! Somebody who looks again at what they looked at before asks the stack, as a reload does; only what another person left behind is
//! shown as it was kept.

use super::message::{Reply, Request};
use reqwest::Method;
use reqwest::header::{CACHE_CONTROL, HeaderMap, RANGE, VARY};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The pages of one device. Clones share them.
#[derive(Clone, Default)]
pub(super) struct BrowserCache(Arc<Mutex<BTreeMap<String, CachedPage>>>);

/// A page that was kept, and for whom it was fetched.
struct CachedPage {
    who: String,
    reply: Reply,
    until: Instant,
    /// What its request said in the headers that it varies with (RFC 9111, 4.1).
    varies: Vec<(String, Option<Vec<u8>>)>,
}

/// What the device from which a request comes shows of somebody else instead of sending it.
#[must_use]
pub(crate) fn cached_for_another(who: &str, request: &Request) -> Option<Reply> {
    let pages = &request.keys.jar()?.pages;
    let all = pages.all();
    let page = all
        .get(request.url.as_str())
        .filter(|_| is_cacheable_request(request))?;
    let is_same = page
        .varies
        .iter()
        .all(|(name, said)| *said == header_value(&request.headers, name));
    let shown = page.who != who && page.until > Instant::now() && is_same;
    shown.then(|| page.reply.clone())
}

/// Has the device keep an answer, where that allows it (RFC 9111, 3).
pub(crate) fn store(who: &str, request: &Request, reply: &Reply) {
    let Some(jar) = request.keys.jar() else { return };
    let lasts = lasts(&reply.headers)
        .filter(|_| is_cacheable_request(request) && reply.status == 200 && reply.is_whole());
    let varies = varies(&request.headers, &reply.headers);
    let mut all = jar.pages.all();
    match (lasts, varies) {
        (Some(lasts), Some(varies)) => {
            let page = CachedPage {
                who: who.to_owned(),
                reply: reply.clone(),
                until: Instant::now() + lasts,
                varies,
            };
            all.insert(request.url.as_str().to_owned(), page);
        }
        _ => {
            all.remove(request.url.as_str());
        }
    }
}

impl BrowserCache {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, CachedPage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_cacheable_request(request: &Request) -> bool {
    request.method == Method::GET && !request.headers.contains_key(RANGE)
}

/// For how long a browser may show an answer again without asking. Where nothing says so, it may not: an answer of the clinic has no
/// `Last-Modified` from which one could guess.
fn lasts(headers: &HeaderMap) -> Option<Duration> {
    let said: Vec<String> = listed(headers, CACHE_CONTROL.as_str());
    if said
        .iter()
        .any(|one| one == "no-store" || one.starts_with("no-cache"))
    {
        return None;
    }
    let seconds = said.iter().find_map(|one| one.strip_prefix("max-age="))?;
    let seconds = seconds
        .trim_matches('"')
        .parse()
        .ok()
        .filter(|seconds| *seconds > 0)?;
    Some(Duration::from_secs(seconds))
}

/// None where it varies with more than stands in a request.
fn varies(asked: &HeaderMap, answered: &HeaderMap) -> Option<Vec<(String, Option<Vec<u8>>)>> {
    let names = listed(answered, VARY.as_str());
    (!names.iter().any(|name| name == "*")).then(|| {
        let said = names.into_iter().map(|name| {
            let said = header_value(asked, &name);
            (name, said)
        });
        said.collect()
    })
}

fn header_value(headers: &HeaderMap, name: &str) -> Option<Vec<u8>> {
    headers.get(name).map(|value| value.as_bytes().to_vec())
}

fn listed(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let parts = values.flat_map(|value| value.split(','));
    parts.map(|part| part.trim().to_ascii_lowercase()).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::super::{CookieJar, Credentials};
    use super::*;
    use crate::ledger::{Delivery, RequestSent};

    fn request(jar: &CookieJar, path: &str) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert("cookie", "clinic_session=1".parse().unwrap());
        Request {
            method: Method::GET,
            url: format!("http://127.0.0.1{path}").parse().unwrap(),
            headers,
            body: Arc::from([]),
            keys: Credentials::none().with_jar(Some(jar.clone())),
            asked: RequestSent {
                method: "GET".to_owned(),
                url: path.to_owned(),
                rewritten_by: None,
            },
        }
    }

    fn answer(headers: &[(&'static str, &'static str)]) -> Reply {
        let mut reply = Reply {
            status: 200,
            body: b"a page".to_vec(),
            ..Reply::none(Delivery::Whole)
        };
        for (name, value) in headers {
            reply.headers.insert(*name, value.parse().unwrap());
        }
        reply
    }

    #[test]
    fn what_may_be_kept_is_shown_to_the_next_and_to_nobody_elsewhere() {
        let jar = CookieJar::default();
        let asked = request(&jar, "/web");
        store(
            "Ada",
            &asked,
            &answer(&[("cache-control", "private, max-age=60")]),
        );
        assert!(cached_for_another("Ben", &asked).is_some());
        assert!(cached_for_another("Ada", &asked).is_none(), "she asks again");
        assert!(cached_for_another("Ben", &request(&jar, "/other")).is_none());
        assert!(cached_for_another("Ben", &request(&CookieJar::default(), "/web")).is_none());
        assert!(cached_for_another("Ben", &request(&jar.frozen(), "/web")).is_none());
        store(
            "Ben",
            &asked,
            &answer(&[("cache-control", "private, max-age=60")]),
        );
        assert!(cached_for_another("Ben", &asked).is_none());
    }

    #[test]
    fn what_may_not_be_kept_is_not() {
        for headers in [
            &[][..],
            &[("cache-control", "private, no-store")],
            &[("cache-control", "no-store, max-age=60")],
            &[("cache-control", "no-cache, max-age=60")],
            &[("cache-control", "max-age=0")],
            &[("cache-control", "s-maxage=60")],
            &[("cache-control", "max-age=60"), ("vary", "*")],
        ] {
            let jar = CookieJar::default();
            store("Ada", &request(&jar, "/web"), &answer(headers));
            assert!(
                cached_for_another("Ben", &request(&jar, "/web")).is_none(),
                "{headers:?}"
            );
        }
    }

    #[test]
    fn what_varies_with_the_cookie_is_another_page_for_another_session() {
        let jar = CookieJar::default();
        let kept = answer(&[("cache-control", "max-age=60"), ("vary", "Cookie")]);
        store("Ada", &request(&jar, "/web"), &kept);
        let mut bens = request(&jar, "/web");
        assert!(cached_for_another("Ben", &bens).is_some());
        bens.headers.insert("cookie", "clinic_session=2".parse().unwrap());
        assert!(cached_for_another("Ben", &bens).is_none());
    }
}
