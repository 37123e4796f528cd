//! Steps of a profile in a row: send, expect, capture, ask again until.

use super::answer::{AnswerError, View};
use super::message::{Reply, Request};
use super::site::{Site, SiteError};
use super::{Call, Carrier};
use crate::ledger::Part;
use crate::profile::{Step, TemplateError, Vars, Within};
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long `until` is waited for when the profile does not say.
const WITHIN: Duration = Duration::from_secs(10);
/// Between two questions of `until`.
const BETWEEN: Duration = Duration::from_millis(25);

/// A step that did not go as the profile says.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// It could not be built.
    #[error("cannot {doing}: {source}")]
    Build { doing: Box<str>, source: SiteError },
    /// An expression could not be worked out.
    #[error("cannot {doing}: {source}")]
    Template { doing: Box<str>, source: TemplateError },
    /// The answer is not the expected one.
    #[error("cannot {doing}: `{request}` was expected to answer with `{expected}`, and {found}")]
    Unexpected {
        doing: Box<str>,
        request: Box<str>,
        expected: Box<str>,
        found: Box<str>,
    },
    /// What was waited for did not come.
    #[error("cannot {doing}: waited {waited:?} for `{request}` to answer with `{until}`; at last {found}")]
    Unsettled {
        doing: Box<str>,
        request: Box<str>,
        until: Box<str>,
        waited: Duration,
        found: Box<str>,
    },
    /// A capture matched nothing.
    #[error("cannot {doing}: `{request}`: {source}")]
    Capture {
        doing: Box<str>,
        request: Box<str>,
        source: AnswerError,
    },
    /// A body of bytes that nobody has.
    #[error("cannot {doing}: there is no payload `{payload}` here")]
    Payload { doing: Box<str>, payload: Box<str> },
}

impl StepError {
    /// Whether it is a wait that ended without what was waited for.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        matches!(self, Self::Unsettled { .. })
    }
}

/// Who walks through steps.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// Name for the ledger.
    pub who: &'a str,
    /// Their credentials, empty while they are not signed in.
    pub headers: &'a HeaderMap,
}

/// A body of bytes with its type.
#[derive(Debug, Clone)]
pub struct Payload {
    /// Content type.
    pub mime: &'static str,
    /// The bytes.
    pub bytes: Arc<[u8]>,
}

/// Goes through steps on behalf of somebody.
pub struct Traveller<'a> {
    /// The stack.
    pub site: &'a Site,
    /// Sends and writes down.
    pub carrier: &'a dyn Carrier,
    /// On whose behalf.
    pub caller: Caller<'a>,
    /// What is being done, as it follows "cannot": `sign Ada in`.
    pub doing: &'a str,
    /// Bodies of bytes by name.
    pub payloads: &'a BTreeMap<&'static str, Payload>,
}

impl Traveller<'_> {
    /// Goes through steps; what they capture is added to `vars`.
    ///
    /// # Errors
    /// With the first step that did not go as the profile says.
    pub async fn walk(&self, steps: &[Step], vars: &mut Vars) -> Result<(), StepError> {
        for step in steps {
            self.step(step, vars).await?;
        }
        Ok(())
    }

    /// One step, at every address of its base.
    ///
    /// # Errors
    /// When it did not go as the profile says.
    pub async fn step(&self, step: &Step, vars: &mut Vars) -> Result<(), StepError> {
        let base = step.base.as_ref().map(|base| base.get_ref().as_str());
        let addresses = self.site.addresses(base).map_err(|source| self.build(source))?;
        for address in addresses {
            let reply = self.settle(step, address, vars).await?;
            let view = View::new(&reply);
            for (name, from) in &step.capture {
                let value = view
                    .capture(name, from.get_ref())
                    .map_err(|source| StepError::Capture {
                        doing: self.doing.into(),
                        request: step.request.get_ref().as_str().into(),
                        source,
                    })?;
                vars.set(name, value);
            }
        }
        Ok(())
    }

    async fn settle(&self, step: &Step, address: &Url, vars: &Vars) -> Result<Reply, StepError> {
        let Some(until) = &step.until else {
            let reply = self.send(step, address, vars).await?;
            let expected = step
                .expect
                .as_ref()
                .map_or("status < 400", |expect| expect.get_ref().0.as_str());
            if reply.is_whole() && self.holds(&reply, expected, vars)? {
                return Ok(reply);
            }
            return Err(StepError::Unexpected {
                doing: self.doing.into(),
                request: step.request.get_ref().as_str().into(),
                expected: expected.into(),
                found: reply.in_words().into(),
            });
        };
        let waited = step.within.map_or(WITHIN, |Within(time)| time);
        let deadline = Instant::now() + waited;
        loop {
            let reply = self.send(step, address, vars).await?;
            if reply.is_whole() && self.holds(&reply, until.get_ref(), vars)? {
                return Ok(reply);
            }
            if Instant::now() >= deadline {
                return Err(StepError::Unsettled {
                    doing: self.doing.into(),
                    request: step.request.get_ref().as_str().into(),
                    until: until.get_ref().as_str().into(),
                    waited,
                    found: reply.in_words().into(),
                });
            }
            tokio::time::sleep(BETWEEN).await;
        }
    }

    async fn send(&self, step: &Step, address: &Url, vars: &Vars) -> Result<Reply, StepError> {
        let request = self.request(step, address, vars)?;
        let by = step.by.as_ref().map(|role| role.get_ref().as_str());
        let call = Call {
            who: by.unwrap_or(self.caller.who),
            part: Part::Setup {
                what: self.doing.to_owned(),
            },
            surface: None,
            request,
            finish: None,
        };
        Ok(self.carrier.carry(call).await.reply)
    }

    fn request(&self, step: &Step, address: &Url, vars: &Vars) -> Result<Request, StepError> {
        let mut all = self.site.stack.clone();
        all.extend(vars);
        let headers = match &step.by {
            None => self.caller.headers.clone(),
            Some(name) => self
                .site
                .role(name.get_ref())
                .and_then(|role| self.site.credentials(&role.credentials, &Vars::default()))
                .map_err(|source| self.build(source))?,
        };
        let mut request = self
            .site
            .request(step.request.get_ref(), address, &all, headers)
            .map_err(|source| self.build(source))?;
        self.site
            .furnish(&mut request, step, &all)
            .map_err(|source| self.build(source))?;
        if let Some(name) = &step.payload {
            let payload = self
                .payloads
                .get(name.get_ref().as_str())
                .ok_or_else(|| StepError::Payload {
                    doing: self.doing.into(),
                    payload: name.get_ref().as_str().into(),
                })?;
            request
                .headers
                .insert(CONTENT_TYPE, HeaderValue::from_static(payload.mime));
            request.body = Arc::clone(&payload.bytes);
        }
        Ok(request)
    }

    fn holds(&self, reply: &Reply, expression: &str, vars: &Vars) -> Result<bool, StepError> {
        View::new(reply)
            .holds(&self.site.templates, expression, vars)
            .map_err(|source| StepError::Template {
                doing: self.doing.into(),
                source,
            })
    }

    fn build(&self, source: SiteError) -> StepError {
        StepError::Build {
            doing: self.doing.into(),
            source,
        }
    }
}
