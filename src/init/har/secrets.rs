//! What of a recording must never stand in a profile.

use super::super::guess::words::{self, is, says};
use super::entry::HarEntry;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Headers of their own that every browser sends: never a key.
const DULL: [&str; 6] = [
    "x-requested-with",
    "x-request-id",
    "x-forwarded-for",
    "x-csrf-token",
    "x-xsrf-token",
    "x-real-ip",
];

/// Passwords, tokens, cookies, keys.
pub(super) fn of(entries: &[HarEntry]) -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for entry in entries {
        for (_, value) in entry.cookies().chain(entry.set_cookies()) {
            secrets.insert(value.to_owned());
        }
        for (name, value) in &entry.headers {
            if name == "authorization" {
                secrets.insert(value.clone());
                secrets.extend(value.split_whitespace().nth(1).map(str::to_owned));
            } else if is_key(name) || name.contains("csrf") || name.contains("xsrf") {
                secrets.insert(value.clone());
            }
        }
        for (name, value) in entry.url.query_pairs() {
            if secret_name(&name) || says(&name, &["signature", "sig"]) {
                secrets.insert(value.into_owned());
            }
        }
        if let Some(body) = &entry.body {
            named(&body.fields, &mut secrets);
        }
        if let Some(json) = &entry.json {
            named(json, &mut secrets);
        }
    }
    secrets.retain(|secret| !secret.is_empty());
    secrets
}

/// Whether a header is a key: something that a service or an administrator shows.
pub(super) fn is_key(header: &str) -> bool {
    let own =
        !header.starts_with("sec-") && !header.starts_with("access-control-") && !DULL.contains(&header);
    own && says(
        header,
        &[
            "key",
            "token",
            "secret",
            "auth",
            "admin",
            "service",
            "apikey",
            "credential",
        ],
    )
}

fn secret_name(name: &str) -> bool {
    says(name, words::PASSWORD)
        || is(name, words::TOKEN)
        || says(name, &["token", "secret", "csrf", "otp", "pin"])
}

fn named(value: &Json, secrets: &mut BTreeSet<String>) {
    match value {
        Json::Object(fields) => {
            for (name, field) in fields {
                match field {
                    Json::String(text) if secret_name(name) => {
                        secrets.insert(text.clone());
                    }
                    other => named(other, secrets),
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| named(item, secrets)),
        _ => {}
    }
}

/// Whether a recorded value may stand in a profile as it is: a number, true or false, or one small word that is no secret.
pub(super) fn harmless(value: &Json, secrets: &BTreeSet<String>) -> bool {
    match value {
        Json::Bool(_) => true,
        Json::Number(number) => number.to_string().len() < 6,
        Json::String(text) => {
            !secrets.contains(text)
                && (1..=20).contains(&text.len())
                && text
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || b"-_".contains(&byte))
        }
        _ => false,
    }
}
