//! Rule 6 where nothing is written to a recording: what somebody did in another's place is judged by the other, who looks whether it has
//! happened. That it has not counts as held only if its owner was then seen to do the same.

use super::content::Leak;
use super::judgement::RecordingOutcome;
use super::results::GapPlace;
use super::scenario_facts::ScenarioFacts;
use super::{Judge, answer};
use crate::ledger::{Attempted, Delivery, Exchange, OutcomeClass, Purpose, RequestSent, ResponseFacts};
use crate::technique::BOLA_ACTION;

impl Judge {
    pub(super) fn attempted(&mut self, attempted: &Attempted) {
        let scene = self.scenes.entry(attempted.scenario).or_default();
        let class = scene.moments.class(attempted.state);
        let exchange = last_of(scene, attempted);
        if attempted.happened == Some(true) {
            if attempted.gives_a_right {
                let pair = (attempted.who.clone(), attempted.owner.clone());
                scene.helped_themselves.insert(pair);
            }
            let leak = Leak::acted(&attempted.owner, attempted.recording);
            // a request that the ledger has lost makes what the owner saw no better
            let exchange = exchange.unwrap_or_else(|| lost(attempted));
            let found = self.book.leak(scene, &self.recordings, &exchange, &leak);
            let upshot = found.map_or(RecordingOutcome::Meant, |_| RecordingOutcome::Leaked);
            return self.book.count(None, &attempted.surface, &class, upshot);
        }
        let alive = scene.alive.get(&attempted.who).copied();
        let upshot = match unproven(attempted, exchange.as_ref(), alive) {
            None => RecordingOutcome::Held,
            Some(why) => {
                self.book.gap(GapPlace {
                    scenario: Some(attempted.scenario),
                    line: attempted.line,
                    surface: Some(attempted.surface.clone()),
                    who: Some(attempted.who.clone()),
                    why,
                    ..GapPlace::default()
                });
                RecordingOutcome::Inconclusive
            }
        };
        self.book.count(None, &attempted.surface, &class, upshot);
    }

    /// What was tried, and nobody has said what came of it.
    pub(super) fn never_looked_at(&mut self, scenario: u32) {
        let scene = self.scenes.entry(scenario).or_default();
        for exchange in std::mem::take(&mut scene.attempts).into_values() {
            self.book.gap(GapPlace {
                scenario: Some(scenario),
                line: exchange.line,
                surface: exchange.surface,
                who: Some(exchange.who),
                why: "nobody has looked whether what was tried here has happened".to_owned(),
                ..GapPlace::default()
            });
        }
    }
}

/// The last request of an attempt; those before it are done with as well.
fn last_of(scene: &mut ScenarioFacts, attempted: &Attempted) -> Option<Exchange> {
    let last = attempted.exchange?;
    let is_of_it = |exchange: &Exchange| {
        exchange.exchange <= last
            && exchange.who == attempted.who
            && exchange.state == attempted.state
            && exchange.surface.as_ref() == Some(&attempted.surface)
    };
    let theirs = scene
        .attempts
        .extract_if(..=last, |_, exchange| is_of_it(exchange));
    theirs
        .last()
        .map(|(_, exchange)| exchange)
        .filter(|exchange| exchange.exchange == last)
}

/// An exchange in the place of the one that is missing.
fn lost(attempted: &Attempted) -> Exchange {
    let why = "the ledger has lost it".to_owned();
    Exchange {
        exchange: attempted.exchange.unwrap_or_default(),
        scenario: attempted.scenario,
        state: attempted.state,
        assertion: None,
        line: attempted.line,
        who: attempted.who.clone(),
        part: Purpose::Attempt {
            owner: attempted.owner.clone(),
            technique: BOLA_ACTION.name.to_owned(),
            temperament: BOLA_ACTION.temperament,
        },
        surface: Some(attempted.surface.clone()),
        request: RequestSent {
            method: String::new(),
            url: String::new(),
            rewritten_by: None,
        },
        response: ResponseFacts {
            status: 0,
            class: OutcomeClass::Broken,
            delivery: Delivery::NotSent { why },
            content_type: String::new(),
            bytes: 0,
            sha256: String::new(),
            head: String::new(),
            normalised_hash: String::new(),
        },
        seen: Vec::new(),
        stream: false,
        list: None,
        at_ms: 0,
        elapsed_ms: 0,
    }
}

/// Why an attempt that was not seen to have worked proves nothing, if so. `alive` is the last sign that the session of whoever tried
/// was alive.
fn unproven(attempted: &Attempted, exchange: Option<&Exchange>, alive: Option<u64>) -> Option<String> {
    let owner = &attempted.owner;
    if let Some(why) = &attempted.trouble {
        return Some(why.clone());
    }
    let Some(exchange) = exchange else {
        return Some("the request by which it was tried is missing".to_owned());
    };
    if let Some(why) = answer::unanswered(&exchange.response) {
        return Some(why);
    }
    if attempted.happened.is_none() {
        return Some(format!("{owner} did not look whether it had happened"));
    }
    // to another tenant a session is none, and to be told so is a refusal like any other
    if exchange.response.class == OutcomeClass::NoSession && !attempted.elsewhere {
        return Some("the answer says that nobody was signed in, so it refuses nobody".to_owned());
    }
    if alive.is_none_or(|alive| alive < exchange.exchange) {
        return Some(
            "the session was not confirmed valid afterwards, so this refusal proves nothing".to_owned(),
        );
    }
    (!attempted.by_the_owner).then(|| {
        format!("{owner}, who may do it, was not seen to do it, so that it did not happen means nothing")
    })
}
