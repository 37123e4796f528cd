//! Sabotage: interference with our own requests and answers, to see whether the probes notice. What leaks in such a run is our own
//! doing; it shows of a stack that has no faults built in whether somebody would have been told.
//!
//! Only probes are interfered with, never twins, controls or pulses: what the owners get stays as it is.

use crate::http::{Credentials, OutgoingRequest, Reply, Request};
use crate::ledger::{ProbeTarget, Purpose};
use crate::technique::LIST_OWN;
use reqwest::Method;
use reqwest::header::{CONTENT_LENGTH, RANGE};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// How we interfere.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Sabotage {
    /// The bystander's request is sent with the owner's credentials: a check that is not there.
    OwnersCredentials,
    /// The bystander is handed what the owner was answered before: a cache that ignores who asks.
    AnothersAnswer,
    /// An entry of the owner's list is put into the bystander's: a list that is not filtered.
    SplicedItem,
    /// Byte ranges, `HEAD` and addresses that are their own key are asked for with the owner's credentials, everything else as it
    /// is: a detour that skips the check.
    UncheckedDetour,
}

impl Sabotage {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::OwnersCredentials,
        Self::AnothersAnswer,
        Self::SplicedItem,
        Self::UncheckedDetour,
    ];

    /// Its name on the command line and in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OwnersCredentials => "owners-credentials",
            Self::AnothersAnswer => "anothers-answer",
            Self::SplicedItem => "spliced-item",
            Self::UncheckedDetour => "unchecked-detour",
        }
    }
}

impl fmt::Display for Sabotage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.word())
    }
}

/// Interferes with the probes of a run.
#[derive(Debug)]
pub struct Saboteur {
    how: Sabotage,
    seen: Mutex<ObservedAnswers>,
}

/// What went by.
#[derive(Debug, Default)]
struct ObservedAnswers {
    /// What people carried, by scenario, name and surface.
    keys: BTreeMap<(u32, String, String), Credentials>,
    /// What somebody with a right was answered, by the number of the exchange.
    answers: BTreeMap<u64, SabotagedAnswer>,
    /// The probes whose answer was exchanged already: of a list only one page is.
    served: BTreeSet<(u32, u64, String, String, u32)>,
}

#[derive(Debug, Clone)]
struct SabotagedAnswer {
    scenario: u32,
    who: String,
    reply: Arc<Reply>,
}

/// A probe that is under way.
struct ProbeInFlight<'a> {
    scenario: u32,
    /// The assertion.
    asking: u64,
    who: &'a str,
    surface: &'a str,
    technique: &'a str,
    targets: &'a [ProbeTarget],
    without_credentials: bool,
}

impl Saboteur {
    /// One that interferes in this way.
    #[must_use]
    pub fn new(how: Sabotage) -> Self {
        Self {
            how,
            seen: Mutex::default(),
        }
    }

    /// The request to be sent instead, if this one is interfered with.
    pub(super) fn request(&self, scenario: u32, call: &OutgoingRequest<'_>) -> Option<Request> {
        let mut seen = self.observed();
        if let Purpose::Attempt { owner, .. } = &call.part {
            let keys = seen.keys_of(scenario, owner, call.surface.unwrap_or_default());
            let keys = keys.filter(|_| self.how == Sabotage::OwnersCredentials)?;
            return Some(call.request.clone().carrying(keys));
        }
        let Some(probe) = ProbeInFlight::of(scenario, None, call) else {
            if call.request.keys != Credentials::none() {
                let surface = call.surface.unwrap_or_default().to_owned();
                let place = (scenario, call.who.to_owned(), surface);
                seen.keys.insert(place, call.request.keys.clone());
            }
            return None;
        };
        let request = &call.request;
        let detour = probe.without_credentials
            || request.headers.contains_key(RANGE)
            || request.method == Method::HEAD;
        let wanted = match self.how {
            Sabotage::OwnersCredentials => true,
            Sabotage::UncheckedDetour => detour,
            Sabotage::AnothersAnswer | Sabotage::SplicedItem => false,
        };
        if !wanted {
            return None;
        }
        let answer = seen.answer_of_another(&probe)?;
        let keys = seen.keys_of(scenario, &answer.who, probe.surface)?;
        Some(request.clone().carrying(keys))
    }

    /// The answer to be taken for the stack's instead, if this one is interfered with.
    pub(super) fn reply(
        &self,
        scenario: u32,
        asking: u64,
        call: &OutgoingRequest<'_>,
        reply: &Reply,
    ) -> Option<Reply> {
        let probe = ProbeInFlight::of(scenario, Some(asking), call)?;
        let mut seen = self.observed();
        match self.how {
            Sabotage::AnothersAnswer => {
                let answer = seen.answer_of(&probe)?;
                seen.serve_once(&probe).then(|| Reply {
                    at_ms: reply.at_ms,
                    elapsed_ms: reply.elapsed_ms,
                    ..(*answer.reply).clone()
                })
            }
            Sabotage::SplicedItem if probe.technique == LIST_OWN.name => {
                let answer = seen.answer_of_another(&probe)?;
                let body = spliced(&reply.body, &answer.reply.body)?;
                if !seen.serve_once(&probe) {
                    return None;
                }
                let mut reply = reply.clone();
                reply.headers.remove(CONTENT_LENGTH);
                reply.body = body;
                Some(reply)
            }
            _ => None,
        }
    }

    /// Remembers what somebody with a right was answered.
    pub(super) fn saw(&self, scenario: u32, exchange: u64, who: &str, part: &Purpose, reply: &Reply) {
        let needed = matches!(part, Purpose::Twin { .. }) && reply.is_whole();
        if needed {
            let answer = SabotagedAnswer {
                scenario,
                who: who.to_owned(),
                reply: Arc::new(reply.clone()),
            };
            self.observed().answers.insert(exchange, answer);
        }
    }

    /// Forgets a scenario that is over.
    pub(super) fn forget(&self, scenario: u32) {
        let mut seen = self.observed();
        seen.answers.retain(|_, answer| answer.scenario != scenario);
        seen.keys.retain(|(of, _, _), _| *of != scenario);
        seen.served.retain(|(of, ..)| *of != scenario);
    }

    fn observed(&self) -> std::sync::MutexGuard<'_, ObservedAnswers> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> ProbeInFlight<'a> {
    fn of(scenario: u32, asking: Option<u64>, call: &'a OutgoingRequest<'_>) -> Option<Self> {
        match &call.part {
            Purpose::Probe {
                technique,
                targets,
                without_credentials: bare,
                ..
            } => Some(Self {
                scenario,
                asking: asking.unwrap_or_default(),
                who: call.who,
                surface: call.surface.unwrap_or_default(),
                technique,
                targets,
                without_credentials: *bare,
            }),
            _ => None,
        }
    }
}

impl ObservedAnswers {
    /// What somebody with a right to a target was answered.
    fn answer_of(&self, probe: &ProbeInFlight<'_>) -> Option<SabotagedAnswer> {
        let twins = probe.targets.iter().filter_map(|target| target.twin);
        twins.filter_map(|twin| self.answers.get(&twin)).next().cloned()
    }

    /// The same of somebody else than who asks.
    fn answer_of_another(&self, probe: &ProbeInFlight<'_>) -> Option<SabotagedAnswer> {
        let twins = probe.targets.iter().filter_map(|target| target.twin);
        let mut answers = twins.filter_map(|twin| self.answers.get(&twin));
        answers.find(|answer| answer.who != probe.who).cloned()
    }

    /// What somebody carries at a surface; where they carry nothing there, what they carry elsewhere.
    fn keys_of(&self, scenario: u32, who: &str, surface: &str) -> Option<&Credentials> {
        let here = self.keys.get(&(scenario, who.to_owned(), surface.to_owned()));
        let of_theirs =
            |((of, name, _), _): &(&(u32, String, String), &Credentials)| *of == scenario && name == who;
        here.or_else(|| self.keys.iter().find(of_theirs).map(|(_, keys)| keys))
    }

    /// Whether a probe was not served before.
    fn serve_once(&mut self, probe: &ProbeInFlight<'_>) -> bool {
        self.served.insert((
            probe.scenario,
            probe.asking,
            probe.who.to_owned(),
            format!("{} {}", probe.surface, probe.technique),
            probe.targets.first().map_or(0, |target| target.recording),
        ))
    }
}

/// The bystander's list with the first entry of another's at its end; none where the two are no JSON with a list in the same place.
fn spliced(own: &[u8], anothers: &[u8]) -> Option<Vec<u8>> {
    let mut own: Json = serde_json::from_slice(own).ok()?;
    let anothers: Json = serde_json::from_slice(anothers).ok()?;
    let (place, entry) = first_entry(&anothers, "")?;
    own.pointer_mut(&place)?.as_array_mut()?.push(entry);
    serde_json::to_vec(&own).ok()
}

/// The place of the first list that has an object in it, and the object.
fn first_entry(json: &Json, at: &str) -> Option<(String, Json)> {
    match json {
        Json::Array(items) => {
            let entry = items.iter().find(|item| item.is_object())?;
            Some((at.to_owned(), entry.clone()))
        }
        Json::Object(fields) => fields.iter().find_map(|(name, value)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            first_entry(value, &format!("{at}/{name}"))
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::spliced;
    use serde_json::json;

    #[test]
    fn an_entry_goes_where_the_list_is() {
        let own = json!({"total": 0, "page": {"items": []}}).to_string();
        let anothers = json!({"total": 1, "page": {"items": [{"id": 7}]}}).to_string();
        let both = spliced(own.as_bytes(), anothers.as_bytes())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert_eq!(
            both.as_deref(),
            Some(r#"{"page":{"items":[{"id":7}]},"total":0}"#)
        );
        assert_eq!(spliced(b"<html>", anothers.as_bytes()), None);
        assert_eq!(spliced(own.as_bytes(), own.as_bytes()), None);
    }
}
