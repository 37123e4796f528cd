//! People and what they leave behind: taken in, signed in, recorded, and taken away again.

use super::Check;
use crate::cast::{Persona, PersonaSpec};
use crate::http::Transport as _;
use crate::ledger::Modality;
use crate::plant::planting::Planting;
use crate::toggle::Consultation;
use crate::undo::Membership;
use std::sync::Arc;

/// The owner of what is looked for.
pub(super) const OWNER: &str = "Ada";
/// Somebody who has no right to it.
pub(super) const BYSTANDER: &str = "Ben";
const CLINICIAN: &str = "Dr Grey";

impl Check<'_> {
    /// Takes two patients in, and a clinician where the profile has one.
    pub(super) async fn take_in(&mut self) -> bool {
        let mut wanted = vec![(OWNER, "patient"), (BYSTANDER, "patient")];
        if self.site().profile.role.contains_key("clinician") {
            wanted.push((CLINICIAN, "clinician"));
        }
        for (name, role) in wanted {
            if self.is_stopped() {
                return false;
            }
            let introduced = PersonaSpec {
                name,
                role,
                belonging: Membership::default(),
            };
            let (site, client) = (self.client.site(), &self.client);
            let taken = self
                .cast
                .take_in(site, client, &self.people, client.scenario, &introduced)
                .await;
            let Some(persona) = self.went(&format!("{name}, a {role}, is taken in"), "", taken) else {
                return false;
            };
            self.cast.join(Arc::clone(&persona));
            if !self.sessions(&persona).await {
                return false;
            }
        }
        true
    }

    async fn sessions(&mut self, persona: &Arc<Persona>) -> bool {
        let name = persona.name.clone();
        let signed_in = persona.sign_in(self.site(), &self.client, None).await;
        if self.went(&format!("{name} signs in"), "", signed_in).is_none() {
            return false;
        }
        let role = self
            .site()
            .profile
            .role
            .get(&persona.role)
            .cloned()
            .unwrap_or_default();
        for session in role.session.keys() {
            let signed_in = persona.sign_in(self.site(), &self.client, Some(session)).await;
            self.went(&format!("{name} signs in by `{session}`"), "", signed_in);
        }
        let what = format!("`whoami` knows {name}");
        let Some(whoami) = &role.whoami else {
            let role = &persona.role;
            self.fails(
                &what,
                &format!(
                    "`[role.{role}]` has no `whoami`: without a sign that somebody is still signed in, no refusal proves anything"
                ),
            );
            return true;
        };
        match persona.check_session(self.site(), &self.client).await {
            Ok(true) => self.works(&what, &whoami.line()),
            Ok(false) => {
                let expected = whoami
                    .expect
                    .as_ref()
                    .map_or("status == 200", |expect| expect.get_ref().0.as_str());
                let detail = format!("`{}` did not answer with `{expected}`", whoami.line());
                self.fails(&what, &detail);
            }
            Err(error) => self.fails(&what, &error.to_string()),
        }
        true
    }

    /// Plants a recording for each of the two.
    pub(super) async fn plant(&mut self) -> bool {
        let clinician = self.person(CLINICIAN);
        for name in [OWNER, BYSTANDER] {
            if self.is_stopped() {
                return false;
            }
            let Some(owner) = self.person(name) else {
                return false;
            };
            let (site, client) = (self.client.site(), &self.client);
            let held = async {
                let slot = "slot 1";
                let clinician = clinician.as_ref();
                let mut consultation =
                    Consultation::book(site, client, &owner, clinician, Modality::Audio, slot).await?;
                consultation.join(site, client).await?;
                consultation.end(site, client).await?;
                Ok::<_, crate::toggle::ToggleError>(consultation)
            }
            .await;
            let actions = ["book", "join", "end"]
                .into_iter()
                .filter(|action| self.site().profile.action.contains_key(*action));
            let actions: Vec<&str> = actions.collect();
            let consultation = if actions.is_empty() {
                held.ok()
            } else {
                let what = format!("{name}'s consultation: {}", actions.join(", "));
                self.went(&what, "", held)
            };
            let Some(consultation) = consultation else {
                return false;
            };
            let number = self.client.session.numbers.recording();
            let planting = Planting {
                number,
                owner: &owner,
                people: clinician
                    .iter()
                    .map(|clinician| ("clinician".to_owned(), Arc::clone(clinician)))
                    .collect(),
                modality: Modality::Audio,
                consultation: &consultation.vars,
                media_bytes: self.sizes.audio,
            };
            let planted = planting
                .plant(self.site(), &self.client, &self.client.session.registry)
                .await;
            let what = format!("{name} has a recording");
            let recording = match planted {
                Ok(recording) => recording,
                Err(error) => {
                    self.fails(&what, &error.to_string());
                    return false;
                }
            };
            let facets: Vec<&str> = recording.marks.iter().map(|mark| mark.facet.word()).collect();
            self.works(&what, &format!("canaries in {}", facets.join(", ")));
            self.client.session.know_id(&recording.id, number);
            self.recordings.push(recording);
        }
        true
    }

    /// Deletes the recordings, signs everybody out and takes them away.
    pub(super) async fn clear(&mut self) {
        let (deletes, recordings) = (
            self.site()
                .profile
                .recording
                .as_ref()
                .is_some_and(|part| !part.delete.is_empty()),
            std::mem::take(&mut self.recordings),
        );
        for recording in &recordings {
            let deleted = recording.delete(self.site(), &self.client).await;
            if deletes {
                let what = format!("{}'s recording is deleted", recording.owner.name);
                self.went(&what, "", deleted);
            }
        }
        let everyone: Vec<Arc<Persona>> = self.cast.everyone().cloned().collect();
        let mut removes = false;
        for persona in everyone {
            let role = self
                .site()
                .profile
                .role
                .get(&persona.role)
                .cloned()
                .unwrap_or_default();
            if !role.logout.is_empty() && persona.is_signed_in().await {
                let out = persona.sign_out(self.site(), &self.client).await;
                self.went(&format!("{} signs out", persona.name), "", out);
            }
            // without them nothing that is left of a recording could be deleted
            if self.client.undo().still_needs(&persona.name) {
                continue;
            }
            if role.remove.iter().any(|step| step.by.is_none()) {
                // somebody who removes themselves has to be signed in; if they cannot be, the removal says so
                let _ = persona.sign_in(self.site(), &self.client, None).await;
            }
            let removed = persona.remove(self.site(), &self.client).await;
            if !role.remove.is_empty() {
                removes = true;
                self.went(&format!("{} is taken away again", persona.name), "", removed);
            }
        }
        if !recordings.is_empty() && !deletes && !removes {
            self.lacks(
                "recordings and people stay in the stack",
                "neither `[recording].delete` nor `[role.patient].remove` says how to take them away",
            );
        }
    }
}
