//! A bounded cache that works on each key once at a time, whoever asks.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::authorizers::SingleFlight;
use crate::error::Result;
use crate::transport::Clock;

/// The hash of what is looked up: tokens themselves are no keys.
pub(super) type Key = [u8; 32];

/// The key of a token, for one purpose.
pub(super) fn key(token: &SecretString, purpose: &str) -> Key {
    let mut hash = Sha256::new();
    hash.update(token.expose_secret().as_bytes());
    hash.update([0]);
    hash.update(purpose.as_bytes());
    hash.finalize().into()
}

/// What was found, and until when it may be used.
#[derive(Clone)]
pub(super) struct Held<V> {
    pub(super) value: V,
    pub(super) until: SystemTime,
    /// Whether it goes first where there is no room: what anybody could fill the cache with.
    pub(super) cheap: bool,
}

struct Slot<V: Clone> {
    held: Mutex<Option<Held<V>>>,
    flights: Arc<SingleFlight<V>>,
}

struct Entry<V: Clone> {
    slot: Arc<Slot<V>>,
    /// The cache's count when it was last asked for.
    used: u64,
}

struct Slots<V: Clone> {
    by_key: HashMap<Key, Entry<V>>,
    count: u64,
}

pub(super) struct Cache<V: Clone> {
    pub(super) capacity: usize,
    clock: Arc<dyn Clock>,
    slots: Mutex<Slots<V>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<V: Clone + Send + Sync + 'static> Cache<V> {
    pub(super) fn new(capacity: usize, clock: Arc<dyn Clock>) -> Self {
        let by_key = HashMap::new();
        Self {
            capacity,
            clock,
            slots: Mutex::new(Slots { by_key, count: 0 }),
        }
    }

    pub(super) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// What is held for the key, or what `fetch` brings; it is given what was held before. One of all callers fetches.
    /// Failures are not kept.
    pub(super) async fn get(
        &self,
        key: Key,
        fetch: impl Fn(Option<V>) -> BoxFuture<'static, Result<Held<V>>>,
    ) -> Result<V> {
        let slot = self.slot(key);
        let ready = || slot.fresh(self.now());
        if let Some(value) = ready() {
            return Ok(value);
        }
        let start = || -> BoxFuture<'static, Result<V>> {
            let before = locked(&slot.held).as_ref().map(|held| held.value.clone());
            let (work, slot) = (fetch(before), slot.clone());
            Box::pin(async move {
                let held = work.await?;
                let value = held.value.clone();
                *locked(&slot.held) = Some(held);
                Ok(value)
            })
        };
        slot.flights.run(ready, start).await
    }

    /// Has the value fetched anew when it is asked for next, if it is a `bad` one.
    pub(super) fn expire(&self, key: &Key, bad: impl Fn(&V) -> bool) {
        let found = locked(&self.slots).by_key.get(key).map(|entry| entry.slot.clone());
        let Some(slot) = found else { return };
        if let Some(held) = locked(&slot.held).as_mut().filter(|held| bad(&held.value)) {
            held.until = SystemTime::UNIX_EPOCH;
        }
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        locked(&self.slots).by_key.len()
    }

    fn slot(&self, key: Key) -> Arc<Slot<V>> {
        let now = self.now();
        let mut slots = locked(&self.slots);
        slots.count += 1;
        let used = slots.count;
        if let Some(entry) = slots.by_key.get_mut(&key) {
            entry.used = used;
            return entry.slot.clone();
        }
        if slots.by_key.len() >= self.capacity.max(1) {
            slots.make_room(now);
        }
        let slot = Arc::new(Slot {
            held: Mutex::default(),
            flights: Arc::new(SingleFlight::new()),
        });
        let entry = Entry {
            slot: slot.clone(),
            used,
        };
        slots.by_key.insert(key, entry);
        slot
    }
}

impl<V: Clone> Slots<V> {
    /// Drops all that has ended; if that is nothing, what is cheap, and else what was not asked for the longest. What is
    /// being worked on stays, so that for a moment there may be more than there is room for.
    fn make_room(&mut self, now: SystemTime) {
        let idle = |entry: &Entry<V>| Arc::strong_count(&entry.slot) == 1;
        let before = self.by_key.len();
        self.by_key.retain(|_, entry| !idle(entry) || entry.slot.is_held(now));
        if self.by_key.len() < before {
            return;
        }
        let candidates = self.by_key.iter().filter(|(_, entry)| idle(entry));
        let oldest = candidates.min_by_key(|(_, entry)| (!entry.slot.is_cheap(), entry.used));
        if let Some(key) = oldest.map(|(key, _)| *key) {
            self.by_key.remove(&key);
        }
    }
}

impl<V: Clone> Slot<V> {
    fn fresh(&self, now: SystemTime) -> Option<V> {
        let held = locked(&self.held);
        held.as_ref()
            .filter(|held| now < held.until)
            .map(|held| held.value.clone())
    }

    fn is_held(&self, now: SystemTime) -> bool {
        locked(&self.held).as_ref().is_some_and(|held| now < held.until)
    }

    fn is_cheap(&self) -> bool {
        locked(&self.held).as_ref().is_none_or(|held| held.cheap)
    }
}

impl<V: Clone + Send + Sync + 'static> fmt::Debug for Cache<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cache({} of {})", self.len(), self.capacity)
    }
}
