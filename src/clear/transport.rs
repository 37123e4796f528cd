//! Who carries the requests of a clean-up: nothing is judged, so nothing is written into the ledger.

use crate::http::{Exchanged, OutgoingRequest, ResponseView, RetryBudget, Sender, StackClient, Transport};
use crate::ledger::OutcomeClass;
use crate::undo::UndoLog;
use async_trait::async_trait;

/// Sends within the limits of the profile.
pub(super) struct UnrecordedSender<'a> {
    pub(super) site: &'a StackClient,
    pub(super) sender: &'a Sender,
}

impl<'a> UnrecordedSender<'a> {
    /// For one scenario: what has been taken back is crossed out here.
    pub(super) fn with_undo(&self, undo: UndoLog) -> NotedTransport<'a> {
        NotedTransport {
            site: self.site,
            sender: self.sender,
            undo,
        }
    }
}

/// The same for one scenario.
pub(super) struct NotedTransport<'a> {
    site: &'a StackClient,
    sender: &'a Sender,
    undo: UndoLog,
}

#[async_trait]
impl Transport for NotedTransport<'_> {
    /// A stack that asks to wait is given as long as it says, within `limits.retry_after`.
    async fn send(&self, call: OutgoingRequest<'_>) -> Exchanged {
        let mut patience = RetryBudget::new(self.site.profile.limits.retry_after.0);
        loop {
            let reply = self.sender.send(&call.request).await;
            let class = ResponseView::new(&reply).class(&self.site.templates, &self.site.profile.outcome);
            let wait = (class == OutcomeClass::Throttled)
                .then(|| patience.after(&reply))
                .flatten();
            let Some(wait) = wait else {
                return Exchanged {
                    exchange: 0,
                    reply,
                    seen: Vec::new(),
                    class,
                };
            };
            self.sender.hold(&call.request.url, wait);
        }
    }

    fn undo(&self) -> UndoLog {
        self.undo.clone()
    }
}
