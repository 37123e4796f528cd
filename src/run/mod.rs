//! Puts the rooms in order, and owns cucumber: every selected scenario gets a stage, runs, and is cleared away.

mod cucumber_glue;
mod features;
mod selection;
mod session_factory;

pub use features::{FeatureError, Source, built_in, read};
pub use selection::{Filter, Selection, SelectionError, select};
pub use session_factory::SessionFactory;

use crate::ledger::{Entry, Follower, Outcome, Scenario, ScenarioEnded, Trouble};
use crate::probe::{RecordingClient, StackSession};
use crate::steps::{ScenarioContext, ScenarioDefaults, StepFailure, StepJudge, StepStopped, World, foresee};
use crate::toggle::{StackGuard, StackLock};
use async_trait::async_trait;
use cucumber::event::{ScenarioFinished, StepError};
use cucumber::gherkin;
use futures::FutureExt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Tells whether a stack is still there.
#[async_trait]
pub trait StackWatch: Send + Sync {
    /// The first part that is not well of the stack that is spoken to so, with what is wrong with it. Only whoever holds a stack looks at it:
    /// another may just be starting a part of theirs again.
    async fn first_unhealthy_part(&self, station: &Arc<StackSession>) -> Option<String>;
}

/// Told how the run gets on.
pub trait RunProgress: Send + Sync {
    /// A scenario has ended.
    fn scenario_ended(&self, name: &str, well: bool);
}

/// A stack that one scenario has alone.
pub struct ExtraStack {
    /// How it is spoken to.
    pub session: Arc<StackSession>,
    /// The hold on it, until the scenario ends.
    pub hold: StackGuard,
}

/// Finds or raises a stack for one scenario: then scenarios that change flags need not wait for each other.
#[async_trait]
pub trait StackProvider: Send + Sync {
    /// A stack like the one that all share.
    async fn another(&self) -> Result<ExtraStack, String>;
}

/// What all scenarios of a run stand before.
#[derive(Clone)]
pub struct RunContext {
    /// The stack, and how it is spoken to.
    pub session: Arc<StackSession>,
    /// What lies behind every stage.
    pub defaults: ScenarioDefaults,
    /// The hold on the stack.
    pub hold: StackLock,
    /// Is it still there?
    pub watch: Arc<dyn StackWatch>,
    /// Raises further stacks for scenarios that change flags; without it they hold the one stack alone, one after the other.
    pub provider: Option<Arc<dyn StackProvider>>,
    /// Who is told.
    pub progress: Arc<dyn RunProgress>,
}

/// Runs the selected scenarios, side by side where their holds on the stack allow it.
pub async fn run(backdrop: RunContext, selection: Arc<Selection>, side_by_side: usize, fail_fast: bool) {
    for (scenario, reason) in selection.not_applicable() {
        let ledger = &backdrop.session.ledger;
        ledger.append(&Entry::Scenario(Scenario {
            at_ms: ledger.now_ms(),
            ..scenario.clone()
        }));
        ledger.append(&Entry::Ended(ScenarioEnded {
            scenario: scenario.scenario,
            outcome: Outcome::NotApplicable,
            reason: Some(reason.clone()),
            line: 0,
            at_ms: ledger.now_ms(),
        }));
    }
    // cucumber replaces the panic hook while it runs, and does not put it back when it is cancelled
    let hook = std::panic::take_hook();
    let (before, after) = (backdrop.clone(), backdrop.clone());
    let chosen = Arc::clone(&selection);
    let finished = Arc::clone(&selection);
    let cucumber = cucumber::Cucumber::<World, _, _, _, _, cucumber::cli::Empty>::custom(
        cucumber_glue::SelectedFeatures(Arc::clone(&selection)),
        cucumber::runner::Basic::default()
            .max_concurrent_scenarios(side_by_side)
            .steps(cucumber_glue::steps())
            .which_scenario(|_, _, _| cucumber::ScenarioType::Concurrent)
            .before(move |feature, rule, scenario, world| {
                let (backdrop, chosen) = (before.clone(), Arc::clone(&chosen));
                async move {
                    world.context = set_up(&backdrop, &chosen, feature, rule, scenario).await;
                }
                .boxed_local()
            })
            .after(move |feature, _, scenario, ending, world| {
                let (backdrop, finished) = (after.clone(), Arc::clone(&finished));
                async move {
                    if let Some(stage) = world.and_then(|world| world.context.take()) {
                        clear_up(&backdrop, &finished, feature, scenario, ending, stage).await;
                    }
                }
                .boxed_local()
            }),
        cucumber_glue::SilentWriter(Arc::clone(&backdrop.session.ledger)),
    )
    .with_cli(cucumber_glue::no_options());
    let cucumber = if fail_fast { cucumber.fail_fast() } else { cucumber };
    let _guard = HookGuard(Some(hook));
    cucumber.run(()).await;
}

/// Puts the panic hook back, also when the run is cancelled.
struct HookGuard(Option<PanicHook>);

type PanicHook = Box<dyn Fn(&std::panic::PanicHookInfo<'_>) + Send + Sync>;

impl Drop for HookGuard {
    fn drop(&mut self) {
        if let Some(hook) = self.0.take() {
            std::panic::set_hook(hook);
        }
    }
}

async fn set_up(
    backdrop: &RunContext,
    selection: &Selection,
    feature: &gherkin::Feature,
    rule: Option<&gherkin::Rule>,
    scenario: &gherkin::Scenario,
) -> Option<ScenarioContext> {
    let facts = selection.find(feature, scenario)?;
    let backgrounds = [
        feature.background.as_ref(),
        rule.and_then(|rule| rule.background.as_ref()),
    ];
    let steps = backgrounds
        .into_iter()
        .flatten()
        .flat_map(|background| &background.steps)
        .chain(&scenario.steps);
    let exclusive = crate::steps::changes_the_stack(steps.clone());
    let claims = foresee(steps, &backdrop.session.site.profile);
    let closing = claims.iter().filter(|claim| claim.is_closing());
    let closing = closing.map(|claim| claim.line).collect();
    let ledger = &backdrop.session.ledger;
    let mut station = Arc::clone(&backdrop.session);
    let hold = match &backdrop.provider {
        Some(raise) if exclusive => match raise.another().await {
            Ok(another) => {
                station = another.session;
                another.hold
            }
            Err(why) => {
                let at_ms = ledger.now_ms();
                ledger.append(&Entry::Scenario(Scenario {
                    at_ms,
                    ..facts.clone()
                }));
                let what = format!("no stack could be raised for this scenario: {why}");
                let scenario = Some(facts.scenario);
                ledger.append(&Entry::Trouble(Trouble {
                    scenario,
                    line: 0,
                    what,
                    stack_gone: true,
                    internal: false,
                }));
                return None;
            }
        },
        _ => backdrop.hold.acquire(exclusive).await,
    };
    let bench = Arc::new(StepJudge::default());
    let witness = Arc::new(RecordingClient::new(
        station,
        facts.scenario,
        Arc::clone(&bench) as Arc<dyn Follower>,
    ));
    witness.write(&Entry::Scenario(Scenario {
        at_ms: ledger.now_ms(),
        ..facts.clone()
    }));
    Some(ScenarioContext::new(
        witness,
        bench,
        backdrop.defaults.clone(),
        hold,
        closing,
    ))
}

async fn clear_up(
    backdrop: &RunContext,
    selection: &Selection,
    feature: &gherkin::Feature,
    scenario: &gherkin::Scenario,
    ending: &ScenarioFinished,
    mut stage: ScenarioContext,
) {
    let Some(facts) = selection.find(feature, scenario) else {
        return;
    };
    let witness = Arc::clone(stage.witness());
    let line = witness.moment().line;
    let trouble = |what: String, stack_gone: bool, internal: bool| {
        witness.write(&Entry::Trouble(Trouble {
            scenario: Some(facts.scenario),
            line,
            what,
            stack_gone,
            internal,
        }));
    };
    let (outcome, reason) = match ending {
        ScenarioFinished::StepPassed => (Outcome::Ran, None),
        ScenarioFinished::StepSkipped => (
            Outcome::Stopped,
            Some("a step is not in the vocabulary".to_owned()),
        ),
        ScenarioFinished::StepFailed(_, _, error) => (Outcome::Stopped, Some(failure(error))),
        ScenarioFinished::BeforeHookFailed(_) => (
            Outcome::Stopped,
            Some("setting the scenario up failed".to_owned()),
        ),
    };
    if let Some(reason) = &reason {
        match stage.leaving {
            StepFailure::Judged => {}
            StepFailure::Stopped => trouble(reason.clone(), false, false),
            // nobody said that a step failed, and yet one did: that was a panic
            StepFailure::Quietly => trouble(format!("a bug in Bystander: {reason}"), false, true),
        }
    }
    if !backdrop.defaults.gone.load(Ordering::Relaxed) {
        let left = stage.clear().await;
        let unwell = !left.is_empty() || reason.is_some();
        // a stack of one's own is not everybody's: only its own scenario suffers
        let look = unwell && !stage.has_its_own_stack();
        let unhealthy = match look {
            true => backdrop.watch.first_unhealthy_part(&witness.session).await,
            false => None,
        };
        if let Some(unhealthy) = unhealthy {
            backdrop.defaults.gone.store(true, Ordering::Relaxed);
            trouble(format!("the stack went away: {unhealthy}"), true, false);
        } else if !left.is_empty() {
            trouble(
                format!("the stack could not be put back as it was: {}", left.join("; ")),
                false,
                false,
            );
        }
    }
    witness.write(&Entry::Ended(ScenarioEnded {
        scenario: facts.scenario,
        outcome,
        reason: reason.clone(),
        line: if reason.is_some() { line } else { 0 },
        at_ms: backdrop.session.ledger.now_ms(),
    }));
    backdrop.progress.scenario_ended(&facts.name, reason.is_none());
}

/// The text of a step's error, without what cucumber puts around it.
fn failure(error: &StepError) -> String {
    match error {
        StepError::Panic(info) => info
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| info.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| StepStopped::NoStage.to_string()),
        other => other.to_string(),
    }
}
