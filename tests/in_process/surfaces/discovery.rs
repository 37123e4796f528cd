//! Ways out that nobody declared: links lead to them, and everybody else tries them.

use super::running::{Tried, tried_with};
use super::stack::{Asked, Recording, Said, World, own_item};
use bystander::report::{junit, terminal};
use serde_json::json;
use std::sync::Arc;

const FEATURE: &str = r"Feature: What links lead to
  Scenario: What links lead to is one's own
    Given Ada and Ben each have a finished audio consultation that was recorded
    Then nobody else can open what Ada finds by following links
";

const SUMMARY: &str = "GET /recordings/{id}/summary";

/// The item is declared, its summary is not.
fn profile(discovery: &str) -> String {
    format!(
        "[surface.item]\nrequest = \"GET /recordings/{{{{ recording.id }}}}\"\n[discovery]\nstart = [\"/home\"]\n{discovery}"
    )
}

fn found(discovery: &str, summary: fn(&Asked, &World) -> Option<Said>) -> Tried {
    let answers = move |asked: &Asked, world: &mut World| {
        if asked.path.ends_with("/summary") {
            return Some(summary(asked, world).unwrap_or_else(|| Said::refused(404)));
        }
        home(asked, world).or_else(|| own_item(asked, world))
    };
    tried_with(&profile(discovery), FEATURE, Arc::new(answers))
}

/// One's own recordings, each with a link; the items of no other stack know of their summaries.
fn home(asked: &Asked, world: &World) -> Option<Said> {
    let who = asked.who.as_ref().filter(|_| asked.is("GET", "/home"))?;
    let link = |one: &Recording| {
        let item = format!("/recordings/{}", one.id);
        json!({"self": item, "more": [format!("{item}/summary")]})
    };
    let mine: Vec<_> = world.of(who).iter().map(link).collect();
    Some(Said::json(200, &json!({ "recordings": mine })))
}

/// The recording that a summary is asked for.
fn asked_for(asked: &Asked, world: &World) -> Option<Recording> {
    world.recording(asked.below("/recordings/")?.strip_suffix("/summary")?)
}

fn told(recording: &Recording) -> Said {
    Said::page(&format!("<h1>{}</h1>", recording.title))
}

fn to_the_owner(asked: &Asked, world: &World) -> Option<Said> {
    let found = asked_for(asked, world)?;
    (asked.who.as_ref() == Some(&found.owner)).then(|| told(&found))
}

fn to_whoever_is_signed_in(asked: &Asked, world: &World) -> Option<Said> {
    let _who = asked.who.as_ref()?;
    asked_for(asked, world).map(|found| told(&found))
}

/// Reads nothing but whether there is a token, and forgets to look at whose it is.
fn to_any_token(asked: &Asked, world: &World) -> Option<Said> {
    let known = asked.who.is_some();
    let found = asked_for(asked, world)?;
    let own = asked.who.as_ref() == Some(&found.owner);
    ((asked.token.is_some() && !known) || own).then(|| told(&found))
}

#[test]
fn what_nobody_declared_is_found_tried_and_told() {
    let sound = found("", to_the_owner);
    let discovered = &sound.holds().judgement.discovered;
    let forms: Vec<_> = discovered
        .iter()
        .map(|way| (way.form.as_str(), way.declared.as_deref()))
        .collect();
    assert_eq!(forms, [("GET /recordings/{id}", Some("item")), (SUMMARY, None)]);
    let text = terminal::render(&sound.judgement, terminal::Style::default());
    assert!(
        text.contains("Ways out that the profile does not declare"),
        "{text}"
    );
    assert!(text.contains(&format!("`{SUMMARY}`: 3 probes held")), "{text}");
    let junit = junit::render(&sound.judgement).unwrap();
    assert!(junit.contains("undeclared-way-out"), "{junit}");
}

#[test]
fn what_nobody_declared_and_everybody_may_read_is_a_leak() {
    let leaky = found("", to_whoever_is_signed_in);
    leaky.leaks("could read the title");
    for finding in &leaky.judgement.findings {
        assert_eq!(
            (
                finding.surface.as_str(),
                finding.bystander.as_str(),
                finding.owner.as_str()
            ),
            (SUMMARY, "Ben", "Ada"),
            "{finding:#?}"
        );
    }
}

#[test]
fn what_nobody_declared_is_tried_with_wrong_credentials_too() {
    let leaky = found("", to_any_token);
    leaky.leaks("wrong credentials");
    let who: Vec<&str> = leaky
        .judgement
        .findings
        .iter()
        .map(|one| one.bystander.as_str())
        .collect();
    assert_eq!(who, ["wrong-credentials"]);
    let spared = found("[limits]\nwrong_credentials = 1", to_any_token);
    let left_out = &spared.holds().judgement.left_out;
    assert!(
        left_out.iter().any(|one| one.why.contains("budget of 1 request")),
        "{left_out:#?}"
    );
}

#[test]
fn a_new_way_out_can_be_made_a_failure_and_be_accepted() {
    found("new_is_a_failure = true", to_the_owner).unclear("neither declares it nor lists it");
    let known = "new_is_a_failure = true\nknown = [\"/recordings/{id}/summary\"]";
    let accepted = found(known, to_the_owner);
    let way = accepted
        .holds()
        .judgement
        .discovered
        .iter()
        .find(|way| way.form == SUMMARY);
    assert!(way.is_some_and(|way| way.known), "{way:?}");
}

#[test]
fn where_following_links_ended_early_is_told() {
    let early = |bounds: &str, why: &str| {
        let tried = found(bounds, to_the_owner);
        let left_out = &tried.holds().judgement.left_out;
        assert!(left_out.iter().any(|one| one.why.contains(why)), "{left_out:#?}");
        let text = terminal::render(&tried.judgement, terminal::Style::default());
        assert!(text.contains("Link discovery stopped early"), "{text}");
    };
    early("requests = 2", "the 2 `requests` of `[discovery]` were used up");
    let broken = found("", |asked, world| {
        let own = asked.who.as_ref() == asked_for(asked, world).map(|found| found.owner).as_ref();
        own.then(|| Said::refused(503))
    });
    let left_out = &broken.holds().judgement.left_out;
    assert!(
        left_out.iter().any(|one| one.why.contains("answered with 503")),
        "{left_out:#?}"
    );
    found("depth = 0", to_the_owner).unclear("to none of their recordings");
}

#[test]
fn links_to_another_origin_are_followed_without_credentials() {
    let answers = |asked: &Asked, world: &mut World| {
        let summary =
            |world: &World, one: &Recording| format!("{}/recordings/{}/summary", world.media, one.id);
        if asked.elsewhere {
            return asked_for(asked, world).map(|found| told(&found));
        }
        let who = asked.who.as_ref().filter(|_| asked.is("GET", "/home"))?;
        let mine: Vec<String> = world.of(who).iter().map(|one| summary(world, one)).collect();
        Some(Said::json(200, &json!(mine)))
    };
    let tried = tried_with(&profile(""), FEATURE, Arc::new(answers));
    tried.leaks("could read the title");
    assert!(!tried.stack.asked(|asked| asked.elsewhere).is_empty());
    let with_token = tried
        .stack
        .asked(|asked| asked.elsewhere && asked.token.is_some());
    assert!(with_token.is_empty(), "{with_token:#?}");
}
