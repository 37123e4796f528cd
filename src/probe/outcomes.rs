//! How answers at a surface are sorted: by its own expressions, where it has some, else by those of the whole profile.

use crate::profile::{Outcomes, Profile, Text};
use std::borrow::Cow;

/// The expressions for a surface by its name in the ledger, which may be that of a variant.
pub(super) fn at<'a>(profile: &'a Profile, surface: Option<&str>) -> Cow<'a, Outcomes> {
    let found = surface.and_then(|name| {
        let of_variant = || name.strip_suffix("-range").or_else(|| name.strip_suffix("-head"));
        let whole = profile.surface.get(name);
        whole.or_else(|| of_variant().and_then(|name| profile.surface.get(name)))
    });
    let Some(surface) = found else {
        return Cow::Borrowed(&profile.outcome);
    };
    let own = [&surface.denied, &surface.no_session, &surface.throttled];
    if own.iter().all(|text| text.is_none()) {
        return Cow::Borrowed(&profile.outcome);
    }
    let mut outcomes = profile.outcome.clone();
    let places = [
        &mut outcomes.denied,
        &mut outcomes.no_session,
        &mut outcomes.throttled,
    ];
    for (place, text) in places.into_iter().zip(own) {
        if let Some(text) = text {
            *place = text.clone();
        }
    }
    // what a surface itself calls a refusal is one, also where the profile as a whole takes the like for somebody signed out
    if let (Some(denied), None) = (&surface.denied, &surface.no_session) {
        let no_session = format!("({}) and not ({denied})", outcomes.no_session);
        outcomes.no_session = Text::at(outcomes.no_session.span(), no_session);
    }
    Cow::Owned(outcomes)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    #[test]
    fn a_surfaces_own_words_replace_those_of_the_profile_one_by_one() {
        let text = r#"
            [target]
            name = "t"
            [base]
            api = "http://127.0.0.1:9"
            [outcome]
            denied = "status == 404"
            [role.patient]
            [surface.media]
            request = "GET /media"
            ranges = true
            denied = "status == 410"
            [surface.media-head]
            request = "GET /other"
        "#;
        let profile = Profile::parse("t.toml", text).unwrap();
        let denied = |surface| at(&profile, surface).denied.to_string();
        assert_eq!(denied(Some("media")), "status == 410");
        assert_eq!(denied(Some("media-range")), "status == 410");
        assert_eq!(
            denied(Some("media-head")),
            "status == 404",
            "a surface of that name"
        );
        assert_eq!(denied(Some("whoami")), "status == 404");
        assert_eq!(denied(None), "status == 404");
        assert_eq!(at(&profile, Some("media")).throttled, profile.outcome.throttled);
        let no_session = |surface| at(&profile, surface).no_session.to_string();
        assert_eq!(
            no_session(Some("media")),
            "(status == 401) and not (status == 410)"
        );
        assert_eq!(no_session(Some("media-head")), "status == 401");
    }
}
