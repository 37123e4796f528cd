//! Where a cookie goes, and when it is gone.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use reqwest::header::HeaderValue;

fn learn(jar: &CookieJar, url: &str, cookies: &[&str]) {
    let mut headers = HeaderMap::new();
    for cookie in cookies {
        headers.append(SET_COOKIE, HeaderValue::from_str(cookie).unwrap());
    }
    jar.learn(&url.parse().unwrap(), &headers);
}

fn sent(jar: &CookieJar, url: &str) -> String {
    let pairs = jar.cookies_for(&url.parse().unwrap());
    pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect::<Vec<_>>()
        .join("; ")
}

#[test]
fn a_cookie_goes_back_to_its_origin_and_nowhere_else() {
    let jar = CookieJar::default();
    learn(
        &jar,
        "http://127.0.0.1:8000/login",
        &["s=1; Path=/; HttpOnly", "csrf=x; Path=/"],
    );
    assert_eq!(sent(&jar, "http://127.0.0.1:8000/any"), "s=1; csrf=x");
    for elsewhere in [
        "http://127.0.0.1:8001/any",
        "http://127.0.0.2:8000/any",
        "https://127.0.0.1:8000/any",
        "http://localhost:8000/any",
    ] {
        assert_eq!(sent(&jar, elsewhere), "", "{elsewhere}");
    }
    assert_eq!(jar.vars().text("csrf"), Some("x"));
}

#[test]
fn a_domain_widens_it_only_to_what_lies_below() {
    let jar = CookieJar::default();
    let set = [
        "wide=1; Domain=clinic.test; Path=/",
        "alien=1; Domain=other.test",
        "top=1; Domain=test",
    ];
    learn(&jar, "https://api.clinic.test/", &set);
    assert_eq!(sent(&jar, "https://media.clinic.test/x"), "wide=1");
    assert_eq!(sent(&jar, "https://clinic.test/"), "wide=1");
    for elsewhere in [
        "https://evilclinic.test/",
        "https://other.test/",
        "https://x.test/",
    ] {
        assert_eq!(sent(&jar, elsewhere), "", "{elsewhere}");
    }
}

#[test]
fn what_is_deleted_or_over_is_gone() {
    let jar = CookieJar::default();
    let url = "http://127.0.0.1:8000/";
    learn(
        &jar,
        url,
        &[
            "a=1; Max-Age=60",
            "b=2",
            "c=3",
            "d=4; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        ],
    );
    assert_eq!(sent(&jar, url), "a=1; b=2; c=3");
    learn(
        &jar,
        url,
        &[
            "a=; Max-Age=0",
            "b=; Expires=Thu, 01-Jan-1970 00:00:00 GMT",
            "c=new; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        ],
    );
    assert_eq!(sent(&jar, url), "c=new");
    assert!(jar.vars().get("a").is_none());
}

#[test]
fn paths_and_secure_are_respected() {
    let jar = CookieJar::default();
    learn(
        &jar,
        "http://clinic.test/web/login",
        &["deep=1", "root=2; Path=/", "safe=3; Path=/; Secure"],
    );
    assert_eq!(sent(&jar, "http://clinic.test/web/x"), "deep=1; root=2");
    assert_eq!(sent(&jar, "http://clinic.test/website"), "root=2");
    let loopback = CookieJar::default();
    learn(&loopback, "http://127.0.0.1:1/", &["safe=3; Secure"]);
    assert_eq!(sent(&loopback, "http://127.0.0.1:1/"), "safe=3");
}

#[test]
fn a_frozen_jar_stays_as_it_was_and_nothing_prints() {
    let jar = CookieJar::default();
    let url = "http://127.0.0.1:8000/";
    learn(&jar, url, &["s=s3cret"]);
    let (clone, old) = (jar.clone(), jar.frozen());
    learn(&clone, url, &["s=; Max-Age=0"]);
    learn(&old, url, &["s=; Max-Age=0"]);
    assert_eq!(sent(&jar, url), "", "clones share");
    assert_eq!(sent(&old, url), "s=s3cret");
    assert_eq!(format!("{old:?}"), r#"{"s"}"#);
}
