//! A stack that a command brings up: either the command goes on and is the stack, or it has put it into the background.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::error::ExternalStackError;
use super::filled::{TemplateFiller, joined_words};
use super::output::CommandOutput;
use crate::deploy::group::ProcessGroup;
use crate::profile::{CommandPart, Text, Vars};

/// How long the command that takes a stack down may take.
const DOWN_WITHIN: Duration = Duration::from_secs(60);
/// How often it is looked whether a command has ended.
const LOOKED_EVERY: Duration = Duration::from_millis(50);
const UP: &str = "[deploy.command] up";
const DOWN: &str = "[deploy.command] down";

/// A command with everything that it needs.
struct PreparedCommand {
    place: &'static str,
    words: Vec<String>,
    directory: PathBuf,
    environment: BTreeMap<String, String>,
    /// As the profile has it.
    shown: String,
}

/// A command that was run, and what it has started.
pub(super) struct RunningCommand {
    up: PreparedCommand,
    down: Option<PreparedCommand>,
    /// `None` once it has been taken down.
    group: Option<ProcessGroup>,
    output: Option<CommandOutput>,
    keep: bool,
}

/// Free ports of 127.0.0.1 for the names that the profile gives, as `NAME` and `NAME_port`.
///
/// # Errors
/// When there is none.
pub(super) fn ports(
    part: &CommandPart,
    mut vars: Vars,
    filler: &TemplateFiller<'_>,
) -> Result<Vars, ExternalStackError> {
    let place = "deploy.command.ports";
    // all are held until each has one, so that no two get the same
    let mut held = Vec::new();
    for name in &part.ports {
        let name = filler.text(place, name)?;
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| Ok((listener.local_addr()?.port(), listener)));
        let (port, listener) = free.map_err(|error| ExternalStackError::Part {
            place: place.to_owned(),
            why: format!("there is no free port for `{name}`: {error}"),
        })?;
        held.push(listener);
        name_address(&mut vars, &name, port);
    }
    Ok(vars)
}

/// `NAME` and `NAME_port`.
pub(super) fn name_address(vars: &mut Vars, name: &str, port: u16) {
    vars.set(name, format!("http://127.0.0.1:{port}"));
    vars.set(&format!("{name}_port"), port);
}

/// Runs the command.
///
/// # Errors
/// [`TargetError::NotRun`] when the system cannot.
pub(super) fn start(
    part: &CommandPart,
    filler: &TemplateFiller<'_>,
    keep: bool,
) -> Result<RunningCommand, ExternalStackError> {
    let up = PreparedCommand::new(UP, &part.up, part, filler)?;
    let down = (!part.down.is_empty())
        .then(|| PreparedCommand::new(DOWN, &part.down, part, filler))
        .transpose()?;
    let (group, output) = up.spawn()?;
    Ok(RunningCommand {
        up,
        down,
        group: Some(group),
        output: Some(output),
        keep,
    })
}

impl PreparedCommand {
    fn new(
        place: &'static str,
        words: &[Text],
        part: &CommandPart,
        filler: &TemplateFiller<'_>,
    ) -> Result<Self, ExternalStackError> {
        if words.is_empty() {
            return Err(ExternalStackError::Part {
                place: place.to_owned(),
                why: "it is empty, expected a command with its arguments, such as `[\"./start\"]`".to_owned(),
            });
        }
        let directory = match &part.directory {
            Some(directory) => filler.path("deploy.command.directory", directory)?,
            None => filler.directory(place)?,
        };
        Ok(Self {
            place,
            words: filler.texts(place, words)?,
            directory,
            environment: filler.table("deploy.command.environment", &part.environment)?,
            shown: joined_words(words),
        })
    }

    fn spawn(&self) -> Result<(ProcessGroup, CommandOutput), ExternalStackError> {
        let fails = |error: std::io::Error| ExternalStackError::NotRun {
            place: self.place,
            command: self.shown.clone(),
            directory: self.directory.display().to_string(),
            said: error.to_string(),
        };
        let (program, arguments) = self
            .words
            .split_first()
            .ok_or(std::io::ErrorKind::InvalidInput.into())
            .map_err(fails)?;
        // a name is looked for on the PATH, a path counts from where the command runs
        let program = if program.contains('/') {
            self.directory.join(program)
        } else {
            PathBuf::from(program)
        };
        let output = CommandOutput::new().map_err(fails)?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.directory)
            .envs(&self.environment)
            .stdout(output.stdio().map_err(fails)?)
            .stderr(output.stdio().map_err(fails)?);
        Ok((ProcessGroup::spawn(&mut command).map_err(fails)?, output))
    }

    fn failed(&self, how: String, output: &CommandOutput) -> ExternalStackError {
        ExternalStackError::Failed {
            place: self.place,
            command: self.shown.clone(),
            how,
            output: output.tail(),
        }
    }

    /// Runs it to its end.
    fn through(&self) -> Result<(), ExternalStackError> {
        let (group, output) = self.spawn()?;
        match group.wait(DOWN_WITHIN) {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(self.failed(status.to_string(), &output)),
            None => {
                group.stop();
                Err(self.failed(
                    format!("it was not done after {} s", DOWN_WITHIN.as_secs()),
                    &output,
                ))
            }
        }
    }
}

impl RunningCommand {
    /// The command as the profile has it.
    pub(super) fn command_line(&self) -> &str {
        &self.up.shown
    }

    /// What is wrong, when the command has failed. One that has ended with success has put the stack into the background.
    fn failed(&self) -> Option<ExternalStackError> {
        let status = self.group.as_ref()?.ended()?;
        if status.success() {
            return None;
        }
        Some(self.up.failed(status.to_string(), self.output.as_ref()?))
    }

    /// The same, in words.
    pub(super) fn first_unhealthy_part(&self) -> Option<String> {
        self.failed().map(|error| error.to_string())
    }

    /// Waits for something that the command is to bring about.
    ///
    /// # Errors
    /// [`TargetError::Failed`] as soon as the command has failed, [`TargetError::NotThere`] when it does not come about.
    pub(super) async fn until(
        &self,
        there: impl Future<Output = Result<(), String>>,
    ) -> Result<(), ExternalStackError> {
        let began = Instant::now();
        let fails = async {
            loop {
                if let Some(error) = self.failed() {
                    return error;
                }
                sleep(LOOKED_EVERY).await;
            }
        };
        tokio::select! {
            there = there => there.map_err(|ails| ExternalStackError::NotThere {
                command: self.up.shown.clone(),
                after: began.elapsed(),
                ails,
                output: self.output.as_ref().map(CommandOutput::tail).unwrap_or_default(),
            }),
            error = fails => Err(error),
        }
    }

    /// How somebody ends it by hand.
    pub(super) fn how_to_end(&self) -> String {
        let by_hand = match (&self.down, &self.group) {
            (Some(down), _) => format!("`{}` in `{}`", down.shown, down.directory.display()),
            (None, Some(group)) => format!("`kill -- -{}`", group.number),
            (None, None) => "it has ended".to_owned(),
        };
        let said = self
            .output
            .as_ref()
            .map(|output| format!("\nsays      `{}`", output.path().display()));
        by_hand + &said.unwrap_or_default()
    }

    /// Takes it down, whatever was to be kept.
    ///
    /// # Errors
    /// When the profile's command for it fails, or something does not end.
    pub(super) async fn down(mut self) -> Result<(), ExternalStackError> {
        let ended = tokio::task::spawn_blocking(move || self.stop()).await;
        ended.unwrap_or_else(|error| {
            Err(ExternalStackError::Part {
                place: DOWN.to_owned(),
                why: error.to_string(),
            })
        })
    }

    fn stop(&mut self) -> Result<(), ExternalStackError> {
        let Some(group) = self.group.take() else {
            return Ok(());
        };
        let told = self.down.as_ref().map_or(Ok(()), PreparedCommand::through);
        // also after the profile's own command: what is left would hold the ports of the next run
        if !group.stop() {
            return Err(ExternalStackError::Left {
                command: self.up.shown.clone(),
                group: group.number,
            });
        }
        told
    }
}

impl Drop for RunningCommand {
    /// The last net, for a start that was cut short, a panic or a forgotten `down`.
    fn drop(&mut self) {
        if self.keep
            && self
                .group
                .as_ref()
                .is_some_and(|group| group.ended().is_none_or(|status| status.success()))
        {
            // it goes on writing there
            self.output.take().map(CommandOutput::keep_file);
            return;
        }
        if let Err(error) = self.stop() {
            tracing::warn!("{error}");
        }
    }
}
