//! `bystander check`: does the profile say what the stack does?

use super::arguments::CheckArguments;
use super::interrupted::interrupted;
use super::progress::ProgressLine;
use super::report::style;
use super::run::{LEDGER, RunningStack, guarded, profile, run_name};
use super::undo_files::{self, UndoFileOptions};
use super::{Failure, say, say_line};
use crate::cast::People;
use crate::check::{Check, CheckLine, CheckReporter, StepResult, dry_run};
use crate::deploy;
use crate::http::Sender;
use crate::judge::exit;
use crate::ledger::{CheckRun, Entry, Finished, Ledger, Trouble};
use crate::profile::Profile;
use crate::run::SessionFactory;
use crate::steps::MediaSizes;
use crate::undo::{UndoFile, UndoLog};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Instant;

/// Walks the profile against its stack.
pub(super) async fn check(arguments: &CheckArguments) -> Result<u8, Failure> {
    let profile = Arc::new(profile(arguments.profile.as_deref())?);
    if arguments.dry_run {
        say(&dry_run(&profile));
        return Ok(exit::HELD);
    }
    // what is wrong with it is told before anything is started
    let sender = Sender::for_profile(&profile, arguments.timeout)
        .map_err(|error| Failure::with(exit::USAGE, &error))?;
    let ledger_path = arguments.out.join(LEDGER);
    undo_files::set_aside(&arguments.out)?;
    let ledger = Ledger::create(&ledger_path).map_err(|error| Failure::with(exit::REPORT, &error))?;
    let checking = Checking {
        arguments,
        profile,
        sender: Arc::new(sender),
        ledger: Arc::new(ledger),
        ledger_path,
        undo: OnceLock::new(),
        line: ProgressLine::new(false),
        name: run_name(),
        seed: u64::from(rand::random::<u32>()),
    };
    let outcome = checking.through().await;
    checking.line.clear();
    checking.end(outcome)
}

/// How a check ended.
#[derive(Clone, Copy)]
enum StepOutcome {
    /// Everything is as the profile says.
    Works,
    /// Something is not.
    Fails,
    /// A signal stopped it.
    Stopped,
}

impl StepOutcome {
    fn exit(self) -> u8 {
        match self {
            Self::Works => exit::HELD,
            Self::Fails | Self::Stopped => exit::INCONCLUSIVE,
        }
    }
}

/// A check under way.
struct Checking<'a> {
    arguments: &'a CheckArguments,
    profile: Arc<Profile>,
    sender: Arc<Sender>,
    ledger: Arc<Ledger>,
    ledger_path: PathBuf,
    /// StepPlace it is noted what is done to a stack that stays.
    undo: OnceLock<Arc<UndoFile>>,
    line: ProgressLine,
    name: String,
    seed: u64,
}

impl Checking<'_> {
    /// Brings the stack up, walks the profile, and takes the stack down.
    async fn through(&self) -> Result<StepOutcome, Failure> {
        self.ledger.append(&Entry::Check(CheckRun {
            run: self.name.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: self.seed,
            started: jiff::Timestamp::now().to_string(),
        }));
        let options = deploy::DeployOptions {
            mode: self.arguments.deploy,
            faults: Vec::new(),
            run: self.name.clone(),
            keep: false,
            bootstrap: true,
            executable: None,
        };
        let own = self.arguments.profile.as_ref().map(|_| &*self.profile);
        let began = Instant::now();
        let raised = tokio::select! {
            raised = RunningStack::up(own, &options, &self.line) => raised,
            signal = interrupted() => {
                self.stopped_by(signal);
                self.clean().await;
                return Ok(StepOutcome::Stopped);
            }
        };
        let stack = match raised {
            Ok(stack) => stack,
            Err(error) => {
                self.clean().await;
                return Err(Failure::with(exit::STACK, &error));
            }
        };
        self.line.clear();
        say_line!("{}", stack.introduced(&self.profile));
        self.ledger.append(&stack.entry(&self.profile, began));
        let walked = self.check_stack(&stack).await;
        let down = stack.down().await;
        let outcome = walked?;
        down.map_err(|error| Failure::with(exit::STACK, &error))?;
        Ok(outcome)
    }

    /// Removes what a start that was cut short or failed has left.
    async fn clean(&self) {
        // without an engine there is nothing to remove
        let _ = deploy::clean(Some(&self.name), &self.line).await;
    }

    /// Walks the profile against the stack as soon as that is ready.
    async fn check_stack(&self, stack: &RunningStack) -> Result<StepOutcome, Failure> {
        let options = UndoFileOptions {
            directory: &self.arguments.out,
            run: &self.name,
            seed: self.seed,
            profile_file: self.arguments.profile.as_deref(),
            profile: &self.profile,
        };
        let undo = undo_files::begin(&options, stack)?.map(|file| Arc::clone(self.undo.get_or_init(|| file)));
        let noting = undo.clone().map_or_else(UndoLog::nowhere, UndoLog::into_file);
        let ledger = Arc::clone(&self.ledger);
        let station = SessionFactory::new(Arc::clone(&self.profile), Arc::clone(&self.sender), ledger)
            .with_undo(noting)
            .station(&stack.vars())
            .map_err(|error| Failure::with(exit::USAGE, &error))?;
        for announced in guarded(&station.site).await? {
            say_line!("{announced}");
        }
        let ready = tokio::select! {
            ready = stack.ready(&station.site, &self.sender) => ready,
            signal = interrupted() => {
                self.stopped_by(signal);
                return Ok(StepOutcome::Stopped);
            }
        };
        ready.map_err(|error| Failure::with(exit::STACK, &error))?;
        let sizes = MediaSizes {
            audio: crate::plant::media::AUDIO_BYTES,
            video: crate::plant::media::VIDEO_BYTES,
        };
        let people = People::new(self.seed, &self.name);
        let page = CheckPrinter {
            color: style(self.arguments.color, false, false).color,
        };
        let check = Check::new(station, people, sizes, &page);
        Ok(self.until_a_signal(check, undo).await)
    }

    /// Walks to the end, or until a signal. A stack that stays is put back then as well; a second signal leaves that to
    /// `bystander clean`.
    async fn until_a_signal(&self, check: Check<'_>, undo: Option<Arc<UndoFile>>) -> StepOutcome {
        let stays = undo.is_some();
        let stop = Arc::new(AtomicBool::new(false));
        let walking = check.run(Arc::clone(&stop), undo);
        tokio::pin!(walking);
        let signal = tokio::select! {
            works = &mut walking => return if works { StepOutcome::Works } else { StepOutcome::Fails },
            signal = interrupted() => signal,
        };
        self.stopped_by(signal);
        if stays {
            eprintln!("putting the stack back; a second signal ends that too");
            stop.store(true, Ordering::Relaxed);
            tokio::select! {
                _ = &mut walking => {}
                signal = interrupted() => eprintln!("stopped by {signal} before everything was put back"),
            }
        }
        StepOutcome::Stopped
    }

    fn stopped_by(&self, signal: &str) {
        self.line.clear();
        eprintln!("stopped by {signal}: what was not checked is not known to work");
        self.ledger.append(&Entry::Trouble(Trouble {
            scenario: None,
            line: 0,
            what: format!("the check was stopped by {signal}"),
            stack_gone: false,
            internal: false,
        }));
    }

    /// Closes the files, and says what was found and what could not be put back.
    fn end(&self, outcome: Result<StepOutcome, Failure>) -> Result<u8, Failure> {
        let undo = self.undo.get();
        let unwritten = undo.is_some_and(|file| file.check().is_err());
        let left = undo.and_then(|file| undo_files::remaining_undo(file, &self.ledger_path));
        let code = match &outcome {
            Err(failure) => failure.code,
            Ok(_) if unwritten => exit::REPORT,
            Ok(_) if left.is_some() => exit::INCONCLUSIVE,
            Ok(outcome) => outcome.exit(),
        };
        if !matches!(outcome, Ok(StepOutcome::Stopped)) {
            self.ledger.append(&Entry::Finished(Finished {
                verdict: None,
                exit: code,
                at_ms: self.ledger.now_ms(),
            }));
        }
        match &outcome {
            Ok(StepOutcome::Works) => say_line!(
                "\nThe profile works. `bystander run{}` tests the stack.",
                named(self.arguments)
            ),
            Ok(StepOutcome::Fails) => {
                say_line!("\nSomething does not work as the profile says: a run would be inconclusive there.")
            }
            Ok(StepOutcome::Stopped) | Err(_) => {}
        }
        undo_files::say(&left);
        outcome?;
        self.ledger
            .check()
            .map_err(|error| Failure::with(exit::REPORT, &error))?;
        Ok(code)
    }
}

fn named(arguments: &CheckArguments) -> String {
    arguments
        .profile
        .as_ref()
        .map(|file| format!(" --profile {}", file.display()))
        .unwrap_or_default()
}

/// Writes line by line to stdout.
struct CheckPrinter {
    color: bool,
}

impl CheckReporter for CheckPrinter {
    fn title(&self, title: &str) {
        say_line!("\n{title}");
    }

    fn report(&self, told: &CheckLine) {
        let word = told.mark.word();
        let word = match (self.color, told.mark) {
            (false, _) => word.to_owned(),
            (true, StepResult::Works) => format!("\u{1b}[1;32m{word}\u{1b}[0m"),
            (true, StepResult::Lacks) => format!("\u{1b}[1;33m{word}\u{1b}[0m"),
            (true, StepResult::Fails) => format!("\u{1b}[1;31m{word}\u{1b}[0m"),
        };
        say_line!("  {word}  {}", told.what);
        if !told.detail.is_empty() {
            for line in told.detail.lines() {
                say_line!("           {line}");
            }
        }
    }
}
