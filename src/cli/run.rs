//! `bystander run`: deploy, cast, plant, toggle, probe, judge, report.

mod plan_text;
mod stack_pool;
mod stacks;

use self::stack_pool::StackPool;
use self::stacks::EmbeddedStacks;
pub(in crate::cli) use self::stacks::RunningStack;
use super::arguments::RunArguments;
use super::interrupted::interrupted;
use super::progress::ProgressLine;
use super::report::{self, style};
use super::undo_files::{self, UndoFileOptions};
use super::{Failure, say};
use crate::cast::People;
use crate::deploy::{self, Mode};
use crate::http::{Sender, StackClient, guard};
use crate::judge::{Judgement, exit};
use crate::ledger::{Entry, Finished, Ledger, Run, Trouble};
use crate::probe::{Saboteur, Sampling};
use crate::profile::Profile;
use crate::report::Destination;
use crate::run::{Filter, RunContext, Selection, SessionFactory, StackWatch, built_in, read, select};
use crate::steps::{MediaSizes, ScenarioDefaults};
use crate::toggle::{Settling, StackLock};
use crate::undo::{UndoFile, UndoLog};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The name of the ledger in `--out`.
pub(super) const LEDGER: &str = "ledger.ndjson";

/// Runs the scenarios and says what they showed.
pub(super) async fn run(arguments: &RunArguments) -> Result<u8, Failure> {
    let profile = Arc::new(profile(arguments.profile.as_deref())?);
    // what can be wrong with the features is told before anything is started
    let selection = selected(arguments, &profile, arguments.deploy != Mode::Embedded)?;
    check_faults(arguments)?;
    if arguments.plan {
        say(&plan_text::render(&profile, &selection, arguments));
        return Ok(exit::HELD);
    }
    let ledger_path = arguments.out.join(LEDGER);
    undo_files::set_aside(&arguments.out)?;
    let ledger = Ledger::create(&ledger_path).map_err(|error| Failure::with(exit::REPORT, &error))?;
    let mut destination =
        Destination::prepare(&arguments.out).map_err(|error| Failure::with(exit::REPORT, &error))?;
    if let Some(file) = &arguments.junit {
        destination = destination
            .and_junit(file)
            .map_err(|error| Failure::with(exit::REPORT, &error))?;
    }
    let running = CurrentRun {
        arguments,
        profile,
        ledger: Arc::new(ledger),
        undo: std::sync::OnceLock::new(),
        stack_pool: Mutex::new(None),
        line: ProgressLine::new(arguments.quiet),
        name: run_name(),
        seed: arguments.seed.unwrap_or_else(|| u64::from(rand::random::<u32>())),
    };
    let judged = running.through(selection).await;
    running.line.clear();
    let undo = running.undo.get();
    let left = undo.and_then(|file| undo_files::remaining_undo(file, &ledger_path));
    let Ok(judgement) = judged else {
        undo_files::say(&left);
        return judged.map(|_| exit::INTERNAL);
    };
    let style = style(arguments.color, arguments.quiet, arguments.verbose);
    say(&crate::report::terminal::render(&judgement, style));
    let ledger_failed = running
        .ledger
        .check()
        .map_err(|error| eprintln!("error: {error}"))
        .is_err();
    let written = destination.write(&judgement);
    let failed = ledger_failed || written.is_err();
    match written {
        Ok(mut paths) => {
            paths.insert(0, ledger_path);
            report::say_where(&paths, style);
        }
        Err(error) => eprintln!("error: {error}"),
    }
    undo_files::say(&left);
    Ok(exit::code(&judgement, failed))
}

/// The profile in this file; with none, the clinic's.
pub(super) fn profile(file: Option<&Path>) -> Result<Profile, Failure> {
    file.map_or_else(Profile::clinic, Profile::read)
        .map_err(Failure::usage)
}

/// The scenarios that the user chose. Until the stack is up, `@containers` is taken for possible.
fn selected(arguments: &RunArguments, profile: &Profile, containers: bool) -> Result<Selection, Failure> {
    let sources = match &arguments.features {
        None => built_in(),
        Some(path) => read(path),
    };
    let filter = Filter {
        tags: arguments.tags.clone(),
        name: arguments.name.clone(),
        containers,
        first: arguments.first.clone(),
    };
    select(sources.map_err(Failure::usage)?, &filter, profile).map_err(Failure::usage)
}

fn check_faults(arguments: &RunArguments) -> Result<(), Failure> {
    let ids: Result<Vec<bystander_clinic::FaultId>, _> =
        arguments.fault.iter().map(|id| id.parse()).collect();
    let checked = ids.map_err(|error| error.to_string()).and_then(|ids| {
        bystander_clinic::faults::rules(&ids)
            .map(drop)
            .map_err(|error| error.to_string())
    });
    checked.map_err(|error| Failure {
        code: exit::USAGE,
        report: miette::Report::msg(error),
    })
}

/// Letters and digits that containers and networks can be called by.
pub(super) fn run_name() -> String {
    hex::encode(rand::random::<[u8; 4]>())
}

/// Refuses a stack that may not be spoken to; what is to be told of one that may, although it is neither loopback nor private.
///
/// # Errors
/// ProbeOptions the host, and the line that allows it.
pub(super) async fn guarded(site: &StackClient) -> Result<Vec<String>, Failure> {
    let announced = guard::check(&site.profile, site)
        .await
        .map_err(|error| Failure::with(exit::USAGE, &error))?;
    // in the first place of a line
    let told = announced.into_iter().map(|announced| {
        let mut text = announced.text;
        text.replace_range(..1, &text[..1].to_uppercase());
        format!("{text}.")
    });
    Ok(told.collect())
}

/// A run under way.
struct CurrentRun<'a> {
    arguments: &'a RunArguments,
    profile: Arc<Profile>,
    ledger: Arc<Ledger>,
    /// StepPlace it is noted what is done to a stack that stays.
    undo: std::sync::OnceLock<Arc<UndoFile>>,
    /// The clinics beside the first, if there may be some.
    stack_pool: Mutex<Option<StackPool>>,
    line: ProgressLine,
    name: String,
    seed: u64,
}

impl CurrentRun<'_> {
    async fn through(&self, selection: Selection) -> Result<Judgement, Failure> {
        self.ledger.append(&Entry::Run(Run {
            run: self.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.seed,
            started: jiff::Timestamp::now().to_string(),
            selected: selection.chosen(),
            filtered_out: selection.filtered_out(),
            sabotage: self.arguments.sabotage.map(|sabotage| sabotage.to_string()),
        }));
        crate::probe::declared::entries(&self.profile).for_each(|entry| self.ledger.append(&entry));
        if selection.count() == 0 && selection.not_applicable().is_empty() {
            return self.judged(Some(()));
        }
        let began = Instant::now();
        let options = self.options();
        let raised = tokio::select! {
            raised = RunningStack::up(self.own(), &options, &self.line) => raised,
            signal = interrupted() => {
                self.cut_short(signal);
                self.clean().await;
                return self.judged(None);
            }
        };
        let stack = match raised {
            Ok(stack) => Arc::new(stack),
            Err(error) => {
                self.clean().await;
                self.not_up(&error.to_string());
                return self.judged(Some(()));
            }
        };
        self.announce(&stack, began);
        let acted = self.act(&stack, selection).await;
        if let Ok(Some(signal)) = acted {
            self.cut_short(signal);
        }
        // also when the run could not even begin: what was brought up goes
        self.take_down(stack).await;
        self.judged(acted?.map_or(Some(()), |_| None))
    }

    fn spares(&self) -> MutexGuard<'_, Option<StackPool>> {
        self.stack_pool.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn options(&self) -> deploy::DeployOptions {
        deploy::DeployOptions {
            mode: self.arguments.deploy,
            faults: self.arguments.fault.clone(),
            run: self.name.clone(),
            keep: self.arguments.keep,
            bootstrap: !self.arguments.no_bootstrap,
            executable: None,
        }
    }

    /// The user's own profile; none when the stack is the clinic.
    fn own(&self) -> Option<&Profile> {
        self.arguments.profile.as_ref().map(|_| &*self.profile)
    }

    /// StepPlace it is noted what is done to a stack; nowhere, when the stack goes with the run.
    fn undo_log(&self, stack: &RunningStack) -> Result<UndoLog, Failure> {
        let options = UndoFileOptions {
            directory: &self.arguments.out,
            run: &self.name,
            seed: self.seed,
            profile_file: self.arguments.profile.as_deref(),
            profile: &self.profile,
        };
        let Some(file) = undo_files::begin(&options, stack)? else {
            return Ok(UndoLog::nowhere());
        };
        Ok(UndoLog::into_file(Arc::clone(self.undo.get_or_init(|| file))))
    }

    /// Runs the scenarios; hands back the signal that cut them short, if one did.
    async fn act(
        &self,
        stack: &Arc<RunningStack>,
        selection: Selection,
    ) -> Result<Option<&'static str>, Failure> {
        let selection = if stack.is_deployed() {
            selection
        } else {
            selected(self.arguments, &self.profile, false)?
        };
        let sender = Sender::for_profile(&self.profile, self.arguments.timeout)
            .map_err(|error| Failure::with(exit::USAGE, &error))?;
        let sender = Arc::new(sender);
        let ledger = Arc::clone(&self.ledger);
        let stations = SessionFactory::new(Arc::clone(&self.profile), Arc::clone(&sender), ledger)
            .with_undo(self.undo_log(stack)?)
            .with_sampling(Sampling {
                thorough: self.arguments.thorough,
                all_personas: self.arguments.all_personas,
                scenarios: selection.numbers(),
            })
            .sabotaged(self.arguments.sabotage.map(|how| Arc::new(Saboteur::new(how))));
        let station = stations
            .station(&stack.vars())
            .map_err(|error| Failure::with(exit::USAGE, &error))?;
        for announced in guarded(&station.site).await? {
            self.line.above(&announced);
        }
        let ready = tokio::select! {
            ready = stack.ready(&station.site, &sender) => ready,
            signal = interrupted() => return Ok(Some(signal)),
        };
        if let Err(why) = ready {
            self.not_up(&why);
            return Ok(None);
        }
        let behind = ScenarioDefaults {
            people: People::new(self.seed, &self.name),
            sizes: MediaSizes {
                audio: self.arguments.audio_bytes,
                video: self.arguments.video_bytes,
            },
            gone: Arc::new(AtomicBool::new(false)),
            settling: Settling::default(),
        };
        self.line.count(selection.count());
        let mut backdrop = RunContext {
            session: station,
            defaults: behind,
            hold: StackLock::default(),
            watch: Arc::clone(stack) as Arc<dyn StackWatch>,
            provider: None,
            progress: Arc::new(self.line.clone()),
        };
        let further = usize::from(self.arguments.max_stacks).saturating_sub(1);
        if stack.is_embedded() {
            // in this process a stack is up in an instant, so each scenario that changes flags gets its own
            let raise = EmbeddedStacks::new(stations, &self.name, &self.arguments.fault);
            backdrop.provider = Some(Arc::new(raise));
        } else if stack.is_clinic() && further > 0 {
            let shared = (
                Arc::clone(stack),
                backdrop.hold.clone(),
                Arc::clone(&backdrop.session),
            );
            let spares = StackPool::new(stations, self.options(), shared, further, self.line.clone());
            backdrop.watch = Arc::new(spares.clone());
            backdrop.provider = Some(Arc::new(spares.clone()));
            *self.spares() = Some(spares);
        }
        let side_by_side = usize::from(self.arguments.jobs);
        tokio::select! {
            () = crate::run::run(backdrop, Arc::new(selection), side_by_side, self.arguments.fail_fast) => Ok(None),
            signal = interrupted() => Ok(Some(signal)),
        }
    }

    fn announce(&self, stack: &RunningStack, began: Instant) {
        self.ledger.append(&stack.entry(&self.profile, began));
        if !self.arguments.quiet {
            self.line.above(&format!(
                "{} Seed {}.",
                stack.introduced(&self.profile),
                self.seed
            ));
            if let Some(sabotage) = self.arguments.sabotage {
                self.line.above(&format!(
                    "Bystander injects leaks ({sabotage}): leaks below are injected by Bystander itself."
                ));
            }
            if !self.arguments.fault.is_empty() {
                self.line.above(&format!(
                    "It was started with a fault: {}.",
                    self.arguments.fault.join(", ")
                ));
            }
        }
    }

    async fn take_down(&self, stack: Arc<RunningStack>) {
        let spares = self.spares().take().map(StackPool::stop);
        let beside = async {
            if let Some(spares) = spares {
                self.warn_if_left(spares.down().await.map_err(|error| error.to_string()));
            }
        };
        self.line.count(0);
        deploy::Progress::say(&self.line, "taking the stack down");
        if self.arguments.keep && !stack.is_embedded() {
            beside.await;
            self.line
                .above(&format!("\nThe stack is left up:\n{}\n", stack.how_to_reach()));
            return;
        }
        if self.arguments.keep {
            self.line
                .above("`--keep` keeps nothing here: the embedded clinic ends with this process.");
        }
        let shared = async {
            let down = match Arc::into_inner(stack) {
                Some(stack) => stack.down().await,
                // a cancelled run may still hold it for a moment: what carries the run's label goes all the same
                None => deploy::clean(Some(&self.name), &self.line).await.map(drop),
            };
            self.warn_if_left(down.map_err(|error| error.to_string()));
        };
        // they do not wait for each other
        futures::future::join(beside, shared).await;
    }

    /// Says what did not go.
    fn warn_if_left(&self, down: Result<(), String>) {
        if let Err(error) = down {
            self.line.clear();
            eprintln!(
                "warning: {error}\nhint: `bystander clean {}` removes what is left",
                self.name
            );
        }
    }

    /// Removes what a start that was cut short or failed has left.
    async fn clean(&self) {
        // without an engine there is nothing to remove
        let _ = deploy::clean(Some(&self.name), &self.line).await;
    }

    /// The stack did not come up: the whole of it, with log and hint, stands on stderr.
    fn not_up(&self, error: &str) {
        let first = error.lines().next().unwrap_or_default();
        self.trouble(&format!("the stack did not come up: {first}"), true);
        self.line.clear();
        eprintln!("error: {error}");
    }

    fn cut_short(&self, signal: &str) {
        self.line.clear();
        eprintln!("stopped by {signal}: what has not been judged is inconclusive");
        self.trouble(&format!("the run was stopped by {signal}"), false);
    }

    fn trouble(&self, what: &str, stack_gone: bool) {
        let what = what.to_owned();
        self.ledger.append(&Entry::Trouble(Trouble {
            scenario: None,
            line: 0,
            what,
            stack_gone,
            internal: false,
        }));
    }

    /// Judges the ledger as it stands in its file, so that `bystander report` says the same; `ended` if the run ended by
    /// itself.
    fn judged(&self, ended: Option<()>) -> Result<Judgement, Failure> {
        // a ledger that could not be written to its end is that of a run that was cut off
        let ended = ended.filter(|()| self.ledger.check().is_ok());
        let mut judgement = report::read_and_judge(self.ledger.path(), ended.map(|()| self.ledger.now_ms()))?;
        let finished = Finished {
            verdict: judgement.verdict,
            exit: exit::code(&judgement, false),
            at_ms: self.ledger.now_ms(),
        };
        if ended.is_some() {
            self.ledger.append(&Entry::Finished(finished.clone()));
            judgement.finished = Some(finished);
        }
        Ok(judgement)
    }
}
