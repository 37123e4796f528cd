//! Techniques that write a request anew: a stack that understands them and checks all the same holds, and one that leaks by one of
//! them alone is found out by that one, in its own words.

use super::running::{Tried, tried, tried_with};
use super::stack::{Asked, Said, World};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

const ITEM: &str = r#"
[surface.item]
request = "GET /recordings/{{ recording.id }}"
"#;

/// The same where parts of it can be fetched as well.
const RANGED: &str = r#"
[surface.item]
request = "GET /recordings/{{ recording.id }}"
ranges = true
"#;

/// What a request means to a stack that understands everything.
struct Meant {
    method: String,
    path: String,
    id: String,
}

impl Meant {
    fn of(asked: &Asked) -> Option<Self> {
        let once = decoded(&asked.path);
        let mut path = decoded(&once).to_lowercase();
        while path.contains("//") {
            path = path.replace("//", "/");
        }
        let path = path.strip_suffix("/x.css").unwrap_or(&path);
        let path = path.trim_end_matches('/').trim_end_matches(".json").to_owned();
        let id = path.strip_prefix("/recordings/")?.to_owned();
        let overridden = asked.headers.get("x-http-method-override");
        Some(Self {
            method: overridden.unwrap_or(&asked.method).clone(),
            path,
            id,
        })
    }
}

fn decoded(path: &str) -> String {
    percent_encoding::percent_decode_str(path)
        .decode_utf8_lossy()
        .into_owned()
}

/// Serves what is meant, by whoever may see it; `unchecked` says of a request that nobody looks whose it is.
fn served(asked: &Asked, world: &World, unchecked: impl Fn(&Asked) -> bool) -> Option<Said> {
    let meant = Meant::of(asked)?;
    let who = asked.who.as_ref()?;
    if meant.method != "GET" || !meant.path.starts_with("/recordings/") {
        return None;
    }
    let found = world.recording(&meant.id);
    let found = found.filter(|one| one.owner == *who || unchecked(asked));
    Some(found.map_or_else(|| Said::refused(404), |one| said(&one)))
}

fn said(one: &super::stack::Recording) -> Said {
    Said::json(200, &one.json()).with("etag", &format!("\"v-{}\"", one.owner))
}

/// What was tried at the only surface, and what did not apply.
fn covered(tried: &Tried) -> (BTreeSet<&str>, BTreeSet<&str>) {
    let named = |applies: bool| {
        let of = tried
            .judgement
            .coverage
            .iter()
            .filter(move |one| one.surface == "item" && (one.probed > 0) == applies);
        of.map(|one| one.technique.as_str()).collect()
    };
    (named(true), named(false))
}

/// Every leak is told by this technique, and told as that.
fn leaks_only_by(tried: &Tried, technique: &str, words: &str) {
    tried.leaks(words);
    for finding in &tried.judgement.findings {
        assert_eq!(finding.technique, technique, "{}", finding.sentence);
    }
}

#[test]
fn a_stack_that_understands_them_and_checks_holds() {
    let tried = tried(RANGED, |asked, world| served(asked, world, |_| false));
    tried.holds();
    let (probed, not_applicable) = covered(&tried);
    let wanted: BTreeSet<&str> = [
        "extra-id-parameter",
        "identity-header-spoofing",
        "x-original-url",
        "x-forwarded-for",
        "method-override",
        "path-encoding",
        "path-double-encoding",
        "path-double-slash",
        "path-case",
        "path-trailing-slash",
        "path-suffix",
        "web-cache-deception",
        "conditional-request",
        "if-range",
        "truncated-token",
    ]
    .into();
    assert_eq!(probed, wanted);
    assert_eq!(
        not_applicable,
        BTreeSet::from([
            "cross-tenant",
            "x-forwarded-host",
            "parameter-pollution",
            "jwt-alg-none",
            "jwt-subject-swap"
        ])
    );
}

#[test]
fn what_the_stack_does_not_understand_is_left_out_with_the_reason() {
    let tried = tried(ITEM, |asked, world| super::stack::own_item(asked, world));
    tried.holds();
    let (probed, not_applicable) = covered(&tried);
    assert!(probed.contains("identity-header-spoofing"), "{probed:?}");
    for technique in ["path-trailing-slash", "path-double-slash", "path-encoding"] {
        assert!(not_applicable.contains(technique), "{technique}: {probed:?}");
    }
    let why = tried
        .judgement
        .coverage
        .iter()
        .find(|one| one.technique == "path-trailing-slash");
    assert_eq!(
        why.unwrap().not_applicable.as_deref(),
        Some("its owner does not get it in this way either")
    );
    assert!(
        tried.judgement.left_out.is_empty(),
        "{:?}",
        tried.judgement.left_out
    );
}

type Unchecked = fn(&Asked) -> bool;

#[test]
fn a_check_that_one_form_of_a_request_goes_round_is_found_by_that_form() {
    let rows: [(&str, &str, Unchecked); 9] = [
        (
            "x-forwarded-for",
            "saying by headers that they came from within",
            |asked| {
                asked
                    .headers
                    .get("x-forwarded-for")
                    .is_some_and(|from| from == "127.0.0.1")
            },
        ),
        (
            "method-override",
            "sending another method than the one they meant",
            |asked| asked.method == "POST",
        ),
        (
            "path-encoding",
            "writing the address with a character percent-encoded,",
            |asked| asked.path.contains('%') && !asked.path.contains("%25"),
        ),
        (
            "path-double-encoding",
            "a character percent-encoded twice",
            |asked| asked.path.contains("%25"),
        ),
        (
            "path-double-slash",
            "writing the address with a slash doubled",
            |asked| asked.path.contains("//"),
        ),
        ("path-case", "writing the address in capitals", |asked| {
            asked.path.contains("RECORDINGS")
        }),
        (
            "path-trailing-slash",
            "writing the address with a slash at its end",
            |asked| asked.path.ends_with('/'),
        ),
        (
            "path-suffix",
            "writing the address with `.json` at its end",
            |asked| asked.path.ends_with(".json"),
        ),
        (
            "if-range",
            "asking to go on with somebody else's download",
            |asked| asked.headers.contains_key("if-range"),
        ),
    ];
    for (technique, words, unchecked) in rows {
        let tried = tried(RANGED, move |asked, world| served(asked, world, unchecked));
        leaks_only_by(&tried, technique, words);
    }
}

#[test]
fn a_check_of_the_path_and_a_query_by_the_parameter() {
    let tried = tried(ITEM, |asked, world| {
        let id = asked.below("/recordings/")?;
        let who = asked.who.as_ref()?;
        let mine = world.recording(id).filter(|one| one.owner == *who);
        let meant = asked.query.get("id").and_then(|id| world.recording(id));
        Some(mine.map_or_else(|| Said::refused(404), |mine| said(&meant.unwrap_or(mine))))
    });
    leaks_only_by(
        &tried,
        "extra-id-parameter",
        "naming somebody else's recording in a parameter beside their own",
    );
}

#[test]
fn a_header_that_only_the_gateway_should_send() {
    let tried = tried(ITEM, |asked, world| {
        let id = asked.below("/recordings/")?;
        let session = asked.who.as_ref()?;
        let who = asked.headers.get("x-user-id").unwrap_or(session);
        let found = world.recording(id).filter(|one| one.owner == *who);
        Some(found.map_or_else(|| Said::refused(404), |one| said(&one)))
    });
    leaks_only_by(
        &tried,
        "identity-header-spoofing",
        "saying by a header that they were somebody else, could",
    );
}

#[test]
fn an_address_in_a_header_that_is_served_and_not_checked() {
    let tried = tried(ITEM, |asked, world| {
        let id = asked.below("/recordings/")?;
        let who = asked.who.as_ref()?;
        let mine = world.recording(id).filter(|one| one.owner == *who);
        let other = asked.headers.get("x-original-url");
        let other = other.and_then(|path| world.recording(path.strip_prefix("/recordings/")?));
        Some(mine.map_or_else(|| Said::refused(404), |mine| said(&other.unwrap_or(mine))))
    });
    leaks_only_by(
        &tried,
        "x-original-url",
        "naming the address of somebody else's recording in a header",
    );
}

#[test]
fn a_cache_that_keeps_style_sheets_for_everybody() {
    let kept: Mutex<BTreeMap<String, Json>> = Mutex::default();
    let tried = tried(ITEM, move |asked, world| {
        let meant = Meant::of(asked)?;
        let who = asked.who.as_ref()?;
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.get(&asked.path) {
            return Some(Said::json(200, kept));
        }
        let found = world.recording(&meant.id).filter(|one| one.owner == *who);
        Some(found.map_or_else(
            || Said::refused(404),
            |one| {
                if asked.path.ends_with(".css") {
                    kept.insert(asked.path.clone(), one.json());
                }
                said(&one)
            },
        ))
    });
    leaks_only_by(
        &tried,
        "web-cache-deception",
        "asking for an address that looked like a style sheet's after its owner had",
    );
}

#[test]
fn a_parameter_that_is_checked_first_and_read_last() {
    let surface = "[surface.item]\nrequest = \"GET /recording?id={{ recording.id }}\"";
    let answers = |last: bool| {
        move |asked: &Asked, world: &mut World| {
            asked.below("/recording").filter(|rest| rest.is_empty())?;
            let who = asked.who.as_ref()?;
            let ids = asked.pairs.iter().filter(|(name, _)| name == "id");
            let ids: Vec<&String> = ids.map(|(_, id)| id).collect();
            let mine = world.recording(ids.first()?).filter(|one| one.owner == *who);
            let read = if last {
                world.recording(ids.last()?)
            } else {
                mine.clone()
            };
            let found = mine.and(read);
            Some(found.map_or_else(|| Said::refused(404), |one| said(&one)))
        }
    };
    let sound = tried(surface, answers(false));
    sound.holds();
    assert!(covered(&sound).0.contains("parameter-pollution"));
    leaks_only_by(
        &tried(surface, answers(true)),
        "parameter-pollution",
        "giving a parameter twice, once with somebody else's id",
    );
}

#[test]
fn a_version_that_is_compared_before_anybody_asks_whose_it_is() {
    let tried = tried(ITEM, |asked, world| {
        let id = asked.below("/recordings/")?;
        asked.who.as_ref()?;
        let known = asked.headers.get("if-none-match");
        let version = world.recording(id).map(|one| format!("\"v-{}\"", one.owner));
        if known.is_some() && known == version.as_ref() {
            return Some(Said::status(304));
        }
        served(asked, world, |_| false)
    });
    leaks_only_by(&tried, "conditional-request", "could tell through `item` that");
}

#[test]
fn a_token_that_cannot_be_read_and_lets_everything_through() {
    let tried = tried(ITEM, |asked, world| {
        let id = asked.below("/recordings/")?;
        let whole = "tok".len() + 16;
        let broken = asked.token.as_ref().is_some_and(|token| token.len() < whole);
        if broken {
            return Some(
                world
                    .recording(id)
                    .map_or_else(|| Said::refused(404), |one| said(&one)),
            );
        }
        super::stack::own_item(asked, world)
    });
    leaks_only_by(&tried, "truncated-token", "with half of their token missing");
}

/// Signs people in by a JSON Web Token, and knows them by what `reads` makes of it.
fn by_token(
    reads: fn(&Asked) -> Option<String>,
) -> impl Fn(&Asked, &mut World) -> Option<Said> + Send + Sync {
    move |asked, world| {
        if asked.is("POST", "/login") {
            let encoded = |part: &Json| URL_SAFE_NO_PAD.encode(part.to_string());
            let head = encoded(&json!({"alg": "HS256", "typ": "JWT"}));
            let claims = encoded(&json!({"sub": asked.body["id"], "n": world.serial()}));
            let token = format!("{head}.{claims}.{}", URL_SAFE_NO_PAD.encode(world.serial()));
            let id = asked.body["id"].as_str().unwrap_or_default().to_owned();
            world.sessions.insert(token.clone(), id);
            return Some(Said::json(200, &json!({"token": token})));
        }
        let id = asked.below("/recordings/")?;
        let who = asked.who.clone().or_else(|| reads(asked))?;
        let found = world.recording(id).filter(|one| one.owner == who);
        Some(found.map_or_else(|| Said::refused(404), |one| said(&one)))
    }
}

fn part(asked: &Asked, at: usize) -> Option<Json> {
    let part = asked.token.as_ref()?.split('.').nth(at)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[test]
fn a_token_whose_signature_is_not_looked_at() {
    let sound = tried(ITEM, by_token(|_| None));
    sound.holds();
    let probed = covered(&sound).0;
    for technique in ["jwt-alg-none", "jwt-subject-swap", "truncated-token"] {
        assert!(probed.contains(technique), "{technique}: {probed:?}");
    }
    let unsigned = tried(
        ITEM,
        by_token(|asked| {
            part(asked, 0).filter(|head| head["alg"] == "none")?;
            Some(part(asked, 1)?["sub"].as_str()?.to_owned())
        }),
    );
    leaks_only_by(
        &unsigned,
        "jwt-alg-none",
        "naming somebody else in a token without a signature",
    );
    let unchecked = tried(
        ITEM,
        by_token(|asked| {
            part(asked, 0).filter(|head| head["alg"] == "HS256")?;
            Some(part(asked, 1)?["sub"].as_str()?.to_owned())
        }),
    );
    leaks_only_by(
        &unchecked,
        "jwt-subject-swap",
        "naming somebody else in their own token",
    );
}

#[test]
fn what_a_plain_request_gets_is_told_by_the_plain_one_alone() {
    let tried = tried(ITEM, |asked, world| served(asked, world, |_| true));
    tried.leaks("Ben, putting the id");
    for finding in &tried.judgement.findings {
        assert_eq!(finding.technique, "bola", "{}", finding.sentence);
    }
    let also: BTreeSet<&str> = tried
        .judgement
        .findings
        .iter()
        .flat_map(|finding| finding.also_by.iter().map(String::as_str))
        .collect();
    assert!(
        also.contains("path-trailing-slash") && also.contains("identity-header-spoofing"),
        "{also:?}"
    );
}

const TENANTS: &str = r#"
[tenant.east]
[tenant.west]
base = "west"
[surface.item]
request = "GET /recordings/{{ recording.id }}"
"#;

const TWO_TENANTS: &str = r"Feature: Tenants
  Scenario: Tenants share nothing
    Given Ada is a patient of the east
    And Ben is a patient of the west
    And Ada and Ben each have a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
";

/// Whether somebody asks at the host of the other tenant.
fn is_abroad(asked: &Asked, world: &World) -> bool {
    let who = asked.who.as_ref().and_then(|who| world.people.get(who));
    let host = asked.headers.get("host").map_or("", String::as_str);
    who.is_some_and(|(name, _)| name.starts_with("Ben") != host.starts_with("west.localhost:"))
}

#[test]
fn people_of_a_tenant_ask_at_its_address() {
    let answers = |asked: &Asked, world: &mut World| {
        if is_abroad(asked, world) {
            return Some(Said::refused(401));
        }
        served(asked, world, |_| false)
    };
    let tried = tried_with(TENANTS, TWO_TENANTS, Arc::new(answers));
    tried.holds();
    let (probed, _) = covered(&tried);
    for technique in ["cross-tenant", "x-forwarded-host"] {
        assert!(probed.contains(technique), "{technique}: {probed:?}");
    }
}

#[test]
fn a_session_that_opens_at_another_tenant_is_found_by_asking_there() {
    let answers = |asked: &Asked, world: &mut World| {
        let abroad = is_abroad(asked, world);
        served(asked, world, |_| abroad)
    };
    let tried = tried_with(TENANTS, TWO_TENANTS, Arc::new(answers));
    leaks_only_by(
        &tried,
        "cross-tenant",
        "asking at the address of the owner's tenant",
    );
}

#[test]
fn a_host_that_is_believed_from_a_header_is_found_by_naming_it() {
    let answers = |asked: &Asked, world: &mut World| {
        if is_abroad(asked, world) {
            return Some(Said::refused(401));
        }
        served(asked, world, |asked| {
            asked.headers.contains_key("x-forwarded-host")
        })
    };
    let tried = tried_with(TENANTS, TWO_TENANTS, Arc::new(answers));
    leaks_only_by(
        &tried,
        "x-forwarded-host",
        "naming the host of the owner's tenant in `X-Forwarded-Host`",
    );
}
