//! Which page comes next, and how it is asked for.

use super::link;
use crate::http::{Reply, ResponseView};
use crate::profile::{Paging, Templates, Text, Vars};
use reqwest::Url;
use reqwest::header::LINK;
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// How a page is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum NextPage {
    /// As the profile says.
    First,
    /// With a token in the query.
    Query(String, String),
    /// With a token in the request's own templates; none on the first page.
    Variable(String, Json),
    /// By its address.
    Address(Url),
    /// By its number.
    Page(String, u64),
    /// By how many items came before.
    Offset(String, u64),
}

impl NextPage {
    /// The stack has not said that there is such a page: it is asked for to see whether there is.
    pub(super) fn is_guessed(&self) -> bool {
        matches!(self, Self::Page(..) | Self::Offset(..))
    }

    /// What tells it from others.
    fn marker(&self) -> String {
        match self {
            Self::First => String::new(),
            Self::Query(_, value) => value.clone(),
            Self::Variable(_, value) => value.to_string(),
            Self::Address(url) => url.to_string(),
            Self::Page(_, number) | Self::Offset(_, number) => number.to_string(),
        }
    }
}

/// What a walk has come across.
#[derive(Debug, Default)]
pub(super) struct PagerState {
    markers: BTreeSet<String>,
    last_ids: Vec<String>,
}

/// A page that was read.
pub(super) struct PageRead<'a> {
    pub(super) reply: &'a Reply,
    pub(super) view: &'a ResponseView<'a>,
    pub(super) ids: &'a [String],
    /// The address that it was asked for at.
    pub(super) asked: Option<&'a Url>,
    /// Items so far, this page's among them.
    pub(super) items: u64,
}

/// How the first page is asked for.
pub(super) fn first(next: Option<&Paging>) -> NextPage {
    let Some(next) = next else { return NextPage::First };
    let start = next.start.map(u64::from);
    if let Some(page) = &next.page {
        NextPage::Page(page.to_string(), start.unwrap_or(1))
    } else if let Some(offset) = &next.offset {
        NextPage::Offset(offset.to_string(), start.unwrap_or(0))
    } else if let Some(variable) = &next.variable {
        NextPage::Variable(variable.to_string(), Json::Null)
    } else {
        NextPage::First
    }
}

/// The page after one that was read; none when it was the last.
///
/// # Errors
/// Why it cannot be said, in plain words.
pub(super) fn after(
    next: &Paging,
    sought: &NextPage,
    page: &PageRead<'_>,
    templates: &Templates,
    vars: &Vars,
    trail: &mut PagerState,
) -> Result<Option<NextPage>, String> {
    let more = match &next.as_long_as {
        None => None,
        Some(expression) => {
            let holds = page.view.holds(templates, expression, vars);
            Some(holds.map_err(|error| error.to_string())?)
        }
    };
    if more == Some(false) {
        return Ok(None);
    }
    let following = match (following(next, sought, page)?, more) {
        (Some(following), _) => following,
        (None, Some(true)) if !sought.is_guessed() => {
            return Err("there is said to be a next page, but not where".to_owned());
        }
        (None, _) => return Ok(None),
    };
    // asked again in the same way, the stack would answer the same
    if page.ids.is_empty() && following == *sought {
        return Ok(None);
    }
    if following.is_guessed() {
        if !page.ids.is_empty() && trail.last_ids == page.ids {
            return Err(
                "the same page came twice: the stack does not heed which one is asked for".to_owned(),
            );
        }
        trail.last_ids = page.ids.to_vec();
    }
    if !trail.markers.insert(following.marker()) {
        return Err("the same cursor came twice".to_owned());
    }
    Ok(Some(following))
}

fn following(next: &Paging, sought: &NextPage, page: &PageRead<'_>) -> Result<Option<NextPage>, String> {
    if let NextPage::Page(name, number) = sought {
        return Ok((!page.ids.is_empty()).then(|| NextPage::Page(name.clone(), number + 1)));
    }
    if let NextPage::Offset(name, _) = sought {
        let start = u64::from(next.start.unwrap_or(0));
        return Ok((!page.ids.is_empty()).then(|| NextPage::Offset(name.clone(), start + page.items)));
    }
    if let Some(link) = &next.link {
        return address(link, page);
    }
    let Some(from) = &next.from else { return Ok(None) };
    let found = page.view.find(from).map_err(|error| error.to_string())?;
    let token = found.filter(|found| !found.is_null() && found.as_str() != Some(""));
    Ok(token.and_then(|token| match (&next.query, &next.variable) {
        (_, Some(variable)) => Some(NextPage::Variable(variable.to_string(), token)),
        (Some(query), None) => Some(NextPage::Query(query.to_string(), in_words(token))),
        (None, None) => None,
    }))
}

fn in_words(value: Json) -> String {
    match value {
        Json::String(text) => text,
        other => other.to_string(),
    }
}

fn address(link: &Text, page: &PageRead<'_>) -> Result<Option<NextPage>, String> {
    let is_link_header = link
        .strip_prefix("header ")
        .is_some_and(|name| name.trim().eq_ignore_ascii_case(LINK.as_str()));
    let found = if is_link_header {
        page.reply
            .headers
            .get_all(LINK)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .find_map(link::next_of)
    } else {
        let found = page.view.find(link).map_err(|error| error.to_string())?;
        found.map(in_words)
    };
    let Some(found) = found.filter(|found| !found.trim().is_empty()) else {
        return Ok(None);
    };
    // a relative address counts from where this page stands
    let url = match page.asked {
        Some(asked) => asked.join(found.trim()),
        None => Url::parse(found.trim()),
    };
    url.map(|url| Some(NextPage::Address(url)))
        .map_err(|error| format!("the next page's address is none: {error}"))
}

/// Sets one parameter of a query, and leaves the others as they are.
pub(in crate::probe) fn set_query(url: &mut Url, name: &str, value: &str) {
    let others: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(known, _)| known != name)
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .append_pair(name, value);
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::ledger::Delivery;
    use proptest::prelude::*;
    use reqwest::header::{HeaderMap, HeaderValue};

    fn reply(body: &str, link: Option<&str>) -> Reply {
        let mut headers = HeaderMap::new();
        if let Some(value) = link {
            headers.append(LINK, HeaderValue::from_str(value).unwrap());
        }
        Reply {
            status: 200,
            headers,
            body: body.as_bytes().to_vec(),
            ..Reply::none(Delivery::Whole)
        }
    }

    fn next(text: &str) -> Paging {
        toml::from_str(text).unwrap()
    }

    fn step(
        next: &Paging,
        sought: &NextPage,
        reply: &Reply,
        ids: &[&str],
        trail: &mut PagerState,
    ) -> Result<Option<NextPage>, String> {
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let asked = Url::parse("http://api.test/v1/items?limit=5").unwrap();
        let page = PageRead {
            reply,
            view: &ResponseView::new(reply),
            ids: &ids,
            asked: Some(&asked),
            items: 7,
        };
        after(
            next,
            sought,
            &page,
            &Templates::default(),
            &Vars::default(),
            trail,
        )
    }

    fn once(text: &str, body: &str, link: Option<&str>) -> Result<Option<NextPage>, String> {
        let next = next(text);
        step(
            &next,
            &first(Some(&next)),
            &reply(body, link),
            &["a"],
            &mut PagerState::default(),
        )
    }

    #[test]
    fn a_token_goes_into_the_query_or_into_a_template() {
        let query = |value: &str| Ok(Some(NextPage::Query("cursor".into(), value.into())));
        let text = "query = 'cursor'\nfrom = '$.next'";
        assert_eq!(once(text, r#"{"next":"abc"}"#, None), query("abc"));
        assert_eq!(once(text, r#"{"next":12}"#, None), query("12"));
        for end in [r#"{"next":null}"#, r#"{"next":""}"#, "{}"] {
            assert_eq!(once(text, end, None), Ok(None), "{end}");
        }
        assert_eq!(
            once("variable = 'after'\nfrom = '$.end'", r#"{"end":"xyz"}"#, None),
            Ok(Some(NextPage::Variable("after".into(), "xyz".into())))
        );
    }

    #[test]
    fn an_address_is_read_as_links_are() {
        let there = |url: &str| Ok(Some(NextPage::Address(Url::parse(url).unwrap())));
        let header = "link = 'header Link'";
        for (value, url) in [
            (
                r#"<http://api.test/v1/items?page=2>; rel="next""#,
                "http://api.test/v1/items?page=2",
            ),
            (
                r#"</other?x=<y>; rel=prev, </v1/items?page=3>;title="a, b; c";rel="last next""#,
                "http://api.test/v1/items?page=3",
            ),
            (r"<?page=4>; rel=NEXT", "http://api.test/v1/items?page=4"),
        ] {
            assert_eq!(once(header, "[]", Some(value)), there(url), "{value}");
        }
        for value in [
            r#"<a>; rel="prev""#,
            r#"<a>; rel="prev"; rel="next""#,
            "<a",
            "",
            r#"<a>; title="rel=next""#,
        ] {
            assert_eq!(once(header, "[]", Some(value)), Ok(None), "{value}");
        }
        let body = "link = \"$.links[?@.rel == 'next'].href\"";
        assert_eq!(
            once(
                body,
                r#"{"links":[{"rel":"self","href":"x"},{"rel":"next","href":"items?o=5"}]}"#,
                None
            ),
            there("http://api.test/v1/items?o=5")
        );
        assert!(once("link = '$.next'", r#"{"next":"http://["}"#, None).is_err());
    }

    #[test]
    fn pages_and_offsets_are_counted_until_one_is_empty() {
        let pages = next("page = 'p'");
        let mut trail = PagerState::default();
        let start = first(Some(&pages));
        assert_eq!(start, NextPage::Page("p".into(), 1));
        let second = step(&pages, &start, &reply("{}", None), &["a"], &mut trail)
            .unwrap()
            .unwrap();
        assert_eq!(second, NextPage::Page("p".into(), 2));
        assert_eq!(
            step(&pages, &second, &reply("{}", None), &[], &mut trail),
            Ok(None)
        );
        let offsets = next("offset = 'o'\nstart = 1");
        let start = first(Some(&offsets));
        assert_eq!(start, NextPage::Offset("o".into(), 1));
        assert_eq!(
            step(
                &offsets,
                &start,
                &reply("{}", None),
                &["a"],
                &mut PagerState::default()
            ),
            Ok(Some(NextPage::Offset("o".into(), 8)))
        );
    }

    #[test]
    fn a_stack_that_goes_round_in_circles_is_found_out() {
        let query = next("query = 'cursor'\nfrom = '$.next'");
        let (mut trail, same) = (PagerState::default(), reply(r#"{"next":"abc"}"#, None));
        let second = step(&query, &NextPage::First, &same, &["a"], &mut trail)
            .unwrap()
            .unwrap();
        assert!(step(&query, &second, &same, &["b"], &mut trail).is_err());
        assert_eq!(
            step(&query, &second, &same, &[], &mut trail),
            Ok(None),
            "an empty page that names itself is the last"
        );
        let pages = next("page = 'p'");
        let mut trail = PagerState::default();
        let second = step(&pages, &first(Some(&pages)), &same, &["a"], &mut trail)
            .unwrap()
            .unwrap();
        let why = step(&pages, &second, &same, &["a"], &mut trail).unwrap_err();
        assert!(why.contains("does not heed"), "{why}");
    }

    #[test]
    fn there_is_a_next_page_only_while_it_is_said() {
        let text = "variable = 'after'\nfrom = '$.end'\nwhile = \"json('$.more')\"";
        assert_eq!(once(text, r#"{"end":"x","more":false}"#, None), Ok(None));
        assert!(once(text, r#"{"end":"x","more":true}"#, None).unwrap().is_some());
        assert!(
            once(text, r#"{"more":true}"#, None).is_err(),
            "more, but not where"
        );
        let pages = "page = 'p'\nwhile = \"json('$.page') < json('$.pages')\"";
        assert_eq!(once(pages, r#"{"page":2,"pages":2}"#, None), Ok(None));
        assert!(once(pages, r#"{"page":1,"pages":2}"#, None).unwrap().is_some());
        let wrong = "page = 'p'\nwhile = \"json('$.page') < pages\"";
        assert!(
            once(wrong, r#"{"page":1}"#, None).is_err(),
            "what cannot be worked out is not the end"
        );
    }

    proptest! {
        #[test]
        fn one_parameter_is_set_and_the_others_stay(name in "[a-z]{1,3}", value in ".{0,8}", others in prop::collection::vec(("[x-z]{4}", "[^\u{0}]{0,5}"), 0..4)) {
            let mut url = Url::parse("http://api.test/").unwrap();
            url.query_pairs_mut().extend_pairs(&others);
            set_query(&mut url, &name, "before");
            set_query(&mut url, &name, &value);
            let found: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            let mut wanted = others.clone();
            wanted.push((name, value));
            prop_assert_eq!(found, wanted);
        }
    }
}
