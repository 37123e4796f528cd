//! Sending without a witness, for what comes before anything is planted: nothing can come out of the stack yet.

use super::answer::View;
use super::sender::Sender;
use super::site::Site;
use super::{Call, Carried, Carrier};
use async_trait::async_trait;

/// Carries requests without scanning what comes back and without writing it down.
pub struct Direct<'a> {
    /// The stack.
    pub site: &'a Site,
    /// Sends.
    pub sender: &'a Sender,
}

#[async_trait]
impl Carrier for Direct<'_> {
    async fn carry(&self, call: Call<'_>) -> Carried {
        let reply = self.sender.send(&call.request).await;
        let class = View::new(&reply).class(&self.site.templates, &self.site.profile.outcome);
        Carried {
            exchange: 0,
            reply,
            seen: Vec::new(),
            class,
        }
    }
}
