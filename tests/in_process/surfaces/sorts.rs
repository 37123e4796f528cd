//! Sorts of answers to a list that are no list.

use super::running::tried;
use super::stack::{Recording, Said};
use serde_json::Value as Json;

const BARE: &str = r#"
    [surface.list]
    request = "GET /list"
    list = { items = "$[*]" }
    "#;

#[test]
fn a_bare_array_is_a_list_and_its_absence_is_none() {
    let answers = |empty: fn() -> Said| {
        move |asked: &super::stack::Asked, world: &mut super::stack::World| {
            let who = asked.who.as_ref().filter(|_| asked.path == "/list")?;
            let theirs = world.of(who);
            if theirs.is_empty() {
                return Some(empty());
            }
            let items: Vec<Json> = theirs.iter().map(Recording::json).collect();
            Some(Said::json(200, &Json::from(items)))
        }
    };
    let feature = r"Feature: Chloe has none
  Scenario: Chloe has none
    Given Ada has a finished audio consultation that was recorded
    And Chloe is signed in
    Then no one can list or fetch anybody else's recordings
";
    let tried = |empty| super::running::tried_with(BARE, feature, std::sync::Arc::new(answers(empty)));
    tried(|| Said::json(200, &Json::Array(Vec::new()))).holds();
    tried(|| Said::status(204)).holds();
    tried(|| Said::json(200, &Json::Null)).unclear("nothing at `$[*]`");
    tried(|| Said::page("busy")).unclear("not JSON");
}

#[test]
fn a_page_without_a_match_is_empty_only_where_the_twins_show_that_the_pattern_is_right() {
    let page = |pattern: &str| {
        format!("[surface.list]\nrequest = \"GET /list\"\nlist = {{ items = 'match {pattern}' }}")
    };
    let answers = |asked: &super::stack::Asked, world: &mut super::stack::World| {
        let who = asked.who.as_ref().filter(|_| asked.path == "/list")?;
        let items: Vec<String> = world
            .of(who)
            .iter()
            .map(|one| format!("<li id={}>", one.id))
            .collect();
        Some(Said::page(&format!("<h1>Recordings</h1>{}", items.join("\n"))))
    };
    tried(&page(r"<li id=(\w+)>"), answers).holds();
    tried(&page(r"<tr id=(\w+)>"), answers).unclear("did not get it");
}
