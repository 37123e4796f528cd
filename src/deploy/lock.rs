//! A lock between processes of this host.

use std::fs::{File, OpenOptions, TryLockError};
use std::time::Duration;

use super::error::DeployError;

/// How often a lock that is held is tried again.
const TRIED_EVERY: Duration = Duration::from_millis(200);

/// Held until dropped, or until the process ends in whatever way.
#[derive(Debug)]
pub(super) struct HostLock {
    /// The system's lock is the open file's.
    _file: File,
}

impl HostLock {
    /// Takes the lock `name`. `waits` is called once if somebody else holds it.
    ///
    /// # Errors
    /// [`DeployError::File`] when there can be no lock file in the temporary folder.
    pub(super) async fn acquire(name: &str, waits: impl FnOnce()) -> Result<Self, DeployError> {
        let path = std::env::temp_dir().join(format!("{name}.lock"));
        let fails = |source| DeployError::File {
            path: path.clone(),
            source,
        };
        // Another user's file can be locked as well, but not written.
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .or_else(|_| File::open(&path))
            .map_err(fails)?;
        let mut waits = Some(waits);
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::WouldBlock) => {
                    if let Some(waits) = waits.take() {
                        waits();
                    }
                    tokio::time::sleep(TRIED_EVERY).await;
                }
                Err(TryLockError::Error(source)) => return Err(fails(source)),
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use super::HostLock;

    #[tokio::test]
    async fn the_second_waits_until_the_first_is_done() {
        let name = format!("bystander-test-{}", uuid::Uuid::new_v4());
        let first = HostLock::acquire(&name, || {}).await.unwrap();
        let waited = Cell::new(false);
        let second = HostLock::acquire(&name, || waited.set(true));
        tokio::pin!(second);
        assert!(
            tokio::time::timeout(Duration::from_millis(50), &mut second)
                .await
                .is_err()
        );
        assert!(waited.get());
        drop(first);
        second.await.unwrap();
        std::fs::remove_file(std::env::temp_dir().join(format!("{name}.lock"))).unwrap();
    }
}
