//! A run of the built binary on the app, by a small whole profile that is like the committed snippets, and what is said of it.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value as Json;

use super::app::{app, listen};
use super::standing::{Standing, Told};
use crate::binary::{Ended, Trouble, ensure, start_in};
use crate::serving::Served;
use crate::targets_rows::plain::{ITEM, LIST, PEOPLE, RECORDING};
use crate::targets_rows::shelf::Shelf;

/// Where the snippets are.
const SNIPPETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/targets/flags/");

/// Turned off, then on: it ends on.
pub(crate) const OFF_AND_ON: &str = r#"
Feature: A flag
  Scenario: off, and then on
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the feature "audio-video-switch" is turned off
    Then no one can list or fetch anybody else's recordings
    When the feature "audio-video-switch" is turned on
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
"#;

/// Turned on, then off: it ends off.
pub(crate) const ON_AND_OFF: &str = r#"
Feature: A flag
  Scenario: on, and then off
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the feature "audio-video-switch" is turned on
    Then no one can list or fetch anybody else's recordings
    When the feature "audio-video-switch" is turned off
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
"#;

/// A run.
pub(crate) struct Drive<'a> {
    pub(crate) shelf: Shelf,
    pub(crate) standing: Standing,
    pub(crate) feature: &'a str,
    /// What the profile says of its own about the flag.
    pub(crate) own: &'a str,
    /// Whether the app hears of changes at all.
    pub(crate) listens: bool,
}

/// What came of it.
pub(crate) struct Driven {
    ended: Ended,
    summary: Json,
    /// What happened at the service and in the app.
    pub(crate) told: Vec<Told>,
    standing: Standing,
}

impl Drive<'_> {
    /// Runs it.
    pub(crate) fn run(self) -> Result<Driven, Trouble> {
        let served = Served::start(app().with_state(self.shelf.clone()), 0)?;
        listen(&self.shelf, self.standing.ask.clone(), self.listens);
        let place = tempfile::tempdir()?;
        for snippet in self.standing.snippets {
            fs::copy(format!("{SNIPPETS}{snippet}"), place.path().join(snippet))?;
        }
        let own = format!(
            "[target]\nname = \"a shelf behind a flag\"\nextends = {:?}\n[base]\napi = \"{{{{ env.STACK }}}}\"\n{}",
            self.standing.snippets, self.own
        );
        let profile = [own.as_str(), PEOPLE, RECORDING, LIST, ITEM].concat();
        fs::write(place.path().join("profile.toml"), profile)?;
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
        ];
        let stack = served.base();
        let environment = self.standing.environment.iter();
        let environment: Vec<(&str, &str)> = environment
            .map(|(name, value)| (*name, value.as_str()))
            .chain([("STACK", stack.as_str())])
            .collect();
        let ended = start_in(place, &arguments, &environment)?.wait()?;
        Ok(Driven {
            summary: ended.summary()?,
            told: Told::all(&self.shelf)?,
            standing: self.standing,
            ended,
        })
    }
}

impl Driven {
    /// Fails with all that was said unless `holds`.
    pub(crate) fn ensure(&self, holds: bool, what: &str) -> Result<(), Trouble> {
        ensure(holds, || {
            format!(
                "{what}\n{}\n{}\n{:?}",
                self.ended.stdout, self.ended.stderr, self.told
            )
        })
    }

    fn list(&self, name: &str) -> &[Json] {
        self.summary[name].as_array().map_or(&[], Vec::as_slice)
    }

    fn verdicts(&self) -> BTreeSet<&str> {
        let each = self.list("scenarios").iter();
        each.filter_map(|one| one["verdict"].as_str()).collect()
    }

    /// Exit code 0, no finding, no gap, every scenario held.
    pub(crate) fn held(&self) -> Result<(), Trouble> {
        self.ended.expect_code(0)?;
        let clear = self.list("findings").is_empty() && self.list("gaps").is_empty();
        self.ensure(clear, "there should be nothing to tell")?;
        self.ensure(self.verdicts() == ["held"].into(), "it should have held")
    }

    /// Exit code 1; Ada and Ben got each other's item while the flag was on, and nothing else is found.
    pub(crate) fn leaked_while_on(&self) -> Result<(), Trouble> {
        self.ended.expect_code(1)?;
        let text = |one: &'_ Json, field: &str| one[field].as_str().unwrap_or_default().to_owned();
        let found: BTreeSet<[String; 4]> = self
            .list("findings")
            .iter()
            .map(|one| ["surface", "bystander", "owner", "state_class"].map(|field| text(one, field)))
            .collect();
        let wanted: BTreeSet<[String; 4]> = [("Ada", "Ben"), ("Ben", "Ada")]
            .map(|(bystander, owner)| ["item", bystander, owner, "audio-video-switch on"].map(str::to_owned))
            .into();
        self.ensure(found == wanted, &format!("found {found:?} instead of {wanted:?}"))?;
        self.ensure(self.list("gaps").is_empty(), "there should be no gap")
    }

    /// Exit code 3; nothing is found, nothing held, and a gap says all of this.
    pub(crate) fn inconclusive(&self, reasons: &[&str]) -> Result<(), Trouble> {
        self.ended.expect_code(3)?;
        self.ensure(self.list("findings").is_empty(), "there should be no finding")?;
        self.ensure(
            self.verdicts() == ["inconclusive"].into(),
            "it should have been inconclusive",
        )?;
        let says = |gap: &Json| {
            let why = gap["why"].as_str().unwrap_or_default();
            reasons.iter().all(|reason| why.contains(reason))
        };
        let told = self.list("gaps").iter().any(says);
        self.ensure(told, &format!("nowhere: {reasons:?}\n{:#}", self.summary["gaps"]))
    }

    /// The service is as it was in the beginning.
    pub(crate) fn put_back(&self) -> Result<(), Trouble> {
        (self.standing.as_it_was)()
    }

    /// Nobody was served by an app that had not yet heard of the change.
    pub(crate) fn waited_for_the_app(&self, before: bool) -> Result<(), Trouble> {
        let mut set = before;
        let mut served = BTreeSet::new();
        for told in &self.told {
            match *told {
                Told::Set(on) => set = on,
                Told::Shown(_) => {}
                Told::Served(on) => {
                    self.ensure(on == set, "the app was asked before it had heard of the change")?;
                    served.insert(on);
                }
            }
        }
        self.ensure(
            served == [false, true].into(),
            "the app was not asked in both states",
        )
    }
}
