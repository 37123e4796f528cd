//! A step that did not go as the profile says.

use super::response_view::ResponseError;
use super::stack_client::StackClientError;
use crate::ledger::OutcomeClass;
use crate::profile::TemplateError;
use std::time::Duration;

/// A step that did not go as the profile says.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// It could not be built.
    #[error("cannot {doing}: {source}")]
    Build {
        doing: Box<str>,
        source: StackClientError,
    },
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
        /// The status of the answer, 0 when there was none.
        status: u16,
        /// Its class by the profile.
        class: OutcomeClass,
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
        source: ResponseError,
    },
    /// A command has no exit code, or a file was not changed.
    #[error("cannot {doing}: `{step}`: {why}")]
    Local {
        doing: Box<str>,
        step: Box<str>,
        why: Box<str>,
    },
    /// Redirects without an end.
    #[error("cannot {doing}: `{request}` was redirected more than {most} times")]
    Redirects {
        doing: Box<str>,
        request: Box<str>,
        most: u32,
    },
}

impl StepError {
    /// Whether it is a wait that ended without what was waited for.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        matches!(self, Self::Unsettled { .. })
    }

    /// Whether the stack said that what it was asked for does not exist (404, 410), and the profile takes that for a denial.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(
            self,
            Self::Unexpected {
                status: 404 | 410,
                class: OutcomeClass::Denied,
                ..
            }
        )
    }

    /// Whether the stack has refused, in whatever words the profile says.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(
            self,
            Self::Unexpected {
                class: OutcomeClass::Denied | OutcomeClass::NoSession,
                ..
            }
        )
    }
}
