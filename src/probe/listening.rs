//! Answers that stay open: listened to while the recording's owner does something that there is to be told of.

use super::outcomes;
use super::scene::Scene;
use super::witness::Witness;
use crate::ledger::Delivery;
use crate::plant::planting::Recording;
use crate::profile::{Stream, Vars, Within};
use crate::wire::{Call, Caller, Carried, Site, Traveller};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// How an answer that stays open is listened to.
#[derive(Clone, Copy)]
pub(super) struct Listening<'a> {
    pub(super) stream: &'a Stream,
    /// The recording whose owner does something meanwhile.
    pub(super) about: Option<&'a Recording>,
}

impl Listening<'_> {
    /// Opens it as the asker, has the owner do what the profile says, and hears what arrives for as long as it says.
    pub(super) async fn carry(&self, scene: &Scene<'_>, call: Call<'_>) -> Carried {
        let Within(listened) = self.stream.listened;
        let failed = Mutex::new(None);
        let meanwhile = async {
            let outcome = self.meanwhile(scene.site(), scene.witness).await;
            *failed.lock().unwrap_or_else(PoisonError::into_inner) = outcome.err();
            tokio::time::sleep(listened).await;
        };
        let at_ms = scene.witness.station.ledger.now_ms();
        let mut reply = scene
            .witness
            .station
            .sender
            .listen(&call.request, meanwhile)
            .await;
        let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let (Some(why), true) = (failed, reply.is_whole()) {
            reply.delivery = Delivery::NotSent {
                why: format!("there was nothing to be told of: {why}"),
            };
        }
        let outcomes = outcomes::at(&scene.site().profile, call.surface);
        scene.witness.take_down(call, reply, at_ms, &outcomes, true).await
    }

    async fn meanwhile(&self, site: &Site, witness: &Witness) -> Result<(), String> {
        let Some(recording) = self.about.filter(|_| !self.stream.meanwhile.is_empty()) else {
            return Ok(());
        };
        let owner = &recording.owner;
        let keys = owner.keys(site, None).await.map_err(|error| error.to_string())?;
        let parties = recording.parties(site).await;
        let doing = format!("do as {} what others are not to be told of", owner.name);
        let traveller = Traveller {
            site,
            carrier: witness,
            caller: Caller {
                who: &owner.name,
                keys: &keys,
            },
            doing: &doing,
            payloads: &BTreeMap::new(),
            parties: &parties,
        };
        let mut vars = Vars::default().with("recording", recording.vars().as_value());
        vars.set("canary", recording.canary.as_value());
        vars.set("owner", owner.me().as_value());
        vars.set("me", owner.me().as_value());
        traveller
            .walk(&self.stream.meanwhile, &mut vars)
            .await
            .map_err(|error| error.to_string())
    }
}
