//! What a profile leaves untested.

use super::Check;
use super::surfaces::OwnerResponses;
use crate::ledger::Facet;
use crate::probe::is_asked_for;
use crate::profile::Profile;
use crate::toggle::BOOK;
use std::collections::BTreeSet;

impl Check<'_> {
    /// Says what the profile leaves untested.
    pub(super) fn untested(&mut self, seen: &OwnerResponses) {
        let planted: BTreeSet<Facet> = self
            .recordings
            .iter()
            .flat_map(|recording| recording.marks.iter().map(|mark| mark.facet))
            .collect();
        let found: BTreeSet<Facet> = seen.facets.values().flatten().copied().collect();
        self.tell.title("Left untested");
        let mut all = missing(&self.site().profile);
        for facet in planted.difference(&found) {
            all.push((
                format!("the canary in the {}", facet.word()),
                "no surface shows it to its owner: nobody would notice if it came out there".to_owned(),
            ));
        }
        all.extend(unseen(&self.site().profile));
        if all.is_empty() {
            self.works("nothing that a profile can say is missing", "");
        }
        for (what, why) in all {
            self.lacks(&what, &why);
        }
    }
}

/// Parts that the profile does not have, and what is not tried for want of them.
fn missing(profile: &Profile) -> Vec<(String, String)> {
    let surfaces = || profile.surface.values();
    let patient = profile.role.get("patient");
    let parts = [
        (
            surfaces().any(|one| one.list.is_some()),
            "lists",
            "no surface has `list`",
        ),
        (
            surfaces().any(|one| one.list.is_none() && one.write.is_none()),
            "fetching by id",
            "no surface is without `list`",
        ),
        (
            surfaces().any(|one| one.ranges),
            "byte ranges",
            "no surface has `ranges = true`",
        ),
        (
            surfaces().any(|one| one.head),
            "HEAD requests",
            "no surface has `head = true`",
        ),
        (
            surfaces().any(|one| one.link),
            "links that are handed out",
            "no surface has `link = true`",
        ),
        (
            surfaces().any(|one| one.write.is_some()),
            "writing",
            "no surface has `write`",
        ),
        (profile.flag.is_some(), "feature flags", "there is no `[flag]`"),
        (
            !profile.change.is_empty(),
            "other changes of the stack",
            "there is no `[change.…]`",
        ),
        (
            profile.action.contains_key("switch"),
            "switching between audio and video",
            "there is no `[action.switch]`",
        ),
        (
            profile.action.contains_key(crate::toggle::DELETE),
            "recordings that are deleted",
            "there is no `[action.delete]`",
        ),
        (
            patient.is_some_and(|role| !role.logout.is_empty()),
            "signing out",
            "`[role.patient]` has no `logout`",
        ),
        (
            patient.is_some_and(|role| !role.session.is_empty()),
            "a second device",
            "`[role.patient]` has no further `session`",
        ),
        (
            profile.role.contains_key("clinician"),
            "clinicians and their right to see",
            "there is no `[role.clinician]`",
        ),
        (
            !profile.discovery.start.is_empty(),
            "surfaces that nobody declared",
            "`[discovery]` has no `start`",
        ),
    ];
    parts
        .into_iter()
        .filter(|(there, _, _)| !there)
        .map(|(_, what, why)| (what.to_owned(), why.to_owned()))
        .collect()
}

/// What people do that others would try first, if its owner could see whether it has happened.
fn unseen(profile: &Profile) -> Vec<(String, String)> {
    let actions = profile.action.iter().filter(|(name, _)| *name != BOOK);
    let actions = actions.map(|(name, part)| (format!("action.{name}"), &part.steps, &part.settled));
    let grants = profile.grant.iter();
    let grants = grants.map(|(name, part)| (format!("grant.{name}"), &part.give, &part.settled));
    let unseen = actions
        .chain(grants)
        .filter(|(_, steps, settled)| settled.is_none() && is_asked_for(steps));
    let why = "it has no `settled` by which the one who may do it could see whether somebody else has";
    unseen
        .map(|(name, ..)| (format!("`{name}` in another's place"), why.to_owned()))
        .collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    const PEOPLE: &str = r#"
        [target]
        name = "small"
        [base]
        api = "http://127.0.0.1:1"
        [role.patient]
        login = [{ request = "POST /login", capture = { token = "$.token" } }]
        credentials.header.Authorization = "Bearer {{ me.token }}"
        [role.admin]
        "#;

    fn untested_in_words(parts: &str) -> Vec<String> {
        let profile = Profile::parse("small.toml", &format!("{PEOPLE}{parts}"));
        let profile = profile.map_err(miette::Report::new).unwrap();
        unseen(&profile).into_iter().map(|(what, _)| what).collect()
    }

    #[test]
    fn what_its_owner_could_not_see_is_told() {
        let end = "[action.end]\nsteps = [{ request = \"POST /end\" }]\n";
        assert_eq!(untested_in_words(end), ["`action.end` in another's place"]);
        let settled = "settled = { request = \"GET /state\", until = \"status == 410\" }\n";
        assert!(untested_in_words(&format!("{end}{settled}")).is_empty());
    }

    /// Before it is booked there is nothing of anybody's, and what an admin does nobody does by asking in a patient's place.
    #[test]
    fn what_nobody_would_try_is_not() {
        let book = "[action.book]\nsteps = [{ request = \"POST /book\" }]\n";
        assert!(untested_in_words(book).is_empty());
        let by_another = "[action.end]\nsteps = [{ as = \"admin\", request = \"POST /end\" }]\n";
        assert!(untested_in_words(by_another).is_empty());
        let share = "[grant.share]\nwhy = \"shared\"\ngive = [{ request = \"POST /share\" }]\n";
        assert_eq!(untested_in_words(share), ["`grant.share` in another's place"]);
    }
}
