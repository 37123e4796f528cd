//! Techniques with addresses that were handed out: one's own kept, somebody else's used, an id in one's own swapped.

use super::ProbeError;
use super::bystander::Bystander;
use super::context::ProbeContext;
use super::plan::PlannedProbe;
use super::probe_request::{Actor, ProbeRequest};
use crate::ledger::{Claim, Entry, LeftOut, Purpose};
use crate::plant::planting::Recording;
use crate::profile::HumanDuration;
use crate::technique;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::sync::{Arc, PoisonError};

/// Has somebody ask for a link and keep it, without opening it. Where none is to be had, that is told: there is none to be tried later.
pub(super) async fn store_links(scene: &ProbeContext<'_>, actor: &Actor, question: &ProbeRequest<'_>) {
    let part = Purpose::Setup {
        what: "ask for a link in the last moments of a right".to_owned(),
    };
    if let Ok(Some(link)) = question.link(scene, actor, &part).await {
        let mut links = scene.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.store_link(question.name, question.recording.number, actor.name(), link);
        return;
    }
    scene.client.write(&Entry::LeftOut(LeftOut {
        scenario: scene.client.scenario,
        who: actor.name().to_owned(),
        surface: question.name.to_owned(),
        technique: technique::STALE_LINK.name.to_owned(),
        why: "no link was to be had in the last moments of a right".to_owned(),
    }));
}

/// The addresses that a technique opens.
pub(super) enum Addresses {
    /// The technique opens none that was handed out.
    None,
    /// These.
    These(Vec<String>),
    /// There is nothing to try, for a reason that makes nothing inconclusive.
    LeftOut(String),
}

impl Bystander<'_> {
    /// The addresses that a technique opens, if it opens any.
    pub(super) async fn addresses(
        &self,
        planned: &PlannedProbe,
        question: &ProbeRequest<'_>,
    ) -> Result<Addresses, ProbeError> {
        let name = planned.technique.name;
        let own = name == technique::STALE_LINK.name;
        if own || name == technique::LEAKED_LINK.name {
            return self.handed_out_before(question, own).await.map(Addresses::These);
        }
        if name == technique::SIGNED_LINK_TAMPERING.name {
            return self.swapped(question).await;
        }
        Ok(Addresses::None)
    }

    async fn handed_out_before(
        &self,
        question: &ProbeRequest<'_>,
        own: bool,
    ) -> Result<Vec<String>, ProbeError> {
        let recording = question.recording;
        let who = self.actor.name();
        let mut links = self.ends(question, recording, |to| (to == who) == own);
        let anybodys = !own || recording.owner.name == who;
        if links.is_empty()
            && anybodys
            && question.surface.expires.is_some()
            && self.scope.claim != Claim::NoOne
            && !recording.deleted
        {
            // an address that has run out is refused to everybody: a new one says more
            let owner = Actor::Persona(Arc::clone(&recording.owner));
            links.extend(self.new_link(question, &owner, recording).await?);
        }
        if links.is_empty() {
            let owner = &recording.owner.name;
            return Err(ProbeError::Nothing(format!(
                "no link to {owner}'s recording that is still good was handed out before"
            )));
        }
        Ok(links)
    }

    fn ends(
        &self,
        question: &ProbeRequest<'_>,
        recording: &Recording,
        to: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        let last = question.surface.expires.map(|HumanDuration(time)| time);
        let links = self.scene.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.ends(question.name, recording.number, to, last)
    }

    async fn new_link(
        &self,
        question: &ProbeRequest<'_>,
        actor: &Actor,
        recording: &Recording,
    ) -> Result<Option<String>, ProbeError> {
        let part = Purpose::Setup {
            what: "ask for a link of one's own".to_owned(),
        };
        let question = ProbeRequest {
            recording,
            ..*question
        };
        let link = question.send(self.scene, actor, &part).await?.link;
        if let Some(link) = &link {
            let mut links = self.scene.links.lock().unwrap_or_else(PoisonError::into_inner);
            links.store_link(question.name, recording.number, actor.name(), link.clone());
        }
        Ok(link)
    }

    /// A link to a recording of the asker's own, with another's id in the place of its own.
    async fn swapped(&self, question: &ProbeRequest<'_>) -> Result<Addresses, ProbeError> {
        let who = self.actor.name();
        let own: Vec<&Recording> = self
            .scene
            .recordings
            .iter()
            .filter(|one| one.owner.name == who)
            .collect();
        let wanted = question.recording.id.as_str();
        let known = own.iter().flat_map(|one| {
            self.ends(question, one, |to| to == who)
                .into_iter()
                .map(|link| (one.id.as_str(), link))
        });
        let mut links: Vec<(&str, String)> = known.collect();
        if let (true, Some(first)) = (links.is_empty(), own.first()) {
            let link = self.new_link(question, &self.actor, first).await?;
            links.extend(link.map(|link| (first.id.as_str(), link)));
        }
        if links.is_empty() {
            return Err(ProbeError::Nothing(format!(
                "{who} has no link of their own to alter"
            )));
        }
        let swapped = links.iter().find_map(|(id, link)| swap(link, id, wanted));
        Ok(match swapped {
            Some(link) => Addresses::These(vec![link]),
            None => Addresses::LeftOut(
                "no link of anybody's own has the recording's id in it: there is nothing to swap".to_owned(),
            ),
        })
    }
}

/// The link with one id in the place of another, as it stands or percent-encoded; its origin is left alone.
fn swap(link: &str, id: &str, wanted: &str) -> Option<String> {
    let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let origin = link.find("://").map_or(0, |at| {
        link[at + 3..]
            .find(['/', '?'])
            .map_or(link.len(), |end| at + 3 + end)
    });
    let (origin, rest) = link.split_at(origin);
    let forms = [(id.to_owned(), wanted.to_owned()), (encoded(id), encoded(wanted))];
    forms
        .into_iter()
        .find_map(|(id, wanted)| replaced(rest, &id, &wanted))
        .map(|rest| format!("{origin}{rest}"))
}

/// `what` replaced where it stands by itself: an id of one digit is no part of a longer number.
fn replaced(text: &str, what: &str, by: &str) -> Option<String> {
    let mut made = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices(what).filter(|(_, found)| !found.is_empty()) {
        let (before, after) = (&text[..at], &text[at + what.len()..]);
        let alone = !after.starts_with(|next: char| next.is_ascii_alphanumeric())
            && (!before.ends_with(|last: char| last.is_ascii_alphanumeric()) || ends_with_escape(before));
        if alone {
            made.push_str(&text[done..at]);
            made.push_str(by);
            done = at + what.len();
        }
    }
    (done > 0).then(|| made + &text[done..])
}

/// Whether the last three characters are a percent-encoded one.
fn ends_with_escape(text: &str) -> bool {
    matches!(text.as_bytes(), [.., b'%', one, two] if one.is_ascii_hexdigit() && two.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_swapped_wherever_it_stands() {
        assert_eq!(
            swap("http://m/a1/x?key=a1&sig=9", "a1", "b2").as_deref(),
            Some("http://m/b2/x?key=b2&sig=9")
        );
        assert_eq!(
            swap("http://m/?key=a%2F1", "a/1", "b/2").as_deref(),
            Some("http://m/?key=b%2F2")
        );
        assert_eq!(swap("http://m/opaque", "a1", "b2"), None);
    }

    #[test]
    fn a_short_id_is_swapped_only_where_it_stands_by_itself() {
        let link = "http://127.0.0.1:8011/f/1?at=2011&of=1&path=%2F1";
        assert_eq!(
            swap(link, "1", "2").as_deref(),
            Some("http://127.0.0.1:8011/f/2?at=2011&of=2&path=%2F2")
        );
        assert_eq!(swap("http://127.0.0.1:8011", "1", "2"), None);
        assert_eq!(
            swap("http://127.0.0.1:8011?1", "1", "2").as_deref(),
            Some("http://127.0.0.1:8011?2")
        );
        assert_eq!(swap("http://m/f/21?a=1b", "1", "2"), None);
    }
}
