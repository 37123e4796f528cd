//! This test as another process: one that can be killed, or that has another environment.

use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, ExitCode, Stdio};

use bystander::deploy::{DeployOptions, Mode, up};

use crate::engine::{Bench, Outcome, Quiet, ensure};

/// Says what such a process is to do.
const TASK: &str = "BYSTANDER_TEST_TASK";

/// Does what this process was started for, if it is such a one.
pub(crate) fn asked_for() -> Option<ExitCode> {
    let task = std::env::var(TASK).ok()?;
    let mut words = task.split(' ');
    let (what, run) = (words.next()?.to_owned(), words.next()?.to_owned());
    let done = stack(&what, &run);
    if let Err(error) = &done {
        println!("error {error}");
    }
    Some(if done.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Brings a stack up, and leaves it as it was asked to.
fn stack(what: &str, run: &str) -> Outcome {
    let bench = Bench::of(run)?;
    let mode = if what == "auto" {
        Mode::Auto
    } else {
        Mode::Containers
    };
    let options = DeployOptions {
        mode,
        keep: what == "keep",
        ..bench.options()
    };
    let stack = bench.runtime.block_on(up(&options, &Quiet))?;
    println!("{}", stack.how_to_reach());
    println!("up {}: {}", stack.kind, stack.why);
    match what {
        // Until the process is killed.
        "wait" => bench.runtime.block_on(std::future::pending()),
        "keep" => drop(stack),
        "mounts" => {
            let mounts: usize = bench
                .containers()?
                .iter()
                .flat_map(|container| container.mounts.iter().flatten())
                // what is kept in memory is of no place on this machine
                .filter(|mount| mount.source.as_deref().is_some_and(|source| !source.is_empty()))
                .count();
            println!("mounts {mounts}");
            bench.runtime.block_on(stack.down())?;
        }
        _ => bench.runtime.block_on(stack.down())?,
    }
    Ok(())
}

/// Such a process.
fn command(task: &[&str]) -> Result<Command, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.env(TASK, task.join(" ")).stdout(Stdio::piped());
    Ok(command)
}

/// Runs one to its end in this environment, and gives what it said.
pub(crate) fn run(task: &[&str], environment: &[(&str, &str)]) -> Result<String, Box<dyn Error>> {
    let output = command(task)?.envs(environment.iter().copied()).output()?;
    Ok(String::from_utf8(output.stdout)?)
}

/// One that has brought a stack up and waits.
pub(crate) struct Child(std::process::Child);

impl Child {
    /// Starts it, and returns when its stack is up.
    pub(crate) fn up(run: &str) -> Result<Self, Box<dyn Error>> {
        let mut child = Self(command(&["wait", run])?.spawn()?);
        let stdout = child.0.stdout.take().ok_or("it has no stdout")?;
        for line in BufReader::new(stdout).lines() {
            let line = line?;
            if line.starts_with("up ") {
                return Ok(child);
            }
            if line.starts_with("error ") {
                return Err(line.into());
            }
        }
        Err("it ended before its stack was up".into())
    }

    /// Kills it, so that it cannot clean up.
    pub(crate) fn kill(mut self) -> Outcome {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Nothing to be done if it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// With no engine, the clinic is embedded, and it is said why. This one needs no engine.
pub(crate) fn without_an_engine() -> Outcome {
    let said = run(
        &["auto", "test-no-engine"],
        &[("DOCKER_HOST", "unix:///nowhere/docker.sock")],
    )?;
    let expected = "up embedded: no Docker engine answers at `unix:///nowhere/docker.sock`";
    ensure(said.contains(expected), || said.clone())
}
