//! From two recordings: Ada's and Ben's sessions at the clinic.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use super::bench::{Bench, Edit, edit};
use super::recorder::{Body, Recorder};
use crate::binary::{Trouble, ensure};

/// What these recordings do not show: that the object store reads the flags too, a second page, and a change with a cookie.
const EDITS: &[Edit] = &[
    (
        "# --- people",
        "replicas = \"{{ [env.API_ADDRESS, env.MEDIA_ADDRESS] }}\" #",
    ),
    (
        "settled = { request = \"GET /internal/flags/",
        "settled = { base = \"replicas\", request = \"GET /internal/flags/",
    ),
    (
        "total = \"$.total\", opens",
        "total = \"$.total\", next = { query = \"cursor\", from = \"$.next\" }, opens",
    ),
    (
        "total = \"$.total\" }",
        "total = \"$.total\", next = { query = \"cursor\", from = \"$.next\" } }",
    ),
    (
        "[role.clinician.session.web]",
        "[role.clinician.session.web]\ncredentials.header.X-Clinic-Request = \"bystander\"",
    ),
    (
        "[role.patient.session.web]",
        "[role.patient.session.web]\ncredentials.header.X-Clinic-Request = \"bystander\"",
    ),
];

const PASSWORDS: [&str; 3] = [
    "ada's own password",
    "ben's own password",
    "the doctor's password",
];

/// Somebody's whole day, from being signed up to being taken away: with an audio consultation, which becomes one by video.
fn recorded(bench: &Bench, name: &str, password: &str) -> Result<PathBuf, Trouble> {
    let mut har = Recorder::new(bench)?;
    let addresses = bench.clinic.addresses();
    let flags = addresses.flags.as_str().trim_end_matches('/').to_owned();
    let admin = [("X-Clinic-Admin", addresses.admin_key.reveal())];
    let service = [("X-Clinic-Service", addresses.service_key.reveal())];
    let id = |json: &Json| json["id"].as_str().map(str::to_owned).ok_or("no id");
    let email = |who: &str| format!("{}@example.test", who.to_lowercase());
    let doctor = format!("Dr {name}");
    let person = |who: &str, role: &str, password: &str| {
        Body::Json(json!({
            "role": role, "name": who, "email": email(&who.replace(' ', ".")), "password": password,
        }))
    };
    let clinician = har.send(
        "POST /admin/people",
        &admin,
        &person(&doctor, "clinician", PASSWORDS[2]),
    )?;
    let patient = har.send("POST /admin/people", &admin, &person(name, "patient", password))?;
    let sign_in = Body::Json(json!({ "email": email(name), "password": password }));
    let session = har.send("POST /v1/login", &[], &sign_in)?;
    let bearer = format!("Bearer {}", session["token"].as_str().ok_or("no token")?);
    let own = [("Authorization", bearer.as_str())];
    let form = Body::Form(&["email", "password"], vec![email(name), password.to_owned()]);
    har.send("POST /web/login", &[], &form)?;
    har.send("GET /v1/me", &own, &Body::Nothing)?;
    let flag = format!("{flags}/admin/flags/audio-video-switch");
    har.send(&format!("GET {flag}"), &admin, &Body::Nothing)?;
    har.send(
        &format!("PUT {flag}"),
        &admin,
        &Body::Json(json!({ "enabled": true })),
    )?;
    har.send("GET /internal/flags/audio-video-switch", &[], &Body::Nothing)?;
    let booking = json!({ "modality": "audio", "clinician": id(&clinician)?, "slot": "9:00" });
    let booked = har.send("POST /v1/consultations", &own, &Body::Json(booking))?;
    let consultation = format!("/v1/consultations/{}", id(&booked)?);
    let switch = Body::Json(json!({ "to": "video" }));
    har.send(&format!("POST {consultation}/join"), &own, &Body::Nothing)?;
    // the feature may take a moment to arrive
    crate::binary::within(std::time::Duration::from_secs(5), "the feature to be on", || {
        har.send(&format!("POST {consultation}/modality"), &own, &switch)
            .ok()
    })?;
    har.send(&format!("GET {consultation}"), &own, &Body::Nothing)?;
    har.send(&format!("POST {consultation}/end"), &own, &Body::Nothing)?;
    let recorder = consultation.replace("/v1/", "/recorder/");
    let parts = [
        ("media", "video/webm"),
        ("thumbnail", "image/png"),
        ("transcript", "text/plain"),
    ];
    for (part, kind) in parts {
        let bytes = Body::Bytes(kind, vec![0xff, 0, 1, 2, 3]);
        har.send(&format!("PUT {recorder}/{part}"), &service, &bytes)?;
    }
    let finish = json!({
        "title": format!("What {name} said"), "notes": "nobody's business", "file_name": format!("{name}.webm"),
    });
    let replay = har.send(
        &format!("POST {recorder}/finalise"),
        &service,
        &Body::Json(finish),
    )?;
    let replay = format!("/v1/replays/{}", id(&replay)?);
    har.send("GET /v1/replays?limit=20", &own, &Body::Nothing)?;
    har.send("GET /v1/me/profile", &own, &Body::Nothing)?;
    har.send(&format!("GET {replay}"), &own, &Body::Nothing)?;
    let part = [own[0], ("Range", "bytes=0-1")];
    har.send(&format!("GET {replay}/media"), &part, &Body::Nothing)?;
    for (part, _) in parts {
        har.send(&format!("GET {replay}/{part}"), &own, &Body::Nothing)?;
    }
    let link = har.send(&format!("POST {replay}/link"), &own, &Body::Nothing)?;
    let link = link["url"].as_str().ok_or("no link")?;
    har.send(&format!("GET {link}"), &own, &Body::Nothing)?;
    let title = Body::Json(json!({ "title": format!("{name} again") }));
    har.send(&format!("PATCH {replay}"), &own, &title)?;
    har.send(&format!("DELETE {replay}"), &own, &Body::Nothing)?;
    har.send("POST /v1/logout", &own, &Body::Nothing)?;
    har.send(
        &format!("DELETE /admin/people/{}", id(&patient)?),
        &admin,
        &Body::Nothing,
    )?;
    har.save(&format!("{name}.har"))
}

#[test]
fn a_profile_from_two_recordings_holds_and_finds_a_leak() -> Result<(), Trouble> {
    let bench = Bench::with(&[])?;
    let [ada, ben] = [("Ada", PASSWORDS[0]), ("Ben", PASSWORDS[1])]
        .map(|(name, password)| recorded(&bench, name, password));
    let (ada, ben) = (ada?.display().to_string(), ben?.display().to_string());
    let (profile, ended) = bench.init(&["--har", &ada, "--har", &ben])?;
    if let Ok(to) = std::env::var("INIT_DUMP") {
        fs::copy(&profile, format!("{to}.har.toml"))?;
    }
    let text = fs::read_to_string(&profile)?;
    nothing_of_the_recorded(&bench, &text, &[&ada, &ben])?;
    ensure(ended.stdout.contains("ADMIN_KEY, SERVICE_KEY"), || {
        ended.stdout.clone()
    })?;
    edit(&profile, EDITS)?;
    bench.holds(&profile)?;
    Bench::with(&["media-without-ownership-check"])?.leaks_media(&profile)
}

/// Neither a secret nor anything that a person said stands in the profile.
fn nothing_of_the_recorded(bench: &Bench, profile: &str, recordings: &[&str]) -> Result<(), Trouble> {
    let addresses = bench.clinic.addresses();
    let mut secrets: Vec<String> = PASSWORDS.map(str::to_owned).to_vec();
    secrets.push(addresses.admin_key.reveal().to_owned());
    secrets.push(addresses.service_key.reveal().to_owned());
    secrets.extend(
        [
            "nobody's business",
            "ada@example.test",
            "What Ada said",
            "Ada again",
        ]
        .map(str::to_owned),
    );
    for path in recordings {
        let har: Json = serde_json::from_str(&fs::read_to_string(path)?)?;
        for entry in har["log"]["entries"].as_array().ok_or("no entries")? {
            let text = entry["response"]["content"]["text"].as_str().unwrap_or_default();
            let json: Json = serde_json::from_str(text).unwrap_or(Json::Null);
            secrets.extend(
                ["token", "id"]
                    .iter()
                    .filter_map(|name| json[name].as_str())
                    .map(str::to_owned),
            );
        }
    }
    ensure(secrets.len() > 20, || format!("{} secrets", secrets.len()))?;
    for secret in secrets {
        ensure(!profile.contains(&secret), || {
            format!("`{secret}` stands in\n{profile}")
        })?;
    }
    Ok(())
}
