//! Answers that stay open.

use super::running::tried;
use super::stack::{Asked, Events, Said, World};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const EVENTS: &str = r#"
    [surface.events]
    request = "GET /events"
    stream = { for = "300ms", meanwhile = [{ request = "POST /touch/{{ recording.id }}", expect = 202 }] }
    "#;

fn events(
    asked: &Asked,
    world: &mut World,
    text: fn(&super::stack::Recording) -> String,
    all: bool,
) -> Option<Said> {
    let who = asked.who.clone()?;
    if let Some(id) = asked.below("/touch/") {
        let found = world.recording(id)?;
        // nobody need be listening
        let _ = world.events.send((found.owner.clone(), text(&found)));
        return Some(Said::status(202));
    }
    asked.is("GET", "/events").then(|| Said {
        events: Some(Events {
            all: world.events.subscribe(),
            only: (!all).then_some(who),
        }),
        ..Said::status(200).with("content-type", "text/event-stream")
    })
}

fn title(recording: &super::stack::Recording) -> String {
    format!("{} changed", recording.title)
}

#[test]
fn whoever_listens_is_told_of_their_own() {
    tried(EVENTS, |asked, world| events(asked, world, title, false)).holds();
    tried(EVENTS, |asked, world| events(asked, world, title, true)).leaks("could read the title");
}

#[test]
fn to_be_told_of_an_id_is_enough_for_a_twin_and_for_a_leak() {
    let id = |recording: &super::stack::Recording| format!("{{\"updated\":\"{}\"}}", recording.id);
    tried(EVENTS, move |asked, world| events(asked, world, id, false)).holds();
    tried(EVENTS, move |asked, world| events(asked, world, id, true)).leaks("was told the id of");
}

#[test]
fn where_nothing_is_told_nothing_is_shown() {
    tried(EVENTS, |asked, world| {
        asked
            .below("/touch/")
            .map_or_else(|| events(asked, world, title, true), |_| Some(Said::status(202)))
    })
    .unclear("did not get it");
    tried(EVENTS, |asked, world| {
        asked.below("/touch/").map_or_else(
            || events(asked, world, title, false),
            |_| Some(Said::refused(500)),
        )
    })
    .unclear("there was nothing to be told of");
}

/// What the profile waits for is over before this stack tells anybody anything, and it tells others later than owners.
#[test]
fn on_a_slow_stack_silence_is_waited_for_too() {
    let slow = EVENTS.replace(r#"for = "300ms""#, r#"for = "50ms", within = "5s""#);
    let late = |to_all: bool| {
        let listeners = Arc::new(Mutex::new(BTreeSet::new()));
        move |asked: &Asked, world: &mut World| {
            let mut listeners = listeners.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(id) = asked.below("/touch/") else {
                listeners.extend(asked.who.clone());
                return events(asked, world, title, false);
            };
            asked.who.as_ref()?;
            let found = world.recording(id)?;
            let others: Vec<String> = listeners
                .iter()
                .filter(|who| to_all && **who != found.owner)
                .cloned()
                .collect();
            let told = world.events.clone();
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(250));
                // nobody need be listening
                let _ = told.send((found.owner.clone(), title(&found)));
                std::thread::sleep(Duration::from_millis(150));
                for other in others {
                    let _ = told.send((other, title(&found)));
                }
            });
            Some(Said::status(202))
        }
    };
    tried(&slow, late(false)).holds();
    tried(&slow, late(true)).leaks("could read the title");
}
