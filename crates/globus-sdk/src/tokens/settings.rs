//! What can be set of storages of several kinds.

/// Writes the setter of the field `namespace`, and after `lock` that of `lock_timeout`, with what it waits for.
macro_rules! settings {
    ($storage:ident) => {
        impl $storage {
            /// The same storage, of which another part is read and written.
            #[must_use]
            pub fn with_namespace(mut self, namespace: impl Into<String>) -> Self {
                self.namespace = namespace.into();
                self
            }
        }
    };
    ($storage:ident, lock $waits:literal) => {
        settings!($storage);
        impl $storage {
            #[doc = concat!(
                "Sets how long [`lock`](crate::tokens::TokenStorage::lock) waits for ", $waits, "; 2 minutes by default."
            )]
            #[must_use]
            pub fn with_lock_timeout(mut self, timeout: std::time::Duration) -> Self {
                self.lock_timeout = timeout;
                self
            }
        }
    };
}

pub(super) use settings;
