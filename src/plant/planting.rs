//! Planting: a recording with a canary in every facet, brought into the stack by the profile's steps.

use super::canary::Canary;
use super::facet::Facet;
use super::media::{self, MediaForm};
pub use super::recording::Recording;
use super::recording::{parties, traveller};
use super::registry::Registry;
use super::scan::Unfinished;
use super::unfinished::UnfinishedRecording;
use crate::cast::{CastError, Persona};
use crate::http::{Payload, StackClient, StackClientError, StepError, Transport};
use crate::ledger::{FacetCanary, Modality};
use crate::profile::{ChangeScope, Profile, Step, Vars};
use crate::undo::UndoLog;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::{BTreeMap, BTreeSet};
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
    Site(#[from] StackClientError),
    /// Somebody is not there.
    #[error(transparent)]
    Cast(#[from] CastError),
    /// What is to be sent could not be made.
    #[error("the synthetic recording could not be made: {0}")]
    Media(String),
    /// The steps send no canary, so nothing could be recognised.
    #[error(
        "the steps of `[recording].plant` send no canary: nothing that comes out could be recognised\nhint: put `{{{{ canary.title }}}}` or `{{{{ canary.metadata }}}}` into a field, or send `payload = \"media\"`"
    )]
    NoCanary,
    /// The profile knows no such way.
    #[error("the target profile has no `[recording.way.{0}]`")]
    NoWay(String),
    /// What the stack has stored shows no canary.
    #[error(
        "what the stack has stored of the recording does not show its canary, so that no piece of it could be recognised{}\nhint: `stored` in `[recording.way.…]` must get the owner the whole media, in a form that keeps sound or pictures",
        .0.as_ref().map_or_else(String::new, |why| format!(": {why}"))
    )]
    Unseen(Option<Unfinished>),
    /// The steps did not capture the recording's id.
    #[error(
        "the steps of `[recording].plant` captured no `id`\nhint: add `capture = {{ id = \"$.id\" }}` to the step that returns it"
    )]
    NoId,
}

/// What is to be planted.
#[derive(Debug)]
pub struct Planting<'a> {
    /// Its number in the run.
    pub number: u32,
    /// Whose it will be.
    pub owner: &'a Arc<Persona>,
    /// The people of the consultation by their part in it (`clinician`).
    pub people: BTreeMap<String, Arc<Persona>>,
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
        site: &StackClient,
        carrier: &dyn Transport,
        registry: &Registry,
    ) -> Result<Recording, PlantError> {
        let part = site.profile.recording.as_ref().ok_or(PlantError::Missing)?;
        let canaries = Canaries::mint(|template, payload| part.sends(template, payload));
        let begun = self.make(site, carrier, registry, &canaries, &part.plant).await?;
        begun.complete(site, Vars::default())
    }

    /// The same in a further way, as far as it is there and not finished.
    ///
    /// # Errors
    /// When a step does not go as the profile says.
    pub async fn start(
        self,
        site: &StackClient,
        carrier: &dyn Transport,
        registry: &Registry,
        name: &str,
    ) -> Result<UnfinishedRecording, PlantError> {
        let part = site.profile.recording.as_ref().ok_or(PlantError::Missing)?;
        let way = part
            .way
            .get(name)
            .ok_or_else(|| PlantError::NoWay(name.to_owned()))?;
        let canaries = Canaries::mint(|template, payload| way.sends(template, payload));
        let mut begun = self.make(site, carrier, registry, &canaries, &way.begin).await?;
        name.clone_into(&mut begun.way);
        Ok(begun)
    }

    async fn make(
        self,
        site: &StackClient,
        carrier: &dyn Transport,
        registry: &Registry,
        canaries: &Canaries,
        steps: &[Step],
    ) -> Result<UnfinishedRecording, PlantError> {
        if canaries.by_facet.is_empty() {
            return Err(PlantError::NoCanary);
        }
        let marks = canaries.enter(registry, self.number);
        let payloads = self.payloads(canaries).await?;
        let media_bytes = payloads.get("media").map_or(0, |media| media.bytes.len() as u64);
        let canary = canaries.vars(self.extension());
        let mut vars = self.consultation.clone();
        for (name, payload) in &payloads {
            vars.set(name, in_templates(site, name, payload).as_value());
        }
        vars.set("canary", canary.as_value());
        vars.set("owner", self.owner.me().as_value());
        vars.set("me", self.owner.me().as_value());
        for (name, persona) in &self.people {
            vars.set(name, persona.me().as_value());
        }
        let doing = format!("plant a recording of {}", self.owner.name);
        self.owner.keep_signed_in(site, carrier, None).await?;
        let parties = parties(site, self.owner, &self.people).await;
        let undo = undo_of(site, carrier);
        let people = self
            .people
            .iter()
            .map(|(part, persona)| (part, persona.name.as_str()));
        undo.recording(self.number, &self.owner.name, people);
        let traveller = traveller(site, carrier, self.owner, &parties, &doing, &payloads);
        for step in steps {
            traveller.step(step, &mut vars).await?;
            undo.recording_answered(self.number, step.captured_names(), &vars);
        }
        let id = match vars.get("id") {
            Some(serde_json::Value::String(id)) => id.clone(),
            Some(serde_json::Value::Number(id)) => id.to_string(),
            _ => return Err(PlantError::NoId),
        };
        let recording = Recording {
            number: self.number,
            owner: Arc::clone(self.owner),
            people: self.people,
            finished: false,
            grantees: Vec::new(),
            former: BTreeSet::new(),
            granted: BTreeSet::new(),
            deleted: false,
            modality: self.modality,
            planted_in: 0,
            slot: self.consultation.text("slot").map(str::to_owned),
            id,
            captured: captured(steps, &vars, Vars::default()),
            media_bytes,
            marks,
            canary,
        };
        Ok(UnfinishedRecording {
            recording,
            way: String::new(),
            vars,
            payloads,
        })
    }

    fn form(&self) -> MediaForm {
        if self.modality == Modality::Video {
            MediaForm::Video
        } else {
            MediaForm::Audio
        }
    }

    fn extension(&self) -> &'static str {
        media::extension(self.form())
    }

    /// Pictures are drawn and sounds are made where nobody waits for it: the scenarios share one thread.
    async fn payloads(&self, canaries: &Canaries) -> Result<BTreeMap<&'static str, Payload>, PlantError> {
        let facets = [Facet::Media, Facet::Thumbnail, Facet::Transcript];
        let [in_media, in_thumbnail, in_transcript] = facets.map(|facet| canaries.of(facet).cloned());
        let (form, bytes, seed) = (self.form(), self.media_bytes, u64::from(self.number));
        let owner = self.owner.full_name.clone();
        let made = tokio::task::spawn_blocking(move || {
            let media = in_media.map(|canary| media::synthesise(form, bytes, &canary, seed));
            let thumbnail = in_thumbnail.map(|canary| media::thumbnail(&canary));
            let transcript = in_transcript.map(|canary| media::transcript(&canary, &owner));
            (media, thumbnail, transcript)
        });
        let (media, thumbnail, transcript) =
            made.await.map_err(|error| PlantError::Media(error.to_string()))?;
        let mut payloads = BTreeMap::new();
        if let Some(media) = media {
            let bytes = Arc::from(media.bytes);
            payloads.insert(
                "media",
                Payload {
                    mime: media.mime,
                    bytes,
                },
            );
        }
        if let Some(thumbnail) = thumbnail {
            let bytes = Arc::from(thumbnail.bytes);
            payloads.insert(
                "thumbnail",
                Payload {
                    mime: thumbnail.mime,
                    bytes,
                },
            );
        }
        if let Some(transcript) = transcript {
            let bytes = Arc::from(transcript.into_bytes());
            payloads.insert(
                "transcript",
                Payload {
                    mime: "text/plain; charset=utf-8",
                    bytes,
                },
            );
        }
        Ok(payloads)
    }
}

/// Where it is noted what is planted, if it is to be taken back.
pub(super) fn undo_of(site: &StackClient, carrier: &dyn Transport) -> UndoLog {
    if is_undone(&site.profile) {
        carrier.undo()
    } else {
        UndoLog::nowhere()
    }
}

/// What some steps captured, beside what is known already.
pub(super) fn captured<'a>(steps: impl IntoIterator<Item = &'a Step>, vars: &Vars, known: Vars) -> Vars {
    let names = steps.into_iter().flat_map(Step::captured_names);
    names.fold(known, |kept, name| match vars.get(name) {
        Some(value) => kept.with(name, value.clone()),
        None => kept,
    })
}

/// Whether anything is done with a recording to put the stack back; where nothing is, it goes with its owner.
fn is_undone(profile: &Profile) -> bool {
    let deleted = profile
        .recording
        .as_ref()
        .is_some_and(|part| !part.delete.is_empty());
    let changes = profile.change.values();
    deleted
        || changes
            .into_iter()
            .any(|change| change.per == ChangeScope::Recording && !change.back.is_empty())
}

/// A body of bytes as it stands in templates: `media.base64`, `media.type`, `media.size`, `media.sha256`.
fn in_templates(site: &StackClient, name: &str, payload: &Payload) -> Vars {
    use sha2::Digest as _;
    let part = site.profile.recording.as_ref();
    let sends = |template: &str| {
        part.is_some_and(|part| {
            part.sends(template, "") || part.way.values().any(|way| way.sends(template, ""))
        })
    };
    let mut vars = Vars::default()
        .with("type", payload.mime)
        .with("size", payload.bytes.len());
    if sends(&format!("{name}.base64")) {
        vars.set("base64", STANDARD.encode(&payload.bytes));
    }
    if sends(&format!("{name}.sha256")) {
        vars.set("sha256", hex::encode(sha2::Sha256::digest(&payload.bytes)));
    }
    vars
}

/// The canaries of one recording: one for each facet that the profile's steps send.
struct Canaries {
    by_facet: Vec<(Facet, Canary)>,
}

impl Canaries {
    /// The facets, by the template and by the body that carries each.
    const CARRIERS: [(Facet, &str, &str); 6] = [
        (Facet::Title, "canary.title", ""),
        (Facet::Metadata, "canary.metadata", ""),
        (Facet::FileName, "canary.file_name", ""),
        (Facet::Media, "media.base64", "media"),
        (Facet::Thumbnail, "thumbnail.base64", "thumbnail"),
        (Facet::Transcript, "transcript.base64", "transcript"),
    ];

    fn mint(sends: impl Fn(&str, &str) -> bool) -> Self {
        let sent = Self::CARRIERS
            .into_iter()
            .filter(|(_, template, payload)| sends(template, payload));
        Self {
            by_facet: sent.map(|(facet, _, _)| (facet, Canary::mint())).collect(),
        }
    }

    fn of(&self, wanted: Facet) -> Option<&Canary> {
        let found = self.by_facet.iter().find(|(facet, _)| *facet == wanted);
        found.map(|(_, canary)| canary)
    }

    fn enter(&self, registry: &Registry, recording: u32) -> Vec<FacetCanary> {
        self.by_facet
            .iter()
            .map(|(facet, canary)| {
                registry.plant(canary, recording, *facet);
                FacetCanary {
                    facet: *facet,
                    fingerprint: canary.fingerprint().to_string(),
                }
            })
            .collect()
    }

    fn vars(&self, extension: &str) -> Vars {
        let mut vars = Vars::default();
        for (facet, canary) in &self.by_facet {
            let token = canary.token();
            match facet {
                Facet::Title => vars.set("title", format!("Consultation {token}")),
                Facet::Metadata => vars.set("metadata", format!("Follow-up in two weeks, reference {token}")),
                Facet::FileName => vars.set("file_name", format!("consultation-{token}.{extension}")),
                _ => {}
            }
        }
        vars
    }
}
