//! What people and programs have allowed: one row for each scope of a request, down to the last dependency.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::scope_request::ScopeRequest;
use super::state::AuthState;
use crate::state::{Kept, Table, Visit};

/// One row of an identity's consents: a scope as it was reached from the root of `dependency_path`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Consent {
    pub(crate) id: u64,
    /// The client that may use it: the application at the root, a resource server below.
    pub(crate) client: Uuid,
    pub(crate) identity: Uuid,
    pub(crate) scope: Uuid,
    pub(crate) scope_name: String,
    pub(crate) dependency_path: Vec<u64>,
    pub(crate) optional: bool,
    pub(crate) allows_refresh: bool,
    pub(crate) created: Timestamp,
    pub(crate) last_used: Timestamp,
}

impl Consent {
    /// The row above, if this is a dependency.
    fn parent(&self) -> Option<u64> {
        self.dependency_path.iter().rev().nth(1).copied()
    }

    /// The first row of the path.
    pub(crate) fn root(&self) -> u64 {
        self.dependency_path.first().copied().unwrap_or(self.id)
    }
}

/// All consents.
#[derive(Debug, Default)]
pub(crate) struct Consents {
    /// By id, which is the order in which they came to be.
    rows: Table<u64, Consent>,
    /// How many there ever were, so that no id comes twice.
    made: Kept<u64>,
}

impl Consents {
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Consent> {
        self.rows.values()
    }

    /// Names all that is kept.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        let Self { rows, made } = self;
        see("auth/consents", rows);
        see("auth/consents_made", made);
    }

    fn find(&self, identity: Uuid, client: Uuid, scope: Uuid, parent: Option<u64>) -> Option<u64> {
        let found = self.rows.values().find(|row| {
            row.identity == identity && row.client == client && row.scope == scope && row.parent() == parent
        });
        found.map(|row| row.id)
    }

    /// What an identity allowed a client itself.
    pub(crate) fn of(&self, client: Uuid, identity: Uuid) -> impl Iterator<Item = &Consent> {
        let roots = self.rows.values().filter(|row| row.dependency_path.len() == 1);
        roots.filter(move |row| row.client == client && row.identity == identity)
    }

    /// The rows just below these.
    pub(crate) fn below(&self, ids: &[u64]) -> impl Iterator<Item = &Consent> {
        self.rows
            .values()
            .filter(|row| row.parent().is_some_and(|parent| ids.contains(&parent)))
    }

    pub(crate) fn exist(&self, ids: &[u64]) -> bool {
        ids.iter().all(|id| self.rows.contains_key(id))
    }

    /// Drops rows, and what lies below them.
    pub(crate) fn forget(&mut self, gone: impl Fn(&Consent) -> bool) {
        let rows = self.rows.values();
        let gone: BTreeSet<u64> = rows.filter(|row| gone(row)).map(|row| row.id).collect();
        self.rows
            .retain(|_, row| row.dependency_path.iter().all(|id| !gone.contains(id)));
    }

    /// Calls a scope by another name.
    pub(crate) fn rename(&mut self, scope: Uuid, name: &str) {
        for row in self.rows.values_mut().filter(|row| row.scope == scope) {
            name.clone_into(&mut row.scope_name);
        }
    }

    /// Takes back what an identity allowed, to all clients or one; says how many rows that were.
    pub(crate) fn withdraw(&mut self, identity: Option<Uuid>, client: Option<Uuid>) -> usize {
        let mut gone: BTreeSet<u64> = BTreeSet::new();
        for row in self.rows.values() {
            let is_root = row.dependency_path.len() == 1;
            if is_root
                && identity.is_none_or(|id| id == row.identity)
                && client.is_none_or(|client| client == row.client)
            {
                gone.insert(row.id);
            }
        }
        let before = self.rows.len();
        self.rows.retain(|_, row| !gone.contains(&row.root()));
        before - self.rows.len()
    }
}

impl AuthState {
    /// Records what an identity granted to a client, one row for each scope of the request and each that it brings along.
    pub(crate) fn consent(
        &mut self,
        client: Uuid,
        identity: Uuid,
        request: &ScopeRequest,
        offline: bool,
        now: Timestamp,
    ) {
        let request = &self.complete(request).unwrap_or_else(|_| request.clone());
        let mut todo: Vec<(usize, Uuid, Vec<u64>)> =
            request.top.iter().rev().map(|&at| (at, client, Vec::new())).collect();
        while let Some((at, client, mut path)) = todo.pop() {
            let node = &request.nodes[at];
            let Some(scope) = self.scopes.get(&node.name) else {
                continue;
            };
            let known = self.consents.find(identity, client, scope.id, path.last().copied());
            if let Some(row) = known.and_then(|id| self.consents.rows.get_mut(&id)) {
                row.last_used = now;
                row.optional &= node.optional;
                row.allows_refresh |= offline;
                path.push(row.id);
            } else {
                let id = 1_000 + *self.consents.made;
                *self.consents.made += 1;
                path.push(id);
                let row = Consent {
                    id,
                    client,
                    identity,
                    scope: scope.id,
                    scope_name: node.name.clone(),
                    dependency_path: path.clone(),
                    optional: node.optional,
                    allows_refresh: offline,
                    created: now,
                    last_used: now,
                };
                self.consents.rows.insert(id, row);
            }
            let below = scope.client;
            todo.extend(node.children.iter().rev().map(|&child| (child, below, path.clone())));
        }
    }

    /// Whether an identity has granted all of a request to a client.
    pub(crate) fn has_consented(&self, client: Uuid, identity: Uuid, request: &ScopeRequest, offline: bool) -> bool {
        let request = &self.complete(request).unwrap_or_else(|_| request.clone());
        let mut todo: Vec<(usize, Uuid, Option<u64>)> = request.top.iter().map(|&at| (at, client, None)).collect();
        while let Some((at, client, parent)) = todo.pop() {
            let node = &request.nodes[at];
            let Some(scope) = self.scopes.get(&node.name) else {
                return false;
            };
            let found = self.consents.find(identity, client, scope.id, parent);
            let Some(row) = found.and_then(|id| self.consents.rows.get(&id)) else {
                return false;
            };
            if offline && !row.allows_refresh {
                return false;
            }
            todo.extend(node.children.iter().map(|&child| (child, scope.client, Some(row.id))));
        }
        true
    }

    /// The scopes at the top of a request, each with the row of consent behind it.
    pub(crate) fn granted(&self, client: Uuid, identity: Uuid, request: &ScopeRequest) -> Vec<(String, Option<u64>)> {
        let row = |name: &str| {
            let scope = self.scopes.get(name)?;
            self.consents.find(identity, client, scope.id, None)
        };
        request.top_names().map(|name| (name.to_owned(), row(name))).collect()
    }
}
