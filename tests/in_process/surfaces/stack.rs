//! A small stack with people, sessions and recordings; how it answers at its surfaces is up to each test.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use futures::StreamExt;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::net::TcpListener;
use tokio::sync::broadcast;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    /// The same in its order, with what is given twice.
    pub(crate) pairs: Vec<(String, String)>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Json,
    /// What stands behind `Bearer`.
    pub(crate) token: Option<String>,
    /// Whose token it is.
    pub(crate) who: Option<String>,
    /// Whether it came in at the second address.
    pub(crate) elsewhere: bool,
}

impl Asked {
    pub(crate) fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path == path
    }

    /// What follows a path that the request begins with.
    pub(crate) fn below(&self, path: &str) -> Option<&str> {
        self.path.strip_prefix(path)
    }

    pub(crate) fn number(&self, name: &str, otherwise: usize) -> usize {
        self.query
            .get(name)
            .and_then(|value| value.parse().ok())
            .unwrap_or(otherwise)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Recording {
    pub(crate) id: String,
    pub(crate) owner: String,
    pub(crate) title: String,
}

impl Recording {
    pub(crate) fn json(&self) -> Json {
        json!({"id": self.id, "title": self.title})
    }
}

/// What the stack knows.
pub(crate) struct World {
    /// Name and role, by id.
    pub(crate) people: BTreeMap<String, (String, String)>,
    /// Ids of people by their tokens.
    pub(crate) sessions: BTreeMap<String, String>,
    pub(crate) recordings: Vec<Recording>,
    /// Everything that was asked.
    pub(crate) log: Vec<Asked>,
    /// Links that were handed out: recording, and when.
    pub(crate) links: BTreeMap<String, (String, Instant)>,
    pub(crate) events: broadcast::Sender<(String, String)>,
    pub(crate) api: String,
    pub(crate) media: String,
    serial: u32,
}

impl World {
    pub(crate) fn serial(&mut self) -> String {
        self.serial += 1;
        format!("{:08x}{:08x}", self.serial.wrapping_mul(0x9e37_79b9), self.serial)
    }

    pub(crate) fn of(&self, who: &str) -> Vec<Recording> {
        let theirs = self.recordings.iter().filter(|one| one.owner == who);
        theirs.cloned().collect()
    }

    pub(crate) fn recording(&self, id: &str) -> Option<Recording> {
        self.recordings.iter().find(|one| one.id == id).cloned()
    }

    pub(crate) fn role(&self, who: &str) -> &str {
        self.people.get(who).map_or("", |(_, role)| role)
    }
}

/// What happens, and whose events are passed on; none: everybody's.
pub(crate) struct Events {
    pub(crate) all: broadcast::Receiver<(String, String)>,
    pub(crate) only: Option<String>,
}

/// An answer.
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Stays open, and tells what is passed on of the events.
    pub(crate) events: Option<Events>,
}

impl Said {
    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            events: None,
        }
    }

    pub(crate) fn json(status: u16, body: &Json) -> Self {
        Self {
            body: body.to_string().into_bytes(),
            ..Self::status(status).with("content-type", "application/json")
        }
    }

    pub(crate) fn page(text: &str) -> Self {
        Self {
            body: text.as_bytes().to_vec(),
            ..Self::status(200).with("content-type", "text/html")
        }
    }

    pub(crate) fn refused(status: u16) -> Self {
        Self::json(status, &json!({"error": "no"}))
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    fn into_response(self) -> Response {
        let body = match self.events {
            None => Body::from(self.body),
            Some(Events { all, only }) => {
                let events =
                    tokio_stream(all).filter_map(move |(owner, text)| {
                        let told = only.as_ref().is_none_or(|only| *only == owner);
                        async move {
                            told.then(|| Ok::<_, std::io::Error>(Bytes::from(format!("data: {text}\n\n"))))
                        }
                    });
                Body::from_stream(events.boxed())
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap();
        for (name, value) in self.headers {
            let value = HeaderValue::from_str(&value).unwrap();
            response
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
        response
    }
}

fn tokio_stream(
    events: broadcast::Receiver<(String, String)>,
) -> impl futures::Stream<Item = (String, String)> {
    futures::stream::unfold(events, |mut events| async move {
        let next = events.recv().await.ok()?;
        Some((next, events))
    })
}

/// How a stack answers at its surfaces; none: as every stack here does.
pub(crate) type Answers = dyn Fn(&Asked, &mut World) -> Option<Said> + Send + Sync;

/// A stack that is up until it is dropped.
pub(crate) struct Stack {
    pub(crate) world: Arc<Mutex<World>>,
    pub(crate) api: String,
    pub(crate) media: String,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

impl Drop for Stack {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

#[derive(Clone)]
struct Shared {
    world: Arc<Mutex<World>>,
    answers: Arc<Answers>,
    elsewhere: bool,
}

impl Stack {
    pub(crate) async fn start(answers: Arc<Answers>) -> Self {
        let listeners = [
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
            TcpListener::bind("127.0.0.1:0").await.unwrap(),
        ];
        let [api, media] = [0, 1].map(|at: usize| format!("http://{}", listeners[at].local_addr().unwrap()));
        let world = Arc::new(Mutex::new(World {
            people: BTreeMap::new(),
            sessions: BTreeMap::new(),
            recordings: Vec::new(),
            log: Vec::new(),
            links: BTreeMap::new(),
            events: broadcast::channel(64).0,
            api: api.clone(),
            media: media.clone(),
            serial: 0,
        }));
        let mut tasks = Vec::new();
        for (listener, elsewhere) in listeners.into_iter().zip([false, true]) {
            let shared = Shared {
                world: Arc::clone(&world),
                answers: Arc::clone(&answers),
                elsewhere,
            };
            let router = Router::new().fallback(answer).with_state(shared);
            tasks.push(tokio::spawn(async move {
                // it ends with the test
                let _ = axum::serve(listener, router).await;
            }));
        }
        Self {
            world,
            api,
            media,
            tasks,
        }
    }

    /// What was asked for, as far as it fits.
    pub(crate) fn asked(&self, fits: impl Fn(&Asked) -> bool) -> Vec<Asked> {
        let world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.log.iter().filter(|asked| fits(asked)).cloned().collect()
    }
}

async fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut world = shared.world.lock().unwrap_or_else(PoisonError::into_inner);
    let token = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "))
        .map(str::to_owned);
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let pairs: Vec<(String, String)> = query.into_owned().collect();
    let said = headers
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())));
    let asked = Asked {
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: pairs.iter().cloned().collect(),
        pairs,
        headers: said.collect(),
        body: serde_json::from_slice(&body).unwrap_or_default(),
        who: token
            .as_ref()
            .and_then(|token| world.sessions.get(token).cloned()),
        token,
        elsewhere: shared.elsewhere,
    };
    world.log.push(asked.clone());
    let said = (shared.answers)(&asked, &mut world).or_else(|| common(&asked, &mut world));
    said.unwrap_or_else(|| Said::refused(404)).into_response()
}

/// What every stack here does.
fn common(asked: &Asked, world: &mut World) -> Option<Said> {
    let text = |name: &str| asked.body[name].as_str().unwrap_or_default().to_owned();
    if asked.is("POST", "/people") {
        let id = world.serial();
        world.people.insert(id.clone(), (text("name"), text("role")));
        return Some(Said::json(201, &json!({"id": id})));
    }
    if asked.is("POST", "/login") {
        let token = format!("tok{}", world.serial());
        world.sessions.insert(token.clone(), text("id"));
        return Some(Said::json(200, &json!({"token": token})));
    }
    let Some(who) = &asked.who else {
        return Some(Said::refused(401));
    };
    if asked.is("GET", "/me") {
        return Some(Said::json(200, &json!({"id": who})));
    }
    if asked.is("POST", "/recordings") {
        let id = world.serial();
        world.recordings.push(Recording {
            id: id.clone(),
            owner: who.clone(),
            title: text("title"),
        });
        return Some(Said::json(201, &json!({"id": id})));
    }
    None
}

/// The one way that is right: what is one's own is served, and everything else is not there.
pub(crate) fn own_item(asked: &Asked, world: &World) -> Option<Said> {
    let id = asked.below("/recordings/")?;
    let who = asked.who.as_ref()?;
    let found = world.recording(id).filter(|one| one.owner == *who);
    Some(found.map_or_else(|| Said::refused(404), |one| Said::json(200, &one.json())))
}
