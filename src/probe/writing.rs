//! Trying to change somebody else's recording; its owner reads back whether that worked.

use super::ProbeError;
use super::ask::{Actor, Question, Variant};
use super::bystander::Bystander;
use super::plan::Planned;
use crate::ledger::Part;
use crate::plant::planting::Recording;
use crate::plant::scan::Hint;
use crate::profile::{Surface, Vars, Write};
use crate::wire::SiteError;
use std::sync::Arc;

impl Bystander<'_> {
    /// Tries to change it; what was changed is put back.
    pub(super) async fn change(
        &self,
        planned: &Planned,
        surface: &Surface,
        write: &Write,
        recording: &Recording,
    ) -> Result<(), ProbeError> {
        let change = format!("changed by somebody else {}", uuid::Uuid::new_v4().simple());
        let canary = Vars::default().with("canary", recording.canary.as_value());
        let unchanged = self
            .scene
            .site()
            .templates
            .fill(write.unchanged.as_str(), &canary)
            .map_err(SiteError::from)?;
        let before = self
            .scene
            .witness
            .station
            .scanner
            .scan(unchanged.as_bytes(), Hint::default());
        let kept: Vec<String> = before
            .sightings
            .iter()
            .map(|one| one.fingerprint.to_string())
            .collect();
        let writing = Question {
            change: Some(&change),
            kept: &kept,
            ..Question::about(&planned.surface, surface, Variant::Whole, recording)
        };
        let part = self.part(planned, &[recording.number], None);
        let _writing = self.scene.writing.lock().await;
        let asked = writing.ask(self.scene, &self.actor, &part).await?;
        let Some(probe) = asked.last().map(|last| last.exchange) else {
            return Ok(());
        };
        let part = Part::ReadBack {
            recording: recording.number,
            probe,
            changed: false,
        };
        let owner = Actor::Persona(Arc::clone(&recording.owner));
        let read_name = write.read_back.as_str();
        let Some(read_surface) = self.scene.site().profile.surface.get(read_name) else {
            return Ok(());
        };
        let read_back = Question {
            name: read_name,
            surface: read_surface,
            ..writing
        };
        let there = match read_back.ask(self.scene, &owner, &part).await {
            Ok(read) => read.last().is_some_and(|last| {
                kept.iter()
                    .all(|kept| last.seen.iter().any(|seen| seen.fingerprint == *kept))
            }),
            Err(error) => {
                self.scene
                    .witness
                    .not_sent(owner.name(), read_name, part, error.to_string());
                true
            }
        };
        if !there {
            // put back as it was, so that nobody else is blamed for it
            let part = Part::Setup {
                what: format!("put {}'s recording back as it was", recording.owner.name),
            };
            let restoring = Question {
                change: Some(&unchanged),
                kept: &[],
                ..writing
            };
            restoring.ask(self.scene, &owner, &part).await?;
        }
        Ok(())
    }
}
