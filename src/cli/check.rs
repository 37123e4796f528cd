//! `bystander check`: does the profile say what the stack does?

use super::arguments::CheckArguments;
use super::progress::ProgressLine;
use super::report::style;
use super::run::{LEDGER, RunningStack, guarded, profile};
use super::{Failure, say, say_line};
use crate::cast::People;
use crate::check::{Check, CheckLine, CheckReporter, StepResult, dry_run};
use crate::deploy;
use crate::http::Sender;
use crate::judge::exit;
use crate::ledger::Ledger;
use crate::run::SessionFactory;
use crate::steps::MediaSizes;
use std::sync::Arc;

/// Walks the profile against its stack.
pub(super) async fn check(arguments: &CheckArguments) -> Result<u8, Failure> {
    let profile = Arc::new(profile(arguments.profile.as_deref())?);
    if arguments.dry_run {
        say(&dry_run(&profile));
        return Ok(exit::HELD);
    }
    let internal = |error: &dyn std::fmt::Display| Failure::with(exit::INTERNAL, &error.to_string());
    let name = hex::encode(rand::random::<[u8; 4]>());
    let line = ProgressLine::new(false);
    let options = deploy::DeployOptions {
        mode: arguments.deploy,
        faults: Vec::new(),
        run: name.clone(),
        keep: false,
        bootstrap: true,
        executable: None,
    };
    // what is wrong with it is told before anything is started
    let sender = Sender::for_profile(&profile, arguments.timeout)
        .map_err(|error| Failure::with(exit::USAGE, &error))?;
    let sender = Arc::new(sender);
    let own = arguments.profile.as_ref().map(|_| &*profile);
    let stack = RunningStack::up(own, &options, &line)
        .await
        .map_err(|error| Failure::with(exit::STACK, &error))?;
    line.clear();
    say_line!("{}", stack.introduced(&profile));
    let place = tempfile::tempdir().map_err(|error| internal(&error))?;
    let ledger = Ledger::create(&place.path().join(LEDGER)).map_err(|error| internal(&error))?;
    let stations = SessionFactory::new(Arc::clone(&profile), Arc::clone(&sender), Arc::new(ledger));
    let walked = async {
        let station = stations
            .station(&stack.vars())
            .map_err(|error| Failure::with(exit::USAGE, &error))?;
        for announced in guarded(&station.site).await? {
            say_line!("{announced}");
        }
        stack
            .ready(&station.site, &sender)
            .await
            .map_err(|error| Failure::with(exit::STACK, &error))?;
        let sizes = MediaSizes {
            audio: crate::plant::media::AUDIO_BYTES,
            video: crate::plant::media::VIDEO_BYTES,
        };
        let people = People::new(u64::from(rand::random::<u32>()), &name);
        let page = CheckPrinter {
            color: style(arguments.color, false, false).color,
        };
        Ok(Check::new(station, people, sizes, &page).run().await)
    }
    .await;
    let down = stack.down().await;
    let works = walked?;
    down.map_err(|error| Failure::with(exit::STACK, &error))?;
    say("\n");
    if works {
        say_line!(
            "The profile works. `bystander run{}` tests the stack.",
            named(arguments)
        );
        Ok(exit::HELD)
    } else {
        say_line!("Something does not work as the profile says: a run would be inconclusive there.");
        Ok(exit::INCONCLUSIVE)
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
