//! For tests of what walks through steps: sends, and remembers what was sent as the ledger would see it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::{Exchanged, OutgoingRequest, Sender, Transport};
use crate::ledger::OutcomeClass;
use async_trait::async_trait;
use std::sync::Mutex;
use std::time::Duration;

/// Sends, and remembers.
pub(crate) struct RememberingTransport {
    sender: Sender,
    asked: Mutex<Vec<String>>,
}

impl RememberingTransport {
    pub(crate) fn new() -> Self {
        Self {
            sender: Sender::new(Duration::from_secs(5)).unwrap(),
            asked: Mutex::default(),
        }
    }

    /// `Ada: GET /v1/me`, in order.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Transport for RememberingTransport {
    async fn send(&self, call: OutgoingRequest<'_>) -> Exchanged {
        let line = format!(
            "{}: {} {}",
            call.who, call.request.asked.method, call.request.asked.url
        );
        self.asked.lock().unwrap().push(line);
        let reply = self.sender.send(&call.request).await;
        if let Some(finish) = call.finish {
            finish(&reply, &[], call.part);
        }
        Exchanged {
            exchange: 0,
            reply,
            seen: Vec::new(),
            class: OutcomeClass::Other,
        }
    }
}
