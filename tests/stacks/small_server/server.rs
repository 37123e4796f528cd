//! A small practice with video visits, of which a record is kept each time: people sign in, list, search, open, play and export
//! their own. Written for this test, and unrelated to the clinic.

use std::collections::{BTreeMap, HashMap};
use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use uuid::Uuid;

use super::mode::Mode;

/// What the administrator carries.
pub(crate) const ADMIN: &str = "mill-lane-admin";
/// Records on a page of the list.
const PAGE: usize = 25;

/// How somebody is sent away.
struct Refused(Box<Response>);

impl From<Response> for Refused {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// The server with its mode.
#[derive(Clone)]
struct Practice(Arc<Inner>);

struct Inner {
    mode: Mode,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// E-mail address to id and password.
    people: HashMap<String, (String, String)>,
    /// Token to the person's id.
    sessions: HashMap<String, String>,
    /// In the order in which they were made.
    records: BTreeMap<u64, Record>,
    group_visits: bool,
    /// Address to answer, in the mode with a cache.
    cache: HashMap<String, Value>,
    made: u64,
}

#[derive(Clone)]
struct Record {
    id: String,
    owner: String,
    title: String,
    notes: String,
    video: Bytes,
}

impl Record {
    fn shown(&self) -> Value {
        json!({ "id": self.id, "title": self.title, "notes": self.notes })
    }

    fn in_base64(&self) -> String {
        STANDARD.encode(self.shown().to_string())
    }
}

/// The routes of a server in this mode.
pub(crate) fn router(mode: Mode) -> Router {
    let practice = Practice(Arc::new(Inner {
        mode,
        kept: Mutex::default(),
    }));
    Router::new()
        .route("/health", get(|| async { "well" }))
        .route("/people", post(take_in))
        .route("/people/{id}", delete(let_go))
        .route("/sessions", post(sign_in))
        .route("/sessions/current", delete(sign_out))
        .route("/whoami", get(whoami))
        .route("/settings/group-visits", put(set).get(setting))
        .route("/records", post(add).get(list))
        .route("/records/{id}", get(open).delete(remove))
        .route("/records/{id}/video", put(upload).get(play))
        .route("/records/{id}/export", get(export))
        .route("/search", get(search))
        .with_state(practice)
}

impl Practice {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is(&self, mode: Mode) -> bool {
        self.0.mode == mode
    }

    /// Who asks, by the token.
    fn caller(&self, headers: &HeaderMap) -> Result<String, Refused> {
        let token = bearer(headers).ok_or_else(refused)?;
        self.kept().sessions.get(token).cloned().ok_or_else(refused)
    }

    /// A record for somebody: theirs, or anybody's when `anybodys`; else the refusal.
    fn record(&self, caller: &str, id: &str, anybodys: bool) -> Result<Record, Refused> {
        let kept = self.kept();
        let found = kept.records.values().find(|record| record.id == id);
        match found {
            Some(record) if record.owner == caller || anybodys => Ok(record.clone()),
            other => Err(self.refusal(other).into()),
        }
    }

    /// How somebody is refused: as if there were nothing.
    fn refusal(&self, record: Option<&Record>) -> Response {
        let not_found = || problem(StatusCode::NOT_FOUND, "there is no such record");
        match (self.0.mode, record) {
            (Mode::RefusalShowsRecord, Some(record)) => {
                let body = json!({ "problem": "this is not yours", "record": record.shown() });
                (StatusCode::FORBIDDEN, Json(body)).into_response()
            }
            (Mode::RefusalShowsBase64, Some(record)) => {
                let body = json!({ "problem": "this is not yours", "trace": record.in_base64() });
                (StatusCode::FORBIDDEN, Json(body)).into_response()
            }
            (Mode::NotFoundNamesIt, Some(record)) => {
                let mut refusal = not_found();
                if let Ok(title) = HeaderValue::from_str(&record.title) {
                    refusal.headers_mut().insert("x-looked-for", title);
                }
                refusal
            }
            (Mode::DeniedWith200, _) => problem(StatusCode::OK, "there is no such record"),
            _ => not_found(),
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    value.strip_prefix("Bearer ")
}

fn admin(headers: &HeaderMap) -> Result<(), Refused> {
    (bearer(headers) == Some(ADMIN)).then_some(()).ok_or_else(refused)
}

fn problem(status: StatusCode, text: &str) -> Response {
    (status, Json(json!({ "problem": text }))).into_response()
}

fn refused() -> Refused {
    problem(StatusCode::UNAUTHORIZED, "sign in first").into()
}

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_default().to_owned()
}

async fn take_in(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response, Refused> {
    admin(&headers)?;
    let id = Uuid::new_v4().to_string();
    let person = (id.clone(), text(&body, "password"));
    practice.kept().people.insert(text(&body, "email"), person);
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))).into_response())
}

async fn let_go(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    admin(&headers)?;
    let mut kept = practice.kept();
    kept.people.retain(|_, (person, _)| *person != id);
    kept.sessions.retain(|_, person| *person != id);
    kept.records.retain(|_, record| record.owner != id);
    Ok(StatusCode::NO_CONTENT)
}

async fn sign_in(State(practice): State<Practice>, Json(body): Json<Value>) -> Response {
    if practice.is(Mode::SignInDown) {
        return problem(StatusCode::SERVICE_UNAVAILABLE, "come back later");
    }
    let mut kept = practice.kept();
    let person = match kept.people.get(&text(&body, "email")) {
        Some((id, password)) if *password == text(&body, "password") => id.clone(),
        _ => return problem(StatusCode::UNAUTHORIZED, "wrong address or password"),
    };
    let token = Uuid::new_v4().to_string();
    kept.sessions.insert(token.clone(), person);
    (StatusCode::CREATED, Json(json!({ "token": token }))).into_response()
}

async fn sign_out(State(practice): State<Practice>, headers: HeaderMap) -> Result<StatusCode, Refused> {
    practice.caller(&headers)?;
    let token = bearer(&headers).unwrap_or_default();
    practice.kept().sessions.remove(token);
    Ok(StatusCode::NO_CONTENT)
}

async fn whoami(State(practice): State<Practice>, headers: HeaderMap) -> Result<Json<Value>, Refused> {
    Ok(Json(json!({ "id": practice.caller(&headers)? })))
}

async fn set(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<StatusCode, Refused> {
    admin(&headers)?;
    practice.kept().group_visits = body["on"] == true;
    Ok(StatusCode::NO_CONTENT)
}

async fn setting(State(practice): State<Practice>) -> Json<Value> {
    Json(json!({ "on": practice.kept().group_visits }))
}

async fn add(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Result<Response, Refused> {
    let owner = practice.caller(&headers)?;
    let id = Uuid::new_v4().to_string();
    let record = Record {
        id: id.clone(),
        owner,
        title: text(&body, "title"),
        notes: text(&body, "notes"),
        video: Bytes::new(),
    };
    let mut kept = practice.kept();
    kept.made += 1;
    let number = kept.made;
    kept.records.insert(number, record);
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))).into_response())
}

async fn upload(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<StatusCode, Refused> {
    let caller = practice.caller(&headers)?;
    practice.record(&caller, &id, false)?;
    let mut kept = practice.kept();
    let of_id = kept.records.values_mut().find(|record| record.id == id);
    of_id.into_iter().for_each(|record| record.video = body.clone());
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<StatusCode, Refused> {
    let caller = practice.caller(&headers)?;
    practice.record(&caller, &id, false)?;
    practice.kept().records.retain(|_, record| record.id != id);
    Ok(StatusCode::NO_CONTENT)
}

async fn list(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, Refused> {
    let caller = practice.caller(&headers)?;
    let kept = practice.kept();
    let unscoped =
        practice.is(Mode::ListUnscoped) || (practice.is(Mode::ListUnscopedAfterSwitch) && kept.group_visits);
    let after = query
        .get("after")
        .and_then(|after| after.parse().ok())
        .unwrap_or(0);
    let mut page: Vec<(&u64, &Record)> = kept
        .records
        .range(after + 1..)
        .filter(|(_, record)| unscoped || record.owner == caller)
        .take(PAGE + 1)
        .collect();
    let more = page.len() > PAGE;
    page.truncate(PAGE);
    let next = page.last().filter(|_| more).map(|(number, _)| number.to_string());
    let records: Vec<Value> = page.iter().map(|(_, record)| record.shown()).collect();
    Ok(Json(json!({ "records": records, "next": next })))
}

async fn search(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, Refused> {
    let caller = practice.caller(&headers)?;
    let wanted = query.get("text").map_or("", String::as_str);
    let kept = practice.kept();
    let found: Vec<Value> = kept
        .records
        .values()
        .filter(|record| record.owner == caller || practice.is(Mode::SearchLeak))
        .filter(|record| !wanted.is_empty() && record.title.contains(wanted))
        .map(Record::shown)
        .collect();
    Ok(Json(json!({ "count": found.len(), "found": found })))
}

async fn open(
    State(practice): State<Practice>,
    headers: HeaderMap,
    OriginalUri(address): OriginalUri,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refused> {
    let address = address.to_string();
    if practice.is(Mode::CacheIgnoresUser)
        && let Some(cached) = practice.kept().cache.get(&address)
    {
        return Ok(Json(cached.clone()));
    }
    let caller = practice.caller(&headers)?;
    if practice.is(Mode::OwnNotFound) {
        return Err(practice.refusal(None).into());
    }
    let record = practice.record(&caller, &id, practice.is(Mode::MetadataUnchecked))?;
    let mut shown = record.shown();
    let mut kept = practice.kept();
    if practice.is(Mode::ForeignInsideOwn) {
        let others = kept.records.values().filter(|other| other.owner != caller);
        shown["previous"] = others.last().map(Record::in_base64).into();
    }
    if practice.is(Mode::CacheIgnoresUser) {
        kept.cache.insert(address, shown.clone());
    }
    Ok(Json(shown))
}

async fn play(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let caller = practice.caller(&headers)?;
    let part = headers.get(header::RANGE).and_then(range);
    let anybodys = practice.is(Mode::MediaUnchecked) || (practice.is(Mode::RangeUnchecked) && part.is_some());
    let video = practice.record(&caller, &id, anybodys)?.video;
    let kind = (header::CONTENT_TYPE, "video/mp4");
    let Some((first, last)) = part else {
        return Ok(([kind], video).into_response());
    };
    let end = last.saturating_add(1).min(video.len());
    if first >= end {
        return Err(StatusCode::RANGE_NOT_SATISFIABLE.into_response().into());
    }
    let place = format!("bytes {first}-{}/{}", end - 1, video.len());
    let headers = [kind, (header::CONTENT_RANGE, place.as_str())];
    Ok((StatusCode::PARTIAL_CONTENT, headers, video.slice(first..end)).into_response())
}

/// `bytes=FIRST-LAST`.
fn range(value: &HeaderValue) -> Option<(usize, usize)> {
    let (first, last) = value.to_str().ok()?.strip_prefix("bytes=")?.split_once('-')?;
    Some((first.parse().ok()?, last.parse().unwrap_or(usize::MAX)))
}

async fn export(
    State(practice): State<Practice>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let caller = practice.caller(&headers)?;
    let record = practice.record(&caller, &id, practice.is(Mode::ExportUnchecked))?;
    let mut file = GzEncoder::new(Vec::new(), Compression::default());
    let packed = file
        .write_all(record.shown().to_string().as_bytes())
        .and_then(|()| file.finish())
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())?;
    Ok(([(header::CONTENT_TYPE, "application/gzip")], packed).into_response())
}
