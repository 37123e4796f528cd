//! Planting: a recording with a canary in every facet, brought into the stack by the profile's steps.

use super::canary::Canary;
use super::facet::Facet;
use super::media::{self, Media, MediaForm};
use super::registry::Registry;
use crate::cast::{CastError, Persona};
use crate::ledger::{Mark, Modality};
use crate::profile::Vars;
use crate::wire::{Caller, Carrier, Payload, Site, SiteError, StepError, Traveller};
use reqwest::header::HeaderMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A recording could not be planted.
#[derive(Debug, thiserror::Error)]
pub enum PlantError {
    /// The profile does not say how.
    #[error("the target profile has no `[recording]`: nothing can be planted")]
    Missing,
    /// A step failed.
    #[error(transparent)]
    Step(#[from] StepError),
    /// A request could not be built.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// Somebody is not there.
    #[error(transparent)]
    Cast(#[from] CastError),
    /// The steps did not capture the recording's id.
    #[error(
        "the steps of `[recording].plant` captured no `id`\nhint: add `capture = {{ id = \"$.id\" }}` to the step that returns it"
    )]
    NoId,
}

/// A recording that was planted.
#[derive(Debug, Clone)]
pub struct Recording {
    /// Its number in the run.
    pub number: u32,
    /// Whose it is.
    pub owner: Arc<Persona>,
    /// Who else has a right to it, and why.
    pub grantees: Vec<(Arc<Persona>, String)>,
    /// How the consultation was held.
    pub modality: Modality,
    /// The stack's id.
    pub id: String,
    /// Length of the media in bytes.
    pub media_bytes: u64,
    /// Its canaries by fingerprint.
    pub marks: Vec<Mark>,
}

impl Recording {
    /// Whether somebody has a right to it.
    #[must_use]
    pub fn may_be_seen_by(&self, name: &str) -> bool {
        self.owner.name == name || self.grantees.iter().any(|(grantee, _)| grantee.name == name)
    }
}

/// What is to be planted.
#[derive(Debug)]
pub struct Planting<'a> {
    /// Its number in the run.
    pub number: u32,
    /// Whose it will be.
    pub owner: &'a Arc<Persona>,
    /// The people of the consultation by their part in it (`clinician`).
    pub parties: BTreeMap<&'a str, Arc<Persona>>,
    /// How the consultation was held.
    pub modality: Modality,
    /// What the consultation's steps captured.
    pub consultation: &'a Vars,
    /// Target length of the media in bytes.
    pub media_bytes: usize,
}

impl Planting<'_> {
    /// Mints the canaries, enters them in the registry, and takes the recording through the profile's steps.
    ///
    /// # Errors
    /// When a step does not go as the profile says.
    pub async fn plant(
        self,
        site: &Site,
        carrier: &dyn Carrier,
        registry: &Registry,
    ) -> Result<Recording, PlantError> {
        let part = site.profile.recording.as_ref().ok_or(PlantError::Missing)?;
        let canaries = Canaries::mint();
        let marks = canaries.enter(registry, self.number);
        let media = self.media(&canaries.media);
        let payloads = self.payloads(&media, &canaries);
        let mut vars = self.consultation.clone();
        vars.set("canary", canaries.vars(media.extension).as_value());
        vars.set("owner", self.owner.me().as_value());
        let doing = format!("plant a recording of {}", self.owner.name);
        let caller = Caller {
            who: &self.owner.name,
            headers: &HeaderMap::new(),
        };
        let traveller = Traveller {
            site,
            carrier,
            caller,
            doing: &doing,
            payloads: &payloads,
        };
        traveller.walk(&part.plant, &mut vars).await?;
        let id = match vars.get("id") {
            Some(serde_json::Value::String(id)) => id.clone(),
            Some(serde_json::Value::Number(id)) => id.to_string(),
            _ => return Err(PlantError::NoId),
        };
        let grantees = part
            .grants
            .iter()
            .filter_map(|grant| {
                Some((
                    Arc::clone(self.parties.get(grant.to.as_str())?),
                    grant.why.clone(),
                ))
            })
            .collect();
        Ok(Recording {
            number: self.number,
            owner: Arc::clone(self.owner),
            grantees,
            modality: self.modality,
            id,
            media_bytes: media.bytes.len() as u64,
            marks,
        })
    }

    fn media(&self, canary: &Canary) -> Media {
        let form = if self.modality == Modality::Video {
            MediaForm::Video
        } else {
            MediaForm::Audio
        };
        media::synthesise(form, self.media_bytes, canary, u64::from(self.number))
    }

    fn payloads(&self, media: &Media, canaries: &Canaries) -> BTreeMap<&'static str, Payload> {
        let thumbnail = media::thumbnail(&canaries.thumbnail);
        let transcript = media::transcript(&canaries.transcript, &self.owner.full_name);
        BTreeMap::from([
            (
                "media",
                Payload {
                    mime: media.mime,
                    bytes: Arc::from(media.bytes.as_slice()),
                },
            ),
            (
                "thumbnail",
                Payload {
                    mime: thumbnail.mime,
                    bytes: Arc::from(thumbnail.bytes),
                },
            ),
            (
                "transcript",
                Payload {
                    mime: "text/plain; charset=utf-8",
                    bytes: Arc::from(transcript.into_bytes()),
                },
            ),
        ])
    }
}

/// The canaries of one recording: one a facet.
struct Canaries {
    title: Canary,
    metadata: Canary,
    file_name: Canary,
    media: Canary,
    thumbnail: Canary,
    transcript: Canary,
}

impl Canaries {
    fn mint() -> Self {
        Self {
            title: Canary::mint(),
            metadata: Canary::mint(),
            file_name: Canary::mint(),
            media: Canary::mint(),
            thumbnail: Canary::mint(),
            transcript: Canary::mint(),
        }
    }

    fn by_facet(&self) -> [(Facet, &Canary); 6] {
        [
            (Facet::Title, &self.title),
            (Facet::Metadata, &self.metadata),
            (Facet::FileName, &self.file_name),
            (Facet::Media, &self.media),
            (Facet::Thumbnail, &self.thumbnail),
            (Facet::Transcript, &self.transcript),
        ]
    }

    fn enter(&self, registry: &Registry, recording: u32) -> Vec<Mark> {
        self.by_facet()
            .into_iter()
            .map(|(facet, canary)| {
                registry.plant(canary, recording, facet);
                Mark {
                    facet,
                    fingerprint: canary.fingerprint().to_string(),
                }
            })
            .collect()
    }

    fn vars(&self, extension: &str) -> Vars {
        Vars::default()
            .with("title", format!("Consultation {}", self.title.token()))
            .with(
                "metadata",
                format!("Follow-up in two weeks, reference {}", self.metadata.token()),
            )
            .with(
                "file_name",
                format!("consultation-{}.{extension}", self.file_name.token()),
            )
    }
}
