//! Running a program of the system, keeping the end of what it says, and ending it with all its children.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

use super::IMAGE;
use crate::deploy::error::DeployError;
use crate::deploy::tail::Tail;

/// How long one program may take: a slow mirror needs some minutes.
const DONE_WITHIN: Duration = Duration::from_secs(900);

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
    let error = |how: String, output: Tail| DeployError::Tool {
        command: std::iter::once(program)
            .chain(arguments.iter().map(String::as_str))
            .collect::<Vec<_>>()
            .join(" "),
        how,
        output,
        image: IMAGE,
    };
    let mut child = Command::new(program)
        .args(&arguments)
        .env("TMPDIR", scratch)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|source| error(source.to_string(), Tail::default()))?;
    let family = Family(child.id());
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let mut tail = Tail::default();
    let ended = timeout(DONE_WITHIN, async {
        let (sender, mut lines) = tokio::sync::mpsc::channel::<String>(64);
        let listen = async {
            while let Some(line) = lines.recv().await {
                tail.push(&line);
            }
        };
        let (_, (), status) = tokio::join!(
            async { tokio::join!(pass_on(stdout, sender.clone()), pass_on(stderr, sender)) },
            listen,
            child.wait()
        );
        status
    })
    .await;
    match ended {
        Err(_) => Err(error(
            format!("it was not done after {} s", DONE_WITHIN.as_secs()),
            tail,
        )),
        Ok(Err(source)) => Err(error(source.to_string(), tail)),
        Ok(Ok(status)) => {
            family.has_ended();
            if status.success() {
                Ok(())
            } else {
                Err(error(status.to_string(), tail))
            }
        }
    }
}

/// Sends each line on.
async fn pass_on(from: Option<impl AsyncRead + Unpin>, to: tokio::sync::mpsc::Sender<String>) {
    let Some(from) = from else { return };
    let mut lines = BufReader::new(from).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if to.send(line).await.is_err() {
            return;
        }
    }
}

/// A program with all its children, which are asked to end when nobody waits for them any more.
struct Family(Option<u32>);

impl Family {
    /// It ended by itself.
    fn has_ended(mut self) {
        self.0 = None;
    }
}

impl Drop for Family {
    fn drop(&mut self) {
        if let Some(leader) = self.0 {
            let ask = format!("kill -TERM -- -{leader}");
            // Without a shell there was nothing to run either.
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
            _ = run("sh", shell(&script), folder.path()) => {}
            started = exists(&ready) => assert!(started),
        }
        assert!(exists(&ended).await);
    }
}
