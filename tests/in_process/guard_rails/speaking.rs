//! A sender for a profile, and what it sends.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bystander::http::{Credentials, Reply, Request, Sender, StackClient};
use bystander::profile::{Profile, Vars};

use crate::binary::Trouble;

/// Speaks to one stack as its profile says.
pub(crate) struct Speaking {
    /// The stack.
    pub(crate) site: StackClient,
    /// Sends.
    pub(crate) sender: Sender,
}

impl Speaking {
    /// To the stack at `address`, with these parts in the profile; files count from `directory`.
    pub(crate) fn to(address: &str, directory: &Path, parts: &str) -> Result<Self, Trouble> {
        Self::with(profile(address, directory, parts)?)
    }

    /// To the stack of a profile.
    pub(crate) fn with(profile: Profile) -> Result<Self, Trouble> {
        let sender = Sender::for_profile(&profile, Duration::from_secs(10))?;
        let site = StackClient::new(Arc::new(profile), &Vars::default())?;
        Ok(Self { site, sender })
    }

    /// `GET path`, as somebody with a token.
    pub(crate) fn request(&self, path: &str) -> Result<Request, Trouble> {
        let base = self.site.addresses(None)?.first().ok_or("no base")?.clone();
        let request = self.site.request(
            &format!("GET {path}"),
            &base,
            &Vars::default(),
            &Credentials::none(),
        )?;
        let token = reqwest::header::HeaderValue::from_static("Bearer t0ken");
        Ok(request.with_header(reqwest::header::AUTHORIZATION, token))
    }

    /// The same, and its answer.
    pub(crate) async fn get(&self, path: &str) -> Result<Reply, Trouble> {
        Ok(self.sender.send(&self.request(path)?).await)
    }
}

/// A profile of the stack at `address`.
pub(crate) fn profile(address: &str, directory: &Path, parts: &str) -> Result<Profile, Trouble> {
    let text =
        format!("{parts}\n[target]\nname = \"a stack\"\n[base]\napi = \"{address}\"\n[role.patient]\n");
    let mut profile = Profile::parse("a.toml", &text)?;
    profile.directory = directory.to_owned();
    Ok(profile)
}
