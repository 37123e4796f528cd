//! Names in templates: what is made known somewhere, and what nobody has ever heard of.

use super::{CheckResult, Checker};
use crate::profile::Profile;
use crate::profile::error::nearest;
use crate::profile::parts::Step;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::Range;

/// Names that stand in templates by themselves.
const GIVEN: [&str; 31] = [
    "me",
    "jar",
    "stack",
    "env",
    "owner",
    "recording",
    "canary",
    "media",
    "thumbnail",
    "transcript",
    "consultation",
    "clinician",
    "modality",
    "slot",
    "flag",
    "wanted",
    "before",
    "change",
    "person",
    "tenant",
    "to",
    "url",
    "id",
    "status",
    "body",
    "run",
    "loop",
    "true",
    "false",
    "none",
    "missing",
];
/// Functions of templates and of expressions.
const FUNCTIONS: [&str; 14] = [
    "file",
    "uuid",
    "now",
    "now_ms",
    "iso_now",
    "random",
    "json",
    "header",
    "cookie",
    "range",
    "dict",
    "namespace",
    "debug",
    "lipsum",
];

/// What a profile makes known.
pub(super) struct TemplateNames {
    all: BTreeSet<String>,
    /// What stands below a name, where all of it is known.
    below: BTreeMap<&'static str, BTreeSet<String>>,
}

impl TemplateNames {
    pub(super) fn of(profile: &Profile) -> Self {
        let mut captured: BTreeSet<String> = BTreeSet::new();
        let mut take = |steps: &mut dyn Iterator<Item = &Step>| {
            for step in steps {
                captured.extend(step.captured_names().map(str::to_owned));
            }
        };
        for role in profile.role.values() {
            let sessions = role.session.values().flat_map(|session| &session.login);
            let own = role.provision.iter().chain(&role.login).chain(&role.refresh);
            let last = role.logout.iter().chain(&role.remove).chain(&role.whoami);
            take(&mut own.chain(last).chain(sessions));
        }
        for action in profile.action.values() {
            take(&mut action.steps.iter().chain(&action.settled));
        }
        for grant in profile.grant.values() {
            take(&mut grant.steps());
        }
        if let Some(flag) = &profile.flag {
            take(&mut flag.steps());
        }
        for change in profile.change.values() {
            take(&mut change.there.iter().chain(&change.back).chain(&change.settled));
        }
        if let Some(recording) = &profile.recording {
            let ways = recording.way.values();
            let steps = ways.flat_map(|way| way.steps().chain(&way.stored));
            take(&mut recording.plant.iter().chain(&recording.delete).chain(steps));
        }
        if let Some(deploy) = &profile.deploy {
            take(&mut deploy.ready.iter());
        }
        for surface in profile.surface.values() {
            let meanwhile = surface.stream.iter().flat_map(|stream| &stream.meanwhile);
            take(&mut surface.steps.iter().chain(meanwhile));
        }
        let lists = profile
            .surface
            .values()
            .filter_map(|surface| surface.list.as_ref());
        let variables = lists.filter_map(|list| list.next.as_ref()?.variable.as_ref());
        captured.extend(variables.map(ToString::to_string));
        let set = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<BTreeSet<_>>()
        };
        let mut people = set(&["name", "email", "password", "nhs_number"]);
        people.extend(captured.iter().cloned());
        if !profile.tenant.is_empty() {
            people.extend(set(&["tenant", "tenants"]));
        }
        for role in profile.role.values() {
            people.extend(role.given.iter().flat_map(|given| given.keys().cloned()));
            people.extend(role.vary.keys().cloned());
        }
        let mut recording = set(&["id"]);
        recording.extend(captured.iter().cloned());
        let mut before = set(&["flag"]);
        let read = profile.flag.iter().filter_map(|flag| flag.read.as_ref());
        before.extend(read.flat_map(|read| read.captured_names().map(str::to_owned)));
        let payload = set(&["base64", "type", "size", "sha256"]);
        let mut below = BTreeMap::from([
            ("recording", recording),
            ("before", before),
            ("canary", set(&["title", "metadata", "file_name"])),
            ("media", payload.clone()),
            ("thumbnail", payload.clone()),
            ("transcript", payload),
        ]);
        for name in ["me", "owner", "clinician", "person", "to"] {
            below.insert(name, people.clone());
        }
        let mut all = captured;
        all.extend(GIVEN.iter().chain(&FUNCTIONS).map(|name| (*name).to_owned()));
        all.extend(profile.role.keys().cloned());
        Self { all, below }
    }
}

impl Checker<'_> {
    /// Reports a name that nothing in the profile makes known, whatever is known at this very place.
    pub(super) fn names_of(&self, place: Range<usize>, text: &str, names: &HashSet<String>) -> CheckResult {
        // what may be missing is not missed
        if text.contains("default") || text.contains(" is defined") || text.contains(" is undefined") {
            return Ok(());
        }
        let mut names: Vec<&String> = names.iter().collect();
        names.sort();
        for name in names {
            let mut parts = name.split('.');
            let (first, second) = (parts.next().unwrap_or_default(), parts.next());
            if !self.names.all.contains(first) {
                return self.nothing_called(place, first, &self.names.all, "");
            }
            let below = self.names.below.get(first).zip(second);
            if let Some((below, second)) = below.filter(|(below, second)| !below.contains(*second)) {
                return self.nothing_called(place, second, below, &format!("{first}."));
            }
        }
        Ok(())
    }

    fn nothing_called(
        &self,
        place: Range<usize>,
        name: &str,
        known: &BTreeSet<String>,
        within: &str,
    ) -> CheckResult {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let hint = match nearest(name, &known) {
            Some(near) => format!("did you mean `{within}{near}`?"),
            None => format!("no step captures it; with `capture = {{ {name} = … }}` one would"),
        };
        self.fail(
            place,
            format!("nothing is called `{within}{name}` here"),
            "in here",
            hint,
        )
    }
}
