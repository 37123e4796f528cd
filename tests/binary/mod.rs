//! The built binary: started with a clean environment, waited for with a deadline, and what it leaves behind.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use bystander::ledger::{Entry, read_file};
use serde_json::Value as Json;
use tempfile::TempDir;

/// What can go wrong with a test, in words.
pub(crate) type Trouble = Box<dyn std::error::Error>;

/// No run of ours may take longer: what hangs is a failure, not a wait.
const LONGEST: Duration = Duration::from_secs(480);

/// The binary with its arguments, in a directory of its own.
pub(crate) struct Started {
    /// The process; killed if nobody waits for it.
    child: Child,
    /// Its directory, with what it says and leaves in it.
    place: TempDir,
}

/// How it ended.
pub(crate) struct Ended {
    /// The exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    /// What it said.
    pub(crate) stdout: String,
    /// What it said beside.
    pub(crate) stderr: String,
    place: TempDir,
}

/// Starts the binary. What it leaves behind goes with the result.
pub(crate) fn start<S: AsRef<OsStr>>(
    arguments: &[S],
    environment: &[(&str, &str)],
) -> Result<Started, Trouble> {
    let place = tempfile::tempdir()?;
    start_in(place, arguments, environment)
}

/// The same in a directory that has something in it already.
pub(crate) fn start_in<S: AsRef<OsStr>>(
    place: TempDir,
    arguments: &[S],
    environment: &[(&str, &str)],
) -> Result<Started, Trouble> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bystander"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("BYSTANDER_") || name.starts_with("CLINIC_") || name == "NO_COLOR" {
            command.env_remove(name);
        }
    }
    let child = command
        .args(arguments)
        .envs(environment.iter().copied())
        .current_dir(place.path())
        .stdin(Stdio::null())
        .stdout(File::create(place.path().join("stdout"))?)
        .stderr(File::create(place.path().join("stderr"))?)
        .spawn()?;
    Ok(Started { child, place })
}

/// Runs the binary to its end.
pub(crate) fn run<S: AsRef<OsStr>>(arguments: &[S], environment: &[(&str, &str)]) -> Result<Ended, Trouble> {
    start(arguments, environment)?.wait()
}

impl Started {
    /// Waits until it has ended.
    pub(crate) fn wait(mut self) -> Result<Ended, Trouble> {
        let status = within(LONGEST, "the binary to end", || {
            self.child.try_wait().ok().flatten()
        })?;
        let place = std::mem::replace(&mut self.place, tempfile::tempdir()?);
        Ended::of(status, place)
    }

    /// The directory that it runs in.
    pub(crate) fn place(&self) -> &Path {
        self.place.path()
    }

    /// The run's name, as soon as its ledger has it.
    pub(crate) fn name(&self) -> Result<String, Trouble> {
        let ledger = self.place.path().join("bystander-out/ledger.ndjson");
        within(LONGEST, "the ledger to begin", || {
            match read_file(&ledger).ok()?.next()?.ok()? {
                Entry::Run(run) => Some(run.run),
                _ => None,
            }
        })
    }

    /// Waits until its ledger has this many exchanges, so that it is in the middle of its work.
    pub(crate) fn until_exchanges(&mut self, wanted: usize) -> Result<(), Trouble> {
        let ledger = self.place.path().join("bystander-out/ledger.ndjson");
        within(LONGEST, "exchanges in the ledger", || {
            let text = fs::read_to_string(&ledger).unwrap_or_default();
            (text.matches(r#""entry":"exchange""#).count() >= wanted).then_some(())
        })?;
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => Err(format!("it had ended before it could be disturbed: {status}").into()),
        }
    }

    /// Sends it a signal by name.
    pub(crate) fn signal(&self, name: &str) -> Result<(), Trouble> {
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()?;
        ensure(sent.success(), || format!("SIG{name} could not be sent"))
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // Nothing to be done if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    fn of(status: ExitStatus, place: TempDir) -> Result<Self, Trouble> {
        Ok(Self {
            code: status.code(),
            stdout: fs::read_to_string(place.path().join("stdout"))?,
            stderr: fs::read_to_string(place.path().join("stderr"))?,
            place,
        })
    }

    /// A file that it left where it leaves them by default.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.place.path().join("bystander-out").join(name)
    }

    /// The directory that it ran in.
    pub(crate) fn place(&self) -> &Path {
        self.place.path()
    }

    /// `summary.json`.
    pub(crate) fn summary(&self) -> Result<Json, Trouble> {
        let text = fs::read_to_string(self.file("summary.json")).map_err(|error| {
            format!(
                "no summary: {error}\n--- stdout\n{}\n--- stderr\n{}",
                self.stdout, self.stderr
            )
        })?;
        Ok(serde_json::from_str(&text)?)
    }

    /// The ledger, line by line.
    pub(crate) fn ledger(&self) -> Result<Vec<Entry>, Trouble> {
        Ok(read_file(&self.file("ledger.ndjson"))?.collect::<Result<_, _>>()?)
    }

    /// The run's name, which containers carry as a label.
    pub(crate) fn name(&self) -> Result<String, Trouble> {
        let named = self.ledger()?.into_iter().find_map(|entry| match entry {
            Entry::Run(run) => Some(run.run),
            _ => None,
        });
        named.ok_or_else(|| "the ledger names no run".into())
    }

    /// Fails unless it ended with this code.
    pub(crate) fn expect_code(&self, wanted: i32) -> Result<(), Trouble> {
        ensure(self.code == Some(wanted), || {
            format!(
                "ended with {:?}, expected {wanted}\n--- stdout\n{}\n--- stderr\n{}",
                self.code, self.stdout, self.stderr
            )
        })
    }
}

/// Asks again and again until there is an answer, or too much time has gone by.
pub(crate) fn within<T>(
    time: Duration,
    what: &str,
    mut ask: impl FnMut() -> Option<T>,
) -> Result<T, Trouble> {
    let deadline = Instant::now() + time;
    loop {
        if let Some(answer) = ask() {
            return Ok(answer);
        }
        if Instant::now() > deadline {
            return Err(format!("waited {} s in vain for {what}", time.as_secs()).into());
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// An error with this text unless `holds`.
pub(crate) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), Trouble> {
    if holds { Ok(()) } else { Err(otherwise().into()) }
}
