//! Addresses that are their own keys, redirects, and links that run out.

use super::running::{tried, tried_with};
use super::stack::{Answers, Asked, Recording, Said, World};
use bystander::judge::Finding;
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The owner is told an address on another origin, which opens for whoever has it.
fn hands_out(asked: &Asked, world: &mut World, lasts: Option<Duration>) -> Option<Said> {
    if let Some(id) = asked.below("/recordings/") {
        let who = asked.who.clone()?;
        let Some(found) = world.recording(id).filter(|one| one.owner == who) else {
            return Some(Said::refused(404));
        };
        let key = world.serial();
        world
            .links
            .insert(key.clone(), (found.id.clone(), Instant::now()));
        let location = format!("{}/files/{key}", world.media);
        return Some(Said::json(200, &json!({"id": found.id, "location": location})));
    }
    let key = asked.below("/files/").filter(|_| asked.elsewhere)?;
    let found = world
        .links
        .get(key)
        .filter(|(_, at)| lasts.is_none_or(|lasts| at.elapsed() < lasts));
    let found = found.and_then(|(id, _)| world.recording(id));
    Some(found.map_or_else(|| Said::refused(403), |one: Recording| Said::page(&one.title)))
}

const MEDIA: &str = r#"
    [surface.media]
    steps = [{ request = "GET /recordings/{{ recording.id }}", capture = { url = "$.location" } }]
    request = "GET {{ url }}"
    credentials = "none"
    link = true
    "#;

fn by_design(extent: &str) -> String {
    format!(
        r#"{MEDIA}
        [[exception]]
        surface = "media"
        who = "anyone holding the address"
        technique = "leaked-link"
        extent = "{extent}"
        reason = "the address is its own key"
        "#
    )
}

fn open(asked: &Asked, world: &mut World) -> Option<Said> {
    hands_out(asked, world, None)
}

#[test]
fn an_address_that_is_its_own_key_opens_for_all_unless_that_is_meant_to_be_so() {
    let found = tried(MEDIA, open);
    found.leaks("using a link that was made for somebody else");
    let meant = tried(&by_design("metadata"), open);
    meant.holds();
    assert!(meant.judgement.exceptions[0].seen > 0);
    let keys = meant
        .stack
        .asked(|asked| asked.elsewhere && asked.token.is_some());
    assert!(keys.is_empty(), "nobody's keys go to another origin: {keys:#?}");
    let narrow = tried(&by_design("existence"), open);
    narrow.leaks("using a link that was made for somebody else");
    assert_eq!(narrow.judgement.exceptions[0].seen, 0);
}

#[test]
fn where_no_own_link_holds_an_id_there_is_nothing_to_swap() {
    let meant = tried(&by_design("metadata"), open);
    meant.holds();
    let left_out = &meant.judgement.left_out;
    assert!(
        left_out
            .iter()
            .any(|one| one.technique == "signed-link-tampering"),
        "{left_out:#?}"
    );
}

#[test]
fn what_is_not_meant_at_the_same_surface_still_counts() {
    tried(&by_design("metadata"), |asked, world| {
        // whoever asks is told any address
        let id = asked.below("/recordings/").map(str::to_owned);
        if let Some(found) = id.and_then(|id| world.recording(&id)) {
            let mut as_owner = asked.clone();
            as_owner.who = Some(found.owner);
            return open(&as_owner, world);
        }
        open(asked, world)
    })
    .leaks("putting the id of somebody else's recording");
}

const ONE_EACH: &str = r"Feature: One each
  Scenario: One each
    Given Ada and Ben each have a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
";

fn expiring(lasts: Option<Duration>) -> super::running::Tried {
    let profile = by_design("metadata").replace("link = true", "link = true\n    expires = \"1s\"");
    let answers: Arc<Answers> = Arc::new(move |asked, world| hands_out(asked, world, lasts));
    tried_with(&profile, ONE_EACH, answers)
}

#[test]
fn a_link_opens_for_nobody_when_its_time_is_over() {
    expiring(Some(Duration::from_secs(1))).holds();
}

#[test]
fn a_link_that_does_not_run_out_is_found_out_by_its_owner_too() {
    let late = expiring(None);
    late.leaks("using a link that should have expired");
    let by = |name: &str| {
        late.judgement
            .findings
            .iter()
            .any(|finding: &Finding| finding.bystander == name)
    };
    assert!(
        by("Ada") && by("Ben") && by("nobody"),
        "{:#?}",
        late.judgement.findings
    );
}

const REDIRECTED: &str = r#"
    [surface.media]
    request = "GET /recordings/{{ recording.id }}"
    follow = true
    "#;

/// The owner is sent on to another origin; others are not, or are as well.
fn sends_on(asked: &Asked, world: &mut World, whoever: bool) -> Option<Said> {
    if let Some(id) = asked.below("/recordings/") {
        let who = asked.who.clone()?;
        let found = world.recording(id).filter(|one| whoever || one.owner == who);
        return Some(match found {
            Some(found) => {
                let location = format!("{}/files/{}", world.media, found.id);
                Said::status(302).with("location", &location)
            }
            None => Said::refused(404),
        });
    }
    let found = world.recording(asked.below("/files/")?)?;
    asked.elsewhere.then(|| Said::page(&found.title))
}

#[test]
fn a_redirect_is_followed_without_the_persons_keys() {
    let sound = tried(REDIRECTED, |asked, world| sends_on(asked, world, false));
    sound.holds();
    let elsewhere = sound.stack.asked(|asked| asked.elsewhere);
    assert!(!elsewhere.is_empty() && elsewhere.iter().all(|asked| asked.token.is_none()));
    tried(REDIRECTED, |asked, world| sends_on(asked, world, true)).leaks("could read the title");
}

#[test]
fn a_redirect_to_a_host_that_the_profile_does_not_name_is_not_followed() {
    tried(REDIRECTED, |asked, world| {
        let who = asked.who.clone()?;
        let found = world.recording(asked.below("/recordings/")?)?;
        Some(if found.owner == who {
            Said::json(200, &found.json())
        } else {
            Said::status(302).with("location", "http://127.0.0.1:9/elsewhere")
        })
    })
    .unclear("not a host of this profile");
}
