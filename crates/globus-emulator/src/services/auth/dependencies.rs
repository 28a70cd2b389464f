//! What scopes bring along: a consent to a scope is one to those on which it always depends.
//! <https://docs.globus.org/api/auth/developer-guide/#dependent-scopes>

use uuid::Uuid;

use super::catalog::ScopeRow;
use super::scope_request::ScopeRequest;
use super::state::AuthState;

impl AuthState {
    /// A scope by its id.
    pub(crate) fn scope_by_id(&self, id: Uuid) -> Option<(&str, &ScopeRow)> {
        let (name, row) = self.scopes.iter().find(|(_, row)| row.id == id)?;
        Some((name, row))
    }

    /// The request with the scopes that those in it cannot do without. One that depends on itself ends there.
    pub(crate) fn complete(&self, request: &ScopeRequest) -> Result<ScopeRequest, String> {
        let mut request = request.clone();
        let mut todo: Vec<(usize, Vec<usize>)> = request.top.iter().map(|&at| (at, Vec::new())).collect();
        while let Some((at, mut above)) = todo.pop() {
            above.push(at);
            let needs = self.scopes.get(&request.nodes[at].name);
            for need in needs.into_iter().flat_map(|row| &row.dependent_scopes) {
                let Some((name, _)) = self.scope_by_id(need.scope).filter(|_| !need.optional) else {
                    continue;
                };
                if above.iter().all(|&at| request.nodes[at].name != name) {
                    request.insert(Some(at), name, false)?;
                }
            }
            todo.extend(request.nodes[at].children.iter().map(|&child| (child, above.clone())));
        }
        Ok(request)
    }
}
