//! For tests of what walks through steps: sends, and remembers what was sent as the ledger would see it.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::{Call, Carried, Carrier, Sender};
use crate::ledger::Class;
use async_trait::async_trait;
use std::sync::Mutex;
use std::time::Duration;

/// Sends, and remembers.
pub(crate) struct Recorder {
    sender: Sender,
    asked: Mutex<Vec<String>>,
}

impl Recorder {
    pub(crate) fn new() -> Self {
        Self {
            sender: Sender::new(Duration::from_secs(5)).unwrap(),
            asked: Mutex::default(),
        }
    }

    /// `Ada: GET /v1/me`, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

#[async_trait]
impl Carrier for Recorder {
    async fn carry(&self, call: Call<'_>) -> Carried {
        let line = format!(
            "{}: {} {}",
            call.who, call.request.asked.method, call.request.asked.url
        );
        self.asked.lock().unwrap().push(line);
        let reply = self.sender.send(&call.request).await;
        if let Some(finish) = call.finish {
            finish(&reply, &[], call.part);
        }
        Carried {
            exchange: 0,
            reply,
            seen: Vec::new(),
            class: Class::Other,
        }
    }
}
