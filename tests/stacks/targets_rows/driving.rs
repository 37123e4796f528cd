//! A server driven by a profile, as a user would: profile and scenarios in files, and what the built binary says.

use std::collections::BTreeSet;
use std::fs;

use axum::Router;
use serde_json::Value as Json;

use super::shelf::{Shelf, shelf};
use crate::binary::{Trouble, ensure, start_in};
use crate::serving::Served;

/// Two patients with a recording each.
pub(crate) const TWO: &str = "
Feature: Two people
  Scenario: each has a recording
    Given Ada and Ben each have a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
";

/// Three patients, of whom one has four recordings.
pub(crate) const MANY: &str = "
Feature: Several recordings
  Scenario: more than a page of them
    Given Ada has 4 finished audio consultations that were recorded
    And Ben has a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
";

/// Recordings from before, during and after every change that the profile declares.
pub(crate) const CHANGES: &str = "
Feature: Changes
  Scenario: before, during and after \"{each change}\"
    Given Ada has a finished audio consultation that was recorded
    When the change \"{each change}\" is made
    Given Ben has a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    When the change \"{each change}\" is undone
    Given Chloe has a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
";

/// What is driven, and by what.
pub(crate) struct Drive<'a> {
    /// The server's routes; `media` is the same server on another origin.
    pub(crate) router: fn() -> Router<Shelf>,
    /// The parts of the profile.
    pub(crate) profile: &'a [&'a str],
    /// The scenarios.
    pub(crate) feature: &'a str,
}

/// What came of it.
pub(crate) struct Told {
    code: Option<i32>,
    summary: Json,
    said: String,
    /// The server's own memory.
    pub(crate) shelf: Shelf,
}

impl Drive<'_> {
    /// With a server that makes no mistake.
    pub(crate) fn sound(&self) -> Result<Told, Trouble> {
        self.with(shelf(false))
    }

    /// With a server that makes its mistake.
    pub(crate) fn flawed(&self) -> Result<Told, Trouble> {
        self.with(shelf(true))
    }

    fn with(&self, shelf: Shelf) -> Result<Told, Trouble> {
        let served = Served::start((self.router)().with_state(shelf.clone()), 0)?;
        let other = Served::start((self.router)().with_state(shelf.clone()), 0)?;
        shelf
            .inside()
            .settings
            .insert("media-base".to_owned(), other.base().into());
        let place = tempfile::tempdir()?;
        fs::write(place.path().join("profile.toml"), self.profile.concat())?;
        fs::write(place.path().join("scenarios.feature"), self.feature)?;
        let arguments = [
            "run",
            "--profile",
            "profile.toml",
            "--features",
            "scenarios.feature",
            "--seed",
            "3",
            // the fewest bytes that media can have, since nothing here is about their length
            "--audio-bytes",
            "16384",
            "--timeout",
            "3s",
        ];
        let environment = [
            ("STACK", served.base()),
            ("MEDIA", other.base()),
            ("ADMIN_KEY", "only-for-the-admin".to_owned()),
        ];
        let environment: Vec<(&str, &str)> = environment
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let ended = start_in(place, &arguments, &environment)?.wait()?;
        Ok(Told {
            code: ended.code,
            summary: ended.summary()?,
            said: format!("{}\n{}", ended.stdout, ended.stderr),
            shelf,
        })
    }

    /// Held where the server is sound, and leaked at these surfaces, and no others, where it is not.
    pub(crate) fn holds_and_leaks(&self, surfaces: &[&str]) -> Result<(), Trouble> {
        self.sound()?.held()?;
        self.flawed()?.leaked_at(surfaces)
    }
}

impl Told {
    fn ensure(&self, holds: bool, what: &str) -> Result<(), Trouble> {
        ensure(holds, || format!("{what}\n{}", self.said))
    }

    fn list(&self, name: &str) -> &[Json] {
        self.summary[name].as_array().map_or(&[], Vec::as_slice)
    }

    /// Exit code 0, no finding, no gap, every scenario held.
    pub(crate) fn held(&self) -> Result<(), Trouble> {
        self.ensure(self.code == Some(0), "it should have held")?;
        let clear = self.list("findings").is_empty() && self.list("gaps").is_empty();
        self.ensure(clear, "there should be nothing to tell")?;
        let held = |one: &Json| one["verdict"] == "held";
        self.ensure(
            self.list("scenarios").iter().all(held),
            "every scenario should have held",
        )
    }

    /// Exit code 1, and findings at these surfaces and no others.
    pub(crate) fn leaked_at(&self, surfaces: &[&str]) -> Result<(), Trouble> {
        self.ensure(self.code == Some(1), "it should have leaked")?;
        let found: BTreeSet<&str> = self
            .list("findings")
            .iter()
            .filter_map(|one| one["surface"].as_str())
            .collect();
        let wanted: BTreeSet<&str> = surfaces.iter().copied().collect();
        self.ensure(
            found == wanted,
            &format!("leaked at {found:?} and not at {wanted:?}"),
        )
    }

    /// Exit code 3: no leak, nothing held that was not looked at, and this among the reasons.
    pub(crate) fn inconclusive(&self, reason: &str) -> Result<(), Trouble> {
        self.ensure(self.code == Some(3), "it should have been inconclusive")?;
        self.ensure(self.list("findings").is_empty(), "there should be no finding")?;
        let told = self
            .list("gaps")
            .iter()
            .any(|gap| gap["why"].as_str().is_some_and(|why| why.contains(reason)));
        self.ensure(told, &format!("nowhere: {reason}\n{}", self.summary["gaps"]))
    }

    /// The findings.
    pub(crate) fn findings(&self) -> &[Json] {
        self.list("findings")
    }

    /// Fails unless every finding is so.
    pub(crate) fn each_finding(&self, is_so: impl Fn(&Json) -> bool, what: &str) -> Result<(), Trouble> {
        let all = !self.list("findings").is_empty() && self.list("findings").iter().all(is_so);
        self.ensure(all, &format!("{what}\n{:#}", self.summary["findings"]))
    }

    /// The summary as text.
    pub(crate) fn summary(&self) -> String {
        self.summary.to_string()
    }

    /// What was said on the terminal.
    pub(crate) fn said(&self) -> &str {
        &self.said
    }
}
