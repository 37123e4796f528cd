//! What is another's to do: others try it first, and its owner looks.

use super::running::{Tried, tried_with};
use super::stack::{Asked, Said, World, own_item};
use bystander::judge::FindingKind;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

const ITEM: &str = r#"
    [surface.item]
    request = "GET /recordings/{{ recording.id }}"
    "#;
const DELETE: &str = r#"
    [action.delete]
    steps = [{ request = "DELETE /recordings/{{ recording.id }}", expect = "status in [202, 204]" }]
    settled = { request = "GET /recordings/{{ recording.id }}", until = "status == 404", within = "5s" }
    "#;
const FEATURE: &str = r"Feature: Deleting
  Scenario: What is deleted is gone
    Given Ada has 2 finished audio consultations that were recorded
    And Ben has a finished audio consultation that was recorded
    When Ada deletes her recording
    And Ada deletes her recording
    Then no one can list or fetch anybody else's recordings
";

type Answer = fn(&Asked, &mut World) -> Option<Said>;

fn deleting(profile: &str, answer: Answer) -> Tried {
    tried_with(
        &format!("{ITEM}{profile}"),
        FEATURE,
        Arc::new(move |asked: &Asked, world: &mut World| {
            if asked.method == "DELETE" {
                return answer(asked, world);
            }
            own_item(asked, world)
        }),
    )
}

fn delete(asked: &Asked, world: &mut World, may: fn(&str, &str) -> bool, status: u16) -> Option<Said> {
    let id = asked.below("/recordings/")?;
    let who = asked.who.as_ref()?;
    let found = world.recording(id).filter(|one| may(who, &one.owner));
    if found.is_some() {
        world.recordings.retain(|one| one.id != id);
    }
    Some(Said::status(found.map_or(404, |_| status)))
}

#[test]
fn its_owner_may_and_nobody_else() {
    let sound = deleting(DELETE, |asked, world| {
        delete(asked, world, |who, owner| who == owner, 204)
    });
    let tallies = &sound.holds().judgement.tallies;
    let tried: u64 = tallies
        .iter()
        .filter(|tally| tally.surface == "action.delete")
        .map(|tally| tally.held)
        .sum();
    assert_eq!(tried, 2, "once before each deletion");
    let asked = sound.stack.asked(|asked| asked.method == "DELETE");
    assert_eq!(asked.len(), 4, "Ben in vain, then Ada, and both once more");
}

#[test]
fn whoever_knows_the_id_can_delete() {
    let faulty = deleting(DELETE, |asked, world| delete(asked, world, |_, _| true, 204));
    faulty.leaks("Ben, asking in another's place, could do `delete` for Ada before anything had changed");
    let kinds: Vec<FindingKind> = faulty
        .judgement
        .findings
        .iter()
        .map(|finding| finding.kind)
        .collect();
    assert!(kinds.iter().all(|kind| *kind == FindingKind::Acted), "{kinds:?}");
}

/// The answer says no, and the stack has done it.
#[test]
fn a_refusal_is_not_believed() {
    deleting(DELETE, |asked, world| {
        let said = delete(asked, world, |_, _| true, 204)?;
        let id = asked.below("/recordings/")?;
        let own = world.of(asked.who.as_ref()?).iter().any(|one| one.id == id);
        Some(if own { said } else { Said::refused(403) })
    })
    .leaks("could do `delete` for Ada");
}

/// A session that has ended refuses everything, and so shows nothing: whoever tries signs in again.
#[test]
fn whoever_is_signed_out_meanwhile_signs_in_again() {
    let sound = deleting(DELETE, |asked, world| {
        let said = delete(asked, world, |who, owner| who == owner, 204)?;
        let first = world.log.iter().filter(|one| one.method == "DELETE").count() == 1;
        if first {
            world.sessions.remove(asked.token.as_ref()?);
            return Some(Said::refused(401));
        }
        Some(said)
    });
    let asked = sound.holds().stack.asked(|asked| asked.method == "DELETE");
    assert_eq!(asked.len(), 5, "Ben twice before the first deletion");
}

/// Deletions are put into a queue.
fn later(profile: &str, feature: &str, by: Duration) -> Tried {
    let queue: Arc<Mutex<Vec<(String, Instant)>>> = Arc::default();
    let answers = move |asked: &Asked, world: &mut World| {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        let due = |at: &Instant| at.elapsed() > by;
        let gone: Vec<String> = queue
            .iter()
            .filter(|(_, at)| due(at))
            .map(|(id, _)| id.clone())
            .collect();
        world.recordings.retain(|one| !gone.contains(&one.id));
        if asked.method == "DELETE" {
            queue.push((asked.below("/recordings/")?.to_owned(), Instant::now()));
            return Some(Said::status(202));
        }
        own_item(asked, world)
    };
    tried_with(&format!("{ITEM}{profile}"), feature, Arc::new(answers))
}

#[test]
fn what_happens_later_is_waited_for_also_the_first_time() {
    let once = FEATURE
        .replacen("    When Ada deletes her recording\n", "", 1)
        .replace("    And Ada deletes", "    When Ada deletes");
    later(DELETE, &once, Duration::from_millis(150)).leaks("could do `delete` for Ada");
}

/// How long it takes on a slow stack is known when an owner has done it.
#[test]
fn on_a_slow_stack_it_is_waited_for_longer() {
    later(DELETE, FEATURE, Duration::from_millis(1500)).leaks("could do `delete` for Ada");
}

/// A sign that is there before shows nothing, and is none to wait for.
#[test]
fn what_is_so_already_is_not_tried() {
    let elsewhere = DELETE.replace("\"GET /recordings/", "\"GET /deleted/");
    let tried = deleting(&elsewhere, |asked, world| {
        delete(asked, world, |who, owner| who == owner, 204)
    });
    assert_eq!(
        tried.holds().stack.asked(|asked| asked.method == "DELETE").len(),
        2
    );
    let why = tried.judgement.left_out.iter().map(|one| one.why.as_str());
    assert!(why.into_iter().any(|why| why == "it was so already"));
}

#[test]
fn where_its_owner_cannot_look_nothing_is_shown() {
    let answers = |asked: &Asked, world: &mut World| match asked.below("/deleted/") {
        Some(_) => Some(Said::refused(503)),
        None => own_item(asked, world),
    };
    let elsewhere = DELETE.replace("\"GET /recordings/", "\"GET /deleted/");
    let profile = format!("{ITEM}{elsewhere}");
    tried_with(&profile, FEATURE, Arc::new(answers)).unclear("see whether Ben has done `action.delete`");
}

/// Without `settled` nobody could tell, and nothing is tried; every report says so.
#[test]
fn what_nobody_could_see_is_not_tried() {
    let unseen = r#"
    [action.delete]
    steps = [{ request = "DELETE /recordings/{{ recording.id }}", expect = 204 }]
    "#;
    let tried = deleting(unseen, |asked, world| {
        delete(asked, world, |who, owner| who == owner, 204)
    });
    let left_out = &tried.holds().judgement.left_out;
    let told = left_out
        .iter()
        .find(|one| one.technique == "bola-action")
        .map(|one| (one.why.as_str(), one.count));
    let why = "`[action.delete]` has no `settled` by which it could be seen";
    assert_eq!(told, Some((why, 2)));
    assert_eq!(tried.stack.asked(|asked| asked.method == "DELETE").len(), 2);
}
