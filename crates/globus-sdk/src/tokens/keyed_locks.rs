//! Locks by name, among the tasks of one process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

/// The locks that somebody holds or waits for.
#[derive(Default)]
pub(super) struct KeyedLocks(Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>);

impl KeyedLocks {
    /// Waits for the lock named by `namespace` and `key`.
    pub(super) async fn acquire(&self, namespace: &str, key: &str) -> OwnedMutexGuard<()> {
        self.of(format!("{namespace}\0{key}")).lock_owned().await
    }

    fn of(&self, name: String) -> Arc<tokio::sync::Mutex<()>> {
        let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(&name).and_then(Weak::upgrade) {
            return lock;
        }
        locks.retain(|_, lock| lock.strong_count() > 0);
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(name, Arc::downgrade(&lock));
        lock
    }
}

impl fmt::Debug for KeyedLocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyedLocks(..)")
    }
}
