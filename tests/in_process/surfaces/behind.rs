//! Surfaces behind the app, where none of the people has a right: a role without a person shows what is to be had.

use super::running::tried;
use super::stack::{Asked, Said, World};

const BEHIND: &str = r#"
    [role.machinery]
    credentials.header.X-Key = "sesame"
    [surface.bucket]
    request = "GET /bucket"
    twin = "machinery"
    list = { items = "match <Key>([^<]+)</Key>", next = { query = "after", from = "body ~ <Next>([^<]+)<" }, opens = ["object"] }
    [surface.object]
    request = "GET /bucket/{{ recording.id }}"
    twin = "machinery"
    "#;

/// Who is let in, beside the machinery.
#[derive(Clone, Copy)]
struct Open {
    list: bool,
    objects: fn(&Asked) -> bool,
}

const SHUT: Open = Open {
    list: false,
    objects: |_| false,
};

fn answer(asked: &Asked, world: &World, open: Open) -> Option<Said> {
    let is_machinery = asked.headers.get("x-key").is_some_and(|key| key == "sesame");
    if asked.is("GET", "/bucket") {
        if !is_machinery && !open.list {
            return Some(Said::refused(403));
        }
        let from = asked.number("after", 0);
        let keys = world.recordings.iter().skip(from).take(4);
        let mut page: String = keys.map(|one| format!("<Key>{}</Key>", one.id)).collect();
        if world.recordings.len() > from + 4 {
            page.push_str(&format!("<Next>{}</Next>", from + 4));
        }
        return Some(Said::page(&format!("<List>{page}</List>")));
    }
    let id = asked.below("/bucket/")?;
    if !is_machinery && !(open.objects)(asked) {
        return Some(Said::refused(403));
    }
    Some(match world.recording(id) {
        Some(found) => Said::page(&found.title),
        None => Said::refused(404),
    })
}

#[test]
fn what_opens_to_the_machinery_alone_holds() {
    let tried = tried(BEHIND, |asked, world| answer(asked, world, SHUT));
    tried.holds();
    let by_people = tried
        .stack
        .asked(|asked| asked.path.starts_with("/bucket") && asked.who.is_some());
    assert!(!by_people.is_empty(), "nobody tried");
}

#[test]
fn a_list_that_opens_to_everybody_leaks() {
    let open = Open { list: true, ..SHUT };
    let tried = tried(BEHIND, move |asked, world| answer(asked, world, open));
    tried.leaks("going behind the app");
    tried.leaks("without signing in");
}

#[test]
fn a_key_that_opens_to_whoever_is_signed_in_leaks() {
    let open = Open {
        objects: |asked| asked.who.is_some(),
        ..SHUT
    };
    let tried = tried(BEHIND, move |asked, world| answer(asked, world, open));
    tried.leaks("going behind the app");
    let by_nobody = |finding: &bystander::judge::Finding| finding.bystander == "nobody";
    assert!(!tried.judgement.findings.iter().any(by_nobody));
}

#[test]
fn what_the_machinery_does_not_get_either_shows_nothing() {
    tried(BEHIND, |asked, world| {
        if asked.path.starts_with("/bucket") {
            return Some(Said::refused(403));
        }
        answer(asked, world, SHUT)
    })
    .unclear("machinery, who has a right to it, did not get it");
}
