//! Rule 3, no vacuous pass, and rule 7, fail closed: what it takes for a target to count as held.

use super::answer;
use super::pending_assertion::{PendingAssertion, Probe};
use super::scenario_facts::ScenarioFacts;
use super::techniques;
use super::twins::Twin;
use crate::ledger::{Claim, Exchange, OutcomeClass, ProbeTarget};
use crate::technique::{RequestShape, STALE_SUBSCRIPTION};

/// Whether a probe proved anything, whatever it reached for.
///
/// # Errors
/// The reason, in plain words, why it did not.
pub(super) fn probe(asking: &PendingAssertion, probe: &Probe, page: bool) -> Result<(), String> {
    let exchange = &probe.exchange;
    if let Some(why) = answer::unanswered(&exchange.response) {
        return Err(why);
    }
    if exchange.state != asking.state {
        return Err("it was sent in another state than the step is about".to_owned());
    }
    if page {
        return Ok(());
    }
    control(asking, probe)?;
    if techniques::needs_session(&probe.technique, &exchange.who)
        && !asking.alive_after(&exchange.who, exchange.exchange)
    {
        return Err(
            "the session was not confirmed valid afterwards, so this refusal proves nothing".to_owned(),
        );
    }
    let signed_in = techniques::needs_session(&probe.technique, &exchange.who);
    // where nobody's credentials go along, to be told so is a refusal like any other
    let unsigned = exchange.response.class == OutcomeClass::NoSession && !probe.without_credentials;
    if asking.claim != Claim::NoOne && unsigned && signed_in {
        return Err("the answer says that nobody was signed in, so it refuses nobody".to_owned());
    }
    list(probe)?;
    let for_nobody = asking.claim == Claim::NoOne || techniques::is_for_nobody(&probe.technique);
    if for_nobody && !refused(probe) && !wrote(asking, probe) && !is_silent(probe) {
        let outcome = answer::outcome(exchange.response.status, exchange.response.class);
        return Err(format!(
            "everyone should be refused here, but the response was not a refusal ({outcome})"
        ));
    }
    Ok(())
}

fn control(asking: &PendingAssertion, probe: &Probe) -> Result<(), String> {
    let Some(number) = probe.control else {
        return Ok(());
    };
    let about = "the control, the same request for a recording that does not exist,";
    let control = asking
        .controls
        .get(&number)
        .ok_or_else(|| format!("{about} is missing"))?;
    if control.who != probe.exchange.who || control.state != probe.exchange.state {
        return Err(format!(
            "{about} was asked by somebody else or in another world state"
        ));
    }
    match answer::unanswered(&control.replied) {
        Some(why) => Err(format!("{about} failed: {why}")),
        None => Ok(()),
    }
}

/// A list that could not be read through says nothing, unless it was refused as a whole.
fn list(probe: &Probe) -> Result<(), String> {
    let Some(list) = &probe.exchange.list else {
        return Ok(());
    };
    let refused = denied(probe.exchange.response.class) && list.items == 0 && list.pages <= 1;
    match &list.incomplete {
        Some(why) if !refused => Err(format!("the list could not be read through: {why}")),
        _ => Ok(()),
    }
}

fn denied(class: OutcomeClass) -> bool {
    matches!(class, OutcomeClass::Denied | OutcomeClass::NoSession)
}

/// Refused, or a complete list that holds nothing.
fn refused(probe: &Probe) -> bool {
    let empty = probe
        .exchange
        .list
        .as_ref()
        .is_some_and(|list| list.incomplete.is_none() && list.items == 0);
    denied(probe.exchange.response.class) || empty
}

/// Whoever has had a connection open since before was let in then: that nothing is told on it any more is all that can be asked.
fn is_silent(probe: &Probe) -> bool {
    probe.exchange.stream && probe.technique == STALE_SUBSCRIPTION.name
}

fn wrote(asking: &PendingAssertion, probe: &Probe) -> bool {
    asking.read_backs.contains_key(&probe.exchange.exchange)
}

/// Whether one target of a probe that proved something was out of reach while somebody with a right got it.
///
/// # Errors
/// The reason, in plain words, why that cannot be said.
pub(super) fn target(
    scene: &ScenarioFacts,
    asking: &PendingAssertion,
    probe: &Probe,
    target: &ProbeTarget,
) -> Result<(), String> {
    let exchange = &probe.exchange;
    let deleted = scene.is_deleted(target.recording);
    let for_nobody = match asking.claim {
        Claim::NoOne => true,
        Claim::Gone => deleted,
        Claim::NoOneElse | Claim::Reachable | Claim::NotYet => techniques::is_for_nobody(&probe.technique),
    };
    // whoever comes to have a right to it has none before it is finished
    let entitled = match asking.claim {
        Claim::NotYet => scene.owns(&exchange.who, target.recording),
        _ => scene.may_see(&exchange.who, target.recording),
    };
    if !for_nobody && entitled {
        return Err("the requester is authorised for this recording, so the probe proves nothing".to_owned());
    }
    let writes = wrote(asking, probe);
    if writes {
        read_back(asking, probe, target.recording)?;
    }
    let twin = match target.twin {
        // of what was not finished, what its owner got when it was
        None if asking.claim == Claim::NotYet => scene
            .twins
            .later(exchange, target.recording)
            .ok_or("nobody with a right to it made the same request when it was finished")?,
        // several look at their lists at the same time: each is the twin of what the others look for
        None if asking.claim == Claim::NoOneElse && !deleted => scene
            .twins
            .find_for_list(
                exchange.surface.as_deref(),
                exchange.state,
                target.recording,
                |who| scene.owns(who, target.recording),
            )
            .ok_or("nobody with a right to it made the same request")?,
        None => return Err("nobody with a right to it made the same request".to_owned()),
        Some(number) => scene
            .twins
            .get(number)
            .ok_or("its twin, the same request by somebody with a right, is missing")?,
    };
    same_question(asking, probe, (target.recording, deleted), twin)?;
    let who = &twin.who;
    if let Some(why) = &twin.unanswered {
        return Err(format!("{who}, who has a right to it, did not get it: {why}"));
    }
    let got = twin.got.contains(&target.recording) || (writes && twin.class == OutcomeClass::Served);
    if !got {
        let outcome = answer::outcome(twin.status, twin.class);
        return Err(format!("{who}, who has a right to it, did not get it: {outcome}"));
    }
    if asking.claim == Claim::NoOneElse && !writes && !deleted {
        still(scene, exchange, twin, target.recording)?;
    }
    // a stack that does not understand a request says so, and shows no list
    let misunderstood = techniques::plainness(&probe.technique) == RequestShape::Rewritten
        && (400..500).contains(&exchange.response.status);
    let unread = exchange.list.is_none() && !denied(exchange.response.class) && !misunderstood && twin.listed;
    if unread {
        return Err("the answer could not be read as a list".to_owned());
    }
    Ok(())
}

/// A stack that broke half-way refuses everybody: whoever got it before the probe must have got it after the probe too, if they
/// asked again; if others asked there, one of them must have got theirs.
fn still(scene: &ScenarioFacts, probe: &Exchange, twin: &Twin, recording: u32) -> Result<(), String> {
    let after: Vec<&Twin> = scene.twins.after(probe).collect();
    let theirs = |later: &&&Twin| later.who == twin.who && later.rightful.contains(&recording);
    let again: Vec<&Twin> = after.iter().filter(theirs).copied().collect();
    let got = |later: &&Twin| later.unanswered.is_none() && later.got.contains(&recording);
    let got_any = |later: &&Twin| {
        later.unanswered.is_none() && later.got.iter().any(|one| later.rightful.contains(one))
    };
    let holds = if again.is_empty() {
        after.is_empty() || after.iter().any(got_any)
    } else {
        again.iter().any(got)
    };
    if holds {
        return Ok(());
    }
    let asked = if again.is_empty() { &after } else { &again };
    let last = asked.iter().max_by_key(|later| later.exchange);
    let why = last.map_or_else(String::new, |last| {
        last.unanswered
            .clone()
            .unwrap_or_else(|| answer::outcome(last.status, last.class))
    });
    let who = last.map_or("", |last| last.who.as_str());
    Err(match again.is_empty() {
        false => format!("{who}, who has a right to it, got it before and did not get it afterwards: {why}"),
        true => format!("afterwards {who} could no longer get their own recording there: {why}"),
    })
}

fn same_question(
    asking: &PendingAssertion,
    probe: &Probe,
    (recording, deleted): (u32, bool),
    twin: &Twin,
) -> Result<(), String> {
    if twin.contradicted {
        return Err("the ledger has two contradicting entries for its twin".to_owned());
    }
    if twin.surface != probe.exchange.surface {
        return Err("its twin was asked at another surface".to_owned());
    }
    if !twin.rightful.contains(&recording) {
        return Err(format!(
            "its twin was sent by {}, who had no right to it",
            twin.who
        ));
    }
    let to_be_had = asking.claim != Claim::NoOne && !deleted;
    match to_be_had {
        false if twin.state >= probe.exchange.state => {
            Err("its twin is not from an earlier world state, when it was still to be had".to_owned())
        }
        true if asking.claim == Claim::NotYet => match twin.state < probe.exchange.state {
            true => Err("its twin was asked before the recording was there".to_owned()),
            false => Ok(()),
        },
        true if twin.state != probe.exchange.state => {
            Err("its twin was asked in another world state".to_owned())
        }
        _ => Ok(()),
    }
}

/// Rule 6: the owner looked, and nothing had changed.
fn read_back(asking: &PendingAssertion, probe: &Probe, recording: u32) -> Result<(), String> {
    let all = asking
        .read_backs
        .get(&probe.exchange.exchange)
        .map_or(&[][..], Vec::as_slice);
    let mut of_it = all
        .iter()
        .filter(|read_back| read_back.recording == recording)
        .peekable();
    if of_it.peek().is_none() {
        return Err("the owner did not read it back".to_owned());
    }
    match of_it.find_map(|read_back| read_back.useless.as_ref()) {
        Some(why) => Err(format!("reading it back failed: {why}")),
        None => Ok(()),
    }
}
