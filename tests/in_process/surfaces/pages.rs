//! Lists in every style of pages, to their last page.

use super::running::tried;
use super::stack::{Asked, Recording, Said, World};
use serde_json::{Value as Json, json};

/// Recordings on a page.
const SIZE: usize = 2;

/// What the asker's list holds. Where it leaks, somebody else's recording comes last: on a page that nobody sees who does not
/// go on to it.
fn listed(asked: &Asked, world: &World, leaks: bool) -> Option<Vec<Recording>> {
    let who = asked.who.as_ref()?;
    let mut all = world.of(who);
    if leaks {
        let other = world.recordings.iter().find(|one| one.owner != *who);
        all.extend(other.cloned());
    }
    Some(all)
}

fn page(all: &[Recording], from: usize) -> Vec<Json> {
    all.iter().skip(from).take(SIZE).map(Recording::json).collect()
}

/// Makes the answer to a list, from what it holds.
type Style = fn(&Asked, &World, &[Recording]) -> Said;

fn check(profile: &'static str, style: Style) {
    for leaks in [false, true] {
        let tried = tried(profile, move |asked, world| {
            let of_list = asked.path.starts_with("/list");
            let all = listed(asked, world, leaks).filter(|_| of_list)?;
            Some(style(asked, world, &all))
        });
        if leaks {
            tried.leaks("was shown");
        } else {
            tried.holds();
        }
    }
}

#[test]
fn a_token_in_the_query() {
    check(
        r#"
        [surface.list]
        request = "GET /list?limit=2"
        list = { items = "$.items[*]", id = "$.id", total = "$.total", next = { query = "cursor", from = "$.next" } }
        "#,
        |asked, _, all| {
            let from = asked.number("cursor", 0);
            let next = (from + SIZE < all.len()).then(|| (from + SIZE).to_string());
            let body =
                json!({"items": page(all, from), "total": all.len(), "next": next.unwrap_or_default()});
            Said::json(200, &body)
        },
    );
}

#[test]
fn a_marker_in_a_header() {
    check(
        r#"
        [surface.list]
        request = "GET /list"
        list = { items = "$[*]", total = "header Total-Records", next = { query = "_start", from = "header Next-Page" } }
        "#,
        |asked, _, all| {
            let from = asked.number("_start", 0);
            let said = Said::json(200, &Json::from(page(all, from)));
            let said = said.with("total-records", &all.len().to_string());
            // it names a next page even where there is nothing on it
            said.with("next-page", &(from + SIZE).min(all.len()).to_string())
        },
    );
}

#[test]
fn a_link_in_the_body() {
    check(
        r#"
        [surface.list]
        request = "GET /list"
        list = { items = "$.entry[*].resource", id = "$.id", total = "$.total", next = { link = "$.link[?@.relation == 'next'].url" } }
        "#,
        |asked, world, all| {
            let from = asked.number("from", 0);
            let mut links = vec![json!({"relation": "self", "url": "x"})];
            if from + SIZE < all.len() {
                let url = format!("{}/list?from={}", world.api, from + SIZE);
                links.push(json!({"relation": "next", "url": url}));
            }
            let entry: Vec<Json> = page(all, from)
                .into_iter()
                .map(|one| json!({"resource": one}))
                .collect();
            Said::json(200, &json!({"entry": entry, "total": all.len(), "link": links}))
        },
    );
}

#[test]
fn a_relative_link_in_a_header() {
    check(
        r#"
        [surface.list]
        request = "GET /list/mine"
        list = { items = "$[*]", next = { link = "header Link" } }
        "#,
        |asked, _, all| {
            let from = asked.number("from", 0);
            let said = Said::json(200, &Json::from(page(all, from)));
            if from + SIZE < all.len() {
                let links = format!(
                    "</list/mine>; rel=\"first\", <mine?from={}>; title=\"a, b\"; rel=next",
                    from + SIZE
                );
                said.with("link", &links)
            } else {
                said
            }
        },
    );
}

#[test]
fn numbers_of_pages() {
    let profile = r#"
        [surface.list]
        request = "GET /list"
        list = { items = "$.items[*]", next = { page = "page" } }
        "#;
    check(profile, |asked, _, all| {
        let from = (asked.number("page", 1) - 1) * SIZE;
        Said::json(200, &json!({"items": page(all, from)}))
    });
    // some stacks call the page after the last one missing
    check(profile, |asked, _, all| {
        let from = (asked.number("page", 1) - 1) * SIZE;
        if from > 0 && from >= all.len() {
            return Said::refused(404);
        }
        Said::json(200, &json!({"items": page(all, from)}))
    });
}

#[test]
fn offsets() {
    check(
        r#"
        [surface.list]
        request = "GET /list?limit=2"
        list = { items = "$.items[*]", total = "$.count", next = { offset = "offset" } }
        "#,
        |asked, _, all| {
            let items = page(all, asked.number("offset", 0));
            Said::json(200, &json!({"items": items, "count": all.len()}))
        },
    );
}

#[test]
fn a_variable_in_the_body() {
    check(
        r#"
        [surface.list]
        request = "POST /list"
        json = { query = "{ recordings }", variables = { after = "{{ after }}" } }
        list = { items = "$.data.edges[*].node", next = { variable = "after", from = "$.data.end", while = "json('$.data.more')" } }
        "#,
        |asked, _, all| {
            let from = asked.body["variables"]["after"].as_u64().unwrap_or(0);
            let from = usize::try_from(from).unwrap();
            let edges: Vec<Json> = page(all, from)
                .into_iter()
                .map(|one| json!({"node": one}))
                .collect();
            let body = json!({"edges": edges, "end": from + SIZE, "more": from + SIZE < all.len()});
            Said::json(200, &json!({"data": body}))
        },
    );
}

#[test]
fn a_page_that_is_not_json() {
    check(
        r#"
        [surface.list]
        request = "GET /list"
        list = { items = "match <a class=\"item\" href=\"/watch/([^\"]+)\">", next = { link = "body ~ href=\"([^\"]+)\">Older" } }
        "#,
        |asked, _, all| {
            let from = asked.number("from", 0);
            let mut text = String::from("<h1>Your recordings</h1>");
            for one in all.iter().skip(from).take(SIZE) {
                text.push_str(&format!(
                    "<a class=\"item\" href=\"/watch/{}\">{}</a>",
                    one.id, one.title
                ));
            }
            if from + SIZE < all.len() {
                text.push_str(&format!("<a href=\"?from={}\">Older</a>", from + SIZE));
            }
            Said::page(&text)
        },
    );
}

const BY_LINK: &str = r#"
    [surface.list]
    request = "GET /list"
    list = { items = "$.items[*]", next = { link = "$.next" } }
    "#;

#[test]
fn a_next_page_elsewhere_is_asked_for_without_the_persons_keys() {
    let tried = tried(BY_LINK, |asked, world| {
        if asked.elsewhere {
            return Some(Said::json(200, &json!({"items": []})));
        }
        let all = listed(asked, world, false).filter(|_| asked.path == "/list")?;
        let body = json!({"items": all.iter().map(Recording::json).collect::<Vec<_>>(), "next": format!("{}/more", world.media)});
        Some(Said::json(200, &body))
    });
    tried.holds();
    let elsewhere = tried.stack.asked(|asked| asked.elsewhere);
    assert!(!elsewhere.is_empty());
    assert!(
        elsewhere.iter().all(|asked| asked.token.is_none()),
        "{elsewhere:#?}"
    );
}

#[test]
fn a_next_page_on_a_host_that_the_profile_does_not_name_is_not_asked_for() {
    tried(BY_LINK, |asked, world| {
        let all = listed(asked, world, false).filter(|_| asked.path == "/list")?;
        let body = json!({"items": page(&all, 0), "next": "http://127.0.0.1:9/list"});
        Some(Said::json(200, &body))
    })
    .unclear("not a host of this profile");
}

#[test]
fn a_list_that_goes_round_in_circles_never_holds() {
    tried(BY_LINK, |asked, world| {
        let all = listed(asked, world, false).filter(|_| asked.path == "/list")?;
        let body = json!({"items": page(&all, 0), "next": "/list?from=2"});
        Some(Said::json(200, &body))
    })
    .unclear("came twice");
    let numbered = r#"
        [surface.list]
        request = "GET /list"
        list = { items = "$.items[*]", next = { page = "page" } }
        "#;
    tried(numbered, |asked, world| {
        let all = listed(asked, world, false).filter(|_| asked.path == "/list")?;
        Some(Said::json(200, &json!({"items": page(&all, 0)})))
    })
    .unclear("does not heed");
}
