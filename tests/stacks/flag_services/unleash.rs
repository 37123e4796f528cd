//! Unleash, as far as an administrator's flag goes: `GET` of a feature, and `on` and `off` of it in one environment.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::standing::{Asked, FLAG, Standing, Told, serve};
use crate::binary::{Trouble, ensure};
use crate::targets_rows::shelf::{Shelf, answer};

/// A personal access token.
const ADMIN: &str = "user:0a1b2c3d4e5f60718293a4b5c6d7e8f9";
/// What an SDK has.
pub(crate) const BACKEND: &str = "riverside:testing.964a287e1b728cb5f4f3e0120df92cb5";
/// The project of the flag, and the environment that the app reads.
const PROJECT: &str = "riverside";
const ENVIRONMENT: &str = "testing";

/// Whether the flag is on, by environment.
type Flag = Arc<Mutex<BTreeMap<&'static str, bool>>>;

/// Unleash with the flag on or off in the app's environment, and on in another one.
pub(crate) fn unleash(shelf: &Shelf, before: bool) -> Result<Standing, Trouble> {
    let first = BTreeMap::from([("development", true), (ENVIRONMENT, before)]);
    let flag: Flag = Arc::new(Mutex::new(first.clone()));
    let now = |flag: &Flag| flag.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (kept, story) = (Arc::clone(&flag), Arc::clone(shelf));
    let served = serve(move |asked| answered(asked, &kept, &story))?;
    let (asked, looked) = (Arc::clone(&flag), flag);
    let mut standing = Standing {
        snippets: &["unleash.toml"],
        environment: vec![
            ("UNLEASH_URL", served.base()),
            ("UNLEASH_ADMIN_TOKEN", ADMIN.to_owned()),
            ("UNLEASH_PROJECT", PROJECT.to_owned()),
            ("UNLEASH_ENVIRONMENT", ENVIRONMENT.to_owned()),
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

fn answered(asked: &Asked<'_>, flag: &Flag, shelf: &Shelf) -> Response {
    let fails = |status, name: &str, message: String| {
        answer(
            status,
            json!({ "id": "6fd3e5c5", "name": name, "message": message, "details": [{ "message": message }] }),
        )
    };
    match asked.header("authorization") {
        Some(ADMIN) => {}
        // it is known, and nothing for this door
        Some(BACKEND) => {
            return fails(
                403,
                "PermissionError",
                "a backend token has no admin permissions".to_owned(),
            );
        }
        _ => {
            return fails(
                401,
                "AuthenticationRequired",
                "You must log in to use Unleash.".to_owned(),
            );
        }
    }
    let mut environments = flag.lock().unwrap_or_else(PoisonError::into_inner);
    let [
        "api",
        "admin",
        "projects",
        project,
        "features",
        feature,
        rest @ ..,
    ] = asked.path.as_slice()
    else {
        return fails(404, "NotFoundError", "there is no such path".to_owned());
    };
    if *project != PROJECT || *feature != FLAG {
        return fails(
            404,
            "NotFoundError",
            format!("Could not find feature {feature} in {project}"),
        );
    }
    match (asked.method.as_str(), rest) {
        ("GET", []) => {
            let each = environments.iter().enumerate();
            let shown: Vec<_> = each
                .map(|(order, (name, enabled))| {
                    json!({ "name": name, "enabled": enabled, "type": "test", "sortOrder": order, "strategies": [] })
                })
                .collect();
            answer(
                200,
                json!({
                    "name": FLAG, "type": "release", "project": PROJECT, "stale": false, "archived": false, "impressionData": false,
                    "createdAt": "2020-06-09T09:00:00.000Z", "environments": shown, "variants": [],
                }),
            )
        }
        ("POST", ["environments", environment, on @ ("on" | "off")]) => {
            let Some(enabled) = environments.get_mut(*environment) else {
                return fails(
                    404,
                    "NotFoundError",
                    format!("Could not find environment {environment}"),
                );
            };
            *enabled = *on == "on";
            Told::Set(*enabled).note(shelf);
            StatusCode::OK.into_response()
        }
        _ => fails(404, "NotFoundError", "there is no such path".to_owned()),
    }
}
