//! What a stack can do wrong, and what a run must say of it: never that it held.

use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use regex::Regex;
use serde_json::{Value as Json, json};

use crate::proxy::{Answer, Asked, Meddle, Memory, Turn};

/// A misbehaviour, and what must come of it.
pub(crate) struct Mode {
    /// The test's name.
    pub(crate) name: &'static str,
    /// The exit code.
    pub(crate) code: u8,
    /// What must stand among the reasons: each of these, somewhere.
    pub(crate) reasons: &'static [&'static str],
    /// Whether no scenario at all may hold, or only one may not.
    pub(crate) spoils_all: bool,
    /// Response timeout.
    pub(crate) patience: Duration,
    /// The misbehaviour.
    pub(crate) meddle: fn() -> Box<Meddle>,
}

/// More than any answer needs.
const PATIENT: Duration = Duration::from_secs(10);

const NOT_HELD: Mode = Mode {
    name: "",
    code: 3,
    reasons: &[],
    spoils_all: true,
    patience: PATIENT,
    meddle: || Box::new(|_, _, _| Turn::Pass),
};

/// Every misbehaviour.
pub(crate) static MODES: [Mode; 21] = [
    Mode {
        name: "media_and_links_answer_500",
        reasons: &["the stack failed (500)"],
        meddle: || when(|asked| fetches(asked, &["/media"]) || links(asked), |_| broken()),
        ..NOT_HELD
    },
    Mode {
        name: "the_object_store_answers_500",
        reasons: &["the stack failed (500)"],
        meddle: || when(|asked| asked.path.starts_with("/objects/"), |_| broken()),
        ..NOT_HELD
    },
    Mode {
        name: "log_in_fails",
        reasons: &["cannot sign", "answered 401"],
        meddle: || when(|asked| asked.path == "/v1/login", |_| signed_out()),
        ..NOT_HELD
    },
    Mode {
        name: "planting_fails",
        reasons: &["cannot plant a recording of Ada", "answered 500"],
        meddle: || when(|asked| asked.path.ends_with("/finalise"), |_| broken()),
        ..NOT_HELD
    },
    Mode {
        name: "every_body_breaks_off",
        reasons: &["it ended before it should have"],
        meddle: || when(replays, |_| Turn::CutOff),
        ..NOT_HELD
    },
    Mode {
        name: "bodies_of_media_break_off",
        reasons: &["it ended before it should have"],
        spoils_all: false,
        meddle: || when(|asked| fetches(asked, &["/media"]), |_| Turn::CutOff),
        ..NOT_HELD
    },
    Mode {
        name: "everybody_gets_404_owners_too",
        reasons: &["Ada, who has a right to it, did not get it: 404, denied"],
        meddle: || when(replays, |_| missing()),
        ..NOT_HELD
    },
    Mode {
        name: "everybody_gets_404_from_the_middle_on",
        reasons: &["the owner did not get the recording", "Ada was given no link"],
        spoils_all: false,
        meddle: || {
            when(
                |asked| replays(asked) && asked.session.is_some() && asked.before > 70,
                |_| missing(),
            )
        },
        ..NOT_HELD
    },
    Mode {
        name: "files_get_404_from_the_middle_on",
        reasons: &["got it before and did not get it afterwards"],
        spoils_all: false,
        meddle: || {
            when(
                |asked| {
                    let files = ["/media", "/thumbnail", "/transcript"];
                    fetches(asked, &files) && asked.session.is_some() && asked.before > 70
                },
                |_| missing(),
            )
        },
        ..NOT_HELD
    },
    Mode {
        name: "everything_is_200_and_empty",
        reasons: &["did not get it: 200, served"],
        meddle: || when(replays, |_| served("text/plain", Vec::new())),
        ..NOT_HELD
    },
    Mode {
        name: "lists_are_no_json",
        reasons: &["the answer is not JSON"],
        spoils_all: false,
        meddle: || when(lists, |_| served("application/json", b"<html>busy".to_vec())),
        ..NOT_HELD
    },
    Mode {
        name: "lists_have_another_form",
        reasons: &["nothing at `$.items[*]`"],
        spoils_all: false,
        meddle: || when(lists, |_| said(StatusCode::OK, &json!({"data": [], "count": 0}))),
        ..NOT_HELD
    },
    Mode {
        name: "lists_are_empty_for_everybody",
        reasons: &["did not get it: 200, served"],
        spoils_all: false,
        meddle: || {
            when(lists, |_| {
                let none = json!({"items": [], "total": 0, "next": null,
                    "consultation_replays": {"latest": [], "total": 0}});
                said(StatusCode::OK, &none)
            })
        },
        ..NOT_HELD
    },
    Mode {
        name: "it_asks_to_wait",
        reasons: &["the stack asked to wait (429)"],
        meddle: || {
            when(replays, |_| {
                said(StatusCode::TOO_MANY_REQUESTS, &json!({"error": "slow down"}))
            })
        },
        ..NOT_HELD
    },
    Mode {
        name: "everything_hangs_from_the_middle_on",
        code: 5,
        reasons: &["nothing came within", "the stack went away: api: no answer"],
        spoils_all: false,
        patience: Duration::from_millis(400),
        meddle: || when(|asked| asked.before > 60, |_| Turn::Hang),
    },
    Mode {
        name: "fetching_hangs",
        reasons: &["nothing came within"],
        patience: Duration::from_millis(400),
        meddle: || when(|asked| fetches(asked, &["/media"]), |_| Turn::Hang),
        ..NOT_HELD
    },
    Mode {
        name: "every_connection_is_dropped_from_the_middle_on",
        code: 5,
        reasons: &["no connection", "the stack went away: api: "],
        spoils_all: false,
        meddle: || when(|asked| asked.before > 60, |_| Turn::DropEverything),
        ..NOT_HELD
    },
    Mode {
        name: "one_session_dies_in_the_middle",
        reasons: &["the session was not confirmed valid afterwards"],
        spoils_all: false,
        meddle: a_session_dies,
        ..NOT_HELD
    },
    Mode {
        name: "another_s_transcript_in_base64_in_one_s_own_item",
        code: 1,
        spoils_all: false,
        meddle: || Box::new(somebody_else_s_preview),
        ..NOT_HELD
    },
    Mode {
        name: "another_s_transcript_in_gzip_in_a_403",
        code: 1,
        spoils_all: false,
        meddle: || Box::new(gzipped_refusal),
        ..NOT_HELD
    },
    Mode {
        name: "another_s_title_in_a_header_of_a_404_and_then_nothing_works",
        code: 1,
        reasons: &["no connection"],
        spoils_all: false,
        meddle: || {
            let leaked_at = AtomicUsize::new(usize::MAX);
            Box::new(move |asked, answer, memory| {
                // the leak has to arrive before the trouble begins
                if asked.before > leaked_at.load(Ordering::Relaxed).saturating_add(20) {
                    return Turn::DropEverything;
                }
                let turn = title_in_a_header(asked, answer, memory);
                if matches!(turn, Turn::Instead(_)) {
                    leaked_at.fetch_min(asked.before, Ordering::Relaxed);
                }
                turn
            })
        },
        ..NOT_HELD
    },
];

/// This answer for these requests.
fn when(which: fn(&Asked) -> bool, turn: fn(&Asked) -> Turn) -> Box<Meddle> {
    Box::new(move |asked, _, _| if which(asked) { turn(asked) } else { Turn::Pass })
}

/// From a few probes on, the session of the second who asked for replays is not known any more.
/// From the middle on somebody is signed out, and nobody can sign in any more: a session that ended could not be renewed.
fn a_session_dies() -> Box<Meddle> {
    let sessions = Mutex::new(Vec::<String>::new());
    let dead = AtomicBool::new(false);
    Box::new(move |asked, answer, _| {
        if dead.load(Ordering::Relaxed) && asked.path.ends_with("/login") {
            return signed_out();
        }
        let (Some(session), Ok(mut sessions)) = (asked.session.clone(), sessions.lock()) else {
            return Turn::Pass;
        };
        if replays(asked) && answer.status == StatusCode::OK && !sessions.contains(&session) {
            sessions.push(session.clone());
        }
        if sessions.get(1) == Some(&session) && asked.before > 70 {
            dead.store(true, Ordering::Relaxed);
            signed_out()
        } else {
            Turn::Pass
        }
    })
}

/// Somebody's own item has a preview in it, of the wrong recording.
fn somebody_else_s_preview(asked: &Asked, answer: &Answer, memory: &Memory) -> Turn {
    let of_another = memory
        .iter()
        .find(|(path, _)| path.ends_with("/transcript") && !path.starts_with(&asked.path));
    match (item(asked), answer.status, of_another) {
        (true, StatusCode::OK, Some((_, (_, transcript)))) => {
            let mut own: Json = serde_json::from_slice(&answer.body).unwrap_or_default();
            own["preview"] = Json::from(STANDARD.encode(transcript));
            said(StatusCode::OK, &own)
        }
        _ => Turn::Pass,
    }
}

/// Refused with the right status; but the page of the refusal holds what was refused.
fn gzipped_refusal(asked: &Asked, answer: &Answer, memory: &Memory) -> Turn {
    let refused = asked.path.ends_with("/transcript") && answer.status == StatusCode::NOT_FOUND;
    let (true, Some((_, transcript))) = (refused, memory.get(&asked.path)) else {
        return Turn::Pass;
    };
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    let Ok(packed) = packed.write_all(transcript).and_then(|()| packed.finish()) else {
        return Turn::Pass;
    };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    Turn::Instead(Answer {
        status: StatusCode::FORBIDDEN,
        headers,
        body: Bytes::from(packed),
    })
}

/// Refused, but a header made for developers tells the title.
fn title_in_a_header(asked: &Asked, answer: &Answer, memory: &Memory) -> Turn {
    let refused = item(asked) && answer.status == StatusCode::NOT_FOUND;
    let (true, Some((_, of_its_owner))) = (refused, memory.get(&asked.path)) else {
        return Turn::Pass;
    };
    let own: Json = serde_json::from_slice(of_its_owner).unwrap_or_default();
    let Ok(title) = HeaderValue::from_str(own["title"].as_str().unwrap_or_default()) else {
        return Turn::Pass;
    };
    let mut other = answer.clone();
    other.headers.insert("x-refused", title);
    Turn::Instead(other)
}

fn replays(asked: &Asked) -> bool {
    let path = &asked.path;
    path.starts_with("/v1/replays") || path.starts_with("/objects/") || path == "/v1/me/profile"
}

fn lists(asked: &Asked) -> bool {
    asked.path == "/v1/replays" || asked.path == "/v1/me/profile"
}

fn links(asked: &Asked) -> bool {
    asked.path.ends_with("/link")
}

fn fetches(asked: &Asked, ends: &[&str]) -> bool {
    let reads = [Method::GET, Method::HEAD].contains(&asked.method);
    reads && ends.iter().any(|end| asked.path.ends_with(end)) && replays(asked)
}

/// A replay by its id, without any of its parts.
fn item(asked: &Asked) -> bool {
    let path = Regex::new("^/v1/replays/[^/]+$");
    asked.method == Method::GET && path.is_ok_and(|path| path.is_match(&asked.path))
}

fn broken() -> Turn {
    said(
        StatusCode::INTERNAL_SERVER_ERROR,
        &json!({"error": "out of order"}),
    )
}

fn missing() -> Turn {
    said(StatusCode::NOT_FOUND, &json!({"error": "not found"}))
}

fn signed_out() -> Turn {
    said(StatusCode::UNAUTHORIZED, &json!({"error": "not signed in"}))
}

fn said(status: StatusCode, what: &Json) -> Turn {
    match served("application/json", what.to_string().into_bytes()) {
        Turn::Instead(answer) => Turn::Instead(Answer { status, ..answer }),
        other => other,
    }
}

fn served(content_type: &'static str, body: Vec<u8>) -> Turn {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    Turn::Instead(Answer {
        status: StatusCode::OK,
        headers,
        body: Bytes::from(body),
    })
}
