//! Reading a `Link` header (RFC 8288).

/// The target with `rel="next"` in the value of a `Link` header (RFC 8288, 3).
pub(super) fn next_of(value: &str) -> Option<String> {
    let mut rest = value;
    while let Some(at) = rest.find('<') {
        let (target, after) = rest[at + 1..].split_once('>')?;
        let (parameters, more) = until_comma(after);
        if relations(parameters).is_some_and(|relations| {
            relations
                .split_ascii_whitespace()
                .any(|relation| relation.eq_ignore_ascii_case("next"))
        }) {
            return Some(target.trim().to_owned());
        }
        rest = more;
    }
    None
}

/// The parameters of one link, and the rest of the header: a comma within quotes belongs to a value.
fn until_comma(text: &str) -> (&str, &str) {
    split_outside_quotes(text, ',').unwrap_or((text, ""))
}

fn split_outside_quotes(text: &str, at: char) -> Option<(&str, &str)> {
    let (mut quoted, mut escaped) = (false, false);
    for (index, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if letter == at && !quoted => return Some((&text[..index], &text[index + 1..])),
            _ => {}
        }
    }
    None
}

/// The value of the first `rel`: any further one does not count.
fn relations(parameters: &str) -> Option<&str> {
    let mut rest = parameters;
    loop {
        let (one, more) = split_outside_quotes(rest, ';').unwrap_or((rest, ""));
        if let Some((name, value)) = one.split_once('=')
            && name.trim().eq_ignore_ascii_case("rel")
        {
            return Some(value.trim().trim_matches('"'));
        }
        if more.is_empty() {
            return None;
        }
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_first_relation_counts() {
        let next = |value: &str| next_of(value).unwrap_or_default();
        assert_eq!(next(r#"<a>; rel="prev", <b>; rel="last next""#), "b");
        assert_eq!(next(r#"<a>; rel="prev"; rel="next""#), "");
        assert_eq!(next(r#"<a>; title="x, <b>; rel=next""#), "");
    }

    proptest! {
        #[test]
        fn the_next_one_is_found_among_others(target in "[a-z/?=]{1,10}", title in "[a-z,;<> ]{0,10}", before in 0..3_usize) {
            let others = "<other>; rel=\"prev\"; title=\"a, b\", ".repeat(before);
            let value = format!("{others}<{target}>; title=\"{title}\"; rel=next");
            prop_assert_eq!(next_of(&value), Some(target));
        }

        #[test]
        fn no_header_at_all_breaks_the_reader(value in "[<>;,=\"\\\\ a-z/]{0,40}") {
            let found = next_of(&value);
            prop_assert!(found.is_none_or(|found| value.contains(&found)));
        }
    }
}
