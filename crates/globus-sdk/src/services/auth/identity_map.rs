//! [`IdentityMap`]: many identities with few requests.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::{AuthClient, Identity};
use crate::client::{Async, Blocking, ClientType, Mode};
use crate::error::Result;

/// How many identities the service looks up at once.
const BATCH: usize = 100;

/// Looks up identities by id or by user name, as many at once as the service allows, and each only once.
///
/// Tell it first which identities will be wanted ([`add`](Self::add)); the first [`get`](Self::get) then looks up a
/// whole batch of them. Upper and lower case are the same. What was not found is looked up again when it is asked for
/// again, as it may exist by then. Clones share what is known.
///
/// ```no_run
/// use globus_sdk::AuthClient;
/// use globus_sdk::services::auth::IdentityMap;
///
/// # async fn example(auth: AuthClient, owners: Vec<String>) -> globus_sdk::Result<()> {
/// let identities = IdentityMap::new(&auth, &owners);
/// for owner in &owners {
///     let found = identities.get(owner).await?;
///     println!("{}", found.and_then(|identity| identity.username).unwrap_or_default());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct IdentityMap<M: Mode = Async> {
    client: AuthClient<M>,
    batch: usize,
    pending: Arc<Mutex<Pending>>,
    cache: IdentityCache,
}

/// What is to be looked up, in the order in which it was added.
#[derive(Debug, Default)]
struct Pending {
    ids: Queue,
    usernames: Queue,
}

/// Keys in their order; those that are not noted any more are passed over.
#[derive(Debug, Default)]
struct Queue {
    keys: VecDeque<String>,
    noted: HashSet<String>,
}

/// Identities by id and by user name, in whatever letter case; it may serve several maps. Clones share the entries.
#[derive(Clone, Default)]
pub struct IdentityCache(Arc<Mutex<HashMap<String, Option<Identity>>>>);

impl IdentityCache {
    /// Adds an entry; `None` says that there is no such identity.
    pub fn insert(&self, key: impl Into<String>, identity: Option<Identity>) {
        self.lock().insert(folded(&key.into()), identity);
    }

    /// The entry, if there is one.
    pub fn get(&self, key: &str) -> Option<Option<Identity>> {
        self.lock().get(&folded(key)).cloned()
    }

    fn contains(&self, key: &str) -> bool {
        self.lock().contains_key(&folded(key))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Option<Identity>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for IdentityCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityCache({} entries)", self.lock().len())
    }
}

impl<M: Mode> IdentityMap<M> {
    /// A map of identities that `client` looks up; `keys` are ids and user names that will be wanted.
    pub fn new(client: &AuthClient<M>, keys: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let map = Self {
            client: client.clone(),
            batch: BATCH,
            pending: Arc::default(),
            cache: IdentityCache::default(),
        };
        for key in keys {
            map.add(key);
        }
        map
    }

    /// How many identities to look up at once: 100, the most that the service takes, unless told otherwise.
    #[must_use]
    pub const fn id_batch_size(mut self, size: usize) -> Self {
        self.batch = if size == 0 { BATCH } else { size };
        self
    }

    /// Shares the entries of `cache`.
    #[must_use]
    pub fn cache(mut self, cache: &IdentityCache) -> Self {
        self.cache = cache.clone();
        self
    }

    /// Notes an id or a user name that will be wanted; false when it was noted or known already.
    pub fn add(&self, key: impl Into<String>) -> bool {
        let key = key.into();
        if self.cache.contains(&key) {
            return false;
        }
        let mut pending = self.lock();
        let queue = pending.of(&key);
        let new = queue.noted.insert(folded(&key));
        if new {
            queue.keys.push_back(key);
        }
        new
    }

    /// Forgets what is known under this key; other keys of the same identity stay.
    pub fn remove(&self, key: &str) -> Option<Identity> {
        self.cache.lock().remove(&folded(key)).flatten()
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The wanted key and as many noted ones of its kind as fit.
    fn next_batch(&self, key: &str) -> Vec<String> {
        let mut pending = self.lock();
        let queue = pending.of(key);
        queue.noted.remove(&folded(key));
        let mut batch = vec![key.to_owned()];
        while batch.len() < self.batch
            && let Some(next) = queue.keys.pop_front()
        {
            if queue.noted.remove(&folded(&next)) && !self.cache.contains(&next) {
                batch.push(next);
            }
        }
        batch
    }

    async fn find(&self, key: &str) -> Result<Option<Identity>> {
        if let Some(known) = self.cache.get(key) {
            return Ok(known);
        }
        let batch = self.next_batch(key);
        let client = AuthClient::<Async>::from_core(self.client.core().clone());
        let lookup = client.get_identities();
        let lookup = if is_id(key) {
            lookup.ids(batch.clone())
        } else {
            lookup.usernames(batch.clone())
        };
        let found = lookup.await.inspect_err(|_| {
            // They are still wanted.
            for key in batch {
                self.add(key);
            }
        })?;
        for identity in found.into_inner() {
            let keys = [identity.id.as_ref().map(ToString::to_string), identity.username.clone()];
            for key in keys.into_iter().flatten() {
                self.cache.insert(key, Some(identity.clone()));
            }
        }
        Ok(self.cache.get(key).flatten())
    }
}

impl IdentityMap<Async> {
    /// The identity with this id or user name, looked up if it is not known yet; `None` when there is none.
    ///
    /// # Errors
    /// Those of [`get_identities`](AuthClient::get_identities).
    pub async fn get(&self, key: &str) -> Result<Option<Identity>> {
        self.find(key).await
    }
}

impl IdentityMap<Blocking> {
    /// The identity with this id or user name, looked up if it is not known yet; `None` when there is none.
    ///
    /// # Errors
    /// Those of [`get_identities`](AuthClient::get_identities).
    pub fn get(&self, key: &str) -> Result<Option<Identity>> {
        self.client.core().block_on(self.find(key))
    }
}

impl Pending {
    fn of(&mut self, key: &str) -> &mut Queue {
        if is_id(key) { &mut self.ids } else { &mut self.usernames }
    }
}

/// Neither ids nor user names differ by the case of their letters, nor ids by how they are written.
fn folded(key: &str) -> String {
    Uuid::try_parse(key).map_or_else(|_| key.to_lowercase(), |id| id.to_string())
}

/// Ids are UUIDs, and nothing else is.
fn is_id(key: &str) -> bool {
    Uuid::try_parse(key).is_ok()
}
