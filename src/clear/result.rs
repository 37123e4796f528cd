//! What a clean-up has taken back, and what it could not.

/// What a clean-up has taken back, and what it could not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CleanupResult {
    /// Features that are as they were before: on or off.
    pub features: Vec<(String, bool)>,
    /// Changes that were undone.
    pub changes: Vec<String>,
    /// Recordings.
    pub recordings: UndoneCount,
    /// People.
    pub people: UndoneCount,
    /// How many were about to be taken in, and are not known to the stack.
    pub never_came: usize,
    /// Those who stay, since the profile does not say how they are taken away.
    pub stay: Vec<String>,
    /// Those who stay because what is left of a recording can only be deleted while they are there.
    pub needed: Vec<String>,
    /// What could not be taken back.
    pub failed: Vec<NotUndone>,
}

/// How many were taken back, and how many of them were gone already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UndoneCount {
    /// All.
    pub all: usize,
    /// Gone already.
    pub gone: usize,
}

impl UndoneCount {
    pub(super) fn add(&mut self, gone: bool) {
        self.all += 1;
        self.gone += usize::from(gone);
    }
}

/// Something that could not be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUndone {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
}

impl CleanupResult {
    pub(super) fn fails(&mut self, what: String, why: String) {
        self.failed.push(NotUndone { what, why });
    }

    /// Line by line, what was done.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .features
            .iter()
            .map(|(flag, on)| {
                format!(
                    "turned the feature `{flag}` back {}",
                    if *on { "on" } else { "off" }
                )
            })
            .collect();
        lines.extend(
            self.changes
                .iter()
                .map(|change| format!("undid the change `{change}`")),
        );
        for (done, one, many, count) in [
            ("deleted", "recording", "recordings", self.recordings),
            ("removed", "person", "people", self.people),
        ] {
            if count.all > 0 {
                let noun = if count.all == 1 { one } else { many };
                let gone = match count.gone {
                    0 => String::new(),
                    gone => format!(", {gone} of them gone already"),
                };
                lines.push(format!("{done} {} {noun}{gone}", count.all));
            }
        }
        if self.never_came > 0 {
            let noun = if self.never_came == 1 { "person" } else { "people" };
            lines.push(format!(
                "the stack knows nothing of {} {noun} who had just been about to be taken in",
                self.never_came
            ));
        }
        if !self.stay.is_empty() {
            lines.push(format!(
                "the profile does not say how people are removed: {} stay behind",
                self.stay.join(", ")
            ));
        }
        if !self.needed.is_empty() {
            lines.push(format!(
                "left {} there: what is left of their recordings cannot be deleted without them",
                self.needed.join(", ")
            ));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_told_in_the_order_in_which_it_was() {
        let cleared = CleanupResult {
            features: vec![("replays".to_owned(), false)],
            changes: vec!["group-visits".to_owned()],
            recordings: UndoneCount { all: 3, gone: 1 },
            people: UndoneCount { all: 1, gone: 0 },
            never_came: 1,
            stay: vec!["Dr Grey".to_owned()],
            needed: vec!["Ada".to_owned(), "Ben".to_owned()],
            failed: Vec::new(),
        };
        assert_eq!(
            cleared.lines(),
            [
                "turned the feature `replays` back off",
                "undid the change `group-visits`",
                "deleted 3 recordings, 1 of them gone already",
                "removed 1 person",
                "the stack knows nothing of 1 person who had just been about to be taken in",
                "the profile does not say how people are removed: Dr Grey stay behind",
                "left Ada, Ben there: what is left of their recordings cannot be deleted without them",
            ]
        );
        assert!(CleanupResult::default().lines().is_empty());
    }
}
