//! Trying to change somebody else's recording; its owner reads back whether that worked.

use super::ProbeError;
use super::bystander::Bystander;
use super::plan::PlannedProbe;
use super::probe_request::{Actor, ProbeRequest, Variant};
use crate::http::StackClientError;
use crate::ledger::Purpose;
use crate::plant::planting::Recording;
use crate::plant::scan::Hint;
use crate::profile::{Surface, Vars, WritePart};
use crate::technique::OBJECT_REFERENCE_IN_WRITE;
use std::sync::Arc;

impl Bystander<'_> {
    /// Tries to change it; what was changed is put back.
    pub(super) async fn change(
        &self,
        planned: &PlannedProbe,
        surface: &Surface,
        write: &WritePart,
        recording: &Recording,
    ) -> Result<(), ProbeError> {
        let change = format!("changed by somebody else {}", uuid::Uuid::new_v4().simple());
        let unchanged = self.unchanged(write, recording)?;
        let before = self
            .scene
            .client
            .session
            .scanner
            .scan(unchanged.as_bytes(), Hint::default());
        let kept: Vec<String> = before
            .sightings
            .iter()
            .map(|one| one.fingerprint.to_string())
            .collect();
        let who = self.actor.name();
        let own = self.scene.recordings.iter().find(|one| one.owner.name == who);
        let writing = ProbeRequest {
            change: Some(&change),
            kept: &kept,
            own,
            ..ProbeRequest::for_recording(&planned.surface, surface, planned.variant, recording)
        };
        writing.fits(self.scene, &self.actor).await?;
        let part = self.part(planned, &[recording.number], None);
        let _writing = self.scene.writing.lock().await;
        let asked = writing.send(self.scene, &self.actor, &part).await?;
        let Some(probe) = asked.last().map(|last| last.exchange) else {
            return Ok(());
        };
        let part = Purpose::ReadBack {
            recording: recording.number,
            probe,
            changed: false,
        };
        if let (Some(own), true) = (own, planned.technique == OBJECT_REFERENCE_IN_WRITE) {
            // what they were allowed to change is theirs, and is put back first
            let writing = ProbeRequest::for_recording(&planned.surface, surface, Variant::Whole, own);
            self.put_back(writing, write).await?;
        }
        let owner = Actor::Persona(Arc::clone(&recording.owner));
        let read_name = write.read_back.as_str();
        let Some(read_surface) = self.scene.site().profile.surface.get(read_name) else {
            return Ok(());
        };
        let read_back = ProbeRequest {
            name: read_name,
            surface: read_surface,
            variant: Variant::Whole,
            ..writing
        };
        let there = match read_back.send(self.scene, &owner, &part).await {
            Ok(read) => read.last().is_some_and(|last| {
                kept.iter()
                    .all(|kept| last.seen.iter().any(|seen| seen.fingerprint == *kept))
            }),
            Err(error) => {
                self.scene
                    .client
                    .not_sent(owner.name(), read_name, part, error.to_string());
                true
            }
        };
        if !there {
            // so that nobody else is blamed for it
            let writing = ProbeRequest::for_recording(&planned.surface, surface, Variant::Whole, recording);
            self.put_back(writing, write).await?;
        }
        Ok(())
    }

    /// Its owner writes what stood there before.
    async fn put_back(&self, writing: ProbeRequest<'_>, write: &WritePart) -> Result<(), ProbeError> {
        let recording = writing.recording;
        let unchanged = self.unchanged(write, recording)?;
        let part = Purpose::Setup {
            what: format!("put {}'s recording back as it was", recording.owner.name),
        };
        let restoring = ProbeRequest {
            change: Some(&unchanged),
            ..writing
        };
        let owner = Actor::Persona(Arc::clone(&recording.owner));
        restoring.send(self.scene, &owner, &part).await.map(drop)
    }

    /// What stands there already, as its owner wrote it.
    fn unchanged(&self, write: &WritePart, recording: &Recording) -> Result<String, ProbeError> {
        let canary = Vars::default().with("canary", recording.canary.as_value());
        let templates = &self.scene.site().templates;
        let unchanged = templates.fill(write.unchanged.as_str(), &canary);
        Ok(unchanged.map_err(StackClientError::from)?)
    }
}
