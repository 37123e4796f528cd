//! Whose run a container belongs to, and whether that process is still alive.

use std::collections::HashMap;
use std::fs;
use std::process::Command;

use super::label;

/// A process, named so that another one with the same number is not mistaken for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    /// Its number.
    pid: u32,
    /// When it was started, in the system's own words: numbers are used again, moments are not.
    started: String,
    /// The machine (or container) whose numbers these are.
    host: String,
}

/// What can be known about a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ProcessState {
    /// It is running here.
    Alive,
    /// It ran here, and is over.
    Over,
    /// It belongs to another host, so this one cannot tell.
    Elsewhere,
}

impl Process {
    /// This process.
    pub(super) fn this() -> Self {
        let pid = std::process::id();
        Self {
            pid,
            started: started(pid).unwrap_or_default(),
            host: host(),
        }
    }

    /// The labels by which the process is found again.
    pub(super) fn labels(&self) -> [(String, String); 3] {
        [
            (label::PID.to_owned(), self.pid.to_string()),
            (label::STARTED.to_owned(), self.started.clone()),
            (label::HOST.to_owned(), self.host.clone()),
        ]
    }

    /// The process that `labels` name, when they name one.
    pub(super) fn from_labels(labels: &HashMap<String, String>) -> Option<Self> {
        Some(Self {
            pid: labels.get(label::PID)?.parse().ok()?,
            started: labels.get(label::STARTED)?.clone(),
            host: labels.get(label::HOST)?.clone(),
        })
    }

    /// The host it runs on.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// Its number.
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Whether it is still running.
    pub(super) fn life(&self) -> ProcessState {
        if self.host != host() {
            return ProcessState::Elsewhere;
        }
        match started(self.pid) {
            Some(started) if started == self.started => ProcessState::Alive,
            _ => ProcessState::Over,
        }
    }
}

/// When the process with this number was started; `None` when there is none.
///
/// A dead process that nobody has waited for yet (a zombie) counts as none.
fn started(pid: u32) -> Option<String> {
    if let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) {
        // The second field is the name in brackets, and may hold anything; the state is the 3rd, the start the 22nd.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
        let state = fields.next()?;
        return if matches!(state, "Z" | "X") {
            None
        } else {
            fields.nth(18).map(str::to_owned)
        };
    }
    if fs::exists("/proc/self/stat").unwrap_or(false) {
        return None;
    }
    let said = Command::new("ps")
        .args(["-o", "lstart=", "-p", &pid.to_string()])
        .output()
        .ok()?;
    let started = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    (!started.is_empty()).then_some(started)
}

/// Whether there is a process with this number.
pub(super) fn is_running(pid: u32) -> bool {
    started(pid).is_some()
}

/// Whether a process of this group is running. Dead ones that nobody has waited for do not count.
pub(super) fn group_is_running(group: u32) -> bool {
    let Ok(processes) = fs::read_dir("/proc") else {
        // Without /proc only the system can say, which counts the dead ones too.
        return Command::new("sh")
            .args(["-c", &format!("kill -s 0 -- -{group}")])
            .stderr(std::process::Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
    };
    processes.flatten().any(|entry| {
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let Some((_, fields)) = stat.rsplit_once(')') else {
            return false;
        };
        // After the name in brackets: the state, the parent, the group.
        let mut fields = fields.split_whitespace();
        let state = fields.next().unwrap_or("X");
        let its_group = fields.nth(1).and_then(|number| number.parse().ok());
        !matches!(state, "Z" | "X") && its_group == Some(group)
    })
}

/// Tells those children of this process to end that were given exactly this argument: a Compose client goes on bringing up its
/// project when nobody waits for it any more.
pub(super) fn end_children(argument: &str) {
    let this = std::process::id();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let read = |name: &str| fs::read(entry.path().join(name)).unwrap_or_default();
        let stat = String::from_utf8_lossy(&read("stat")).into_owned();
        let parent = stat
            .rsplit_once(')')
            .and_then(|(_, fields)| fields.split_whitespace().nth(1)?.parse().ok());
        if parent != Some(this) {
            continue;
        }
        let given = read("cmdline");
        if given
            .split(|byte| *byte == 0)
            .any(|word| word == argument.as_bytes())
            && let Ok(pid) = entry.file_name().into_string()
        {
            // It may have ended by itself meanwhile.
            let _ = Command::new("sh").args(["-c", &format!("kill {pid}")]).status();
        }
    }
}

/// The name of this machine (or of the container that this process is in).
pub(super) fn host() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname").ok().or_else(|| {
        let said = Command::new("hostname").output().ok()?;
        String::from_utf8(said.stdout).ok()
    });
    name.map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "unknown".to_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::{Process, ProcessState};

    #[test]
    fn this_one_is_alive() {
        let this = Process::this();
        assert_eq!(this.life(), ProcessState::Alive);
        let labels = this.labels().into_iter().collect();
        assert_eq!(Process::from_labels(&labels), Some(this));
    }

    #[test]
    fn a_number_used_again_is_not_the_process() {
        let other = Process {
            started: "1".to_owned(),
            ..Process::this()
        };
        assert_eq!(other.life(), ProcessState::Over);
    }

    #[test]
    fn one_of_another_host_cannot_be_judged() {
        let other = Process {
            host: "another".to_owned(),
            ..Process::this()
        };
        assert_eq!(other.life(), ProcessState::Elsewhere);
    }

    #[test]
    fn one_that_ended_is_over() {
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let process = Process {
            pid: child.id(),
            started: super::started(child.id()).unwrap(),
            host: super::host(),
        };
        assert_eq!(process.life(), ProcessState::Alive);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(process.life(), ProcessState::Over);
    }

    #[test]
    fn labels_that_name_no_process_give_none() {
        assert_eq!(Process::from_labels(&std::collections::HashMap::new()), None);
    }
}
