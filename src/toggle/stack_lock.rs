//! The hold on a stack: shared by scenarios that leave its flags alone, exclusive for one that changes them, one of
//! several where there are some, or a stack of one's own where that costs little.

use std::any::Any;
use std::sync::Arc;
use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

/// The lock of one stack.
#[derive(Debug, Clone, Default)]
pub struct StackLock(Arc<RwLock<()>>);

/// What a scenario holds until it ends.
#[derive(Debug)]
pub enum StackGuard {
    /// Beside others.
    Shared(OwnedRwLockReadGuard<()>),
    /// Alone.
    Exclusive(OwnedRwLockWriteGuard<()>),
    /// One of several like it, alone; when this goes, somebody else gets it.
    Lent(Box<dyn Any + Send>),
    /// A stack of one's own, which goes when this does.
    Own(Box<dyn Any + Send>),
}

impl StackLock {
    /// Waits until a scenario may begin.
    pub async fn acquire(&self, exclusive: bool) -> StackGuard {
        if exclusive {
            StackGuard::Exclusive(Arc::clone(&self.0).write_owned().await)
        } else {
            StackGuard::Shared(Arc::clone(&self.0).read_owned().await)
        }
    }

    /// The stack alone, if nobody is at it.
    #[must_use]
    pub fn take_idle(&self) -> Option<StackGuard> {
        Arc::clone(&self.0)
            .try_write_owned()
            .ok()
            .map(StackGuard::Exclusive)
    }
}

impl StackGuard {
    /// Whether the stack's flags may be changed under it.
    #[must_use]
    pub fn is_exclusive(&self) -> bool {
        !matches!(self, Self::Shared(_))
    }

    /// Whether the stack is gone with the scenario, so that nothing in it needs to be put back.
    #[must_use]
    pub fn is_own(&self) -> bool {
        matches!(self, Self::Own(_))
    }
}
