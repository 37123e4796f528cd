//! A step that is a command: run in the profile's directory, and never longer than it may.

use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::process::Command;

/// As much of what a command says is read.
const MOST_OUTPUT: u64 = 16 << 20;
/// As much of its error output is told.
const TOLD: usize = 600;

/// How a command ended.
pub(super) struct CommandResult {
    /// Its exit code; 128 and the signal's number when a signal ended it.
    pub(super) code: u16,
    /// Its standard output.
    pub(super) output: Vec<u8>,
    /// The end of its error output.
    pub(super) said: String,
}

/// Runs a command to its end; with its children it is killed when that takes too long, or when nobody waits any more.
///
/// # Errors
/// With the reason why there is no exit code.
pub(super) async fn run(
    directory: &Path,
    words: &[String],
    within: Duration,
) -> Result<CommandResult, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    // a pipe would stay open for as long as a server that the command leaves behind; a file does not
    let file = || tempfile::tempfile().map_err(|error| format!("there is no room for its output: {error}"));
    let (mut output, mut said) = (file()?, file()?);
    let handle = |file: &std::fs::File| file.try_clone().map_err(|error| error.to_string());
    let mut command = Command::new(found(directory, program)?);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(handle(&output)?)
        .stderr(handle(&said)?)
        .process_group(0);
    if !directory.as_os_str().is_empty() {
        command.current_dir(directory);
    }
    let mut child = command
        .spawn()
        .map_err(|error| format!("it cannot be started: {error}"))?;
    let family = CommandProcesses(child.id());
    let status = match tokio::time::timeout(within, child.wait()).await {
        Ok(status) => status.map_err(|error| error.to_string())?,
        Err(_) => {
            drop(family);
            // now it has ended: nothing is left that nobody has waited for
            let _ = child.wait().await;
            return Err(format!(
                "it was not done within {within:?}, and was killed{}",
                tail(&mut said)
            ));
        }
    };
    family.has_ended();
    Ok(CommandResult {
        code: code(status),
        output: contents(&mut output),
        said: tail(&mut said),
    })
}

/// `./start` counts from the profile's directory, `docker` from the path.
fn found(directory: &Path, program: &str) -> Result<std::path::PathBuf, String> {
    if program.contains('/') {
        std::path::absolute(directory.join(program)).map_err(|error| error.to_string())
    } else {
        Ok(program.into())
    }
}

fn code(status: ExitStatus) -> u16 {
    use std::os::unix::process::ExitStatusExt as _;
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(255);
    u16::try_from(code).unwrap_or(255)
}

fn contents(file: &mut std::fs::File) -> Vec<u8> {
    let mut bytes = Vec::new();
    // what cannot be read back is taken for nothing: an expectation about it fails
    let _ = file
        .seek(SeekFrom::Start(0))
        .and_then(|_| file.take(MOST_OUTPUT).read_to_end(&mut bytes));
    bytes
}

/// The end of what it said, as a clause; nothing when it said nothing.
fn tail(file: &mut std::fs::File) -> String {
    let bytes = contents(file);
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let from = text
        .char_indices()
        .rev()
        .take(TOLD)
        .last()
        .map_or(0, |(index, _)| index);
    let cut = if from > 0 { "…" } else { "" };
    format!("; it said: {cut}{}", &text[from..])
}

/// A command with its children, which end when nobody waits for them any more.
struct CommandProcesses(Option<u32>);

impl CommandProcesses {
    /// It ended by itself: what it left behind is meant to stay.
    fn has_ended(mut self) {
        self.0 = None;
    }
}

impl Drop for CommandProcesses {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            let ask = format!("kill -s KILL -- -{leader}");
            // without a shell there is no other way to reach its children
            let _ = std::process::Command::new("sh")
                .args(["-c", &ask])
                .stderr(Stdio::null())
                .status();
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use std::time::Instant;

    fn shell(script: &str) -> Vec<String> {
        ["sh", "-c", script].map(str::to_owned).to_vec()
    }

    const LONG: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn it_runs_where_the_profile_is_and_its_end_is_told() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("x.txt"), "here").unwrap();
        let ended = run(
            folder.path(),
            &shell("cat x.txt; echo no space >&2; exit 3"),
            LONG,
        )
        .await
        .unwrap();
        assert_eq!((ended.code, ended.output.as_slice()), (3, b"here".as_slice()));
        assert_eq!(ended.said, "; it said: no space");
        let killed = run(folder.path(), &shell("kill -9 $$"), LONG).await.unwrap();
        assert_eq!(killed.code, 137);
    }

    #[tokio::test]
    async fn a_script_beside_the_profile_is_found() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("restart");
        std::fs::write(&script, "#!/bin/sh\necho \"$1\"\n").unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        let words = ["./restart".to_owned(), "insecure".to_owned()];
        let ended = run(folder.path(), &words, LONG).await.unwrap();
        assert_eq!(
            (ended.code, ended.output.as_slice()),
            (0, b"insecure\n".as_slice())
        );
        let error = run(folder.path(), &["./none".to_owned()], LONG)
            .await
            .err()
            .unwrap();
        assert!(error.contains("cannot be started"), "{error}");
    }

    #[tokio::test]
    async fn what_takes_too_long_is_killed_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let ended = folder.path().join("ended");
        let script = format!("(sleep 1; echo > {}) & echo busy >&2; wait", ended.display());
        let began = Instant::now();
        let error = run(folder.path(), &shell(&script), Duration::from_millis(200))
            .await
            .err()
            .unwrap();
        assert!(error.contains("200ms") && error.contains("busy"), "{error}");
        assert!(began.elapsed() < Duration::from_millis(900));
        tokio::time::sleep(Duration::from_millis(1200)).await;
        assert!(!ended.exists(), "its child went on");
    }

    #[tokio::test]
    async fn what_it_leaves_running_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let began = Instant::now();
        let ended = run(folder.path(), &shell("sleep 5 & echo up"), LONG)
            .await
            .unwrap();
        assert_eq!(ended.output, b"up\n");
        assert!(began.elapsed() < Duration::from_secs(4));
    }
}
