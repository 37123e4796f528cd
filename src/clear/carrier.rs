//! Who carries the requests of a clean-up: nothing is judged, so nothing is written into the ledger.

use crate::ledger::Class;
use crate::undo::Undo;
use crate::wire::{Call, Carried, Carrier, Patience, Sender, Site, View};
use async_trait::async_trait;

/// Sends within the limits of the profile.
pub(super) struct Courier<'a> {
    pub(super) site: &'a Site,
    pub(super) sender: &'a Sender,
}

impl<'a> Courier<'a> {
    /// For one scenario: what has been taken back is crossed out here.
    pub(super) fn noting(&self, undo: Undo) -> Noting<'a> {
        Noting {
            site: self.site,
            sender: self.sender,
            undo,
        }
    }
}

/// The same for one scenario.
pub(super) struct Noting<'a> {
    site: &'a Site,
    sender: &'a Sender,
    undo: Undo,
}

#[async_trait]
impl Carrier for Noting<'_> {
    /// A stack that asks to wait is given as long as it says, within `limits.retry_after`.
    async fn carry(&self, call: Call<'_>) -> Carried {
        let mut patience = Patience::new(self.site.profile.limits.retry_after.0);
        loop {
            let reply = self.sender.send(&call.request).await;
            let class = View::new(&reply).class(&self.site.templates, &self.site.profile.outcome);
            let wait = (class == Class::Throttled)
                .then(|| patience.after(&reply))
                .flatten();
            let Some(wait) = wait else {
                return Carried {
                    exchange: 0,
                    reply,
                    seen: Vec::new(),
                    class,
                };
            };
            self.sender.hold(&call.request.url, wait);
        }
    }

    fn undo(&self) -> Undo {
        self.undo.clone()
    }
}
