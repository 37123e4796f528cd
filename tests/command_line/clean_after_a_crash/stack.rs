//! Somebody else's stack: people, recordings that outlive their owners, one flag and one setting; it counts what it has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::binary::{Ended, Started, Trouble, ensure, run, start_in, within};
use crate::serving::Served;

pub(crate) const PROFILE: &str = include_str!("profile.toml");
const FEATURE: &str = r#"Feature: Somebody else's stack
  Scenario: While a feature is on
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the change "group-visits" is made
    And the feature "sharing" is turned on
    Then no one can list or fetch anybody else's recordings
"#;

/// What the stack has.
#[derive(Default)]
pub(crate) struct World {
    /// Password and id by e-mail address.
    pub(crate) people: BTreeMap<String, (String, String)>,
    sessions: BTreeMap<String, String>,
    /// Owner's id by the recording's.
    pub(crate) recordings: BTreeMap<String, String>,
    /// By the recording's id.
    titles: BTreeMap<String, Json>,
    pub(crate) sharing: bool,
    pub(crate) group_visits: bool,
    /// Every request, `METHOD path`.
    pub(crate) log: Vec<String>,
    /// Requests that begin so are not answered as long as they stand here, those that only look not before the flag is on: the run
    /// can be killed in their middle.
    pub(crate) held: BTreeSet<String>,
    /// Whether one is under way.
    holding: bool,
    /// Requests that begin so are refused, those that only look as long as the flag is on.
    pub(crate) refused: BTreeSet<String>,
    serial: u32,
}

/// What the stack has, as somebody who may see everything lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listing {
    people: Vec<String>,
    recordings: BTreeMap<String, String>,
    sharing: bool,
    group_visits: bool,
}

type Shared = Arc<Mutex<World>>;

/// The stack with a place that a run can begin in.
pub(crate) struct Stack {
    world: Shared,
    served: Served,
}

impl Stack {
    pub(crate) fn start() -> Result<Self, Trouble> {
        let world = Shared::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&world));
        let served = Served::start(router, 0)?;
        Ok(Self { world, served })
    }

    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a run on it, in a directory with the profile and a feature.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Started, Trouble> {
        let place = place_with(PROFILE)?;
        std::fs::write(place.path().join("it.feature"), FEATURE)?;
        let always = ["run", "--profile", "theirs.toml", "--features", "it.feature"];
        self.start_in(place, &[&always, arguments].concat(), &[])
    }

    /// Starts a check of it, in a directory with the profile.
    pub(crate) fn check(&self) -> Result<Started, Trouble> {
        self.check_in(place_with(PROFILE)?, &[])
    }

    /// Starts a check of it in a directory that has the profile.
    pub(crate) fn check_in(&self, place: TempDir, environment: &[(&str, &str)]) -> Result<Started, Trouble> {
        self.start_in(place, &["check", "--profile", "theirs.toml"], environment)
    }

    fn start_in(
        &self,
        place: TempDir,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Result<Started, Trouble> {
        let base = self.served.base();
        let its_own = [
            ("THEIRS", base.as_str()),
            ("THEIR_KEY", "k3y-of-the-administrator"),
        ];
        start_in(place, arguments, &[&its_own, environment].concat())
    }

    /// A run that is ended by this signal as soon as a request that begins so is under way.
    pub(crate) fn cut_short(&self, in_the_middle_of: &str, signal: &str) -> Result<Ended, Trouble> {
        self.hold(in_the_middle_of);
        let started = self.run(&[])?;
        self.until_held(in_the_middle_of)?;
        started.signal(signal)?;
        let ended = started.wait()?;
        self.world().held.clear();
        self.world().log.clear();
        Ok(ended)
    }

    /// Answers no requests that begin so.
    pub(crate) fn hold(&self, requests: &str) {
        self.world().held.insert(requests.to_owned());
    }

    /// Waits until one that is held is under way.
    pub(crate) fn until_held(&self, requests: &str) -> Result<(), Trouble> {
        within(Duration::from_secs(60), requests, || {
            self.world().holding.then_some(())
        })
    }

    /// What it has now.
    pub(crate) fn listing(&self) -> Listing {
        let world = self.world();
        Listing {
            people: world.people.keys().cloned().collect(),
            recordings: world.recordings.clone(),
            sharing: world.sharing,
            group_visits: world.group_visits,
        }
    }

    /// `bystander clean --ledger` after a run, with these arguments.
    pub(crate) fn clean(&self, ledger: &Path, arguments: &[&str]) -> Result<Ended, Trouble> {
        let ledger = ledger.to_string_lossy().into_owned();
        let base = self.served.base();
        run(
            &[&["clean", "--ledger", ledger.as_str()], arguments].concat(),
            &[("THEIRS", &base), ("THEIR_KEY", "k3y-of-the-administrator")],
        )
    }

    /// Fails unless nothing of any run is there.
    pub(crate) fn is_as_it_was(&self) -> Result<(), Trouble> {
        let world = self.world();
        ensure(
            world.people.is_empty() && world.recordings.is_empty() && !world.sharing && !world.group_visits,
            || {
                format!(
                    "people {:?}, recordings {:?}, sharing {}, group visits {}",
                    world.people, world.recordings, world.sharing, world.group_visits
                )
            },
        )
    }
}

/// A directory with this profile.
pub(crate) fn place_with(profile: &str) -> Result<TempDir, Trouble> {
    let place = tempfile::tempdir()?;
    std::fs::write(place.path().join("theirs.toml"), profile)?;
    Ok(place)
}

async fn answer(
    State(world): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let line = format!("{method} {}", uri.path());
    let key = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .unwrap_or_default()
        .to_owned();
    let (held, refused) = {
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        world.log.push(line.clone());
        let begins = |set: &BTreeSet<String>| set.iter().any(|begin| line.starts_with(begin));
        let now = method != Method::GET || world.sharing;
        (begins(&world.held) && now, begins(&world.refused) && now)
    };
    if refused {
        return StatusCode::FORBIDDEN.into_response();
    }
    let body = serde_json::from_slice(&body).unwrap_or_default();
    let said = {
        let mut world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let said = said(&mut world, &method, uri.path(), &key, &body);
        world.holding |= held;
        said
    };
    // it has been done, and nobody is told
    while held && is_held(&world, &line) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (status, body) = said;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(body)).into_response()
}

fn is_held(world: &Shared, line: &str) -> bool {
    let world = world.lock().unwrap_or_else(PoisonError::into_inner);
    world.held.iter().any(|begin| line.starts_with(begin))
}

fn said(world: &mut World, method: &Method, path: &str, key: &str, body: &Json) -> (u16, Json) {
    let admin = key == "k3y-of-the-administrator";
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    let who = world.sessions.get(key).cloned();
    let mut serial = || {
        world.serial += 1;
        format!("{:08x}", world.serial.wrapping_mul(0x9e37_79b9))
    };
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match (method.as_str(), parts.as_slice(), who) {
        ("POST", ["people"], _) if admin => {
            let id = serial();
            world.people.insert(text("email"), (text("password"), id.clone()));
            (201, json!({ "id": id }))
        }
        ("DELETE", ["people", id], _) if admin => {
            let before = world.people.len();
            world.people.retain(|_, (_, known)| known != id);
            (if world.people.len() < before { 204 } else { 404 }, Json::Null)
        }
        ("POST", ["login"], _) => match world.people.get(&text("email")) {
            Some((password, id)) if *password == text("password") => {
                let id = id.clone();
                let token = format!("token-{}", serial());
                world.sessions.insert(token.clone(), id);
                (200, json!({ "token": token }))
            }
            _ => (401, Json::Null),
        },
        ("GET", ["flag"], _) if admin => (200, json!({ "enabled": world.sharing })),
        ("PUT", ["flag"], _) if admin => {
            world.sharing = body["enabled"] == true;
            (200, Json::Null)
        }
        ("PUT", ["settings"], _) if admin => {
            world.group_visits = body["on"] == true;
            (200, Json::Null)
        }
        ("GET", ["me"], Some(id)) => (200, json!({ "id": id })),
        ("POST", ["records"], Some(owner)) => {
            let id = serial();
            world.recordings.insert(id.clone(), owner);
            world.titles.insert(id.clone(), body["title"].clone());
            (201, json!({ "id": id, "title": body["title"] }))
        }
        ("GET", ["records", id], Some(who)) if world.recordings.get(*id) == Some(&who) => {
            (200, json!({ "id": id, "title": world.titles.get(*id) }))
        }
        // while group visits are offered nothing can be deleted: changes go back first
        ("DELETE", ["records", _], _) if world.group_visits => (409, Json::Null),
        ("DELETE", ["records", id], Some(who)) if world.recordings.get(*id) == Some(&who) => {
            world.recordings.remove(*id);
            (204, Json::Null)
        }
        (_, _, None) if !admin => (401, Json::Null),
        _ => (404, Json::Null),
    }
}
