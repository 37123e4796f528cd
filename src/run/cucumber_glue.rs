//! What cucumber wants of us: a parser that hands over what was selected, and a writer that has nothing to say, since every
//! report is made from the ledger.

use super::Selection;
use crate::ledger::{Entry, Ledger, Trouble};
use crate::steps::World;
use cucumber::{Event, World as _, cli, event, gherkin, parser};
use futures::stream::{self, LocalBoxStream, StreamExt};
use std::sync::Arc;

/// Hands over the selected features.
pub(super) struct SelectedFeatures(pub(super) Arc<Selection>);

impl parser::Parser<()> for SelectedFeatures {
    type Cli = cli::Empty;
    type Output = LocalBoxStream<'static, parser::Result<gherkin::Feature>>;

    fn parse(self, (): (), _: cli::Empty) -> Self::Output {
        let (first, others) = self.0.in_order();
        let all = in_turn(first).into_iter().chain(in_turn(others));
        stream::iter(all).map(Ok).boxed_local()
    }
}

/// A scenario of each feature, then the second of each, and so on: what a run shows it shows early. A feature with rules stays whole.
fn in_turn(features: &[gherkin::Feature]) -> Vec<gherkin::Feature> {
    let longest = features.iter().map(|feature| feature.scenarios.len()).max();
    let mut taken = Vec::new();
    for turn in 0..longest.unwrap_or(0).max(1) {
        for feature in features {
            if !feature.rules.is_empty() {
                taken.extend((turn == 0).then(|| feature.clone()));
            } else if let Some(scenario) = feature.scenarios.get(turn) {
                taken.push(gherkin::Feature {
                    scenarios: vec![scenario.clone()],
                    ..feature.clone()
                });
            }
        }
    }
    taken
}

/// Says nothing; what only an event shows goes into the ledger.
pub(super) struct SilentWriter(pub(super) Arc<Ledger>);

impl cucumber::Writer<World> for SilentWriter {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<event::Cucumber<World>>>, _: &cli::Empty) {
        let failed = |what: &str| {
            self.0.append(&Entry::Trouble(Trouble {
                scenario: None,
                line: 0,
                what: what.to_owned(),
                stack_gone: false,
                internal: true,
            }));
        };
        match event {
            Err(error) => failed(&format!("a bug in Bystander: {error}")),
            Ok(event) => {
                if let event::Cucumber::Feature(_, event::Feature::Scenario(scenario, happened)) =
                    event.into_inner()
                    && let event::Scenario::Hook(_, event::Hook::Failed(..)) = happened.event
                {
                    failed(&format!(
                        "a bug in Bystander: setting up or clearing up `{}` panicked",
                        scenario.name
                    ));
                }
            }
        }
    }
}

impl cucumber::writer::Normalized for SilentWriter {}

/// All steps, as they were registered at link time.
pub(super) fn steps() -> cucumber::step::Collection<World> {
    World::collection()
}

/// Cucumber's own options, all left alone: filters and counts are ours.
pub(super) fn no_options() -> cli::Opts<cli::Empty, cucumber::runner::basic::Cli, cli::Empty, cli::Empty> {
    cli::Opts {
        re_filter: None,
        tags_filter: None,
        parser: cli::Empty,
        runner: cucumber::runner::basic::Cli::default(),
        writer: cli::Empty,
        custom: cli::Empty,
    }
}
