//! From the clinic's own OpenAPI document.

use std::collections::BTreeSet;
use std::fs;

use bystander::profile::Profile;

use super::bench::{Bench, Edit, edit};
use crate::binary::{Trouble, ensure};

/// What the document does not say: where the object store and the flags are, and how the flags are set.
const EDITS: &[Edit] = &[
    (
        "# media = \"{{ env.MEDIA_ADDRESS }}\"",
        "media = \"{{ env.MEDIA_ADDRESS }}\"\nflags = \"{{ env.FLAGS_ADDRESS }}\"\nreplicas = \"{{ [env.API_ADDRESS, env.MEDIA_ADDRESS] }}\"",
    ),
    ("# [flag]", "[flag]"),
    (
        "# set = [{ as = \"admin\", request = \"PUT /flags/",
        "set = [{ as = \"admin\", base = \"flags\", request = \"PUT /admin/flags/",
    ),
    (
        "# read = { as = \"admin\", request = \"GET /flags/",
        "read = { as = \"admin\", base = \"flags\", request = \"GET /admin/flags/",
    ),
    (
        "# settled = { request",
        "settled = { base = \"replicas\", request",
    ),
    // only patients have a family there
    ("[surface.replays-2]", "[surface.replays-2]\nfor = [\"patient\"]"),
    // they hold papers, and a recording only of somebody for whom one was written
    (
        "[surface.claims]\nrequest = \"GET /v1/claims\"\nlist = { items = \"$.replays[*]\", id = \"$.id\" }",
        "",
    ),
    (
        "[surface.prescriptions]\nrequest = \"GET /v1/prescriptions\"\nlist = { items = \"$.replays[*]\", id = \"$.id\" }",
        "",
    ),
];

/// Surfaces of the clinic's own profile that nothing in a document shows to be ways out: somebody has to see them in what is
/// left out.
const BY_HAND: [&str; 15] = [
    "replays-page",
    "search",
    "notifications",
    "export",
    "shares",
    "old-replays",
    "old-item",
    "batch",
    "events",
    "events-socket",
    "access-log",
    "processing",
    "graphql-replays",
    "graphql-clinicians",
    "graphql-node",
];

/// Surfaces that a document's words call otherwise.
const CALLED: [(&str, &str); 2] = [("hls-playlist", "playlist-m3u8"), ("family", "replays-2")];

#[test]
fn a_profile_from_the_document_holds_and_finds_a_leak() -> Result<(), Trouble> {
    let bench = Bench::with(&[])?;
    let address = format!("{}/openapi.json", bench.api());
    let (profile, ended) = bench.init(&["--openapi", &address])?;
    if let Ok(to) = std::env::var("INIT_DUMP") {
        fs::copy(&profile, to)?;
    }
    for told in [
        "bystander check --profile",
        "Left to fill in:",
        "ADMIN_KEY, SERVICE_KEY",
    ] {
        ensure(ended.stdout.contains(told), || ended.stdout.clone())?;
    }
    edit(&profile, EDITS)?;
    bench.holds(&profile)?;
    Bench::with(&["media-without-ownership-check"])?.leaks_media(&profile)
}

/// What is found by hand is found by itself: the clinic's own profile has no surface that this one lacks without saying so.
#[test]
fn every_surface_of_the_clinics_own_profile_is_found() -> Result<(), Trouble> {
    let bench = Bench::with(&[])?;
    let address = format!("{}/openapi.json", bench.api());
    let (path, _) = bench.init(&["--openapi", &address])?;
    let requests = |profile: &Profile| -> BTreeSet<(String, bool)> {
        let surfaces = profile.surface.values();
        surfaces
            .map(|surface| (surface.request.to_string(), surface.session.is_some()))
            .collect()
    };
    let text = fs::read_to_string(&path)?;
    let mut found = Profile::parse_with("made.toml", &text, &|_| Some("set".to_owned()))?;
    let mut by_hand = Profile::clinic()?;
    let left_out = text.split_once("# --- left out ").ok_or("nothing is left out")?.1;
    for name in BY_HAND {
        let surface = by_hand
            .surface
            .remove(name)
            .ok_or(format!("`{name}` is not there"))?;
        let request = surface.request.as_str().replace("{{ recording.id }}", "{id}");
        let request = request.split('?').next().unwrap_or_default();
        let told = left_out.lines().any(|line| line == format!("#   {request}"));
        ensure(told, || format!("`{request}` is not told of in\n{left_out}"))?;
    }
    // the bucket speaks for itself, and is in no document
    for name in ["bucket", "object"] {
        by_hand.surface.remove(name).ok_or("no bucket")?;
    }
    // by hand it is the address that a playlist names; a document says how such an address is made
    by_hand.surface.remove("hls-segment").ok_or("no segments")?;
    let segment = found.surface.remove("segments").ok_or("no segments were found")?;
    assert_eq!(
        segment.request.as_str(),
        "GET /v1/replays/{{ recording.id }}/segments/0"
    );
    assert_eq!(requests(&found), requests(&by_hand));
    for (name, surface) in &by_hand.surface {
        let called = CALLED.iter().find(|(known, _)| known == name);
        let called = called.map_or(name.as_str(), |(_, called)| called);
        let other = found
            .surface
            .get(called)
            .ok_or(format!("`{name}` is called otherwise"))?;
        assert_eq!(
            (other.ranges, other.head, other.link),
            (surface.ranges, surface.head, surface.link),
            "{name}"
        );
        assert_eq!(other.list.is_some(), surface.list.is_some(), "{name}");
        assert_eq!(other.write.is_some(), surface.write.is_some(), "{name}");
    }
    Ok(())
}

/// The document knows every request that the clinic's own profile makes to the api.
#[test]
fn the_document_has_every_request_of_the_clinics_own_profile() -> Result<(), Trouble> {
    let bench = Bench::with(&[])?;
    let address = format!("{}/openapi.json", bench.api());
    let text = bench.runtime.block_on(async { reqwest_text(&address).await })?;
    let document: serde_json::Value = serde_json::from_str(&text)?;
    let paths = document["paths"].as_object().ok_or("no paths")?;
    let known: BTreeSet<String> = paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().into_iter().flatten();
            methods.map(|(method, _)| format!("{} {}", method.to_uppercase(), holes(path, '{', '}')))
        })
        .collect();
    let mut asked = BTreeSet::new();
    for line in bystander::profile::CLINIC
        .lines()
        // the flags, the recorder and the bucket speak for themselves, and are in no document
        .filter(|line| {
            ["base = \"flags\"", " /recorder/calls/", " /buckets/"]
                .iter()
                .all(|apart| !line.contains(apart))
        })
    {
        for request in line.split("request = \"").skip(1) {
            let request = request.split('"').next().unwrap_or_default();
            if !request.ends_with("{{ url }}") {
                asked.insert(holes(request.split('?').next().unwrap_or_default(), '{', '}'));
            }
        }
    }
    assert!(asked.len() > 15, "{asked:?}");
    // the recorder's three uploads are one path with a hole
    let fits = |request: &String| {
        let generic = request.rsplit_once('/').map(|(before, _)| format!("{before}/*"));
        known.contains(request) || generic.is_some_and(|generic| known.contains(&generic))
    };
    let missing: Vec<&String> = asked.iter().filter(|request| !fits(request)).collect();
    assert_eq!(missing, Vec::<&String>::new());
    Ok(())
}

/// `/a/{id}/b` and `/a/{{ x }}/b` both become `/a/*/b`.
fn holes(path: &str, open: char, close: char) -> String {
    let mut depth = 0;
    let mut plain = String::new();
    for c in path.chars() {
        if c == open {
            if depth == 0 {
                plain.push('*');
            }
            depth += 1;
        } else if c == close {
            depth -= 1;
        } else if depth == 0 {
            plain.push(c);
        }
    }
    plain
}

async fn reqwest_text(address: &str) -> Result<String, reqwest::Error> {
    // another test may have installed one already, which does as well
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().build()?;
    client.get(address).send().await?.text().await
}
