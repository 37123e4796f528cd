//! The world state: the sum of the transitions so far, as a value that can be compared and hashed.

use crate::ledger::{Change, Modality};
use std::collections::{BTreeMap, BTreeSet};

/// The sum of the transitions of one scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct WorldState {
    flags: BTreeMap<String, FlagSetting>,
    modality: BTreeMap<String, Vec<Modality>>,
    sessions: BTreeMap<String, String>,
    actions: BTreeSet<(String, String)>,
    /// Whose recording in which way; how far it has come.
    recordings: BTreeMap<(String, String), String>,
    settings: BTreeMap<String, bool>,
    /// The grant, whose recording and to whom; how it stands.
    grants: BTreeMap<(String, String, String), String>,
    /// Whose recordings were deleted, and which.
    deleted: BTreeMap<String, BTreeSet<u32>>,
}

/// How a session is told that was begun on somebody else's device; whose it is comes behind.
pub const ON_DEVICE_OF: &str = "signed in on";
/// How a flag stands: for everybody, and for those for whom it was set since.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct FlagSetting {
    all: Option<bool>,
    people: BTreeMap<String, bool>,
    tenants: BTreeMap<String, bool>,
}

/// What it is called before anything has changed.
const AT_REST: &str = "at rest";

impl WorldState {
    /// The state after one change more.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Flag { flag, on } => {
                let setting = FlagSetting {
                    all: Some(*on),
                    ..FlagSetting::default()
                };
                self.flags.insert(flag.clone(), setting);
            }
            Change::FlagForSome {
                flag,
                on,
                people,
                tenants,
            } => {
                let setting = self.flags.entry(flag.clone()).or_default();
                let with =
                    |names: &[String]| names.iter().map(|name| (name.clone(), *on)).collect::<Vec<_>>();
                setting.people.extend(with(people));
                setting.tenants.extend(with(tenants));
            }
            Change::Modality { who, from, to } => {
                self.modality
                    .entry(who.clone())
                    .or_insert_with(|| vec![*from])
                    .push(*to);
            }
            Change::Session { who, what } => {
                self.sessions.insert(who.clone(), what.clone());
            }
            Change::Setting { name, made } => {
                self.settings.insert(name.clone(), *made);
            }
            Change::Grant { grant, of, to, how } => {
                let key = (grant.clone(), of.clone(), to.clone());
                self.grants.insert(key, how.clone());
            }
            Change::Deleted { who, recording } => {
                self.deleted.entry(who.clone()).or_default().insert(*recording);
            }
            Change::Recording { who, way, how } => {
                let key = (who.clone(), way.clone());
                self.recordings.insert(key, how.clone());
            }
            Change::Action { who, action } => {
                self.actions.insert((who.clone(), action.clone()));
            }
        }
    }

    /// For people: "`audio-video-switch` on, Dan audio → video".
    #[must_use]
    pub fn describe(&self) -> String {
        let flags = self
            .flags
            .iter()
            .flat_map(|(flag, setting)| setting.flag_in_words(&format!("`{flag}`")));
        let modality = self
            .modality
            .iter()
            .map(|(who, path)| format!("{who} {}", arrows(path)));
        let sessions = self.sessions.iter().map(|(who, what)| format!("{who} {what}"));
        let actions = self.actions.iter().map(|(who, action)| format!("{who} {action}"));
        let settings = self
            .settings
            .iter()
            .map(|(name, made)| format!("`{name}` {}", way(*made)));
        let grants = self.grants.iter();
        let grants = grants.map(|((grant, of, to), how)| format!("{of}'s `{grant}` with {to} {how}"));
        let deleted = self.deleted.iter();
        let deleted = deleted.map(|(who, which)| match which.len() {
            1 => format!("{who}'s recording deleted"),
            many => format!("{many} recordings of {who} deleted"),
        });
        let recordings = self.recordings.iter();
        let recordings = recordings.map(|((who, way), how)| format!("{who}'s recording by the {way} {how}"));
        join(
            flags
                .chain(settings)
                .chain(modality)
                .chain(grants)
                .chain(deleted)
                .chain(sessions)
                .chain(recordings)
                .chain(actions),
            ", ",
        )
    }

    /// The changes that are made and not undone, by their names in the profile.
    pub fn made(&self) -> impl Iterator<Item = &str> {
        let made = self.settings.iter().filter(|(_, made)| **made);
        made.map(|(name, _)| name.as_str())
    }

    /// What somebody has done, or has had happen to them, without names.
    #[must_use]
    pub fn past_of(&self, who: &str) -> Vec<String> {
        let modality = self.modality.get(who).map(|path| arrows(path));
        let session = self.sessions.get(who).cloned();
        let actions = self.actions.iter().filter(|(name, _)| name == who);
        let grants = self.grants.iter().filter_map(|((grant, of, to), how)| {
            let part = match (of == who, to == who) {
                (true, _) => "of theirs",
                (_, true) => "to them",
                _ => return None,
            };
            Some(format!("{grant} {part} {how}"))
        });
        let flags = self.flags.iter().filter_map(|(flag, setting)| {
            let on = setting.people.get(who)?;
            Some(format!("{flag} {} for them", word(*on)))
        });
        modality
            .into_iter()
            .chain(flags)
            .chain(session)
            .chain(actions.map(|(_, action)| action.clone()))
            .chain(grants)
            .collect()
    }

    /// The same without names, for grouping: "audio-video-switch on · audio → video".
    #[must_use]
    pub fn class(&self) -> String {
        let flags = self.flags.iter().flat_map(|(flag, setting)| setting.class(flag));
        let modality: BTreeSet<String> = self.modality.values().map(|path| arrows(path)).collect();
        let sessions = self
            .sessions
            .values()
            .map(|what| match what.starts_with(ON_DEVICE_OF) {
                true => "signed in on another's device".to_owned(),
                false => what.clone(),
            });
        let sessions: BTreeSet<String> = sessions.collect();
        let actions: BTreeSet<String> = self.actions.iter().map(|(_, action)| action.clone()).collect();
        let settings = self
            .settings
            .iter()
            .map(|(name, made)| format!("{name} {}", way(*made)));
        let grants = self.grants.iter();
        let grants: BTreeSet<String> = grants
            .map(|((grant, ..), how)| format!("{grant} {how}"))
            .collect();
        let deleted = (!self.deleted.is_empty()).then(|| "recording deleted".to_owned());
        let recordings = self.recordings.iter();
        let recordings: BTreeSet<String> = recordings
            .map(|((_, way), how)| format!("recording by the {way} {how}"))
            .collect();
        join(
            flags
                .chain(settings)
                .chain(modality)
                .chain(grants)
                .chain(deleted)
                .chain(sessions)
                .chain(recordings)
                .chain(actions),
            " · ",
        )
    }
}

impl FlagSetting {
    /// "`replays` on, `replays` off for Ada and Ben".
    fn flag_in_words(&self, flag: &str) -> Vec<String> {
        let all = self.all.iter().map(|on| format!("{flag} {}", word(*on)));
        let some = [true, false].into_iter().flat_map(|on| {
            let those = |set: &BTreeMap<String, bool>| {
                let names = set.iter().filter(|(_, set)| **set == on);
                names.map(|(name, _)| name.clone()).collect::<Vec<_>>()
            };
            [whom(&those(&self.people), &[]), whom(&[], &those(&self.tenants))]
                .into_iter()
                .flatten()
                .map(move |whom| format!("{flag} {} for {whom}", word(on)))
        });
        all.chain(some).collect()
    }

    fn class(&self, flag: &str) -> Vec<String> {
        let all = self.all.iter().map(|on| format!("{flag} {}", word(*on)));
        let some = [true, false].into_iter().flat_map(|on| {
            [(&self.people, "some"), (&self.tenants, "a tenant")]
                .into_iter()
                .filter(move |(set, _)| set.values().any(|set| *set == on))
                .map(move |(_, whom)| format!("{flag} {} for {whom}", word(on)))
        });
        all.chain(some).collect()
    }
}

/// For whom a flag is set, as one says it: "Ada and Ben", "the private service"; nothing for nobody.
pub(crate) fn whom(people: &[String], tenants: &[String]) -> Option<String> {
    let tenants = tenants
        .iter()
        .map(|name| format!("the {}", name.replace('-', " ")));
    let names: Vec<String> = people.iter().cloned().chain(tenants).collect();
    let (last, others) = names.split_last()?;
    Some(if others.is_empty() {
        last.clone()
    } else {
        format!("{} and {last}", others.join(", "))
    })
}

fn word(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

fn way(made: bool) -> &'static str {
    if made { "made" } else { "undone" }
}

fn arrows(path: &[Modality]) -> String {
    path.iter()
        .map(|modality| modality.word())
        .collect::<Vec<_>>()
        .join(" → ")
}

fn join(parts: impl Iterator<Item = String>, between: &str) -> String {
    let parts: Vec<String> = parts.collect();
    if parts.is_empty() {
        AT_REST.to_owned()
    } else {
        parts.join(between)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switched(who: &str, from: Modality, to: Modality) -> Change {
        Change::Modality {
            who: who.to_owned(),
            from,
            to,
        }
    }

    #[test]
    fn the_sum_of_changes_reads_like_a_sentence() {
        let mut state = WorldState::default();
        assert_eq!(state.describe(), "at rest");
        state.apply(&Change::Flag {
            flag: "audio-video-switch".to_owned(),
            on: true,
        });
        state.apply(&switched("Dan", Modality::Audio, Modality::Video));
        state.apply(&switched("Dan", Modality::Video, Modality::Audio));
        assert_eq!(
            state.describe(),
            "`audio-video-switch` on, Dan audio → video → audio"
        );
        assert_eq!(state.class(), "audio-video-switch on · audio → video → audio");
    }

    #[test]
    fn it_is_said_for_whom_a_feature_is_on() {
        let mut state = WorldState::default();
        let some = |on: bool, people: &[&str], tenants: &[&str]| Change::FlagForSome {
            flag: "replays".to_owned(),
            on,
            people: people.iter().map(|one| (*one).to_owned()).collect(),
            tenants: tenants.iter().map(|one| (*one).to_owned()).collect(),
        };
        state.apply(&some(false, &["Ben", "Ada"], &[]));
        state.apply(&some(true, &["Ben"], &[]));
        state.apply(&some(false, &[], &["private-service"]));
        assert_eq!(
            state.describe(),
            "`replays` on for Ben, `replays` off for Ada, `replays` off for the private service"
        );
        assert_eq!(
            state.class(),
            "replays on for some · replays off for some · replays off for a tenant"
        );
        state.apply(&Change::Flag {
            flag: "replays".to_owned(),
            on: true,
        });
        assert_eq!(
            state.describe(),
            "`replays` on",
            "for everybody, whoever it was set for"
        );
    }

    #[test]
    fn a_right_stands_as_it_stood_last() {
        let share = |how: &str| Change::Grant {
            grant: "share".to_owned(),
            of: "Ada".to_owned(),
            to: "Ben".to_owned(),
            how: how.to_owned(),
        };
        let mut state = WorldState::default();
        state.apply(&share("given"));
        assert_eq!(state.describe(), "Ada's `share` with Ben given");
        state.apply(&share("withdrawn"));
        assert_eq!(state.describe(), "Ada's `share` with Ben withdrawn");
        assert_eq!(state.class(), "share withdrawn");
    }

    #[test]
    fn what_was_deleted_is_counted() {
        let deleted = |recording| Change::Deleted {
            who: "Ada".to_owned(),
            recording,
        };
        let mut state = WorldState::default();
        state.apply(&deleted(3));
        assert_eq!(state.describe(), "Ada's recording deleted");
        state.apply(&deleted(4));
        assert_eq!(state.describe(), "2 recordings of Ada deleted");
        assert_eq!(state.class(), "recording deleted");
    }

    #[test]
    fn two_orders_that_add_up_to_the_same_are_one_state() {
        let flag = |on| Change::Flag {
            flag: "replays".to_owned(),
            on,
        };
        let (mut one, mut other) = (WorldState::default(), WorldState::default());
        for change in [flag(true), switched("Dan", Modality::Audio, Modality::Video)] {
            one.apply(&change);
        }
        for change in [
            switched("Dan", Modality::Audio, Modality::Video),
            flag(false),
            flag(true),
        ] {
            other.apply(&change);
        }
        assert_eq!(one, other);
    }
}
