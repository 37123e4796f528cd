//! flagd: a flag definition file that it watches, and OFREP to ask what it makes of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::response::Response;
use serde_json::{Value as Json, json};

use super::standing::{Asked, FLAG, Standing, Told, serve};
use crate::binary::{Trouble, ensure};
use crate::serving::Served;
use crate::targets_rows::shelf::{Shelf, answer};

/// How often it looks whether the file has changed.
const EVERY: Duration = Duration::from_millis(150);
/// What is wanted of who asks over OFREP.
pub(crate) const TOKEN: &str = "only-for-readers-of-flags";

/// A file that somebody keeps in good order, and wants to have back so.
const DEFINITIONS: &str = r##"{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "flags": {
    "welcome-banner": {
      "variants": { "red": "#c05543", "blue": "#0d507b" }, "defaultVariant": "red", "state": "ENABLED"
    },
    "audio-video-switch": {
      "state": "STATE",
      "variants": { "on": true,  "off": false },
      "defaultVariant": "VARIANT",
      "metadata": { "owner": "visits", "weight": 1.50, "ticket": 12345678901234567890 }
    }
  },
  "$evaluators": { "staff": { "ends_with": [{ "var": "email" }, "@riverside.test"] } }
}
"##;

/// What it made of the file when it read it last.
struct Flagd {
    file: PathBuf,
    loaded: Mutex<Json>,
}

/// How the flag stands in the file at first.
#[derive(Clone, Copy)]
pub(crate) struct First {
    pub(crate) state: &'static str,
    pub(crate) variant: &'static str,
}

impl First {
    /// Enabled, and on or off.
    pub(crate) fn enabled(on: bool) -> Self {
        Self {
            state: "ENABLED",
            variant: if on { "on" } else { "off" },
        }
    }
}

/// The file alone; the app hears of it from whoever watches it.
pub(crate) fn flagd_file(shelf: &Shelf, first: First) -> Result<Standing, Trouble> {
    Ok(started(shelf, first, true)?.0)
}

/// The file, and OFREP to see that it was read. One that does not watch reads it only in the beginning.
pub(crate) fn flagd_with_ofrep(shelf: &Shelf, first: First, watches: bool) -> Result<Standing, Trouble> {
    let (mut standing, ofrep) = started(shelf, first, watches)?;
    standing.snippets = &["flagd-file.toml", "ofrep.toml"];
    standing.environment.push(("OFREP_URL", ofrep.base()));
    standing.environment.push(("OFREP_TOKEN", TOKEN.to_owned()));
    standing.keep(ofrep);
    Ok(standing)
}

fn started(shelf: &Shelf, first: First, watches: bool) -> Result<(Standing, Served), Trouble> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("flags.json");
    let text = DEFINITIONS
        .replace("STATE", first.state)
        .replace("VARIANT", first.variant);
    fs::write(&file, &text)?;
    let flagd = Arc::new(Flagd {
        loaded: Mutex::new(serde_json::from_str(&text)?),
        file: file.clone(),
    });
    if watches {
        let (weak, story) = (Arc::downgrade(&flagd), Arc::clone(shelf));
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(EVERY);
                let Some(flagd) = weak.upgrade() else { break };
                flagd.read(&story);
            }
        });
    }
    let (evaluates, asked) = (Arc::clone(&flagd), flagd);
    let ofrep = serve(move |asked| answered(asked, &evaluates))?;
    let standing = Standing {
        snippets: &["flagd-file.toml"],
        environment: vec![("FLAGD_FILE", file.display().to_string())],
        // what flagd does not know is what the app's code says: off
        ask: Arc::new(move || matches!(asked.evaluated(FLAG), Ok((_, Json::Bool(true))))),
        as_it_was: Box::new(move || unchanged(&file, &text)),
        running: vec![Box::new(folder)],
    };
    Ok((standing, ofrep))
}

fn unchanged(file: &Path, text: &str) -> Result<(), Trouble> {
    let found = fs::read_to_string(file)?;
    ensure(found == text, || {
        format!("the file is not as it was: {found}\ninstead of: {text}")
    })
}

/// Why there is no value: the error code of OFREP, and its details.
type Unknown = (&'static str, String);

impl Flagd {
    fn loaded(&self) -> std::sync::MutexGuard<'_, Json> {
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self, shelf: &Shelf) {
        // a file that is being replaced, or is none, leaves everything as it is
        let read = fs::read_to_string(&self.file).ok();
        let Some(definitions) = read.and_then(|text| serde_json::from_str::<Json>(&text).ok()) else {
            return;
        };
        let before = self.evaluated(FLAG).ok();
        *self.loaded() = definitions;
        if let Ok((_, Json::Bool(on))) = self.evaluated(FLAG)
            && before.is_none_or(|(_, before)| before != on)
        {
            Told::Set(on).note(shelf);
        }
    }

    /// The variant of a flag, and its value.
    fn evaluated(&self, key: &str) -> Result<(String, Json), Unknown> {
        let loaded = self.loaded();
        let flag = &loaded["flags"][key];
        // one that is disabled is as one that is not there
        if flag.is_null() || flag["state"] == "DISABLED" {
            return Err(("FLAG_NOT_FOUND", format!("flag `{key}` is not there")));
        }
        if flag["state"] != "ENABLED" {
            return Err(("PARSE_ERROR", format!("the state of `{key}` is none")));
        }
        let variant = flag["defaultVariant"].as_str().unwrap_or_default();
        match &flag["variants"][variant] {
            Json::Null => Err(("PARSE_ERROR", format!("`{key}` has no variant `{variant}`"))),
            value => Ok((variant.to_owned(), value.clone())),
        }
    }
}

fn answered(asked: &Asked<'_>, flagd: &Flagd) -> Response {
    if asked.header("authorization") != Some(&format!("Bearer {TOKEN}")) {
        return answer(401, json!({ "errorDetails": "credentials are needed" }));
    }
    let (["ofrep", "v1", "evaluate", "flags", key], "POST") = (asked.path.as_slice(), asked.method.as_str())
    else {
        return answer(404, json!({ "errorDetails": "there is no such path" }));
    };
    let fails = |status, code: &str, details: String| {
        answer(
            status,
            json!({ "key": key, "errorCode": code, "errorDetails": details }),
        )
    };
    if asked.content_type().0 != "application/json" {
        return answer(415, json!({ "errorDetails": "expected JSON" }));
    }
    let body: Json = match serde_json::from_slice(asked.body) {
        Ok(body) => body,
        Err(error) => return fails(400, "PARSE_ERROR", error.to_string()),
    };
    let others = body
        .as_object()
        .is_none_or(|fields| fields.keys().any(|name| name != "context"));
    if others || !body["context"].is_object() {
        return fails(400, "INVALID_CONTEXT", "`context` is an object".to_owned());
    }
    if !body["context"]["targetingKey"].is_string() {
        return fails(
            400,
            "TARGETING_KEY_MISSING",
            "there is no `targetingKey`".to_owned(),
        );
    }
    match flagd.evaluated(key) {
        Ok((variant, value)) => answer(
            200,
            json!({ "key": key, "reason": "STATIC", "variant": variant, "value": value, "metadata": {} }),
        ),
        Err((code @ "FLAG_NOT_FOUND", details)) => fails(404, code, details),
        Err((code, details)) => fails(400, code, details),
    }
}
