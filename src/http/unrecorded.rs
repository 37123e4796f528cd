//! Sending without a witness, for what comes before anything is planted: nothing can come out of the stack yet.

use super::response_view::ResponseView;
use super::sender::Sender;
use super::stack_client::StackClient;
use super::{Exchanged, OutgoingRequest, Transport};
use async_trait::async_trait;

/// Carries requests without scanning what comes back and without writing it down.
pub struct UnrecordedTransport<'a> {
    /// The stack.
    pub site: &'a StackClient,
    /// Sends.
    pub sender: &'a Sender,
}

#[async_trait]
impl Transport for UnrecordedTransport<'_> {
    async fn send(&self, call: OutgoingRequest<'_>) -> Exchanged {
        let reply = self.sender.send(&call.request).await;
        let class = ResponseView::new(&reply).class(&self.site.templates, &self.site.profile.outcome);
        Exchanged {
            exchange: 0,
            reply,
            seen: Vec::new(),
            class,
        }
    }
}
