//! Running a program of the system, keeping the end of what it says, and ending it with all its children.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::Command;
use tokio::time::timeout;

use super::IMAGE;
use crate::deploy::error::DeployError;
use crate::deploy::process;
use crate::deploy::tail::OutputTail;

/// How long one program may take: a slow mirror needs some minutes.
const DONE_WITHIN: Duration = Duration::from_secs(900);

/// How long it may take to tidy up after itself when it is ended.
const TIDY_WITHIN: Duration = Duration::from_secs(5);

/// Installs `mmdebstrap` with the system's packages.
///
/// # Errors
/// [`DeployError::Tool`].
pub(super) async fn install() -> Result<(), DeployError> {
    let scratch = std::env::temp_dir();
    // An update that fails for one source may still have brought what is needed: the install decides.
    let _ = run("apt-get", vec!["update".to_owned()], &scratch).await;
    let install = ["install", "--yes", "--no-install-recommends", "mmdebstrap"]
        .map(str::to_owned)
        .to_vec();
    run("apt-get", install, &scratch).await
}

/// Runs a program to its end. Dropping the future ends the program and its children.
///
/// # Errors
/// [`DeployError::Tool`] when it cannot be run, fails or takes too long.
pub(super) async fn run(program: &str, arguments: Vec<String>, scratch: &Path) -> Result<(), DeployError> {
    let error = |how: String, output: OutputTail| DeployError::Tool {
        command: std::iter::once(program)
            .chain(arguments.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" "),
        how,
        output,
        image: IMAGE,
    };
    let fails = |source: std::io::Error| error(source.to_string(), OutputTail::default());
    // Not a pipe: when nobody reads any more, it would kill the program in the middle of its own tidying.
    let mut log = tempfile::tempfile().map_err(fails)?;
    let mut child = Command::new(program)
        .args(&arguments)
        .env("TMPDIR", scratch)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(log.try_clone().map_err(fails)?)
        .stderr(log.try_clone().map_err(fails)?)
        .process_group(0)
        .spawn()
        .map_err(fails)?;
    let family = ToolProcessGroup(child.id());
    let ended = timeout(DONE_WITHIN, child.wait()).await;
    let how = match ended {
        Err(_) => format!("it was not done after {} s", DONE_WITHIN.as_secs()),
        Ok(Err(source)) => source.to_string(),
        Ok(Ok(status)) => {
            family.has_ended();
            if status.success() {
                return Ok(());
            }
            status.to_string()
        }
    };
    let mut said = Vec::new();
    // What cannot be read is not shown; how it ended is.
    let _ = log
        .seek(SeekFrom::Start(0))
        .and_then(|_| log.read_to_end(&mut said));
    Err(error(how, OutputTail::of(&String::from_utf8_lossy(&said))))
}

/// A program with all its children, which are asked to end when nobody waits for them any more.
struct ToolProcessGroup(Option<u32>);

impl ToolProcessGroup {
    /// It ended by itself.
    fn has_ended(mut self) {
        self.0 = None;
    }
}

impl Drop for ToolProcessGroup {
    fn drop(&mut self) {
        let Some(leader) = self.0 else { return };
        let signal = |name: &str| {
            let ask = format!("kill -s {name} -- -{leader}");
            // Without a shell there was nothing to run either.
            let _ = std::process::Command::new("sh")
                .args(["-c", &ask])
                .stderr(Stdio::null())
                .status();
        };
        signal("TERM");
        let asked = Instant::now();
        while process::is_running(leader) {
            if asked.elapsed() > TIDY_WITHIN {
                return signal("KILL");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::time::Duration;

    use super::run;

    fn shell(script: &str) -> Vec<String> {
        ["-c", script].map(str::to_owned).to_vec()
    }

    #[tokio::test]
    async fn the_end_of_what_it_said_is_in_the_error() {
        let folder = tempfile::tempdir().unwrap();
        run("sh", shell("echo fine"), folder.path()).await.unwrap();
        let error = run("sh", shell("echo out; echo no space >&2; exit 3"), folder.path())
            .await
            .unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("exit status: 3") && text.contains("| no space") && text.contains("| out"),
            "{text}"
        );
    }

    #[tokio::test]
    async fn its_children_end_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let (ready, ended) = (folder.path().join("ready"), folder.path().join("ended"));
        let child = format!(
            "trap 'echo > {}; exit' TERM; echo > {}; while :; do sleep 0.05; done",
            ended.display(),
            ready.display()
        );
        let script = format!("sh -c \"{child}\" & wait");
        let exists = async |path: &std::path::Path| {
            for _ in 0..200 {
                if path.exists() {
                    return true;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            false
        };
        tokio::select! {
            ended = run("sh", shell(&script), folder.path()) => panic!("it ended by itself: {ended:?}"),
            started = exists(&ready) => assert!(started),
        }
        assert!(exists(&ended).await);
    }
}
