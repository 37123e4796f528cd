//! Steps of a profile in a row: send, expect, capture, ask again until.

use super::content::{Payloads, RequestContent};
use super::credentials::Credentials;
use super::follow::MOST_HOPS;
use super::message::{Reply, Request};
use super::response_view::ResponseView;
use super::stack_client::{StackClient, StackClientError};
use super::step_error::StepError;
use super::{OutgoingRequest, Transport};
use crate::ledger::{Delivery, OutcomeClass, Purpose};
use crate::profile::{HumanDuration, Step, TemplateError, Text, Vars};
use reqwest::Url;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::Instant;

/// Without credentials.
const NOBODY: &str = "nobody";
/// How long `until` is waited for when the profile does not say.
const WITHIN: Duration = Duration::from_secs(10);
/// How long a command may take when the profile does not say.
const COMMAND_WITHIN: Duration = Duration::from_secs(60);
/// Between two questions of `until`.
const BETWEEN: Duration = Duration::from_millis(25);

/// Who walks through steps.
#[derive(Debug, Clone, Copy)]
pub struct StepSender<'a> {
    /// Name for the ledger.
    pub who: &'a str,
    /// What their requests carry, nothing while they are not signed in.
    pub keys: &'a Credentials,
}

/// Somebody else on whose behalf a step can be: `owner`, or a part in the consultation.
#[derive(Debug, Clone)]
pub struct OtherParty {
    /// Name for the ledger.
    pub who: String,
    /// What their requests carry.
    pub keys: Credentials,
}

/// Those on whose behalf steps can be, by the word that stands after `as`.
pub type ActingAs = BTreeMap<String, OtherParty>;

/// Goes through steps on behalf of somebody.
#[derive(Clone, Copy)]
pub struct StepRunner<'a> {
    /// The stack.
    pub site: &'a StackClient,
    /// Sends and writes down.
    pub carrier: &'a dyn Transport,
    /// On whose behalf.
    pub caller: StepSender<'a>,
    /// What is being done, as it follows "cannot": `sign Ada in`.
    pub doing: &'a str,
    /// Bodies of bytes by name.
    pub payloads: &'a Payloads,
    /// Who else a step can be on behalf of.
    pub parties: &'a ActingAs,
}

/// What a step came to, with a clause about it for people.
pub(super) struct StepOutcome {
    pub(super) reply: Reply,
    pub(super) words: String,
}

impl From<Reply> for StepOutcome {
    fn from(reply: Reply) -> Self {
        Self {
            words: reply.in_words(),
            reply,
        }
    }
}

impl StepRunner<'_> {
    /// Goes through steps; what they capture is added to `vars`.
    ///
    /// # Errors
    /// With the first step that did not go as the profile says.
    pub async fn run(&self, steps: &[Step], vars: &mut Vars) -> Result<(), StepError> {
        for step in steps {
            self.step(step, vars).await?;
        }
        Ok(())
    }

    /// One step, at every address of its base; hands back the last answer. One whose `when` is not true is left out.
    ///
    /// # Errors
    /// When it did not go as the profile says.
    pub async fn step(&self, step: &Step, vars: &mut Vars) -> Result<Reply, StepError> {
        let left_out = Delivery::NotSent {
            why: "its `when` is not true".to_owned(),
        };
        if !self.applies(step, vars).await? {
            return Ok(Reply::none(left_out));
        }
        let base = step.base.as_ref().map(|base| base.as_str());
        let addresses = match &step.request {
            Some(_) => self.site.addresses(base).map_err(|source| self.build(source))?,
            None => &[],
        };
        let mut last = None;
        for address in addresses {
            last = Some(self.at(step, Some(address), vars).await?);
        }
        match last {
            Some(reply) => Ok(reply),
            None => self.at(step, None, vars).await,
        }
    }

    /// Looks once whether what a step waits for, or else expects, has come about: at any address of its base.
    ///
    /// # Errors
    /// When the stack cannot be asked, or its answer says nothing of it.
    pub async fn is_seen(&self, step: &Step, vars: &Vars) -> Result<bool, StepError> {
        let sign = step.until.as_ref().map_or(step.expected(), Text::as_str);
        let base = step.base.as_ref().map(|base| base.as_str());
        let addresses = self.site.addresses(base).map_err(|source| self.build(source))?;
        for address in addresses {
            let outcome = self.outcome(step, Some(address), vars, COMMAND_WITHIN).await?;
            if outcome.reply.is_whole() && self.holds(&outcome.reply, sign, vars)? {
                return Ok(true);
            }
            let class =
                ResponseView::new(&outcome.reply).class(&self.site.templates, &self.site.profile.outcome);
            let says_nothing = matches!(
                class,
                OutcomeClass::Broken | OutcomeClass::Throttled | OutcomeClass::NoSession
            );
            if says_nothing || !outcome.reply.is_whole() {
                return Err(StepError::Unexpected {
                    doing: self.doing.into(),
                    request: step.line().into(),
                    expected: sign.into(),
                    found: outcome.words.into(),
                    status: outcome.reply.status,
                    class,
                });
            }
        }
        Ok(false)
    }

    async fn applies(&self, step: &Step, vars: &Vars) -> Result<bool, StepError> {
        let Some(when) = &step.when else { return Ok(true) };
        let all = self.variables(vars, &self.keys(step).await?);
        let holds = self.site.templates.holds(when, &all, &[]);
        holds.map_err(|source| self.template(source))
    }

    async fn at(&self, step: &Step, address: Option<&Url>, vars: &mut Vars) -> Result<Reply, StepError> {
        let reply = self.settle(step, address, vars).await?;
        let mut all = self.site.stack.clone();
        all.extend(vars);
        let captures = ResponseView::new(&reply).captures(&self.site.templates, &step.capture, &all);
        for (name, value) in captures.map_err(|source| StepError::Capture {
            doing: self.doing.into(),
            request: step.line().into(),
            source,
        })? {
            vars.set(&name, value);
        }
        Ok(reply)
    }

    async fn settle(&self, step: &Step, address: Option<&Url>, vars: &Vars) -> Result<Reply, StepError> {
        let within = step.within.map(|HumanDuration(time)| time);
        let Some(until) = &step.until else {
            let time = within.unwrap_or(COMMAND_WITHIN);
            let outcome = self.outcome(step, address, vars, time).await?;
            let expected = step.expected();
            if outcome.reply.is_whole() && self.holds(&outcome.reply, expected, vars)? {
                return Ok(outcome.reply);
            }
            return Err(StepError::Unexpected {
                doing: self.doing.into(),
                request: step.line().into(),
                expected: expected.into(),
                found: outcome.words.into(),
                status: outcome.reply.status,
                class: ResponseView::new(&outcome.reply)
                    .class(&self.site.templates, &self.site.profile.outcome),
            });
        };
        let waited = within.unwrap_or(WITHIN);
        let deadline = Instant::now() + waited;
        loop {
            let left = deadline.saturating_duration_since(Instant::now()).max(BETWEEN);
            let outcome = self.outcome(step, address, vars, left).await?;
            if outcome.reply.is_whole() && self.holds(&outcome.reply, until.as_str(), vars)? {
                return Ok(outcome.reply);
            }
            if Instant::now() >= deadline {
                return Err(StepError::Unsettled {
                    doing: self.doing.into(),
                    request: step.line().into(),
                    until: until.as_str().into(),
                    waited,
                    found: outcome.words.into(),
                });
            }
            tokio::time::sleep(step.every.map_or(BETWEEN, |HumanDuration(time)| time)).await;
        }
    }

    /// Sends, runs, edits or reads, once.
    async fn outcome(
        &self,
        step: &Step,
        address: Option<&Url>,
        vars: &Vars,
        within: Duration,
    ) -> Result<StepOutcome, StepError> {
        if let Some(address) = address {
            return Ok(self.send(step, address, vars).await?.into());
        }
        self.do_locally(step, vars, within).await
    }

    async fn send(&self, step: &Step, address: &Url, vars: &Vars) -> Result<Reply, StepError> {
        let reply = self.exchange(step, address, vars).await?;
        let service = step.by.as_ref().filter(|by| self.is_service(by));
        match service {
            Some(role) if self.forgets(role, &reply).await => self.exchange(step, address, vars).await,
            _ => Ok(reply),
        }
    }

    /// One request and its answer; with `follow`, that of the last redirect.
    async fn exchange(&self, step: &Step, address: &Url, vars: &Vars) -> Result<Reply, StepError> {
        let first = self.request(step, address, vars).await?;
        let mut request = first.clone();
        let mut hops = 0;
        loop {
            let by = step.by.as_ref().map(|by| {
                self.parties
                    .get(by.as_str())
                    .map_or(by.as_str(), |party| party.who.as_str())
            });
            let what = self.doing.to_owned();
            let part = match &step.by {
                Some(by) if self.is_service(by) => Purpose::Operator { what },
                _ => Purpose::Setup { what },
            };
            let call = OutgoingRequest {
                who: by.unwrap_or(self.caller.who),
                part,
                surface: None,
                request: request.clone(),
                finish: None,
            };
            let reply = self.carrier.send(call).await.reply;
            if !step.follow {
                return Ok(reply);
            }
            let next = self.site.redirected(&first, &request, &reply);
            let Some(next) = next.map_err(|source| self.build(source))? else {
                return Ok(reply);
            };
            hops += 1;
            if hops > MOST_HOPS {
                return Err(StepError::Redirects {
                    doing: self.doing.into(),
                    request: step.line().into(),
                    most: MOST_HOPS,
                });
            }
            request = next;
        }
    }

    async fn request(&self, step: &Step, address: &Url, vars: &Vars) -> Result<Request, StepError> {
        let keys = self.keys(step).await?;
        let all = self.variables(vars, &keys);
        let build = || {
            let mut request = self.site.request(step.request_text(), address, &all, &keys)?;
            let content = RequestContent::from(step).with(self.payloads);
            self.site.fill_payload(&mut request, content, &all)?;
            Ok(request)
        };
        build().map_err(|source| self.build(source))
    }

    fn is_service(&self, by: &str) -> bool {
        by != NOBODY && !self.parties.contains_key(by)
    }

    /// What the requests of a step carry.
    pub(super) async fn keys(&self, step: &Step) -> Result<Credentials, StepError> {
        match step.by.as_ref().map(Text::as_str) {
            None => Ok(self.caller.keys.clone()),
            Some(NOBODY) => Ok(Credentials::none()),
            Some(by) => match self.parties.get(by) {
                Some(party) => Ok(party.keys.clone()),
                None => self.service(by).await,
            },
        }
    }

    /// Everything that templates of a step see.
    pub(super) fn variables(&self, vars: &Vars, keys: &Credentials) -> Vars {
        let mut all = self.site.stack.clone();
        all.extend(vars);
        keys.seen_in(&all).into_owned()
    }

    fn holds(&self, reply: &Reply, expression: &str, vars: &Vars) -> Result<bool, StepError> {
        let mut all = self.site.stack.clone();
        all.extend(vars);
        let holds = ResponseView::new(reply).holds(&self.site.templates, expression, &all);
        holds.map_err(|source| self.template(source))
    }

    pub(super) fn build(&self, source: StackClientError) -> StepError {
        StepError::Build {
            doing: self.doing.into(),
            source,
        }
    }

    pub(super) fn template(&self, source: TemplateError) -> StepError {
        StepError::Template {
            doing: self.doing.into(),
            source,
        }
    }
}

#[cfg(test)]
mod tests;
