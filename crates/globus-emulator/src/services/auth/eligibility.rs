//! Who may use an application or a scope at all: some are for people of a provider or of a domain only.

use uuid::Uuid;

use super::scope_request::ScopeRequest;
use super::state::{AuthState, Identity};

impl AuthState {
    /// Whether one of the identities linked to this one is as wanted.
    fn has_linked(&self, identity: Uuid, wanted: impl Fn(&Identity) -> bool) -> bool {
        let linked = self.linked(identity);
        linked.iter().any(|id| self.identities.get(id).is_some_and(&wanted))
    }

    /// Whether somebody has an identity of the provider that an application requires.
    pub(crate) fn may_use(&self, client: Uuid, identity: Uuid) -> bool {
        let required = self.clients.get(&client).and_then(|client| client.required_idp);
        required.is_none_or(|required| self.has_linked(identity, |row| row.identity_provider == required))
    }

    /// What somebody lacks to use an application and the scopes of a request; `None` if nothing.
    pub(crate) fn lacking(&self, client: Uuid, identity: Uuid, scopes: &ScopeRequest) -> Option<String> {
        if !self.may_use(client, identity) {
            return Some("the application requires an identity of another provider".to_owned());
        }
        scopes.nodes.iter().find_map(|node| {
            let domains = &self.scopes.get(&node.name)?.required_domains;
            let is_free = domains.is_empty()
                || self.has_linked(identity, |row| {
                    domains.iter().any(|domain| domain.eq_ignore_ascii_case(row.domain()))
                });
            (!is_free).then(|| format!("{} requires an identity of {}", node.name, domains.join(" or ")))
        })
    }
}
