//! Techniques that ask for a list, or change a recording, by a request that is written anew: a sound stack holds, and one that
//! leaks by one of them alone is found out by that one.

use super::running::{Tried, tried};
use super::stack::{Asked, Recording, Said, World};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Three recordings each are two pages.
const LIST: &str = r#"
[surface.list]
request = "GET /list?q=audio&limit=2"
list = { items = "$.items[*]", id = "$.id", next = { query = "cursor", from = "$.next" } }
"#;

const SIZE: usize = 2;

/// A page of somebody's list, by a cursor that says where the page before ended.
fn page(of: &[Recording], after: Option<&str>) -> Said {
    let from = after.map_or(0, |after| {
        let last = of.iter().position(|one| one.id == after);
        last.map_or(of.len(), |last| last + 1)
    });
    let items: Vec<Json> = of.iter().skip(from).take(SIZE).map(Recording::json).collect();
    let more = of.get(from + SIZE).and(of.get(from + SIZE - 1));
    Said::json(
        200,
        &json!({"items": items, "next": more.map(|last| last.id.clone())}),
    )
}

/// Answers the list; `whose` says whose it is that somebody gets by a request.
fn lists(
    whose: impl Fn(&Asked, &World, &str) -> Option<Vec<Recording>> + Send + Sync + 'static,
) -> impl Fn(&Asked, &mut World) -> Option<Said> + Send + Sync + 'static {
    move |asked, world| {
        let who = asked.who.as_ref().filter(|_| asked.path == "/list")?;
        let of = whose(asked, world, who).unwrap_or_else(|| world.of(who));
        Some(page(&of, asked.query.get("cursor").map(String::as_str)))
    }
}

fn everything(world: &World) -> Option<Vec<Recording>> {
    Some(world.recordings.clone())
}

/// What was tried.
fn tried_techniques(tried: &Tried) -> BTreeSet<&str> {
    let probed = tried.judgement.coverage.iter().filter(|one| one.probed > 0);
    probed.map(|one| one.technique.as_str()).collect()
}

fn leaks_only_by(tried: &Tried, technique: &str, words: &str) {
    tried.leaks(words);
    for finding in &tried.judgement.findings {
        assert_eq!(finding.technique, technique, "{}", finding.sentence);
    }
}

#[test]
fn a_list_that_is_always_of_whoever_asks_holds() {
    let tried = tried(LIST, lists(|_, _, _| None));
    tried.holds();
    let wanted: BTreeSet<&str> = [
        "reload",
        "wildcard-star",
        "wildcard-percent",
        "empty-filter",
        "cursor-swap",
        "list-owner-parameter",
        "two-devices",
    ]
    .into();
    assert_eq!(tried_techniques(&tried), wanted);
}

#[test]
fn a_list_that_is_empty_for_everybody_while_they_look_shows_nothing() {
    let asked_for = Mutex::new(0_u32);
    let late = tried(LIST, move |asked, world| {
        let who = asked.who.as_ref().filter(|_| asked.path == "/list")?;
        let mut asked_for = asked_for.lock().unwrap_or_else(PoisonError::into_inner);
        *asked_for += 1;
        // both look at first; what is asked for later shows everything
        let of = if *asked_for <= 2 {
            Vec::new()
        } else {
            world.of(who)
        };
        Some(page(&of, asked.query.get("cursor").map(String::as_str)))
    });
    late.unclear("who has a right to it, did not get it: 200");
}

#[test]
fn a_cursor_that_is_refused_to_others_holds() {
    let tried = tried(LIST, |asked, world| {
        let who = asked.who.as_ref().filter(|_| asked.path == "/list")?;
        let (of, after) = (world.of(who), asked.query.get("cursor"));
        if after.is_some_and(|after| !of.iter().any(|one| one.id == *after)) {
            return Some(Said::refused(400));
        }
        Some(page(&of, after.map(String::as_str)))
    });
    tried.holds();
    assert!(tried_techniques(&tried).contains("cursor-swap"));
}

#[test]
fn words_that_stand_for_everything() {
    for (technique, words, q) in [
        ("wildcard-star", "searching for a star", "*"),
        ("wildcard-percent", "searching for a percent sign", "%"),
        ("empty-filter", "leaving the filter of their list empty", ""),
    ] {
        let tried = tried(
            LIST,
            lists(move |asked, world, _| (asked.query["q"] == q).then(|| everything(world)).flatten()),
        );
        leaks_only_by(&tried, technique, words);
    }
}

#[test]
fn a_list_without_words_cannot_be_searched_for_everything() {
    let profile = LIST.replace("q=audio&", "");
    let tried = tried(&profile, lists(|_, _, _| None));
    tried.holds();
    let star = |one: &&bystander::judge::TechniqueCoverage| one.technique == "wildcard-star";
    let star = tried.judgement.coverage.iter().find(star);
    assert_eq!(
        star.unwrap().not_applicable.as_deref(),
        Some("no word stands in its query")
    );
}

#[test]
fn a_cursor_that_carries_its_owner() {
    let tried = tried(
        LIST,
        lists(|asked, world, _| {
            let last = world.recording(asked.query.get("cursor")?)?;
            Some(world.of(&last.owner))
        }),
    );
    leaks_only_by(
        &tried,
        "cursor-swap",
        "going on in their list by somebody else's cursor",
    );
}

#[test]
fn a_parameter_that_says_whose_list_it_is() {
    let tried = tried(
        LIST,
        lists(|asked, world, _| Some(world.of(asked.query.get("patient_id")?))),
    );
    leaks_only_by(
        &tried,
        "list-owner-parameter",
        "naming somebody else in the parameters of their own list",
    );
}

#[test]
fn a_reload_that_is_answered_from_a_cache_of_addresses() {
    let kept: Mutex<Option<Vec<Recording>>> = Mutex::default();
    let tried = tried(
        LIST,
        lists(move |asked, world, who| {
            asked.headers.get("cache-control")?;
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            Some(kept.get_or_insert_with(|| world.of(who)).clone())
        }),
    );
    leaks_only_by(&tried, "reload", "reloading their own list");
}

const CHANGED: &str = r#"
[surface.item]
request = "GET /recordings/{{ recording.id }}"
[surface.rename]
request = "PATCH /recordings/{{ recording.id }}"
json = { title = "{{ change }}" }
write = { read_back = "item", unchanged = "{{ canary.title }}" }
"#;

/// Renames by `which`, which says of what is asked, and of who asks, which recording is written to.
fn renames(
    which: impl Fn(&Asked, &World, &str) -> Option<String> + Send + Sync + 'static,
) -> impl Fn(&Asked, &mut World) -> Option<Said> + Send + Sync + 'static {
    move |asked, world| {
        if asked.method != "PATCH" {
            return super::stack::own_item(asked, world);
        }
        let who = asked.who.clone()?;
        let Some(id) = which(asked, world, &who) else {
            return Some(Said::refused(404));
        };
        let title = asked.body["title"].as_str()?.to_owned();
        let found = world.recordings.iter_mut().find(|one| one.id == id)?;
        found.title = title;
        Some(Said::json(200, &found.json()))
    }
}

/// The recording in the address, if it is theirs.
fn own(asked: &Asked, world: &World, who: &str) -> Option<String> {
    let found = world.recording(asked.below("/recordings/")?)?;
    (found.owner == who).then_some(found.id)
}

#[test]
fn a_change_that_is_checked_by_what_is_stored_holds() {
    let tried = tried(CHANGED, renames(own));
    tried.holds();
    let techniques = tried_techniques(&tried);
    for technique in ["mass-assignment", "object-reference-in-write"] {
        assert!(techniques.contains(technique), "{techniques:?}");
    }
}

#[test]
fn an_owner_who_is_taken_from_the_change() {
    let tried = tried(
        CHANGED,
        renames(|asked, world, who| {
            let claimed = asked.body["owner_id"].as_str();
            let found = world.recording(asked.below("/recordings/")?)?;
            (claimed.unwrap_or(&found.owner) == who).then_some(found.id)
        }),
    );
    leaks_only_by(
        &tried,
        "mass-assignment",
        "writing to somebody else's recording that it was their own",
    );
}

#[test]
fn a_change_that_is_saved_under_the_id_in_it() {
    let tried = tried(
        CHANGED,
        renames(|asked, world, who| {
            let checked = own(asked, world, who)?;
            Some(asked.body["id"].as_str().map_or(checked, str::to_owned))
        }),
    );
    leaks_only_by(
        &tried,
        "object-reference-in-write",
        "changing their own recording with the id of somebody else's in the change",
    );
}

/// One's own list, and how one signs out.
const DEVICES: &str = r#"
[[role.patient.logout]]
request = "POST /logout"
expect = 204
[surface.list]
request = "GET /list"
list = { items = "$.items[*]", id = "$.id" }
"#;

/// Signs people in and out. `begins` is told who signs in, and whether they have signed out before, and says whose the new session
/// is taken for; it can do what it likes with those that there are.
fn signs_in(
    begins: impl Fn(&mut World, &str, bool) -> Option<String> + Send + Sync + 'static,
) -> impl Fn(&Asked, &mut World) -> Option<Said> + Send + Sync + 'static {
    move |asked, world| {
        if asked.is("POST", "/logout") {
            world.sessions.remove(asked.token.as_ref()?);
            return Some(Said::status(204));
        }
        if asked.is("POST", "/login") {
            let id = asked.body["id"].as_str()?.to_owned();
            let out = |one: &Asked| one.is("POST", "/logout") && one.who.as_ref() == Some(&id);
            let signed_out = world.log.iter().any(out);
            let taken_for = begins(world, &id, signed_out).unwrap_or(id);
            let token = format!("tok{}", world.serial());
            world.sessions.insert(token.clone(), taken_for);
            return Some(Said::json(200, &json!({"token": token})));
        }
        let who = asked.who.as_ref().filter(|_| asked.path == "/list")?;
        let items: Vec<Json> = world.of(who).iter().map(Recording::json).collect();
        Some(Said::json(200, &json!({"items": items})))
    }
}

fn somebody_else(world: &World, id: &str) -> Option<String> {
    let other = world.recordings.iter().find(|one| one.owner != id);
    other.map(|one| one.owner.clone())
}

#[test]
fn sessions_that_are_kept_apart_hold() {
    let tried = tried(DEVICES, signs_in(|_, _, _| None));
    tried.holds();
    let techniques = tried_techniques(&tried);
    for technique in ["two-devices", "re-login"] {
        assert!(techniques.contains(technique), "{techniques:?}");
    }
}

#[test]
fn a_first_session_that_is_somebody_elses_once_there_is_a_second() {
    let tried = tried(
        DEVICES,
        signs_in(|world, id, _| {
            let other = somebody_else(world, id)?;
            let of_first = world.sessions.values_mut().filter(|who| **who == id);
            of_first.for_each(|who| who.clone_from(&other));
            None
        }),
    );
    leaks_only_by(&tried, "two-devices", "using two devices at the same time");
}

#[test]
fn a_session_that_begins_where_another_ended() {
    let tried = tried(
        DEVICES,
        signs_in(|world, id, signed_out| signed_out.then(|| somebody_else(world, id)).flatten()),
    );
    tried.leaks("was shown");
    // from then on whatever they do is done as somebody else
    let by_it = tried.judgement.findings.iter().any(|finding| {
        let mut also = finding.also_by.iter();
        finding.technique == "re-login" || also.any(|technique| technique == "re-login")
    });
    assert!(by_it);
}
