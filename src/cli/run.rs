//! `bystander run`: deploy, cast, plant, toggle, probe, judge, report.

mod interrupted;
mod stacks;

use self::interrupted::interrupted;
use self::stacks::{Embedded, Watch};
use super::arguments::RunArguments;
use super::progress::Line;
use super::report::{self, style};
use super::{Failure, say};
use crate::cast::People;
use crate::deploy::{self, Kind, Mode, Stack};
use crate::judge::{Judgement, exit};
use crate::ledger::{Entry, Finished, Ledger, Run, Trouble};
use crate::profile::Profile;
use crate::report::Destination;
use crate::run::{Backdrop, Filter, Raise, Selection, built_in, read, select};
use crate::steps::{Behind, MediaSizes};
use crate::toggle::StackHold;
use crate::wire::Sender;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// The name of the ledger in `--out`.
pub(super) const LEDGER: &str = "ledger.ndjson";

/// Runs the scenarios and says what they showed.
pub(super) async fn run(arguments: &RunArguments) -> Result<u8, Failure> {
    let profile = Arc::new(Profile::clinic().map_err(Failure::usage)?);
    // what can be wrong with the features is told before anything is started
    let selection = selected(arguments, &profile, arguments.deploy != Mode::Embedded)?;
    check_faults(arguments)?;
    let ledger_path = arguments.out.join(LEDGER);
    let ledger = Ledger::create(&ledger_path).map_err(|error| Failure::with(exit::REPORT, &error))?;
    let mut destination =
        Destination::prepare(&arguments.out).map_err(|error| Failure::with(exit::REPORT, &error))?;
    if let Some(file) = &arguments.junit {
        destination = destination
            .and_junit(file)
            .map_err(|error| Failure::with(exit::REPORT, &error))?;
    }
    let running = Running {
        arguments,
        profile,
        ledger: Arc::new(ledger),
        line: Line::new(arguments.quiet),
        name: run_name(),
        seed: arguments.seed.unwrap_or_else(|| u64::from(rand::random::<u32>())),
    };
    let judged = running.through(selection).await;
    running.line.clear();
    let judgement = judged?;
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
    Ok(exit::code(&judgement, failed))
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
fn run_name() -> String {
    hex::encode(rand::random::<[u8; 4]>())
}

/// A run under way.
struct Running<'a> {
    arguments: &'a RunArguments,
    profile: Arc<Profile>,
    ledger: Arc<Ledger>,
    line: Line,
    name: String,
    seed: u64,
}

impl Running<'_> {
    async fn through(&self, selection: Selection) -> Result<Judgement, Failure> {
        self.ledger.append(&Entry::Run(Run {
            run: self.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.seed,
            started: jiff::Timestamp::now().to_string(),
            selected: selection.chosen(),
            filtered_out: selection.filtered_out(),
        }));
        if selection.count() == 0 && selection.not_applicable().is_empty() {
            return self.judged(Some(()));
        }
        let began = Instant::now();
        let options = deploy::Options {
            mode: self.arguments.deploy,
            faults: self.arguments.fault.clone(),
            run: self.name.clone(),
            keep: self.arguments.keep,
            bootstrap: !self.arguments.no_bootstrap,
            executable: None,
        };
        let raised = tokio::select! {
            raised = deploy::up(&options, &self.line) => raised,
            signal = interrupted() => {
                self.cut_short(signal);
                self.clean().await;
                return self.judged(None);
            }
        };
        let stack = match raised {
            Ok(stack) => Arc::new(stack),
            Err(error) => {
                // the whole of it, with log and hint, stands on stderr
                let text = error.to_string();
                let first = text.lines().next().unwrap_or_default();
                self.trouble(&format!("the stack did not come up: {first}"), true);
                self.clean().await;
                self.line.clear();
                eprintln!("error: {error}");
                return self.judged(Some(()));
            }
        };
        self.announce(&stack, began);
        let selection = if stack.kind == Kind::Containers {
            selection
        } else {
            selected(self.arguments, &self.profile, false)?
        };
        let signal = self.act(&stack, selection).await?;
        if let Some(signal) = signal {
            self.cut_short(signal);
        }
        self.take_down(stack).await;
        self.judged(signal.map_or(Some(()), |_| None))
    }

    /// Runs the scenarios; hands back the signal that cut them short, if one did.
    async fn act(&self, stack: &Arc<Stack>, selection: Selection) -> Result<Option<&'static str>, Failure> {
        let sender =
            Sender::new(self.arguments.timeout).map_err(|error| Failure::with(exit::INTERNAL, &error))?;
        let ledger = Arc::clone(&self.ledger);
        let raise = Embedded::new(
            Arc::clone(&self.profile),
            sender,
            ledger,
            &self.name,
            &self.arguments.fault,
        );
        let station = raise
            .station(stack)
            .map_err(|error| Failure::with(exit::INTERNAL, &error))?;
        let behind = Behind {
            people: People::new(self.seed, &self.name),
            sizes: MediaSizes {
                audio: self.arguments.audio_bytes,
                video: self.arguments.video_bytes,
            },
            gone: Arc::new(AtomicBool::new(false)),
        };
        self.line.count(selection.count());
        let backdrop = Backdrop {
            station,
            behind,
            hold: StackHold::default(),
            watch: Arc::new(Watch(Arc::clone(stack))),
            // in this process a stack is up in an instant, so each scenario that changes flags gets its own
            raise: (stack.kind == Kind::Embedded).then(|| Arc::new(raise) as Arc<dyn Raise>),
            progress: Arc::new(self.line.clone()),
        };
        let side_by_side = usize::from(self.arguments.side_by_side);
        tokio::select! {
            () = crate::run::run(backdrop, Arc::new(selection), side_by_side, self.arguments.fail_fast) => Ok(None),
            signal = interrupted() => Ok(Some(signal)),
        }
    }

    fn announce(&self, stack: &Stack, began: Instant) {
        let addresses = &stack.addresses;
        let named = [
            ("api", &addresses.api),
            ("objects", &addresses.objects),
            ("flags", &addresses.flags),
        ];
        self.ledger.append(&Entry::Stack(crate::ledger::Stack {
            kind: stack.kind.to_string(),
            why: stack.why.clone(),
            target: self.profile.target.name.clone(),
            addresses: named
                .into_iter()
                .map(|(name, url)| (name.to_owned(), url.to_string()))
                .collect(),
            ready_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        }));
        if !self.arguments.quiet {
            let place = if stack.kind == Kind::Containers {
                "in containers"
            } else {
                "embedded in this process"
            };
            self.line.above(&format!(
                "The clinic runs {place}: {}. Seed {}.",
                stack.why, self.seed
            ));
            if !self.arguments.fault.is_empty() {
                self.line.above(&format!(
                    "It was started with a fault: {}.",
                    self.arguments.fault.join(", ")
                ));
            }
        }
    }

    async fn take_down(&self, stack: Arc<Stack>) {
        if self.arguments.keep && stack.kind == Kind::Containers {
            self.line
                .above(&format!("\nThe stack is left up:\n{}\n", stack.reach()));
            return;
        }
        if self.arguments.keep {
            self.line
                .above("`--keep` keeps nothing here: the embedded clinic ends with this process.");
        }
        self.line.count(0);
        deploy::Progress::say(&self.line, "taking the stack down");
        let down = match Arc::into_inner(stack) {
            Some(stack) => stack.down().await.map_err(|error| error.to_string()),
            // a cancelled run may still hold it for a moment: what carries the run's label goes all the same
            None => deploy::clean(Some(&self.name), &self.line)
                .await
                .map(drop)
                .map_err(|error| error.to_string()),
        };
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
