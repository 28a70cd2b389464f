//! A bounded cache that works on each key once at a time, whoever asks.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use crate::authorizers::{SingleFlight, Work};
use crate::engine::Background;
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
    /// Whether it is worth something after that, for what is fetched next.
    pub(super) lasts: bool,
    /// Whether it goes first where there is no room: what anybody could fill the cache with.
    pub(super) cheap: bool,
}

struct Slot<V: Clone> {
    held: Mutex<Option<Held<V>>>,
    flights: Arc<SingleFlight<V>>,
}

struct Entry<V: Clone> {
    slot: Arc<Slot<V>>,
    rank: Rank,
    /// When it is worth nothing any more, if that is known.
    ends: Option<SystemTime>,
}

/// Lowest goes first: what is cheap, and of the rest what was not asked for the longest, by the cache's count.
type Rank = (bool, u64);

struct Slots<V: Clone> {
    by_key: HashMap<Key, Entry<V>>,
    by_rank: BTreeMap<Rank, Key>,
    by_end: BTreeSet<(SystemTime, Key)>,
    count: u64,
}

pub(super) struct Cache<V: Clone> {
    pub(super) capacity: usize,
    clock: Arc<dyn Clock>,
    slots: Arc<Mutex<Slots<V>>>,
    /// Fetches: a service's own threads may stand still, or wait for each other.
    background: Background,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<V: Clone + Send + Sync + 'static> Cache<V> {
    pub(super) fn new(capacity: usize, clock: Arc<dyn Clock>) -> Self {
        let slots = Slots {
            by_key: HashMap::new(),
            by_rank: BTreeMap::new(),
            by_end: BTreeSet::new(),
            count: 0,
        };
        Self {
            capacity,
            clock,
            slots: Arc::new(Mutex::new(slots)),
            background: Background::default(),
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
            let (work, slot, slots) = (fetch(before), slot.clone(), self.slots.clone());
            Box::pin(async move {
                let held = work.await?;
                let value = held.value.clone();
                let (cheap, ends) = (held.cheap, (!held.lasts).then_some(held.until));
                *locked(&slot.held) = Some(held);
                locked(&slots).note(&key, cheap, ends);
                Ok(value)
            })
        };
        let launch = |work: Work| self.background.start(work);
        slot.flights.run(ready, start, launch).await
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
        if let Some(slot) = slots.touch(&key, used) {
            return slot;
        }
        slots.make_room(self.capacity.max(1), now);
        let slot = Arc::new(Slot {
            held: Mutex::default(),
            flights: Arc::new(SingleFlight::new()),
        });
        // Worth nothing until something is held.
        let (rank, ends) = ((false, used), SystemTime::UNIX_EPOCH);
        let entry = Entry {
            slot: slot.clone(),
            rank,
            ends: Some(ends),
        };
        slots.by_key.insert(key, entry);
        slots.by_rank.insert(rank, key);
        slots.by_end.insert((ends, key));
        slot
    }
}

impl<V: Clone> Slots<V> {
    /// The slot of a key, which has been asked for.
    fn touch(&mut self, key: &Key, used: u64) -> Option<Arc<Slot<V>>> {
        let entry = self.by_key.get_mut(key)?;
        self.by_rank.remove(&entry.rank);
        entry.rank.1 = used;
        self.by_rank.insert(entry.rank, *key);
        Some(entry.slot.clone())
    }

    /// Takes down what is held for a key now.
    fn note(&mut self, key: &Key, cheap: bool, ends: Option<SystemTime>) {
        let Some(entry) = self.by_key.get_mut(key) else { return };
        self.by_rank.remove(&entry.rank);
        entry.rank.0 = !cheap;
        self.by_rank.insert(entry.rank, *key);
        if let Some(before) = entry.ends {
            self.by_end.remove(&(before, *key));
        }
        entry.ends = ends;
        self.by_end.extend(ends.map(|ends| (ends, *key)));
    }

    /// Makes room for one more. All that has ended goes; if that is nothing, what is cheap, and else what was not asked
    /// for the longest. What is being worked on stays, so that for a moment there may be more than there is room for.
    fn make_room(&mut self, capacity: usize, now: SystemTime) {
        if self.by_key.len() < capacity {
            return;
        }
        let ended = self.by_end.range(..=(now, [u8::MAX; 32])).map(|(_, key)| *key);
        let ended: Vec<Key> = ended.filter(|key| self.is_idle(key)).collect();
        for key in &ended {
            self.remove(key);
        }
        while self.by_key.len() >= capacity {
            let oldest = self.by_rank.values().find(|key| self.is_idle(key)).copied();
            let Some(key) = oldest else { return };
            self.remove(&key);
        }
    }

    fn is_idle(&self, key: &Key) -> bool {
        let entry = self.by_key.get(key);
        entry.is_none_or(|entry| Arc::strong_count(&entry.slot) == 1)
    }

    fn remove(&mut self, key: &Key) {
        let Some(entry) = self.by_key.remove(key) else { return };
        self.by_rank.remove(&entry.rank);
        if let Some(ends) = entry.ends {
            self.by_end.remove(&(ends, *key));
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
}

impl<V: Clone + Send + Sync + 'static> fmt::Debug for Cache<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cache({} of {})", self.len(), self.capacity)
    }
}
