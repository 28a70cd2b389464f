//! What stands in the keyring. All of it may block.
//!
//! ```text
//! "namespaces"                 ["DEFAULT", ..]
//! "index of DEFAULT"           {"transfer.api.globus.org": "1f0c2a3b", ..}
//! "token 1f0c2a3b of DEFAULT"  {..token..}
//! ```
//!
//! A keyring replaces one entry at a time. New tokens are therefore written under new names, and come into force all at
//! once, when the index that leads to them is replaced.

use std::collections::BTreeMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Error as KeyringError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Result, StorageError, StorageProblem};
use crate::tokens::{TokenDataByResourceServer, TokenStorageData};

const NAMESPACES: &str = "namespaces";
/// How often the index is read anew when it changes while it is followed.
const LOOKS: u32 = 100;

type Index = BTreeMap<String, String>;

/// The entries of one service.
pub(super) struct Entries {
    store: Arc<CredentialStore>,
    service: String,
}

impl Entries {
    pub(super) fn new(store: Arc<CredentialStore>, service: String) -> Self {
        Self { store, service }
    }

    pub(super) fn service(&self) -> &str {
        &self.service
    }

    pub(super) fn all(&self, namespace: &str) -> Result<TokenDataByResourceServer> {
        self.follow(namespace, |index| {
            let tokens = index.iter().map(|(key, id)| Ok((key, self.token(namespace, key, id)?)));
            let tokens: Vec<_> = tokens.collect::<Result<_>>()?;
            let complete = tokens.iter().all(|(_, token)| token.is_some());
            let there = tokens
                .into_iter()
                .filter_map(|(key, token)| Some((key.clone(), token?)));
            Ok((there.collect(), complete))
        })
    }

    pub(super) fn one(&self, namespace: &str, resource_server: &str) -> Result<Option<TokenStorageData>> {
        self.follow(namespace, |index| match index.get(resource_server) {
            None => Ok((None, true)),
            Some(id) => {
                let token = self.token(namespace, resource_server, id)?;
                let complete = token.is_some();
                Ok((token, complete))
            }
        })
    }

    /// Reads what the index leads to. Where something is missing although the index stays the same, somebody removed
    /// it by hand.
    fn follow<T>(&self, namespace: &str, read: impl Fn(&Index) -> Result<(T, bool)>) -> Result<T> {
        let mut index = self.index(namespace)?;
        let mut looks = 0;
        loop {
            let (found, complete) = read(&index)?;
            if complete || looks == LOOKS {
                return Ok(found);
            }
            let now = self.index(namespace)?;
            if now == index {
                return Ok(found);
            }
            (index, looks) = (now, looks + 1);
        }
    }

    /// For one at a time.
    pub(super) fn store(&self, namespace: &str, data: &TokenDataByResourceServer) -> Result<()> {
        if data.is_empty() {
            return Ok(());
        }
        let mut index = self.index(namespace)?;
        let mut old = Vec::new();
        for (key, token) in data {
            let id = format!("{:08x}", rand::random::<u32>());
            self.set(&token_name(namespace, &id), token.to_text()?.as_bytes())?;
            old.extend(index.insert(key.clone(), id));
        }
        let mut namespaces = self.listed()?;
        if !namespaces.iter().any(|known| known == namespace) {
            namespaces.push(namespace.to_owned());
            self.set_json(NAMESPACES, &namespaces)?;
        }
        self.set_json(&index_name(namespace), &index)?;
        // From here on it is stored; what is left over is in nobody's way.
        for id in old {
            let _ = self.delete(&token_name(namespace, &id));
        }
        Ok(())
    }

    /// For one at a time.
    pub(super) fn remove(&self, namespace: &str, resource_server: &str) -> Result<bool> {
        let mut index = self.index(namespace)?;
        let Some(id) = index.remove(resource_server) else {
            return Ok(false);
        };
        if index.is_empty() {
            self.delete(&index_name(namespace))?;
            let mut namespaces = self.listed()?;
            namespaces.retain(|known| known != namespace);
            self.set_json(NAMESPACES, &namespaces)?;
        } else {
            self.set_json(&index_name(namespace), &index)?;
        }
        let _ = self.delete(&token_name(namespace, &id));
        Ok(true)
    }

    pub(super) fn namespaces(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for namespace in self.listed()? {
            if !self.index(&namespace)?.is_empty() {
                found.push(namespace);
            }
        }
        found.sort();
        Ok(found)
    }

    fn listed(&self) -> Result<Vec<String>> {
        self.json(NAMESPACES)
    }

    fn index(&self, namespace: &str) -> Result<Index> {
        self.json(&index_name(namespace))
    }

    fn token(&self, namespace: &str, key: &str, id: &str) -> Result<Option<TokenStorageData>> {
        let text = self.get(&token_name(namespace, id))?;
        text.map(|text| TokenStorageData::parse(key, &text)).transpose()
    }

    fn json<T: DeserializeOwned + Default>(&self, name: &str) -> Result<T> {
        let Some(text) = self.get(name)? else {
            return Ok(T::default());
        };
        Ok(serde_json::from_slice(&text).map_err(|_| {
            let message = format!("the entry `{name}` of the service `{}` is not in order", self.service);
            StorageError::new(StorageProblem::Format, "read", message).with_hint("remove it, and log in again")
        })?)
    }

    fn set_json(&self, name: &str, value: &impl Serialize) -> Result<()> {
        let failed = |error: serde_json::Error| StorageError::new(StorageProblem::Failed, "write", error.to_string());
        self.set(name, &serde_json::to_vec(value).map_err(failed)?)
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let found = self
            .store
            .build(&self.service, name, None)
            .and_then(|entry| entry.get_secret());
        match found {
            Err(KeyringError::NoEntry) => Ok(None),
            found => Ok(Some(found.map_err(|error| failed("read", &error))?)),
        }
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<()> {
        let entry = self.store.build(&self.service, name, None);
        let set = entry.and_then(|entry| entry.set_secret(secret));
        Ok(set.map_err(|error| failed("write", &error))?)
    }

    fn delete(&self, name: &str) -> Result<()> {
        let entry = self.store.build(&self.service, name, None);
        match entry.and_then(|entry| entry.delete_credential()) {
            Err(KeyringError::NoEntry) => Ok(()),
            deleted => Ok(deleted.map_err(|error| failed("write", &error))?),
        }
    }
}

fn index_name(namespace: &str) -> String {
    format!("index of {namespace}")
}

fn token_name(namespace: &str, id: &str) -> String {
    format!("token {id} of {namespace}")
}

/// What the keyring reports; never the content, which some of its errors carry.
pub(super) fn failed(tried: &'static str, error: &KeyringError) -> StorageError {
    let new = |problem, message: String| StorageError::new(problem, tried, message);
    match error {
        KeyringError::NoStorageAccess(why) => new(StorageProblem::Access, format!("the keyring cannot be used: {why}"))
            .with_hint("unlock it, or keep tokens in a file where nobody is logged in to a desktop"),
        KeyringError::PlatformFailure(why) => new(StorageProblem::Failed, format!("the keyring failed: {why}"))
            .with_hint("keep tokens in a file where no keyring runs, as on a server"),
        KeyringError::TooLong(what, limit) => new(
            StorageProblem::Failed,
            format!("the keyring takes at most {limit} bytes for its {what}, and this is longer"),
        )
        .with_hint("keep these tokens in a file"),
        KeyringError::BadEncoding(_) | KeyringError::BadDataFormat(..) => {
            new(StorageProblem::Format, "the keyring cannot decode its entry".to_owned())
        }
        KeyringError::Ambiguous(entries) => new(
            StorageProblem::Format,
            format!("{} entries of the keyring have the same name", entries.len()),
        )
        .with_hint("remove all but one"),
        other => new(StorageProblem::Failed, other.to_string()),
    }
}
