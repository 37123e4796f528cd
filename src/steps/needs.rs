//! What sentences need of a stack, and what a profile lacks of that.

use super::vocabulary::{need_of, registered};
use super::words::{RoleArg, Tenants};
use crate::profile::Profile;
use cucumber::gherkin::{Scenario, Step};

/// What a step needs of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Nothing,
    Recordings,
    Booking,
    Flags,
    FlagsForPeople,
    FlagsForTenants,
    Changes,
    Switching,
    Deleting,
    Devices,
    Links,
    SigningOut,
    Discovery,
    /// Those of the profile that the step names.
    Tenants,
    /// A grant of this name.
    Grant(&'static str),
    /// The further way of recording that the sentence speaks of.
    Way,
    /// The role that the sentence speaks of.
    Role,
}

/// Stands for every change of the profile but those that close everything: a scenario with it is run once for each.
pub const EACH_CHANGE: &str = "{each change}";

/// Stands for every change of the profile during which nothing may come out.
pub const EACH_CLOSING_CHANGE: &str = "{each closing change}";

/// Whether a scenario changes flags or the stack itself, and so must have the stack to itself; or records in a further way, for what
/// is recorded at the same time is then what the scenario says and nothing else.
#[must_use]
pub fn changes_the_stack<'a>(steps: impl IntoIterator<Item = &'a Step>) -> bool {
    steps.into_iter().any(|step| {
        matches!(
            need_of(step),
            Need::Flags | Need::FlagsForPeople | Need::FlagsForTenants | Need::Changes | Need::Way
        )
    })
}

/// What stands between the first quotation marks of a step.
fn quoted(step: &Step) -> &str {
    step.value.split('"').nth(1).unwrap_or_default()
}

/// The way of recording of a sentence: the word behind its last `the`.
fn way_named_in(sentence: &str) -> &str {
    let behind = sentence
        .rsplit_once(" the ")
        .map_or(sentence, |(_, behind)| behind);
    behind
        .trim_start_matches("the ")
        .split(' ')
        .next()
        .unwrap_or_default()
}

/// What a scenario needs and the profile does not have: the reason why it is not applicable.
#[must_use]
pub fn needs(scenario: &Scenario, background: &[Step], profile: &Profile) -> Option<String> {
    let missing = background
        .iter()
        .chain(&scenario.steps)
        .find_map(|step| lacks(step, profile));
    missing.map(|why| format!("the profile `{}` lacks something: {why}", profile.target.name))
}

fn lacks(step: &Step, profile: &Profile) -> Option<String> {
    let name = quoted(step);
    let lacks = |there: bool, why: &str| (!there).then(|| why.to_owned());
    let missing = match need_of(step) {
        Need::Nothing => None,
        Need::Recordings => lacks(
            profile.recording.is_some(),
            "it has no `[recording]`: nothing can be planted",
        ),
        Need::Booking => lacks(
            profile.action.contains_key("book"),
            "it has no `[action.book]`: there are no consultations that could be booked",
        ),
        Need::Flags => lacks_flag(profile, name),
        Need::FlagsForPeople => lacks_flag(profile, name).or_else(|| {
            let person = profile.flag.as_ref().is_some_and(|flag| flag.person.is_some());
            lacks(
                person,
                "it has no `[flag.person]`: features cannot be turned on and off for some people",
            )
        }),
        Need::FlagsForTenants => lacks_flag(profile, name)
            .or_else(|| {
                let tenant = profile.flag.as_ref().is_some_and(|flag| flag.tenant.is_some());
                lacks(
                    tenant,
                    "it has no `[flag.tenant]`: features cannot be turned on and off for a tenant",
                )
            })
            .or_else(|| lacks_tenants(step, profile)),
        Need::Changes if name == EACH_CHANGE => lacks(
            false,
            "it has no `[change.…]`: nothing of the stack can be changed",
        ),
        Need::Changes if name == EACH_CLOSING_CHANGE => lacks(
            false,
            "it has no `[change.…]` with `closes = true`: nothing is said to close all recordings",
        ),
        Need::Changes => match profile.change.get(name) {
            None => Some(format!("it has no `[change.{name}]`")),
            Some(change) => (change.back.is_empty() && step.value.ends_with("undone"))
                .then(|| format!("its `[change.{name}]` has no way back")),
        },
        Need::Switching => lacks(
            profile.action.contains_key("switch"),
            "it has no `[action.switch]`: nobody can switch between audio and video",
        ),
        Need::Deleting => lacks(
            profile.action.contains_key(crate::toggle::DELETE),
            "it has no `[action.delete]`: nobody can delete a recording",
        ),
        Need::Devices => lacks(
            profile.role.values().any(|role| {
                let sessions = role.session.values().map(|session| &session.credentials);
                !role.logout.is_empty() && sessions.chain([&role.credentials]).any(|one| one.jar)
            }),
            "no role has a session with `jar = true`, and a `logout`: there is no device to hand on",
        ),
        Need::Links => lacks(
            profile.surface.values().any(|surface| surface.link),
            "it has no surface with `link = true`: nothing hands out links",
        ),
        Need::Discovery => lacks(
            !profile.discovery.start.is_empty(),
            "its `[discovery]` has no `start`: there is nowhere to follow links from",
        ),
        Need::Grant(grant) => {
            (!profile.grant.contains_key(grant)).then(|| format!("it has no `[grant.{grant}]`"))
        }
        Need::Way => {
            let way = way_named_in(&step.value);
            let known = profile
                .recording
                .as_ref()
                .is_some_and(|part| part.way.contains_key(way));
            (!known).then(|| format!("it has no `[recording.way.{way}]`"))
        }
        Need::Role => RoleArg::named_in(&step.value).and_then(|RoleArg(role)| {
            (!profile.role.contains_key(role)).then(|| format!("it has no `[role.{role}]`"))
        }),
        Need::Tenants => lacks_tenants(step, profile),
        Need::SigningOut => lacks(
            profile.role.values().any(|role| !role.logout.is_empty()),
            "no role has `logout`: nobody can sign out",
        ),
    };
    missing.or_else(|| {
        let clinician = step.value.contains("Dr ") && !profile.role.contains_key("clinician");
        clinician.then(|| "it has no `[role.clinician]`".to_owned())
    })
}

fn lacks_flag(profile: &Profile, name: &str) -> Option<String> {
    let Some(flag) = &profile.flag else {
        return Some("it has no `[flag]`: features cannot be turned on and off".to_owned());
    };
    flag.names
        .as_ref()
        .filter(|names| !names.contains_key(name))
        .map(|_| format!("its `[flag.names]` has no `{name}`"))
}

/// The tenants stand third in every sentence that names some.
fn lacks_tenants(step: &Step, profile: &Profile) -> Option<String> {
    let named = registered(step).and_then(|(_, regex)| regex.captures(&step.value)?.get(3));
    let tenants = named.and_then(|named| named.as_str().parse::<Tenants>().ok())?.0;
    let missing = tenants.iter().find(|name| !profile.tenant.contains_key(*name));
    missing.map(|name| format!("it has no `[tenant.{name}]`"))
}
