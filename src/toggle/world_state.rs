//! The world state: the sum of the transitions so far, as a value that can be compared and hashed.

use crate::ledger::{Change, Modality};
use std::collections::{BTreeMap, BTreeSet};

/// The sum of the transitions of one scenario.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct WorldState {
    flags: BTreeMap<String, bool>,
    modality: BTreeMap<String, Vec<Modality>>,
    sessions: BTreeMap<String, String>,
    actions: BTreeSet<(String, String)>,
    /// Whose recording in which way; how far it has come.
    recordings: BTreeMap<(String, String), String>,
    settings: BTreeMap<String, bool>,
    /// The grant, whose recording and to whom; how it stands.
    grants: BTreeMap<(String, String, String), String>,
}

/// What it is called before anything has changed.
const AT_REST: &str = "at rest";

impl WorldState {
    /// The state after one change more.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Flag { flag, on } => {
                self.flags.insert(flag.clone(), *on);
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
            .map(|(flag, on)| format!("`{flag}` {}", word(*on)));
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
        let recordings = self.recordings.iter();
        let recordings = recordings.map(|((who, way), how)| format!("{who}'s recording by the {way} {how}"));
        join(
            flags
                .chain(settings)
                .chain(modality)
                .chain(grants)
                .chain(sessions)
                .chain(recordings)
                .chain(actions),
            ", ",
        )
    }

    /// The same without names, for grouping: "audio-video-switch on · audio → video".
    #[must_use]
    pub fn class(&self) -> String {
        let flags = self
            .flags
            .iter()
            .map(|(flag, on)| format!("{flag} {}", word(*on)));
        let modality: BTreeSet<String> = self.modality.values().map(|path| arrows(path)).collect();
        let sessions: BTreeSet<String> = self.sessions.values().cloned().collect();
        let actions: BTreeSet<String> = self.actions.iter().map(|(_, action)| action.clone()).collect();
        let settings = self
            .settings
            .iter()
            .map(|(name, made)| format!("{name} {}", way(*made)));
        let grants = self.grants.iter();
        let grants: BTreeSet<String> = grants
            .map(|((grant, ..), how)| format!("{grant} {how}"))
            .collect();
        let recordings = self.recordings.iter();
        let recordings: BTreeSet<String> = recordings
            .map(|((_, way), how)| format!("recording by the {way} {how}"))
            .collect();
        join(
            flags
                .chain(settings)
                .chain(modality)
                .chain(grants)
                .chain(sessions)
                .chain(recordings)
                .chain(actions),
            " · ",
        )
    }
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
