//! Other stacks' documents, recordings and answers: what is made of them, and what is said when nothing can be.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use bystander::init::{DocumentSource, InitError, from_answers, from_har, from_openapi, save};
use bystander::profile::Profile;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::binary::{Trouble, ensure, run};

/// A profile as it is read where every environment variable is set.
fn parsed(text: &str) -> Result<Profile, Trouble> {
    let profile = Profile::parse_with("made.toml", text, &|_| Some("set".to_owned()));
    profile.map_err(|error| format!("{error:?}\n{text}").into())
}

/// A profile from a document.
pub(crate) fn from(document: &Json) -> Result<(String, Profile, Vec<String>), Trouble> {
    let place = tempfile::tempdir()?;
    let path = written(&place, "openapi.json", &document.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let draft = runtime.block_on(from_openapi(&DocumentSource::File(path)))?;
    let profile = parsed(&draft.text)?;
    Ok((draft.text, profile, draft.blanks))
}

fn written(place: &TempDir, name: &str, text: &str) -> Result<std::path::PathBuf, Trouble> {
    let path = place.path().join(name);
    fs::write(&path, text)?;
    Ok(path)
}

pub(crate) fn json_answer(schema: Json) -> Json {
    json!({ "description": "", "content": { "application/json": { "schema": schema } } })
}

/// Where nothing can be concluded the profile still parses, and says what is missing.
#[test]
fn a_document_that_says_little() -> Result<(), Trouble> {
    let document = json!({
        "openapi": "3.1.0", "info": {},
        "paths": { "/status": { "get": { "responses": { "200": { "description": "" }, "default": {} } } } },
    });
    let (text, profile, blanks) = from(&document)?;
    assert!(
        profile.recording.is_none() && profile.surface.is_empty(),
        "{text}"
    );
    for blank in ["where the stack is", "signs in", "`[recording]`", "surfaces"] {
        assert!(
            blanks.iter().any(|one| one.contains(blank)),
            "`{blank}` is not in {blanks:?}"
        );
    }
    assert!(text.contains("#   GET /status"), "{text}");
    Ok(())
}

#[test]
fn what_is_no_document_is_told() -> Result<(), Trouble> {
    for (text, expected) in [
        ("openapi: 3.1.0\npaths: {}", "convert it first"),
        ("{\"swagger\": \"2.0\"}", "it is Swagger 2.0"),
        ("{\"openapi\": \"3.1.0\", \"paths\": {}}", "describes no requests"),
        ("nonsense", "is not an OpenAPI 3 document"),
    ] {
        let place = tempfile::tempdir()?;
        let path = written(&place, "document", text)?.display().to_string();
        let ended = run(&["init", "--openapi", &path], &[])?;
        ended.expect_code(2)?;
        ensure(ended.stderr.contains(expected), || ended.stderr.clone())?;
        ensure(!ended.place().join("bystander.toml").exists(), || {
            "it wrote something".to_owned()
        })?;
    }
    let ended = run(
        &["init", "--openapi", "https://api.example.org/openapi.json"],
        &[],
    )?;
    ended.expect_code(2)?;
    ensure(ended.stderr.contains("--allow-host api.example.org"), || {
        ended.stderr.clone()
    })
}

#[test]
fn a_file_that_is_there_is_left_alone() -> Result<(), Trouble> {
    let place = tempfile::tempdir()?;
    let path = written(&place, "bystander.toml", "mine")?;
    let answers = draft_of("\n")?;
    let error = save(&answers, &path, false).err().ok_or("it was overwritten")?;
    assert!(matches!(error, InitError::Exists { .. }), "{error}");
    assert_eq!(fs::read_to_string(&path)?, "mine");
    save(&answers, &path, true)?;
    assert_eq!(fs::read_to_string(&path)?, answers.text);
    Ok(())
}

fn draft_of(answers: &str) -> Result<bystander::init::Draft, Trouble> {
    Ok(from_answers(&mut answers.as_bytes(), &mut Vec::new())?)
}

#[test]
fn answers_make_a_profile() -> Result<(), Trouble> {
    let draft = draft_of(
        "http://127.0.0.1:9/v2\nPOST /signin\nlogin\n\nform\ncookie sid\n-\nGET /calls\n$.data[*]\nuuid\nGET /calls/{id}\n-\nPUT /calls/{id}\n-\n",
    )?;
    let profile = parsed(&draft.text)?;
    let patient = &profile.role["patient"];
    assert_eq!(patient.login[0].request_text(), "POST /signin");
    assert_eq!(patient.credentials.cookie["sid"].as_str(), "{{ me.cookie }}");
    assert!(patient.whoami.is_none());
    let list = profile.surface["calls"].list.as_ref().ok_or("no list")?;
    assert_eq!(
        (list.items.as_str(), list.id.as_ref().map(|id| id.as_str())),
        ("$.data[*]", Some("$.uuid"))
    );
    let usual = draft_of("\n")?;
    let profile = parsed(&usual.text)?;
    let names: Vec<&str> = profile.surface.keys().map(String::as_str).collect();
    assert_eq!(names, ["item", "media", "recordings"]);
    assert!(profile.recording.is_some());
    Ok(())
}

/// Through a pipe, as a script would; and with nobody there.
#[test]
fn questions_are_asked_through_a_pipe() -> Result<(), Trouble> {
    let place = tempfile::tempdir()?;
    let mut child = Command::new(env!("CARGO_BIN_EXE_bystander"))
        .arg("init")
        .current_dir(place.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child
        .stdin
        .take()
        .ok_or("no stdin")?
        .write_all(b"http://127.0.0.1:8\n")?;
    let ended = child.wait_with_output()?;
    let told = String::from_utf8_lossy(&ended.stdout).into_owned();
    ensure(ended.status.success(), || told.clone())?;
    ensure(told.contains("wrote bystander.toml"), || told.clone())?;
    let asked = String::from_utf8_lossy(&ended.stderr).into_owned();
    ensure(
        asked.contains("Which request lists the recordings? [GET /recordings]"),
        || asked.clone(),
    )?;
    parsed(&fs::read_to_string(place.path().join("bystander.toml"))?)?;
    let nobody = run(&["init"], &[])?;
    nobody.expect_code(2)?;
    ensure(nobody.stderr.contains("nobody answered"), || {
        nobody.stderr.clone()
    })
}

fn entry(line: (&str, &str), headers: Json, body: Option<Json>, answer: Json) -> Json {
    let mut request = json!({ "method": line.0, "url": line.1, "headers": headers });
    if let Some(body) = body {
        request["postData"] = json!({ "mimeType": "application/json", "text": body.to_string() });
    }
    json!({ "request": request, "response": {
        "status": 200, "headers": [], "content": { "mimeType": "application/json", "text": answer.to_string() },
    } })
}

/// Short ids that look like words are known by what two people's addresses differ in; what an answer gave and a body took is
/// captured and sent, whatever it is called.
#[test]
fn values_are_followed_from_answers_to_requests() -> Result<(), Trouble> {
    let place = tempfile::tempdir()?;
    let mut files = Vec::new();
    for (who, token, ticket) in [
        ("ada", "tok-ada-11111111", "tick-11112222"),
        ("ben", "tok-ben-22222222", "tick-33334444"),
    ] {
        let base = "http://127.0.0.1:7";
        let bearer = json!([{ "name": "Authorization", "value": format!("Bearer {token}") }]);
        let at = |path: &str| format!("{base}{path}");
        let login = json!({ "email": format!("{who}@x.test"), "password": format!("secret of {who}") });
        let entries = [
            entry(
                ("POST", &at("/login")),
                json!([]),
                Some(login),
                json!({ "token": token, "home": who }),
            ),
            entry(
                ("GET", &at("/me")),
                bearer.clone(),
                None,
                json!({ "email": format!("{who}@x.test") }),
            ),
            entry(
                ("POST", &at("/uploads")),
                bearer.clone(),
                Some(json!({})),
                json!({ "ticket": ticket }),
            ),
            entry(
                ("POST", &at(&format!("/homes/{who}/recordings"))),
                bearer.clone(),
                Some(json!({ "uses": ticket, "title": format!("{who} was here") })),
                json!({ "id": format!("r-{who}-1") }),
            ),
            entry(
                ("GET", &at(&format!("/homes/{who}/recordings"))),
                bearer.clone(),
                None,
                json!([{ "id": format!("r-{who}-1") }]),
            ),
            json!({ "request": { "method": "GET", "url": at("/app.js"), "headers": [] }, "response": {
                "status": 200, "headers": [], "content": { "mimeType": "text/javascript", "text": "" },
            } }),
        ];
        let har = json!({ "log": { "version": "1.2", "entries": entries } });
        files.push(written(&place, &format!("{who}.har"), &har.to_string())?);
    }
    let draft = from_har(&files)?;
    let text = &draft.text;
    let profile = parsed(text)?;
    for secret in [
        "tok-ada",
        "secret of",
        "tick-",
        "was here",
        "x.test",
        "/homes/ada",
        "/homes/ben",
        "app.js",
    ] {
        assert!(!text.contains(secret), "`{secret}` stands in\n{text}");
    }
    let plant = &profile.recording.as_ref().ok_or("no recording")?.plant;
    assert_eq!(plant[0].request_text(), "POST /uploads", "{text}");
    assert_eq!(plant[0].capture["uses"].as_str(), "$.ticket");
    let body = plant[1]
        .json
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    assert!(
        body.contains("{{ uses }}") && body.contains("{{ canary.title }}"),
        "{body}"
    );
    assert!(plant[1].request_text().ends_with("/recordings"), "{text}");
    let login = &profile.role["patient"].login[0];
    assert_eq!(login.capture["token"].as_str(), "$.token");
    Ok(())
}

#[test]
fn what_is_no_recording_is_told() -> Result<(), Trouble> {
    for (text, expected) in [
        ("{}", "no `log.entries`"),
        ("x", "HAR 1.2"),
        ("{\"log\": {\"entries\": []}}", "describes no requests"),
    ] {
        let place = tempfile::tempdir()?;
        let path = written(&place, "x.har", text)?;
        let error = from_har(&[path]).err().ok_or("it was taken")?;
        assert!(error.to_string().contains(expected), "{error}");
    }
    let missing = from_har(&[Path::new("nowhere.har").to_path_buf()]).err();
    assert!(matches!(missing, Some(InitError::Read { .. })));
    Ok(())
}
