//! World states of a scenario, and how a sentence says when something happened.

use super::answer::duration;
use crate::ledger::{Change, Exchange, Transition};
use crate::toggle::whom;
use std::collections::BTreeMap;

/// The class of the state before anything changed.
pub(crate) const AT_REST: &str = "at rest";

/// The transitions of a scenario so far.
#[derive(Debug, Default)]
pub(super) struct TransitionHistory {
    moments: Vec<StateAfterTransition>,
    flags_on: EnabledFlags,
}

/// Flags that are on, and for whom, where not for everybody.
type EnabledFlags = BTreeMap<String, Option<String>>;

#[derive(Debug)]
struct StateAfterTransition {
    transition: Transition,
    /// Flags that are on from here.
    flags_on: EnabledFlags,
}

impl TransitionHistory {
    pub(super) fn record(&mut self, transition: &Transition) {
        match &transition.change {
            Change::Flag { flag, on: true } => _ = self.flags_on.insert(flag.clone(), None),
            Change::Flag { flag, on: false } => _ = self.flags_on.remove(flag),
            Change::FlagForSome {
                flag,
                on: true,
                people,
                tenants,
            } => _ = self.flags_on.insert(flag.clone(), whom(people, tenants)),
            // whoever it is off for, it may be on for others
            _ => {}
        }
        self.moments.push(StateAfterTransition {
            transition: transition.clone(),
            flags_on: self.flags_on.clone(),
        });
    }

    fn at(&self, state: u32) -> Option<&StateAfterTransition> {
        self.moments
            .iter()
            .rev()
            .find(|moment| moment.transition.state == state)
    }

    /// The state without names, for grouping.
    pub(super) fn class(&self, state: u32) -> String {
        self.at(state)
            .map_or_else(|| unnamed(state), |moment| moment.transition.class.clone())
    }

    /// The state with names, for people.
    pub(super) fn description(&self, state: u32) -> String {
        self.at(state)
            .map_or_else(|| unnamed(state), |moment| moment.transition.description.clone())
    }

    /// Why what follows cannot be judged: changes that the stack was not seen to take in.
    pub(super) fn unsettled(&self) -> impl Iterator<Item = String> {
        self.moments
            .iter()
            .filter(|moment| !moment.transition.settled)
            .map(|moment| {
                let Transition {
                    description,
                    waited_ms,
                    ..
                } = &moment.transition;
                format!(
                    "the change was not observed to take effect: {description} (waited {})",
                    duration(*waited_ms)
                )
            })
    }

    /// From the transition to the request.
    pub(super) fn since(&self, exchange: &Exchange) -> Option<u64> {
        self.at(exchange.state)
            .map(|moment| exchange.at_ms.saturating_sub(moment.transition.at_ms))
    }

    /// "0.3 s after switching from audio to video with `audio-video-switch` on", or "before anything had changed".
    pub(super) fn phrase(&self, exchange: &Exchange) -> String {
        let (Some(moment), Some(since)) = (self.at(exchange.state), self.since(exchange)) else {
            return match exchange.state {
                0 => "before anything had changed".to_owned(),
                state => unnamed(state),
            };
        };
        let change = &moment.transition.change;
        let changed = match change {
            Change::Flag { flag, .. } | Change::FlagForSome { flag, .. } => Some(flag),
            _ => None,
        };
        let others = moment.flags_on.iter().filter(|(flag, _)| changed != Some(*flag));
        let (all, some): (Vec<_>, Vec<_>) = others.partition(|(_, whom)| whom.is_none());
        let all: Vec<String> = all.iter().map(|(flag, _)| format!("`{flag}`")).collect();
        let all = (!all.is_empty()).then(|| format!("{} on", super::sentence::join(&all)));
        let some = some
            .into_iter()
            .filter_map(|(flag, whom)| Some(format!("`{flag}` on for {}", whom.as_ref()?)));
        let with: Vec<String> = all.into_iter().chain(some).collect();
        let with = if with.is_empty() {
            String::new()
        } else {
            format!(" with {}", super::sentence::join(&with))
        };
        let since = match since {
            0..100 => "right after".to_owned(),
            _ => format!("{} after", duration(since)),
        };
        format!("{since} {}{with}", event(change, &exchange.who))
    }
}

fn unnamed(state: u32) -> String {
    match state {
        0 => AT_REST.to_owned(),
        _ => "in a state that the ledger does not name".to_owned(),
    }
}

/// The change as it stands behind "after".
fn event(change: &Change, bystander: &str) -> String {
    match change {
        Change::Flag { flag, on } => format!("`{flag}` was turned {}", if *on { "on" } else { "off" }),
        Change::FlagForSome {
            flag,
            on,
            people,
            tenants,
        } => {
            let whom = if people.len() == 1 && people[0] == bystander && tenants.is_empty() {
                "them".to_owned()
            } else {
                whom(people, tenants).unwrap_or_else(|| "nobody".to_owned())
            };
            format!(
                "`{flag}` was turned {} for {whom}",
                if *on { "on" } else { "off" }
            )
        }
        Change::Modality { who, from, to } if who == bystander => format!("switching from {from} to {to}"),
        Change::Modality { who, from, to } => format!("{who} switched from {from} to {to}"),
        Change::Session { who, what } => format!("{who} {}", session(what)),
        Change::Setting { name, made } => {
            format!(
                "the change `{name}` was {}",
                if *made { "made" } else { "undone" }
            )
        }
        Change::Grant { grant, of, to, how } => {
            let to = if to == bystander { "them" } else { to };
            format!("{of}'s `{grant}` with {to} was {how}")
        }
        Change::Deleted { who, .. } => format!("{who}'s recording was deleted"),
        Change::Recording { who, way, how } => {
            let whose = if who == bystander {
                "their"
            } else {
                &format!("{who}'s")
            };
            format!("{whose} recording by the {way} was {how}")
        }
        Change::Action { who, action } => format!("{who}'s `{action}`"),
    }
}

/// What happened to a session, as a verb; a word that is none of the usual ones stands as it is.
fn session(what: &str) -> String {
    match what {
        "logout" | "log out" | "signed-out" | "ended" | "logged out" => "signed out".to_owned(),
        "login" | "log in" | "signed-in" | "began" | "logged in" => "signed in".to_owned(),
        other => other.to_owned(),
    }
}
