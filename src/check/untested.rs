//! What a profile leaves untested.

use super::Check;
use super::surfaces::Seen;
use crate::ledger::Facet;
use crate::profile::Profile;
use std::collections::BTreeSet;

impl Check<'_> {
    /// Says what the profile leaves untested.
    pub(super) fn untested(&mut self, seen: &Seen) {
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
