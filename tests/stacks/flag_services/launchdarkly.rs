//! LaunchDarkly's REST API, version 2, as far as a flag's targeting goes: reading it, and semantic patches of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::response::Response;
use serde_json::{Value as Json, json};

use super::standing::{Asked, FLAG, Standing, Told, serve};
use crate::binary::{Trouble, ensure};
use crate::targets_rows::shelf::{Shelf, answer};

/// A service token with the role Writer.
const WRITER: &str = "api-3f2a9c1e-77b0-4c58-9d2e-000000000001";
/// One with the role Reader.
pub(crate) const READER: &str = "api-3f2a9c1e-77b0-4c58-9d2e-000000000002";
/// What an SDK has.
pub(crate) const SDK_KEY: &str = "sdk-3f2a9c1e-77b0-4c58-9d2e-000000000003";
const PROJECT: &str = "riverside";
const ENVIRONMENT: &str = "staging";

/// Whether targeting is on, by the environment's key.
type Flag = Arc<Mutex<BTreeMap<&'static str, bool>>>;

/// LaunchDarkly with the flag on or off in the app's environment, and on in another one.
pub(crate) fn launchdarkly(shelf: &Shelf, before: bool) -> Result<Standing, Trouble> {
    let first = BTreeMap::from([("production", true), (ENVIRONMENT, before)]);
    let flag: Flag = Arc::new(Mutex::new(first.clone()));
    let now = |flag: &Flag| flag.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (kept, story) = (Arc::clone(&flag), Arc::clone(shelf));
    let served = serve(move |asked| answered(asked, &kept, &story))?;
    let (asked, looked) = (Arc::clone(&flag), flag);
    let mut standing = Standing {
        snippets: &["launchdarkly.toml"],
        environment: vec![
            ("LAUNCHDARKLY_URL", served.base()),
            ("LAUNCHDARKLY_API_TOKEN", WRITER.to_owned()),
            ("LAUNCHDARKLY_PROJECT", PROJECT.to_owned()),
            ("LAUNCHDARKLY_ENVIRONMENT", ENVIRONMENT.to_owned()),
        ],
        ask: Arc::new(move || now(&asked).get(ENVIRONMENT) == Some(&true)),
        as_it_was: Box::new(move || {
            ensure(now(&looked) == first, || {
                format!("{:?} is left of {first:?}", now(&looked))
            })
        }),
        running: Vec::new(),
    };
    standing.keep(served);
    Ok(standing)
}

fn fails(status: u16, code: &str, message: &str) -> Response {
    answer(status, json!({ "code": code, "message": message }))
}

fn answered(asked: &Asked<'_>, flag: &Flag, shelf: &Shelf) -> Response {
    let token = asked.header("authorization");
    if !matches!(token, Some(WRITER | READER)) {
        return fails(401, "unauthorized", "Invalid access token");
    }
    if asked
        .header("ld-api-version")
        .is_some_and(|version| version != "20240415")
    {
        return fails(400, "invalid_request", "Unknown API version");
    }
    if asked.path != ["api", "v2", "flags", PROJECT, FLAG] {
        return fails(404, "not_found", "Unknown feature key");
    }
    let mut environments = flag.lock().unwrap_or_else(PoisonError::into_inner);
    match asked.method.as_str() {
        "GET" => {
            let wanted: Vec<&str> = asked
                .query
                .split('&')
                .filter_map(|pair| pair.strip_prefix("env="))
                .collect();
            answer(
                200,
                shown(&environments, |name| wanted.is_empty() || wanted.contains(&name)),
            )
        }
        "PATCH" if token == Some(READER) => {
            fails(403, "forbidden", "Access to the requested resource was denied")
        }
        "PATCH" => {
            let on = match patch(asked, &environments) {
                Ok(on) => on,
                Err(refused) => return *refused,
            };
            environments.insert(ENVIRONMENT, on);
            Told::Set(on).note(shelf);
            answer(200, shown(&environments, |_| true))
        }
        _ => fails(405, "method_not_allowed", "Method not allowed"),
    }
}

/// What a semantic patch turns targeting to.
fn patch(asked: &Asked<'_>, environments: &BTreeMap<&'static str, bool>) -> Result<bool, Box<Response>> {
    let invalid = |message: &str| Box::new(fails(400, "invalid_request", message));
    let (kind, parameters) = asked.content_type();
    if kind != "application/json" {
        return Err(Box::new(fails(
            415,
            "unsupported_media_type",
            "Unsupported content type",
        )));
    }
    if parameters != [("domain-model".to_owned(), "launchdarkly.semanticpatch".to_owned())] {
        return Err(invalid("a JSON patch must be a list of operations"));
    }
    let body: Json = serde_json::from_slice(asked.body).map_err(|_| invalid("Invalid request body"))?;
    let fields = body.as_object().ok_or_else(|| invalid("Invalid request body"))?;
    let known = ["comment", "environmentKey", "instructions"];
    if fields.keys().any(|name| !known.contains(&name.as_str())) {
        return Err(invalid("Unknown field"));
    }
    match body["environmentKey"].as_str() {
        // only in the app's own environment may anything be turned
        Some(ENVIRONMENT) if environments.contains_key(ENVIRONMENT) => {}
        _ => return Err(invalid("Invalid environmentKey")),
    }
    match body["instructions"].as_array().map(Vec::as_slice) {
        Some([only]) if *only == json!({ "kind": "turnFlagOn" }) => Ok(true),
        Some([only]) if *only == json!({ "kind": "turnFlagOff" }) => Ok(false),
        _ => Err(invalid("Invalid instructions")),
    }
}

fn shown(environments: &BTreeMap<&'static str, bool>, wanted: impl Fn(&str) -> bool) -> Json {
    let each = environments.iter().filter(|(name, _)| wanted(name));
    let each: serde_json::Map<String, Json> = each
        .map(|(name, on)| {
            let environment = json!({ "on": on, "archived": false, "version": 3, "offVariation": 1, "fallthrough": { "variation": 0 } });
            ((*name).to_owned(), environment)
        })
        .collect();
    json!({
        "key": FLAG, "name": "Audio and video", "kind": "boolean", "_version": 3, "archived": false,
        "variations": [{ "value": true }, { "value": false }], "environments": each,
    })
}
