//! All processes that a command has started and that have not left its group.

use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::deploy::process::group_is_running;

/// How long they may take to end when they are told to.
const ENDS_WITHIN: Duration = Duration::from_secs(10);
/// How long it may take until killed ones are gone.
const KILLED_WITHIN: Duration = Duration::from_secs(5);
/// How often it is looked.
const LOOKED_EVERY: Duration = Duration::from_millis(20);

/// A child and all that came of it, in a process group of their own.
pub(crate) struct ProcessGroup {
    leader: Mutex<GroupLeader>,
    /// The group's number, which is the child's.
    pub(crate) number: u32,
}

struct GroupLeader {
    child: Child,
    /// How it ended, once it has.
    status: Option<ExitStatus>,
    /// When the child ended nobody else was in the group: its number may be somebody else's by now.
    alone: bool,
}

impl ProcessGroup {
    /// Starts a command as the first of a new group.
    pub(crate) fn spawn(command: &mut Command) -> std::io::Result<Self> {
        use std::os::unix::process::CommandExt as _;
        let child = command.stdin(Stdio::null()).process_group(0).spawn()?;
        let number = child.id();
        let leader = GroupLeader {
            child,
            status: None,
            alone: false,
        };
        Ok(Self {
            leader: Mutex::new(leader),
            number,
        })
    }

    /// How the first process ended; `None` while it goes on.
    pub(crate) fn ended(&self) -> Option<ExitStatus> {
        let mut leader = self.leader.lock().unwrap_or_else(PoisonError::into_inner);
        if leader.status.is_none() {
            // that it cannot be asked means that it is not there any more
            leader.status = leader.child.try_wait().ok().flatten();
            leader.alone = leader.status.is_some() && !group_is_running(self.number);
        }
        leader.status
    }

    /// Waits for the first process, but not for ever.
    pub(crate) fn wait(&self, limit: Duration) -> Option<ExitStatus> {
        let began = Instant::now();
        loop {
            let ended = self.ended();
            if ended.is_some() || began.elapsed() > limit {
                return ended;
            }
            sleep(LOOKED_EVERY);
        }
    }

    /// Tells all of them to end, and kills what has not done so after 10 s. Says whether nothing is left.
    pub(crate) fn stop(&self) -> bool {
        self.end_within(ENDS_WITHIN)
    }

    /// The same for what may take longer until it is killed.
    pub(crate) fn end_within(&self, limit: Duration) -> bool {
        for (signal, limit) in [("TERM", limit), ("KILL", KILLED_WITHIN)] {
            if self.is_over() {
                return true;
            }
            self.signal(signal);
            let began = Instant::now();
            while began.elapsed() < limit {
                if self.is_over() {
                    return true;
                }
                sleep(LOOKED_EVERY);
            }
        }
        false
    }

    fn is_over(&self) -> bool {
        // asked first: a child that has ended and was not waited for would be taken for a running one
        let ended = self.ended().is_some();
        let alone = self.leader.lock().unwrap_or_else(PoisonError::into_inner).alone;
        ended && (alone || !group_is_running(self.number))
    }

    fn signal(&self, name: &str) {
        // Without a shell there was nothing to run either.
        let _ = Command::new("sh")
            .args(["-c", &format!("kill -s {name} -- -{}", self.number)])
            .stderr(Stdio::null())
            .status();
    }
}
