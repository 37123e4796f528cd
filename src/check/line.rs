//! What a check tells, line by line.

/// How something went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepResult {
    /// As the profile says.
    Works,
    /// The profile does not say how; something is left untested.
    Lacks,
    /// Not as the profile says.
    Fails,
}

impl StepResult {
    /// A word that needs no colour.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Lacks => "lacks",
            Self::Fails => "FAILS",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckLine {
    /// How it went.
    pub mark: StepResult,
    /// What it is about.
    pub what: String,
    /// What was found, or what to do.
    pub detail: String,
}

impl CheckLine {
    pub(super) fn new(mark: StepResult, what: &str, detail: &str) -> Self {
        Self {
            mark,
            what: what.to_owned(),
            detail: detail.to_owned(),
        }
    }
}

/// Is told how a check gets on, while it does.
pub trait CheckReporter {
    /// A new part begins.
    fn title(&self, title: &str);
    /// One line of it.
    fn report(&self, told: &CheckLine);
}
