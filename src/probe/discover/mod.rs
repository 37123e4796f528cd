//! Discovery by canary: the owner follows links, and every address that answers with their canary is a surface, whether or not
//! anybody declared it. Then everybody else asks for the same.
//!
//! Only `GET`, only the profile's own hosts, bounded in number, depth and time; an address that looks like signing out is left alone.

mod addresses;
mod crawl;
mod declared;

use super::ProbeError;
use super::context::ProbeContext;
use super::probe_request::Actor;
use super::visitor;
use crate::cast::{Persona, WRONG_CREDENTIALS};
use crate::http::{Credentials, Exchanged, OutgoingRequest, Transport};
use crate::ledger::{Assertion, Claim, Concluded, Discovered, Entry, LeftOut, ProbeTarget, Purpose};
use crate::plant::planting::Recording;
use crate::technique;
use crawl::{Crawl, DiscoveredAddress};
use reqwest::Url;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// So many addresses of one form are asked for by others.
const OF_ONE_FORM: usize = 2;

/// Has the owner follow links from where the profile says, and everybody else ask for what was found; hands back the assertion's
/// number.
///
/// # Errors
/// When the profile does not say where to begin, or nothing is found: then nothing was tried.
pub async fn assert_discovered(scene: &ProbeContext<'_>, owner: &str, text: &str) -> Result<u32, ProbeError> {
    let persona = scene.cast.get(owner)?;
    let owned: Vec<&Recording> = scene
        .recordings
        .iter()
        .filter(|one| one.owner.name == owner && !one.deleted)
        .collect();
    if owned.is_empty() {
        return Err(ProbeError::Nothing(format!(
            "{owner} has no recording: there is nothing to find"
        )));
    }
    let witness = scene.client;
    let number = witness.session.numbers.assertion();
    let moment = witness.moment();
    witness.write(&Entry::Assertion(Assertion {
        scenario: witness.scenario,
        assertion: number,
        state: moment.state,
        claim: Claim::NoOneElse,
        text: text.to_owned(),
        line: moment.line,
        at_ms: witness.session.ledger.now_ms(),
    }));
    witness.move_to(|moment| moment.assertion = Some(number));
    let found = crawl_and_probe(scene, persona, &owned).await;
    witness.move_to(|moment| moment.assertion = None);
    let planned = *found.as_ref().unwrap_or(&0);
    witness.write(&Entry::Concluded(Concluded {
        scenario: witness.scenario,
        assertion: number,
        planned,
        reused_exchanges: Vec::new(),
    }));
    found.map(|_| number)
}

async fn crawl_and_probe(
    scene: &ProbeContext<'_>,
    owner: &Arc<Persona>,
    owned: &[&Recording],
) -> Result<u32, ProbeError> {
    let hits = Crawl::new(scene, owner, owned)?.follow().await?;
    if hits.is_empty() {
        let start = &scene.site().profile.discovery.start;
        let start: Vec<&str> = start.iter().map(|one| one.as_str()).collect();
        return Err(ProbeError::Nothing(format!(
            "following links from {} led {} to none of their recordings",
            start.join(", "),
            owner.name
        )));
    }
    record_discovered(scene, &hits);
    let keys = owner.keys(scene.site(), None).await?;
    let mut planned = 0;
    let chosen = choose(&hits);
    for (_, actor) in others(scene, owner).await {
        for hit in &chosen {
            planned += probe_address(scene, &actor, hit, owned).await?;
        }
        if let Actor::Persona(persona) = &actor {
            persona.check_session(scene.site(), witness(scene)).await?;
        }
    }
    // a stack that broke meanwhile refuses everybody: what the owner got before, they must get again
    for hit in &chosen {
        let part = Purpose::Twin {
            recordings: hit.recordings.iter().copied().collect(),
        };
        send(scene, &owner.name, &keys, hit, hit.url.clone(), part).await?;
    }
    Ok(planned)
}

fn witness<'a>(scene: &ProbeContext<'a>) -> &'a dyn Transport {
    scene.client
}

/// Everybody but the owner, nobody, and the visitor with wrong credentials.
async fn others(scene: &ProbeContext<'_>, owner: &Persona) -> Vec<(String, Actor)> {
    let mut all = Vec::new();
    for persona in scene.cast.everyone().filter(|one| one.name != owner.name) {
        if persona.is_signed_in().await {
            all.push((persona.name.clone(), Actor::Persona(Arc::clone(persona))));
        }
    }
    all.push((crate::cast::NOBODY.to_owned(), Actor::Nobody));
    if let Some(keys) = visitor::keys(scene).await {
        all.push((WRONG_CREDENTIALS.to_owned(), Actor::Wrong(keys)));
    }
    all
}

/// Whether the run may send so many requests with wrong credentials yet; says so where it may not.
fn can_afford(scene: &ProbeContext<'_>, actor: &Actor, hit: &DiscoveredAddress, requests: u32) -> bool {
    let most = scene.site().profile.limits.wrong_credentials;
    if !matches!(actor, Actor::Wrong(_)) || scene.client.session.numbers.wrong_credentials(requests, most) {
        return true;
    }
    scene.client.write(&Entry::LeftOut(LeftOut {
        scenario: scene.client.scenario,
        who: WRONG_CREDENTIALS.to_owned(),
        surface: hit.surface().to_owned(),
        technique: technique::INVALID_CREDENTIALS.name.to_owned(),
        why: format!("the budget of {most} requests with wrong credentials is used up"),
    }));
    false
}

/// Of each form, the first few addresses.
fn choose(hits: &[DiscoveredAddress]) -> Vec<&DiscoveredAddress> {
    let mut of_form: BTreeMap<&str, usize> = BTreeMap::new();
    hits.iter()
        .filter(|hit| {
            let seen = of_form.entry(hit.form.as_str()).or_default();
            *seen += 1;
            *seen <= OF_ONE_FORM
        })
        .collect()
}

/// Writes down every form that was found, once.
fn record_discovered(scene: &ProbeContext<'_>, hits: &[DiscoveredAddress]) {
    let profile = &scene.site().profile;
    let forms: BTreeSet<&str> = hits.iter().map(|hit| hit.form.as_str()).collect();
    for form in forms {
        let Some(hit) = hits.iter().find(|hit| hit.form == form) else {
            continue;
        };
        let path = form.split_once(' ').map_or(form, |(_, path)| path);
        scene.client.write(&Entry::Discovered(Discovered {
            scenario: scene.client.scenario,
            form: form.to_owned(),
            declared: hit.declared.clone(),
            known: profile.discovery.known.iter().any(|known| known.as_str() == path),
            new_is_a_failure: profile.discovery.new_is_a_failure,
            line: scene.client.moment().line,
        }));
    }
}

/// Asks for an address on somebody's behalf; hands back for how many recordings.
async fn probe_address(
    scene: &ProbeContext<'_>,
    actor: &Actor,
    hit: &DiscoveredAddress,
    owned: &[&Recording],
) -> Result<u32, ProbeError> {
    let who = actor.name().to_owned();
    let keys = match actor {
        Actor::Persona(persona) => persona.keys(scene.site(), None).await?,
        Actor::Wrong(keys) | Actor::Device(_, keys) => keys.clone(),
        _ => Credentials::none(),
    };
    let may = |number: &u32| {
        owned
            .iter()
            .any(|one| one.number == *number && one.may_be_seen_by(&who))
    };
    let targets: Vec<ProbeTarget> = hit
        .recordings
        .iter()
        .filter(|number| !may(number))
        .map(|recording| ProbeTarget {
            recording: *recording,
            twin: Some(hit.exchange),
        })
        .collect();
    if targets.is_empty() {
        return Ok(0);
    }
    let missing = hit.missing(scene, owned)?;
    if !can_afford(scene, actor, hit, 1 + u32::from(missing.is_some())) {
        return Ok(0);
    }
    let technique = technique::DISCOVERED_ADDRESS;
    let mut control = None;
    if let Some(missing) = missing {
        let part = Purpose::Control {
            technique: technique.name.to_owned(),
            repeats: Vec::new(),
        };
        control = Some(send(scene, &who, &keys, hit, missing, part).await?.exchange);
    }
    let count = u32::try_from(targets.len()).unwrap_or(u32::MAX);
    let part = Purpose::Probe {
        technique: technique.name.to_owned(),
        temperament: technique.temperament,
        targets,
        control,
        intermediate: false,
        without_credentials: false,
    };
    send(scene, &who, &keys, hit, hit.url.clone(), part).await?;
    Ok(count)
}

async fn send(
    scene: &ProbeContext<'_>,
    who: &str,
    keys: &Credentials,
    hit: &DiscoveredAddress,
    url: Url,
    part: Purpose,
) -> Result<Exchanged, ProbeError> {
    let none = Credentials::none();
    let request = scene
        .site()
        .get(url, if hit.at_home { keys } else { &none }, &hit.form)?;
    let call = OutgoingRequest::new(who, part, request).at(hit.surface());
    Ok(scene.client.send(call).await)
}
