//! The end of what somebody said: the last lines of a log or of a build, for an error to show.

use std::collections::VecDeque;
use std::fmt;

/// How many lines an error shows.
const LINES: usize = 20;

/// The last lines of a text, as they are shown in an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutputTail(VecDeque<String>);

impl OutputTail {
    /// The tail of a whole text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut tail = Self::default();
        tail.push(text);
        tail
    }

    /// Adds what came next. Only the last lines are kept.
    pub fn push(&mut self, text: &str) {
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            if self.0.len() == LINES {
                self.0.pop_front();
            }
            self.0.push_back(printable(line));
        }
    }

    /// The same with each line put through `mask`.
    #[must_use]
    pub fn masked(self, mask: &dyn Fn(&str) -> String) -> Self {
        Self(self.0.iter().map(|line| mask(line)).collect())
    }

    /// Whether a line holds `needle`.
    #[must_use]
    pub fn mentions(&self, needle: &str) -> bool {
        self.0.iter().any(|line| line.contains(needle))
    }
}

/// Without the escapes that colour a terminal, or do worse.
fn printable(line: &str) -> String {
    line.chars()
        .filter(|letter| *letter == '\t' || !letter.is_control())
        .collect()
}

impl fmt::Display for OutputTail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("\n  | (it said nothing)");
        }
        self.0
            .iter()
            .try_for_each(|line| write!(formatter, "\n  | {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::{LINES, OutputTail};

    #[test]
    fn keeps_the_end() {
        let text: String = (0..LINES + 5).map(|line| format!("line {line}.\n")).collect();
        let shown = OutputTail::of(&text).to_string();
        assert!(!shown.contains("line 4."), "{shown}");
        assert!(
            shown.contains("line 5.") && shown.ends_with("line 24."),
            "{shown}"
        );
    }

    #[test]
    fn says_that_there_was_nothing() {
        assert_eq!(OutputTail::of("\n \n").to_string(), "\n  | (it said nothing)");
    }

    #[test]
    fn passes_on_no_escapes() {
        assert_eq!(OutputTail::of("\u{1b}[31mred").to_string(), "\n  | [31mred");
    }
}
