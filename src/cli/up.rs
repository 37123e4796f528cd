//! `bystander up`: brings a stack up as a run would, says where it is, and takes it down when it is told to.

use super::arguments::UpArguments;
use super::interrupted::interrupted;
use super::progress::ProgressLine;
use super::run::{RunningStack, guarded, profile, run_name};
use super::{Failure, say_line};
use crate::deploy::{self, Mode};
use crate::http::Sender;
use crate::judge::exit;
use crate::ledger::Ledger;
use crate::profile::Profile;
use crate::run::SessionFactory;
use std::sync::Arc;
use std::time::Duration;

/// How often it is looked whether the stack is still there.
const LOOKED_EVERY: Duration = Duration::from_secs(1);

/// Brings the stack up, and waits.
pub(super) async fn up(arguments: &UpArguments) -> Result<u8, Failure> {
    let profile = Arc::new(profile(arguments.profile.as_deref())?);
    // what is wrong with the profile is told before anything is started
    let sender = Sender::for_profile(&profile, arguments.timeout)
        .map_err(|error| Failure::with(exit::USAGE, &error))?;
    let options = deploy::DeployOptions {
        mode: arguments.deploy,
        faults: arguments.fault.clone(),
        run: run_name(),
        keep: arguments.keep,
        bootstrap: !arguments.no_bootstrap,
        executable: None,
    };
    if arguments.keep && arguments.profile.is_none() && arguments.deploy == Mode::Embedded {
        let error = "`--keep` keeps nothing of an embedded clinic, which ends with this process";
        return Err(Failure::with(exit::USAGE, &error));
    }
    let own = arguments.profile.as_ref().map(|_| &*profile);
    let line = ProgressLine::new(false);
    let raised = tokio::select! {
        raised = RunningStack::up(own, &options, &line) => raised,
        signal = interrupted() => {
            clean(&options.run, &line).await;
            line.clear();
            return Err(Failure::with(exit::STACK, &format!("stopped by {signal} before the stack was up")));
        }
    };
    let stack = match raised {
        Ok(stack) => stack,
        Err(error) => {
            clean(&options.run, &line).await;
            line.clear();
            return Err(Failure::with(exit::STACK, &error));
        }
    };
    let ended = tokio::select! {
        ended = watch(&stack, &profile, sender, arguments, &line) => ended,
        signal = interrupted() => Ok(Some(signal)),
    };
    if arguments.keep && !stack.is_embedded() && matches!(ended, Ok(None)) {
        return Ok(exit::HELD);
    }
    deploy::Progress::say(&line, "taking the stack down");
    let down = stack.down().await;
    line.clear();
    if let Some(signal) = ended? {
        say_line!("taken down after {signal}");
    }
    down.map(|()| exit::HELD)
        .map_err(|error| Failure::with(exit::STACK, &error))
}

/// Waits until the stack is ready, says where it is, and comes back when it is gone; with `--keep`, at once.
async fn watch(
    stack: &RunningStack,
    profile: &Arc<Profile>,
    sender: Sender,
    arguments: &UpArguments,
    line: &ProgressLine,
) -> Result<Option<&'static str>, Failure> {
    let gone = |why: &dyn std::fmt::Display| Failure::with(exit::STACK, &why.to_string());
    let place = tempfile::tempdir().map_err(|error| Failure::with(exit::INTERNAL, &error))?;
    let ledger = Ledger::create(&place.path().join(super::run::LEDGER))
        .map_err(|error| Failure::with(exit::INTERNAL, &error))?;
    let sender = Arc::new(sender);
    let station = SessionFactory::new(Arc::clone(profile), Arc::clone(&sender), Arc::new(ledger))
        .station(&stack.vars())
        .map_err(|error| Failure::with(exit::USAGE, &error))?;
    let announced = guarded(&station.site).await?;
    deploy::Progress::say(line, "waiting until the stack is ready");
    stack
        .ready(&station.site, &sender)
        .await
        .map_err(|why| gone(&why))?;
    line.clear();
    say_line!("{}", stack.introduced(profile));
    for announced in announced {
        say_line!("{announced}");
    }
    say_line!("\n{}", stack.how_to_reach());
    if arguments.keep && !stack.is_embedded() {
        return Ok(None);
    }
    say_line!("\nCtrl-C takes it down.");
    loop {
        tokio::time::sleep(LOOKED_EVERY).await;
        if let Some(ails) = stack.first_unhealthy_part().await {
            return Err(gone(&format!("the stack has gone away: {ails}")));
        }
    }
}

/// Removes what a start that was cut short or failed has left.
async fn clean(run: &str, line: &ProgressLine) {
    // without an engine there is nothing to remove
    let _ = deploy::clean(Some(run), line).await;
}
