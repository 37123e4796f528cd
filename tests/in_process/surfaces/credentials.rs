//! Nobody of both kinds, sessions that end, and surfaces that are meant for some.

use super::running::{tried, tried_with};
use super::stack::{Answers, Said, own_item};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

const ITEM: &str = r#"
    [surface.item]
    request = "GET /recordings/{{ recording.id }}"
    "#;

#[test]
fn credentials_that_are_only_looked_for_and_not_checked() {
    tried(ITEM, |asked, world| {
        if asked.token.is_some() && asked.who.is_none() {
            let found = world.recording(asked.below("/recordings/")?)?;
            return Some(Said::json(200, &found.json()));
        }
        own_item(asked, world)
    })
    .leaks("Somebody with wrong credentials could read the title of");
}

#[test]
fn credentials_that_are_checked_only_where_there_are_any() {
    let tried = tried(ITEM, |asked, world| {
        if asked.token.is_none() {
            let found = world.recording(asked.below("/recordings/")?)?;
            return Some(Said::json(200, &found.json()));
        }
        own_item(asked, world)
    });
    tried.leaks("Somebody, without signing in, could read the title of");
    let findings = &tried.judgement.findings;
    assert!(
        findings.iter().all(|finding| finding.bystander == "nobody"),
        "{findings:#?}"
    );
}

#[test]
fn no_more_wrong_credentials_are_sent_than_the_profile_allows() {
    let few = format!("{ITEM}\n[limits]\nwrong_credentials = 1");
    let feature = r"Feature: Twice
  Scenario: Twice
    Given Ada and Ben each have a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And no one can list or fetch anybody else's recordings
";
    let tried = tried_with(&few, feature, Arc::new(|asked, world| own_item(asked, world)));
    tried.holds();
    let wrong = tried
        .stack
        .asked(|asked| asked.token.is_some() && asked.who.is_none());
    assert_eq!(wrong.len(), 1, "{wrong:#?}");
    let left_out = &tried.judgement.left_out;
    assert_eq!((left_out.len(), left_out[0].count), (1, 1));
    assert!(left_out[0].why.contains("budget of 1 request"), "{left_out:#?}");
}

#[test]
fn wrong_credentials_need_not_be_those_of_the_profile() {
    let own = format!("{ITEM}\n[role.patient.wrong]\nheader.Authorization = \"Bearer null\"");
    let tried = tried(&own, |asked, world| own_item(asked, world));
    tried.holds();
    let wrong = tried.stack.asked(|asked| asked.token.as_deref() == Some("null"));
    assert_eq!(wrong.len(), 1);
}

#[test]
fn a_session_that_ends_is_renewed_and_what_it_was_to_ask_is_asked_again() {
    let over: Mutex<BTreeSet<String>> = Mutex::default();
    let tried = tried(ITEM, move |asked, world| {
        // each session is good until it is first used for a recording
        if asked.below("/recordings/").is_some()
            && let Some(token) = &asked.token
            && world.sessions.contains_key(token)
        {
            let person = world.sessions.get(token).cloned()?;
            if over.lock().unwrap().insert(person) {
                world.sessions.remove(token);
                return Some(Said::refused(401));
            }
        }
        own_item(asked, world)
    });
    tried.holds();
    assert_eq!(tried.stack.asked(|asked| asked.path == "/login").len(), 4);
}

#[test]
fn a_stack_that_calls_everybody_signed_out_is_not_asked_for_ever() {
    let tried = tried(ITEM, |asked, _| {
        asked.below("/recordings/").map(|_| Said::refused(401))
    });
    tried.unclear("did not get it");
    let logins = tried.stack.asked(|asked| asked.path == "/login").len();
    assert!(logins <= 8, "{logins} times signed in");
}

const FOR_CLINICIANS: &str = r#"
    [role.clinician]
    provision = [{ request = "POST /people", json = { name = "{{ me.name }}", role = "clinician" }, expect = 201, capture = { id = "$.id" } }]
    login = [{ request = "POST /login", json = { id = "{{ me.id }}" }, capture = { token = "$.token" } }]
    credentials.header.Authorization = "Bearer {{ me.token }}"
    whoami = { request = "GET /me", expect = "status == 200 and json('$.id') == me.id" }
    [surface.ward]
    request = "GET /ward/{{ recording.id }}"
    for = ["clinician"]
    "#;

#[test]
fn a_surface_for_some_has_its_twins_from_among_them() {
    let granted =
        format!("{FOR_CLINICIANS}\n[[recording.grants]]\nto = \"clinician\"\nwhy = \"treating clinician\"");
    let ward = |whoever: bool| {
        move |asked: &super::stack::Asked, world: &mut super::stack::World| {
            let found = world.recording(asked.below("/ward/")?);
            let who = asked.who.as_ref()?;
            let may = whoever || world.role(who) == "clinician";
            Some(match found.filter(|_| may) {
                Some(found) => Said::json(200, &found.json()),
                None => Said::refused(404),
            })
        }
    };
    let feature = r"Feature: Ward
  Scenario: Ward
    Given Ada and Ben each have a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
";
    tried_with(&granted, feature, Arc::new(ward(false))).holds();
    tried_with(&granted, feature, Arc::new(ward(true))).leaks("Ben, putting the id");
    // a role alone is no right
    tried_with(FOR_CLINICIANS, feature, Arc::new(ward(false))).leaks("Dr Grey, putting the id");
    let nobody: Arc<Answers> = Arc::new(|asked, _| asked.below("/ward/").map(|_| Said::refused(404)));
    tried_with(FOR_CLINICIANS, feature, nobody).unclear("nobody with a right to it made the same request");
}

#[test]
fn a_surface_can_have_its_own_word_for_a_refusal() {
    let own_word = format!("{ITEM}\ndenied = \"status == 200 and json('$.none')\"");
    let answers = |asked: &super::stack::Asked, world: &mut super::stack::World| {
        let id = asked.below("/recordings/")?;
        let who = asked.who.as_ref()?;
        let found = world.recording(id).filter(|one| one.owner == *who);
        Some(match found {
            Some(found) => Said::json(200, &found.json()),
            None => Said::json(200, &serde_json::json!({"none": true})),
        })
    };
    let tried = tried(&own_word, answers);
    tried.holds();
}
