//! What is answered differently from what does not exist.

use super::running::tried;
use super::stack::{Asked, Said, World};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};

const ITEM: &str = r#"
    [surface.item]
    request = "GET /recordings/{{ recording.id }}"
    "#;

/// Serves what is one's own, and says of everything else what the test says.
fn refusing(
    refusal: impl Fn(bool) -> Said + Send + Sync + 'static,
) -> impl Fn(&Asked, &mut World) -> Option<Said> {
    move |asked, world| {
        let id = asked.below("/recordings/")?;
        let who = asked.who.as_ref()?;
        Some(match world.recording(id) {
            Some(found) if found.owner == *who => Said::json(200, &found.json()),
            found => refusal(found.is_some()),
        })
    }
}

#[test]
fn a_steady_difference_tells_that_it_exists() {
    let there = |exists| Said::refused(if exists { 403 } else { 404 });
    tried(ITEM, refusing(there)).leaks("could tell");
}

/// Serves what is one's own, and refuses each asker everything else with one status after the other.
fn in_turn(statuses: &'static [u16]) -> impl Fn(&Asked, &mut World) -> Option<Said> {
    let refused: Mutex<BTreeMap<Option<String>, usize>> = Mutex::default();
    move |asked, world| {
        let id = asked.below("/recordings/")?;
        let found = world.recording(id);
        if let Some(found) = found.filter(|one| Some(&one.owner) == asked.who.as_ref()) {
            return Some(Said::json(200, &found.json()));
        }
        let mut refused = refused.lock().unwrap();
        let times = refused.entry(asked.token.clone()).or_default();
        *times += 1;
        Some(Said::refused(statuses[(*times - 1) % statuses.len()]))
    }
}

#[test]
fn a_stack_that_answers_now_one_way_and_now_another_is_not_accused() {
    // the second: two replicas that take turns
    for statuses in [&[404, 403, 404, 404][..], &[404, 403]] {
        let tried = tried(ITEM, in_turn(statuses));
        tried.unclear("varied");
        assert!(tried.judgement.findings.is_empty(), "{statuses:?}");
    }
}

#[test]
fn what_the_profile_calls_volatile_is_no_difference() {
    let birds = ["the heron", "a kingfisher", "some wren"];
    let named = || {
        let count = AtomicU32::new(0);
        move |_| {
            let at = count.fetch_add(1, Ordering::Relaxed) as usize;
            let text = format!("refused by {}", birds[at % birds.len()]);
            Said {
                status: 404,
                ..Said::page(&text)
            }
        }
    };
    tried(ITEM, refusing(named())).unclear("outcome.volatile");
    let volatile = format!("{ITEM}\n[outcome]\nvolatile = [\"refused by .*\"]");
    tried(&volatile, refusing(named())).holds();
}
