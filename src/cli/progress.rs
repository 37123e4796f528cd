//! Progress: what is being started and how many scenarios have ended; nothing when stderr is not a terminal.

use crate::deploy::Progress;
use crate::run::RunProgress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// One line on stderr that says what is going on.
#[derive(Debug, Clone)]
pub(super) struct ProgressLine(ProgressBar);

impl ProgressLine {
    pub(super) fn new(quiet: bool) -> Self {
        let bar = ProgressBar::new_spinner();
        if quiet {
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self(bar)
    }

    /// From now on scenarios are counted.
    pub(super) fn count(&self, scenarios: u32) {
        self.0.set_length(u64::from(scenarios));
        self.0.set_position(0);
        // the template is checked by a test
        if let Ok(style) = ProgressStyle::with_template(COUNTING) {
            self.0.set_style(style);
        }
        self.0.set_message("scenarios");
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        self.0.finish_and_clear();
    }

    /// Prints a line above it.
    pub(super) fn above(&self, text: &str) {
        self.0.suspend(|| super::say(&format!("{text}\n")));
    }
}

const COUNTING: &str = "{spinner} {pos} of {len} {msg}";

impl Progress for ProgressLine {
    fn say(&self, what: &str) {
        self.0.set_message(what.to_owned());
    }
}

impl RunProgress for ProgressLine {
    fn scenario_ended(&self, name: &str, well: bool) {
        self.0.inc(1);
        let told = if well {
            "scenarios"
        } else {
            "scenarios; the last did not hold"
        };
        self.0.set_message(format!("{told}: {name}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_of_the_line_can_be_read() {
        assert!(ProgressStyle::with_template(COUNTING).is_ok());
    }
}
